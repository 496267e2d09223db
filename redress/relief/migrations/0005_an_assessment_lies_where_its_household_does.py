from typing import Final

from django.db import migrations
from django.db.migrations import RunSQL

from redress.registers.offices.rowlevel import IN_PLACE

_SEEN: Final = "EXISTS (SELECT 1 FROM registry_household h WHERE h.id = household_id"


def _check(household: str) -> str:
    return (
        "ALTER POLICY relief_assessment_in_place ON relief_assessment"
        f" WITH CHECK ({IN_PLACE} AND {household});"
    )


class Migration(migrations.Migration):
    """Nobody puts a household's assessment into another place, where others would read it."""

    dependencies = [("relief", "0004_assessments_are_seen_in_their_place")]

    operations = [
        RunSQL(_check(f"{_SEEN} AND h.path = relief_assessment.path)"), _check(f"{_SEEN})")),
    ]
