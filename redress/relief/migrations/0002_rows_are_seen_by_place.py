from django.db import migrations

from redress.registers.offices.rowlevel import IN_PLACE, policy


class Migration(migrations.Migration):
    """Files and grants are seen in their place."""

    dependencies = [
        ("relief", "0001_initial"),
        ("registry", "0001_initial"),
        ("ledger", "0001_initial"),
    ]

    operations = [
        policy(
            "relief_file",
            "relief_file_in_place",
            using=IN_PLACE,
            check=f"{IN_PLACE} AND EXISTS (SELECT 1 FROM registry_household h WHERE h.id = household_id)",
        ),
        policy(
            "relief_grant",
            "relief_grant_in_place",
            using=IN_PLACE,
            check=(
                f"{IN_PLACE} AND EXISTS (SELECT 1 FROM relief_file f WHERE f.id = file_id)"
                " AND EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = fund_id)"
            ),
        ),
    ]
