"""Whoever stands above a body, and passes of the ladder day after day."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands.escalate import climb_ladder
from redress.demands.models import Notice
from redress.registers.accounts.roles import Role
from tests.conftest import DAY, GOLANDASHT, NILKUH, NOON, Cast, make_account, make_body

ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def above(cast: Cast):
    """Add whoever stands above: the county's governor and the province's, with their people."""
    bodies = {
        "county": make_body("county_governor", NILKUH, "Governor of Nilkuh"),
        "next": make_body("county_governor", GOLANDASHT, "Governor of Golandasht"),
        "province": make_body("governor", "ir.sp.", "Governor of Sepidrud"),
    }
    return {
        name: make_account(f"of_{name}", Role.BODY_LIAISON, body=body)
        for name, body in bodies.items()
    }


def at_day(day: dt.date, hours: int = 0) -> dt.datetime:
    return NOON + (day - DAY) + dt.timedelta(hours=hours)


def passes(since: dt.date, until: dt.date) -> list[tuple[str, dt.date]]:
    """Let the ladder's pass run on each day of a span; give each notice's rung and day."""
    last = Notice.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    day = since
    while day <= until:
        climb_ladder(at=at_day(day))
        day += ONE_DAY
    sent = Notice.objects.filter(pk__gt=last).order_by("pk")
    return [(one.rung, one.at.date()) for one in sent]
