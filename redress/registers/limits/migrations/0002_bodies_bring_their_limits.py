import datetime as dt

from django.db import migrations


def bring(apps, schema_editor):
    """Write the days that bodies had for an answer as limits of their own."""
    body, limit = apps.get_model("offices", "Body"), apps.get_model("limits", "Limit")
    limit.objects.bulk_create([
        limit(
            code=f"body.{one.pk}",
            country=one.path[:2],
            path=one.path,
            kind="promised",
            name_en=one.name_en,
            name_fa=one.name_fa,
            name_zh=one.name_zh,
            count=max(one.answer_limit, 1),
            unit=one.answer_unit,
            valid_from=dt.date(1900, 1, 1),
        )
        for one in body.objects.all()
    ])


class Migration(migrations.Migration):
    """What a body promises becomes a limit with a source and a validity like any other."""

    dependencies = [("limits", "0001_initial"), ("offices", "0001_initial")]

    operations = [migrations.RunPython(bring, migrations.RunPython.noop)]
