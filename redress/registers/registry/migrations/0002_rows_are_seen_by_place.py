from django.db import migrations

from redress.registers.offices.rowlevel import IN_PLACE, append_only, follows, policy


class Migration(migrations.Migration):
    """Households are seen in their place, members and facts with them; facts are never changed."""

    dependencies = [("registry", "0001_initial")]

    operations = [
        append_only("registry_fact"),
        policy("registry_household", "registry_household_in_place", using=IN_PLACE),
        follows("registry_member", "household_id", parent="registry_household"),
        follows("registry_fact", "household_id", parent="registry_household"),
    ]
