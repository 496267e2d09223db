import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One wide index in place of five narrow ones that it, or a unique one, made needless."""

    dependencies = [
        ("demands", "0007_numbers_are_published_once"),
        ("limits", "0002_bodies_bring_their_limits"),
        ("offices", "0002_bodies_have_limits_and_addresses"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="demand",
            name="demands_of_a_place",
        ),
        migrations.AlterField(
            model_name="demand",
            name="body",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="offices.body",
            ),
        ),
        migrations.AlterField(
            model_name="demand",
            name="path",
            field=models.CharField(db_collation="C", max_length=80),
        ),
        migrations.AlterField(
            model_name="demand",
            name="receipt_fingerprint",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AlterField(
            model_name="demand",
            name="topic",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="offices.topic",
            ),
        ),
        migrations.AddIndex(
            model_name="demand",
            index=models.Index(
                fields=["path", "state"],
                include=("held_back", "deadline", "topic", "id", "body", "receipt_fingerprint"),
                name="lists_of_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="demand",
            constraint=models.UniqueConstraint(
                fields=("receipt_fingerprint",), name="a_receipt_opens_one_demand"
            ),
        ),
    ]
