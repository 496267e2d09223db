from __future__ import annotations

from typing import Any, Final

from django.db import models
from django.db.models import Q

from redress.registers.offices.models import NAME_CHARS_MAX, codes, path_field
from redress.registers.offices.scope import PlacedQuerySet
from redress.registers.registry.kinds import FactSource, Relation, Sex
from redress.values.money import Money

SOURCE_CHARS_MAX: Final = 100
PHONE_CHARS_MAX: Final = 40
ADDRESS_CHARS_MAX: Final = 400
FINGERPRINT_CHARS: Final = 64
FACT_NAME_CHARS_MAX: Final = 60


class Household(models.Model):
    """People who live from one purse. Its members and facts stand beside it with their history."""

    path = path_field()
    source = models.CharField(max_length=SOURCE_CHARS_MAX, blank=True)
    source_id = models.CharField(max_length=SOURCE_CHARS_MAX, blank=True)
    source_digest = models.CharField(max_length=FINGERPRINT_CHARS, blank=True)
    head_name = models.CharField(max_length=NAME_CHARS_MAX)
    head_name_normal = models.TextField(db_index=True)  # folding can lengthen a name
    phone = models.CharField(max_length=PHONE_CHARS_MAX, blank=True)
    address = models.CharField(max_length=ADDRESS_CHARS_MAX, blank=True)
    employer = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    found_at = models.DateTimeField()

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source_id=""),
                name="a_source_names_a_household_once",
            )
        ]


class Member(models.Model):
    """A person as a member of a household, from when to when."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    full_name = models.CharField(max_length=NAME_CHARS_MAX)
    relation = models.CharField(max_length=8, choices=codes(Relation))
    sex = models.CharField(max_length=8, choices=codes(Sex), default=Sex.UNKNOWN)
    birth_on = models.DateField(null=True)
    national_id_sealed = models.BinaryField(null=True)
    national_id_fingerprint = models.CharField(
        max_length=FINGERPRINT_CHARS, blank=True, db_index=True
    )
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(relation="head", until_at__isnull=True),
                name="a_household_has_one_head",
            )
        ]


class Fact(models.Model):
    """One thing known about a household: a sum, or a number, day, yes or no, text or list.

    Never changed: a newer fact stands beside the older. The names are those that schemes ask for,
    and those of ``FactName``.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="facts")
    name = models.CharField(max_length=FACT_NAME_CHARS_MAX)
    minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    value = models.JSONField(null=True)
    holds_on = models.DateField()
    source = models.CharField(max_length=10, choices=codes(FactSource))
    known_since_at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["name", "-known_since_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minor__isnull=False, value__isnull=True) & ~Q(currency="")
                | Q(minor__isnull=True, value__isnull=False, currency=""),
                name="a_fact_is_a_sum_or_a_value",
            )
        ]

    @property
    def told(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """What is known: Money, or a number, text, truth value or list as JSON has it."""
        return self.value if self.minor is None else Money(self.currency, self.minor)
