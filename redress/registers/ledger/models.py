from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q

from redress.registers.journal.steps import WHY_CHARS_MAX
from redress.registers.offices.models import NAME_CHARS_MAX, path_field
from redress.registers.offices.scope import PlacedQuerySet
from redress.values.money import Money

KEY_CHARS_MAX: Final = 100


class Account(models.Model):
    """One account of the books.

    ``balance_minor`` is kept by the database with every posting. Money that came in stands in a fund
    as a plus; what was paid to a household stands in its aid account as a plus.
    """

    class Kind(models.TextChoices):
        """What stands on an account."""

        FUND = "fund"
        AID = "aid"
        OUTSIDE = "outside"

    path = path_field()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=NAME_CHARS_MAX)
    household_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    balance_minor = models.BigIntegerField(default=0)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["path", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="fund") | Q(balance_minor__gte=0),
                name="a_fund_never_pays_more_than_it_has",
            ),
            models.UniqueConstraint(
                fields=["household_id", "currency"],
                condition=Q(kind="aid"),
                name="a_household_has_one_aid_account",
            ),
            models.UniqueConstraint(
                fields=["path", "kind", "name", "currency"],
                condition=~Q(kind="aid"),
                name="a_name_stands_for_one_account_in_a_place",
            ),
        ]

    @property
    def balance(self) -> Money:
        """What stands on the account."""
        return Money(self.currency, self.balance_minor)


class Transaction(models.Model):
    """One booking. Its postings sum to zero, which the database checks."""

    path = path_field()
    key = models.CharField(max_length=KEY_CHARS_MAX, unique=True)
    at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    why = models.CharField(max_length=WHY_CHARS_MAX)

    objects = PlacedQuerySet.as_manager()


class Posting(models.Model):
    """One side of a booking: a plus or a minus on one account."""

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    minor = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(minor=0), name="a_posting_is_not_zero")]
