"""Accounts of the books: finding, opening, reading."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from redress.registers.accounts.roles import Actor
from redress.registers.ledger.models import Account
from redress.values.places import paths_above


def funds(*, seen_by: Actor, currency: str | None = None) -> QuerySet[Account]:
    """List the funds that a person's places may draw on: their own, and those above them."""
    places = seen_by.scope.places
    reached = Q(path__gte=places.lo, path__lt=places.hi)
    if places.lo:
        reached |= Q(path__in=paths_above(places.lo))
    found = Account.objects.filter(reached, kind=Account.Kind.FUND)
    return found.filter(currency=currency) if currency else found


def open_fund(*, path: str, name: str, currency: str) -> Account:
    """Give the fund of that name and place; open it if it is new."""
    return _open(path=path, kind=Account.Kind.FUND, name=name, currency=currency)


def open_outside(*, path: str, name: str, currency: str) -> Account:
    """Give the account that stands for where money comes from; open it if it is new."""
    return _open(path=path, kind=Account.Kind.OUTSIDE, name=name, currency=currency)


def open_aid_account(*, path: str, household_id: int, currency: str) -> Account:
    """Give the account of the aid one household got; open it if it is new."""
    account, _ = Account.objects.get_or_create(
        kind=Account.Kind.AID,
        household_id=household_id,
        currency=currency,
        defaults={"path": path, "name": "aid"},
    )
    return account


def _open(*, path: str, kind: str, name: str, currency: str) -> Account:
    account, _ = Account.objects.get_or_create(path=path, kind=kind, name=name, currency=currency)
    return account
