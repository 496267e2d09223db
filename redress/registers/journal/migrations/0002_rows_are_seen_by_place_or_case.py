from django.db import migrations

from redress.registers.offices.rowlevel import IN_PLACE, append_only, policy


class Migration(migrations.Migration):
    """Entries are seen in their place, and by whoever sees the demand; anybody's deed may be added."""

    dependencies = [
        ("journal", "0001_initial"),
        ("demands", "0002_rows_are_seen_by_place_body_or_receipt"),
    ]

    operations = [
        append_only("journal_entry"),
        policy("journal_entry", "journal_entry_in_place", using=IN_PLACE, check="true"),
        policy(
            "journal_entry",
            "journal_entry_follows_demand",
            using=(
                "subject_kind = 'demand' AND EXISTS"
                " (SELECT 1 FROM demands_demand d WHERE d.id = journal_entry.subject_id)"
            ),
        ),
    ]
