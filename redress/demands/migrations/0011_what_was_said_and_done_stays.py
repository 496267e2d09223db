from django.db import migrations

from redress.registers.offices.rowlevel import append_only, settled_by, stays_but, stays_when


class Migration(migrations.Migration):
    """What was said in a call stays, and so do groups, samples, promises, tables and reminders."""

    dependencies = [("demands", "0010_added_words_are_found")]

    operations = [
        stays_when("demands_samplecall", "OLD.outcome NOT IN ('waiting', 'not_reached')"),
        settled_by("demands_question", "taken_back_at"),
        settled_by("demands_addition", "read_at"),
        stays_but("demands_party", "until_at"),
        settled_by("demands_party", "until_at"),
        stays_but("demands_membership", "removed_at", "removed_by"),
        settled_by("demands_membership", "removed_at", "removed_by"),
        stays_but("demands_promise", "kept", "judged_at", "judged_by", "judged_why"),
        stays_but("demands_notice", "mailed_at"),
        settled_by("demands_notice", "mailed_at"),
        stays_but("demands_collective", "workforce", "workforce_source", "dissolved_at"),
        append_only("demands_sample"),
    ]
