from django.db import migrations

from redress.registers.offices.rowlevel import IN_PLACE, append_only, policy


class Migration(migrations.Migration):
    """Assessments and runs are seen in their place; what was decided by which text never changes."""

    dependencies = [("relief", "0003_schemes_are_kept_and_decide")]

    operations = [
        append_only("relief_schemetext"),
        append_only("relief_assessment"),
        policy(
            "relief_assessment",
            "relief_assessment_in_place",
            using=IN_PLACE,
            check=f"{IN_PLACE} AND EXISTS (SELECT 1 FROM registry_household h WHERE h.id = household_id)",
        ),
        policy("relief_run", "relief_run_in_place", using=IN_PLACE),
    ]
