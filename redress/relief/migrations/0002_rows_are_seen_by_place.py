from django.db import migrations

from redress.registers.offices.rowlevel import IN_PLACE, policy


class Migration(migrations.Migration):
    """Files and grants are seen in their place."""

    dependencies = [("relief", "0001_initial")]

    operations = [
        policy("relief_file", "relief_file_in_place", using=IN_PLACE),
        policy("relief_grant", "relief_grant_in_place", using=IN_PLACE),
    ]
