"""Copy the register into the warehouse: what schemes ask for, of every household, without names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from django.conf import settings
from django.db.models import Count, Max, Model

from redress.registers.accounts.roles import SYSTEM
from redress.registers.registry.households import households
from redress.registers.registry.known import household_batches
from redress.registers.registry.models import Fact, Household, Member
from redress.relief.known import known_with_aid
from redress.relief.models import Grant
from redress.relief.states import GrantState
from redress.values.days import country_of, local_day, local_days
from redress.warehouse.copy import Copy, Row, copy_stamp, read_copy, write_copy

BATCH_HOUSEHOLDS: Final = 10_000


def register_stamp(*, at: dt.datetime) -> str:
    """Give a text that changes whenever what schemes read of the register does.

    Counts stand beside the newest numbers: a row with a lower number may be seen later. Aid and its
    age go by the day of each country.
    """
    rows = [_count_and_newest(model) for model in (Household, Member, Fact)]
    ended = Member.objects.aggregate(count=Count("until_at"), last=Max("until_at"))
    paid = Grant.objects.filter(state=GrantState.PAID).aggregate(
        count=Count("pk"), last=Max("decided_at"), newest=Max("pk")
    )
    found = [*rows, *ended.values(), *paid.values(), *local_days(at)]
    return "/".join(str(one) for one in found)


def _count_and_newest(model: type[Model]) -> str:
    found = model._default_manager.aggregate(count=Count("pk"), newest=Max("pk"))
    return f"{found['count']}-{found['newest']}"


def refresh_copy(*, at: dt.datetime) -> bool:
    """Copy the register if it has changed since the last copy; say whether it was copied.

    The caller sees the whole register.
    """
    stamp, standing = register_stamp(at=at), copy_stamp(settings.REDRESS_WAREHOUSE)
    if standing is not None and standing[0] == stamp:
        return False
    write_copy(settings.REDRESS_WAREHOUSE, _rows(at), made_at=at, stamp=stamp)
    return True


def _rows(at: dt.datetime) -> Iterator[list[Row]]:
    for batch in household_batches(households(seen_by=SYSTEM), rows=BATCH_HOUSEHOLDS):
        for country, same in groupby(batch, key=lambda one: country_of(one.path)):
            day = local_day(at, country=country)
            yield [
                Row(known.household_id, known.path, known.facts, known.members)
                for known in known_with_aid(list(same), on=day)
            ]


def present_copy() -> Copy | None:
    """Load the copy that stands."""
    return read_copy(settings.REDRESS_WAREHOUSE)
