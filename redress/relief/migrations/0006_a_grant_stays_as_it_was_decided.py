from django.db import migrations

from redress.registers.offices.rowlevel import settled_by, stays_but

DECIDED = ("decided_at", "decided_by_user_id", "decided_by_name", "decision_reason")


class Migration(migrations.Migration):
    """A grant's sum, household and fund stay; its decision is written once, its state goes on."""

    dependencies = [("relief", "0005_an_assessment_lies_where_its_household_does")]

    operations = [
        stays_but("relief_grant", "state", *DECIDED),
        settled_by("relief_grant", *DECIDED),
    ]
