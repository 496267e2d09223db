from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from redress.demands.models import Demand, PublicNumbers
from redress.demands.public_numbers import (
    Publication,
    countries_published,
    publish_numbers,
    published,
    see_to_publishing,
)
from redress.demands.resolve import dispute_answer
from redress.demands.states import HeldBack, Said, State
from redress.engines.figures.disclosure import LEAST
from redress.registers.offices.scope import Scope, enter
from tests.conftest import GOLANDASHT, NILKUH, NOON, Cast, hear, make_office
from tests.flows.bulk_history import make_many

pytestmark = pytest.mark.usefixtures("whole")
# 15 June 2026 lies in Khordad 1405, from 22 May to 21 June; the last closed month is Ordibehesht.
SINCE, UNTIL = dt.date(2026, 4, 21), dt.date(2026, 5, 21)
WIDE = -(-LEAST // 2)


@pytest.fixture
def country(cast: Cast) -> Cast:
    make_many(cast, 900, seed=1, first=dt.date(2026, 3, 1), last=UNTIL)
    return cast


def latest(at: dt.datetime = NOON) -> Publication:
    publish_numbers(at=at)
    return published("ir")[0]


def came(since: dt.date, until: dt.date) -> list[Demand]:
    return list(Demand.objects.filter(heard_at__date__gte=since, heard_at__date__lte=until))


def test_the_last_closed_month_is_of_the_countrys_own_calendar(country: Cast):
    assert (latest().since, latest().until) == (SINCE, UNTIL)


def test_shown_counts_are_true_and_none_is_below_ten(country: Cast):
    shown, rows = latest(), came(SINCE, UNTIL)
    by_county = Counter((one.path,) for one in rows)
    by_topic = Counter((one.topic_id.split(".")[0],) for one in rows)
    by_both = Counter((one.path, one.topic_id.split(".")[0]) for one in rows)

    told = 0
    for attributes, true in (
        ((), Counter({(): len(rows)})),
        (("county",), by_county),
        (("topic",), by_topic),
        (("county", "topic"), by_both),
    ):
        for group, count in shown.cells("came", *attributes).items():
            assert count is None or (count == true[group] and count >= LEAST)
            told += count is not None
    assert told > 8


def test_what_ended_is_told_by_how_it_ended(country: Cast):
    shown = latest()
    ended = Demand.objects.filter(closed_at__date__gte=SINCE, closed_at__date__lte=UNTIL)
    how = Counter(one.close_kind or one.state for one in ended)

    table = shown.cells("ended", "how")
    assert {group[0]: count for group, count in table.items() if count is not None} == {
        kind: count for kind, count in how.items() if count >= LEAST and table[kind,] is not None
    }
    assert shown.cells("ended")[()] == ended.count()


def test_disputes_of_the_month_are_told_whether_the_demand_had_ended_or_not(country: Cast):
    on = dt.datetime(2026, 5, 10, 9, tzinfo=dt.UTC)
    answered = Demand.objects.filter(
        state=State.ANSWERED, holds__holder="worker", holds__since_on__lte=on.date()
    )
    closed = Demand.objects.filter(state=State.CLOSED, closed_at__date__lte=on.date())
    for one in (*answered[:7], *closed[:8]):
        dispute_answer(one, said=Said.NOT_SOLVED, by=country.province, at=on)
    shown = latest()

    assert shown.cells("sent", "again")[("again",)] == 7 + 8
    # Eight of them were opened again, so they came in once more.
    assert shown.cells("came")[()] == len(came(SINCE, UNTIL)) + 8


def test_pending_is_told_of_the_whole_country_to_the_nearest_ten(country: Cast):
    pending = [
        one
        for one in Demand.objects.filter(heard_at__date__lte=UNTIL)
        if one.closed_at is None or one.closed_at.date() > UNTIL
    ]

    assert latest().pending == {
        "demands": round(len(pending) / 10) * 10,
        "workers": round(sum(one.workers_count for one in pending) / 10) * 10,
    }


def test_a_published_month_stays_whatever_is_put_down_later(country: Cast):
    before = latest().document
    make_many(country, 60, seed=2, first=SINCE, last=UNTIL)
    Demand.objects.filter(source_id__startswith="1.1").update(held_back=HeldBack.SAME_TEXT)

    assert publish_numbers(at=NOON + dt.timedelta(days=3)) == []
    assert latest(NOON + dt.timedelta(days=5)).document == before


def test_the_database_refuses_to_change_a_publication_or_to_make_a_second(country: Cast):
    latest()
    row = PublicNumbers.objects.get(until_on=UNTIL)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PublicNumbers.objects.update(document={})
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_every_receipt_and_every_end_is_in_one_month_and_in_no_other(country: Cast):
    publish_numbers(at=NOON)
    months = [one for one in published("ir") if not one.is_withheld]
    first = months[-1].since
    ended = Demand.objects.filter(closed_at__date__gte=first, closed_at__date__lte=UNTIL)

    assert len(months) == 2
    assert sum(one.cells("came")[()] for one in months) == len(came(first, UNTIL))
    assert sum(one.cells("ended")[()] for one in months) == ended.count()


def test_what_is_pending_moves_by_what_came_less_what_ended(country: Cast):
    publish_numbers(at=NOON)
    after, before = published("ir")[:2]

    moved = after.cells("came")[()] - after.cells("ended")[()]
    # Both are told to the nearest ten, so each is off by five at most.
    assert abs(after.pending["demands"] - before.pending["demands"] - moved) <= 10


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_total_of_ten_is_shown_and_finer_tables_give_way_to_it(cast: Cast, seed):
    make_many(cast, 200, seed=seed, first=dt.date(2026, 4, 1), last=UNTIL)
    shown = latest()

    assert shown.cells("came")[()] == len(came(SINCE, UNTIL))
    ended = Demand.objects.filter(closed_at__date__gte=SINCE, closed_at__date__lte=UNTIL)
    assert shown.cells("ended")[()] == ended.count() >= LEAST
    told = [one for one in shown.document["tables"] if one["family"] == "ended"]
    assert len(told) < 6


def test_a_month_with_fewer_than_ten_is_withheld_whole(cast: Cast):
    make_many(cast, 9, seed=1, first=SINCE, last=UNTIL)

    shown = latest()
    assert shown.is_withheld
    assert (shown.document["tables"], shown.pending, shown.times) == ([], {}, {})


def test_months_that_are_missing_are_published_too_up_to_a_year(country: Cast):
    assert len(publish_numbers(at=NOON)) == 12
    assert len(publish_numbers(at=NOON + dt.timedelta(days=31))) == 1


def test_each_country_publishes_its_own_months(country: Cast):
    make_office("cn.", "nation", "China")
    make_office("cn.gd.gz.", "county", "Guangzhou")
    publish_numbers(at=NOON)

    assert countries_published() == ["cn", "ir"]
    # In China the last closed month is May.
    assert published("cn")[0].until == dt.date(2026, 5, 31)
    assert published("cn")[0].is_withheld


def test_it_is_read_without_any_scope(country: Cast):
    latest()
    enter(Scope())

    assert Demand.objects.count() == 0
    assert len(published("ir")) == 12


def test_a_publication_names_nobody_no_workplace_and_no_employer(country: Cast):
    told = json.dumps(latest().document)

    assert not any(word in told for word in ("Maryam", "Hall seven", "Spindle", "words"))
    places = {NILKUH, GOLANDASHT, ""}
    assert {group[0] for group in latest().cells("came", "county")} <= places


def test_what_is_missing_is_asked_for_once_and_then_no_more(country: Cast):
    assert see_to_publishing(at=NOON)
    assert see_to_publishing(at=NOON)
    publish_numbers(at=NOON)

    assert not see_to_publishing(at=NOON)


def test_a_demand_that_is_held_back_is_not_published(country: Cast):
    hear(country, at=dt.datetime(2026, 5, 10, 9, tzinfo=dt.UTC), held_back=HeldBack.TOO_FAST)

    assert latest().cells("came")[()] == len(came(SINCE, UNTIL)) - 1


def ranges(tables: list[dict]) -> dict[tuple, list[float]]:
    """Narrow what every group of some tables can hold, by all sums that follow from them.

    A group of one table is the sum of the groups of any finer table, so each bounds the other; that is
    gone through until nothing narrows any more. It is what an attacker does with a sheet of paper.
    """
    known: dict[tuple, list[float]] = {}
    for table in tables:
        for cell in table["cells"]:
            count = cell["count"]
            low, high = (0, float("inf")) if count is None else (count, count)
            known[tuple(table["by"]), tuple(cell["of"])] = [low, high]
    sums = [
        (whole, parts)
        for one, two in product(tables, tables)
        if set(one["by"]) < set(two["by"])
        for whole, parts in parted(one, two)
    ]
    if (("excuse",), ("late_excused",)) in known:  # a part of what was late
        for judged, excuses in (
            ("on_time", ["on_time"]),
            ("late", ["late_without", "late_excused"]),
        ):
            sums.append(((("judged",), (judged,)), [(("excuse",), (one,)) for one in excuses]))
    changed = True
    while changed:
        changed = False
        for whole, parts in sums:
            changed |= narrow(known, whole, parts)
    return known


def parted(one: dict, two: dict):
    at = [two["by"].index(name) for name in one["by"]]
    for cell in one["cells"]:
        of = tuple(cell["of"])
        parts = [
            (tuple(two["by"]), tuple(each["of"]))
            for each in two["cells"]
            if tuple(each["of"][place] for place in at) == of
        ]
        yield (tuple(one["by"]), of), parts


def narrow(known: dict, whole: tuple, parts: list[tuple]) -> bool:
    lows, highs = (sum(known[part][end] for part in parts) for end in (0, 1))
    before = [list(known[one]) for one in (whole, *parts)]
    known[whole][0] = max(known[whole][0], lows)
    known[whole][1] = min(known[whole][1], highs)
    for part in parts:
        low, high = known[part]
        if highs != float("inf"):
            known[part][0] = max(low, known[whole][0] - (highs - high))
        known[part][1] = min(high, known[whole][1] - (lows - low))
    return before != [list(known[one]) for one in (whole, *parts)]


def tables_of(shown: Publication, family: str) -> list[dict]:
    return [one for one in shown.document["tables"] if one["family"] == family]


FAMILIES = ("came", "ended", "sent", "returned", "due")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_hidden_group_can_be_worked_out_from_all_published_tables(cast: Cast, seed):
    make_many(cast, 150 * seed, seed=seed, first=dt.date(2026, 4, 1), last=UNTIL)
    publish_numbers(at=NOON)

    hidden = 0
    for shown, family in product(published("ir"), FAMILIES):
        tables = tables_of(shown, family)
        found = ranges(tables)
        for table in tables:
            for cell in table["cells"]:
                low, high = found[tuple(table["by"]), tuple(cell["of"])]
                hidden += cell["count"] is None
                assert cell["count"] is not None or high - low >= WIDE, (family, cell)
    assert hidden > 5


def test_the_attack_finds_what_is_hidden_alone(country: Cast):
    tables = json.loads(json.dumps(tables_of(latest(), "came")))
    by_topic = next(one for one in tables if one["by"] == ["topic"])
    for cell in by_topic["cells"]:
        cell["count"] = 40
    by_topic["cells"][0]["count"] = None
    total = next(one for one in tables if not one["by"])
    total["cells"][0]["count"] = 40 * (len(by_topic["cells"]) - 1) + 3

    found = ranges([total, by_topic])
    assert found[("topic",), tuple(by_topic["cells"][0]["of"])] == [3, 3]


def test_two_months_cannot_be_subtracted_to_find_a_group(country: Cast):
    publish_numbers(at=NOON)
    later = published("ir")[0]
    publish_numbers(at=NOON + dt.timedelta(days=31))
    newest = published("ir")[0]

    # Each tells of its own events alone, so none of the sums holds what the other told.
    assert newest.since == later.until + dt.timedelta(days=1)
    assert newest.is_withheld or newest.cells("came")[()] != later.cells("came")[()]
    assert {one["family"] for one in later.document["tables"]} == set(FAMILIES)
