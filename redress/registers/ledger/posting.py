"""The one writer of the books."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, connection, transaction

from redress.registers.accounts.roles import OFFICERS, Actor, Deed
from redress.registers.journal.steps import Row, record
from redress.registers.ledger.models import Account, Posting, Transaction
from redress.values.money import Money

POST: Final = Deed("ledger.posted", OFFICERS)


class Unbalanced(ValueError):
    """The sides of a booking do not sum to zero, or mix currencies."""


class FundTooSmall(Exception):
    """A fund does not hold the sum; nothing was booked."""


class KeyUsedOtherwise(ValueError):
    """A booking with this key exists and says something else."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A plus or a minus on one account."""

    account: Account
    money: Money


def post(  # noqa: PLR0913 - a booking has that many sides
    legs: tuple[Leg, ...],
    *,
    key: str,
    path: str,
    why: str,
    by: Actor,
    at: dt.datetime,
    case: Row | None = None,
) -> Transaction:
    """Book once and only once.

    Args:
        legs: pluses and minuses of one currency that sum to zero.
        key: what is booked; the same key with the same legs books nothing again.
        path: the place the booking belongs to.
        why: the reason, for whoever reads the books.
        by: who books.
        at: when.
        case: the household it concerns.

    Returns:
        The booking, the earlier one if the key was booked before.

    Raises:
        Unbalanced: the legs do not sum to zero.
        FundTooSmall: a fund would go below zero.
        KeyUsedOtherwise: the key was booked with other legs.
    """
    _refuse_unbalanced(legs)
    with transaction.atomic():
        # Two at once with one key: the second waits here for the first, then finds it.
        booked, is_new = Transaction.objects.get_or_create(
            key=key,
            defaults={"path": path, "at": at, "currency": legs[0].money.currency, "why": why},
        )
        if not is_new:
            return _same(booked, legs)
        _write_postings(booked, legs)
        # The booking's two sides and sum are on its row's page; the entry names it.
        record(POST, booked, by=by, at=at, case=case, why=why, detail={"key": key})
    return booked


def _refuse_unbalanced(legs: tuple[Leg, ...]) -> None:
    currencies = {leg.money.currency for leg in legs} | {leg.account.currency for leg in legs}
    if len(currencies) != 1 or sum(leg.money.minor for leg in legs) != 0 or len(legs) <= 1:
        raise Unbalanced


def _write_postings(booked: Transaction, legs: tuple[Leg, ...]) -> None:
    try:
        with transaction.atomic():
            # One order for everybody, so that two bookings never wait for each other in a ring.
            for leg in sorted(legs, key=lambda leg: leg.account.pk):
                Posting.objects.create(
                    transaction=booked, account=leg.account, minor=leg.money.minor
                )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        if "a_fund_never_pays_more_than_it_has" in str(error):
            raise FundTooSmall from None
        raise


def _same(booked: Transaction, legs: tuple[Leg, ...]) -> Transaction:
    before = sorted(booked.postings.values_list("account_id", "minor"))
    if before != sorted((leg.account.pk, leg.money.minor) for leg in legs):
        raise KeyUsedOtherwise(booked.key)
    return booked
