"""Demands taken over from an earlier list: once, with their own day, and never rewritten."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands.hear import HeardWords, make_ready
from redress.demands.models import Demand
from redress.demands.sort import sort_demand
from redress.demands.states import Holder, Urgency
from redress.demands.story import clock_of
from redress.demands.take_over import Fate, import_demands
from redress.registers.accounts.roles import SYSTEM, Actor, NotAllowed
from redress.registers.journal.reads import story_of
from tests.conftest import DAY, GOLANDASHT, NILKUH, NOON, Cast, later, route, topic

pytestmark = pytest.mark.usefixtures("whole")
ONE_DAY = dt.timedelta(days=1)


def row(number: int, text: str = "Pay us.", path: str = NILKUH, **more) -> HeardWords:
    return HeardWords(
        text=text, path=path, channel="import", source="list", source_id=str(number), **more
    )


def take(rows: list[HeardWords], *, by: Actor, at: dt.datetime) -> list[tuple[Fate, str]]:
    return import_demands([make_ready(one, by=by, at=at) for one in rows], by=by, at=at)


def test_an_import_done_twice_changes_nothing(cast: Cast):
    rows = [row(1), row(2, path=GOLANDASHT)]

    first = take(rows, by=SYSTEM, at=NOON)
    again = take(rows, by=SYSTEM, at=NOON)

    assert [fate for fate, _ in first] == [Fate.NEW, Fate.NEW]
    assert [fate for fate, _ in again] == [Fate.SAME, Fate.SAME]
    assert Demand.objects.count() == 2


def test_an_import_never_rewrites_a_demands_words(cast: Cast):
    take([row(1)], by=SYSTEM, at=NOON)

    fates = take([row(1, "Other words.")], by=SYSTEM, at=NOON)

    assert fates == [(Fate.REFUSED, "words_differ")]
    assert Demand.objects.get().text == "Pay us."


def test_an_import_does_not_move_a_demand_to_another_county(cast: Cast):
    take([row(1)], by=SYSTEM, at=NOON)

    assert take([row(1, path=GOLANDASHT)], by=SYSTEM, at=NOON) == [(Fate.REFUSED, "moved")]


def test_each_imported_demand_has_its_journal_entry(cast: Cast):
    take([row(1), row(2)], by=SYSTEM, at=NOON)

    assert {story_of(demand).get().deed for demand in Demand.objects.all()} == {"demand.imported"}


def test_an_officer_does_not_import_into_another_county(cast: Cast):
    with pytest.raises(NotAllowed):
        take([row(1), row(2, path=GOLANDASHT)], by=cast.officer, at=NOON)
    assert Demand.objects.count() == 0


def test_an_imported_demands_clock_runs_from_its_own_day_and_the_unions_limit_from_today(
    cast: Cast,
):
    take([row(1, heard_on=DAY - 400 * ONE_DAY)], by=SYSTEM, at=NOON)
    demand = Demand.objects.get()

    clock = clock_of(demand, today=DAY)

    assert (clock.days, clock.here_days) == (400, 400)
    assert [(share.holder, share.days) for share in clock.shares] == [(Holder.UNION, 400)]
    assert demand.due_on == DAY + 10 * ONE_DAY


def test_an_imported_demand_walks_on_like_any_other(cast: Cast):
    take([row(1)], by=SYSTEM, at=NOON)
    demand = Demand.objects.get()

    sent = route(cast, demand, at=later(2))

    assert [hold.holder for hold in sent.holds.all()] == ["union", "union", "body"]


def test_what_a_newer_row_corrects_is_what_the_body_reads_from_then(cast: Cast):
    open_one = row(1, "I am on 09121234567.", keep_name_from_employer=False)
    take([open_one], by=SYSTEM, at=NOON)
    sent = route(cast, Demand.objects.get())
    assert "09121234567" in sent.read_by_body

    fates = take([row(1, "I am on 09121234567.")], by=SYSTEM, at=NOON)

    assert fates == [(Fate.CHANGED, "")]
    assert "09121234567" not in Demand.objects.get().read_by_body


def test_rows_of_several_counties_each_get_their_own_deadline(cast: Cast):
    take([row(1), row(2, urgency=Urgency.CRITICAL)], by=SYSTEM, at=NOON)
    ordinary, critical = Demand.objects.all()

    assert (ordinary.due_on, critical.due_on) == (DAY + 10 * ONE_DAY, DAY + ONE_DAY)
    again = sort_demand(
        critical, topic=topic(), urgency=Urgency.CRITICAL, by=cast.officer, at=later(1)
    )
    assert again.due_on == DAY + ONE_DAY
