from django.db import migrations, models

from redress.registers.offices.rowlevel import append_only


class Migration(migrations.Migration):
    """The figures of a closed month, as they were published; open to all and never changed."""

    dependencies = [("demands", "0006_earlier_demands_have_clocks")]

    operations = [
        migrations.CreateModel(
            name="PublicNumbers",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("since_on", models.DateField()),
                ("until_on", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("document", models.JSONField()),
            ],
            options={
                "ordering": ["country", "-until_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("country", "until_on"), name="a_month_is_published_once"
                    )
                ],
            },
        ),
        append_only("demands_publicnumbers"),
    ]
