from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from redress.values.places import PATH_CHARS_MAX

NAME_CHARS_MAX: Final = 200


def path_field(*, unique: bool = False, indexed: bool = True) -> models.CharField[str, str]:
    """Make a jurisdiction path column; byte order, so that a place and all below it are a range.

    ``indexed`` is false where the table has a wider index that begins with the path.
    """
    return models.CharField(
        max_length=PATH_CHARS_MAX,
        db_collation="C",
        unique=unique,
        db_index=indexed and not unique,
    )


def codes(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """List the codes of a kind as a column's choices; their words stand in the doors."""
    return [(code.value, code.value) for code in kind]


class Named(models.Model):
    """A thing with a name in each of the three languages."""

    name_en = models.CharField(max_length=NAME_CHARS_MAX)
    name_fa = models.CharField(max_length=NAME_CHARS_MAX)
    name_zh = models.CharField(max_length=NAME_CHARS_MAX)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.in_language("name")

    def in_language(self, what: str) -> str:
        """Give one of its texts (``name_en``, ``name_fa``, ...) in the reader's language."""
        language = (get_language() or "en").split("-", 1)[0]
        return str(getattr(self, f"{what}_{language}", "") or getattr(self, f"{what}_en"))


class Office(Named):
    """A union office: of the nation, a province, a county or a workplace."""

    class Kind(models.TextChoices):
        """How wide an office's area is."""

        NATION = "nation"
        PROVINCE = "province"
        COUNTY = "county"
        WORKPLACE = "workplace"

    path = path_field(unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["path"]


class BodyKind(Named):
    """A kind of responsible body, such as a labour office; installed data."""

    code = models.CharField(max_length=40, primary_key=True)


class Body(Named):
    """One responsible body with its area, and where letters to it go."""

    kind = models.ForeignKey(BodyKind, on_delete=models.PROTECT)
    path = path_field()
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["path", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["path", "name_en"], name="a_name_stands_for_one_body_in_a_place"
            )
        ]


class Tenure(models.Model):
    """Who managed a body, or stood in for its manager, from when to when."""

    class Function(models.TextChoices):
        """What the person is in the body."""

        MANAGER = "manager"
        DEPUTY = "deputy"

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="tenures")
    person_name = models.CharField(max_length=NAME_CHARS_MAX)
    function = models.CharField(max_length=8, choices=Function.choices)
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-since_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="a_tenure_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["body"],
                condition=Q(function="manager", until_on__isnull=True),
                name="a_body_has_one_manager_at_a_time",
            ),
        ]


class Topic(Named):
    """What a demand is about; installed data. A leaf's code begins with its group's and a dot."""

    code = models.CharField(max_length=40, primary_key=True)

    class Meta:
        ordering = ["code"]


class Route(models.Model):
    """Which kinds of body answer a topic in a country, the responsible one first."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="routes")
    country = models.CharField(max_length=2)
    rank = models.PositiveSmallIntegerField()
    body_kind = models.ForeignKey(BodyKind, on_delete=models.CASCADE)

    class Meta:
        ordering = ["topic", "country", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "country", "rank"], name="one_body_kind_a_rank"
            )
        ]
