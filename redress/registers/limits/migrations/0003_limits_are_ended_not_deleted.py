from django.db import migrations

from redress.registers.offices.rowlevel import never_deleted


class Migration(migrations.Migration):
    """What a deadline was worked out from can be read for ever."""

    dependencies = [("limits", "0002_bodies_bring_their_limits")]

    operations = [never_deleted("limits_limit"), never_deleted("limits_deadline")]
