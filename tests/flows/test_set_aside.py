"""Households for which the rules have no value: all others are decided, and nobody learns of them."""

from __future__ import annotations

import numpy as np
import pytest

from redress.registers.registry.households import NewFact
from redress.relief import what_if as what_ifs
from redress.relief.assess import tell_facts
from redress.relief.copying import refresh_copy
from redress.relief.schemes import scheme_named
from redress.relief.what_if import NoOutcome, TooSlow
from redress.values.money import Total
from redress.warehouse import aside
from redress.warehouse.runs import add_up
from tests.conftest import DAY, GOLANDASHT, NILKUH, NOON, WORKS, Cast
from tests.flows.test_assess_all import LATER, home, listed, prepared, run, what_if

pytestmark = pytest.mark.usefixtures("whole", "small_aid")
LABEL = {"en": "a", "fa": "ب", "zh": "中"}


def tell(cast, of, **facts):
    told = tuple(NewFact(name, value, DAY) for name, value in facts.items())
    by = cast.neighbour if of.path == GOLANDASHT else cast.officer
    tell_facts(of, facts=told, by=by, at=NOON)


def grant_a_share_of_the_income(small_aid):
    """Let the rules have no value where a sum above 10^16 would be granted."""
    small_aid(
        derived=[],
        items=[
            {"id": "a", "batch": "living", "when": "income > 0 * LINE", "amount": "income * SHARE * 100",
             "label": LABEL}
        ],
        cases=[{"id": "one", "on": "2026-06-01", "facts": {}, "expect": {"needs": ["income"]}}],
    )  # fmt: skip
    assert scheme_named("small-aid") is not None


def test_a_households_odd_fact_does_not_take_what_if_from_everybody(cast: Cast):
    ours, theirs = home(cast, monthly=1), home(cast, monthly=1, path=GOLANDASHT)
    home(cast, monthly=1, path=GOLANDASHT)
    scheme = prepared(cast)
    tell(cast, theirs, size=99)
    refresh_copy(at=LATER)

    mine, all_of_it = what_if(scheme, cast.officer), what_if(scheme, cast.province)

    assert (mine.households, mine.total.granted, mine.left_out) == (1, 1, 0)
    assert (all_of_it.households, all_of_it.total.granted, all_of_it.left_out) == (2, 2, 1)
    assert ours.path == NILKUH


def test_the_first_household_being_odd_does_not_keep_the_rules_from_being_compiled(cast: Cast):
    tell(cast, home(cast, monthly=1), size=99)
    home(cast, monthly=1)

    found = what_if(prepared(cast), cast.officer)

    assert (found.total.granted, found.left_out) == (1, 1)


def test_a_scheme_that_fits_hardly_anybody_has_no_outcome(cast: Cast, monkeypatch):
    monkeypatch.setattr(what_ifs, "ASIDE_MAX", 1)
    for _ in range(3):
        tell(cast, home(cast, monthly=1), size=99)
    scheme = prepared(cast)

    with pytest.raises(NoOutcome) as told:
        what_if(scheme, cast.neighbour)

    assert "99" not in str(told.value)


@pytest.mark.parametrize("rows", [1, 2, 3, 1000])
def test_a_run_sets_aside_whom_the_rules_have_no_value_for_wherever_they_stand(
    cast: Cast, small_aid, monkeypatch, rows
):
    monkeypatch.setattr(aside, "ROWS_TOGETHER", 2 * rows)
    monkeypatch.setattr(aside, "ROWS_SEARCHED", rows)
    grant_a_share_of_the_income(small_aid)
    # 12 x 10^14 x 0.1 x 100 is above 10^16: no grant is so large; 12 x 10^16 is no income.
    much, too_much = 10**14, 10**16
    sums = [much, 5, much, too_much, 7, 8, None, 9, much]
    made = [home(cast, monthly=monthly) for monthly in sums]

    found = run(cast)

    bad = {one.pk for one, monthly in zip(made, sums, strict=True) if monthly and monthly >= much}
    good = {one.pk for one, monthly in zip(made, sums, strict=True) if monthly and monthly < much}
    assert {one["household"] for one in found.counts["refused"]} == bad
    assert listed(found, "granted") == good
    assert listed(found, "undecided") == {made[6].pk}
    assert found.counts["households"] == 5
    assert found.counts["minor"] == 12 * 10 * (5 + 7 + 8 + 9)


def test_numbers_that_leave_a_household_without_a_value_leave_it_out_of_both_sides(
    cast: Cast, small_aid
):
    grant_a_share_of_the_income(small_aid)
    home(cast, monthly=100)
    home(cast, monthly=10**13, path=GOLANDASHT)
    scheme = prepared(cast)

    mine, theirs = (what_if(scheme, by, SHARE="1000") for by in (cast.officer, cast.neighbour))

    assert (mine.total.granted, mine.left_out) == (1, 0)
    assert mine.total.money.minor == 12 * 100 * 1000 * 100
    assert (theirs.total.granted, theirs.households, theirs.left_out) == (0, 0, 1)


def test_a_workplaces_officer_counts_the_workplaces_households_alone(cast: Cast):
    home(cast, monthly=1, path=WORKS)
    home(cast, monthly=1)
    home(cast, monthly=1, path=GOLANDASHT)

    found = what_if(prepared(cast), cast.grassroots)

    assert [row.path for row in found.counties] == [WORKS]
    assert (found.households, found.total.granted) == (1, 1)


@pytest.mark.parametrize("line", ["1e15", "9999999999999999"])
def test_sums_beyond_every_ledger_are_added_up_exactly(cast: Cast, line):
    for _ in range(12):
        home(cast, monthly=1)
    home(cast, monthly=1, path=GOLANDASHT)

    found = what_if(prepared(cast), cast.officer, LINE=line, SHARE="1")

    assert found.total.money.minor == 12 * int(float(line) if "e" in line else line)


def test_many_sums_are_added_up_exactly_beyond_64_bits():
    places, sums = np.array([0, 1] * 1000), np.array([10**16, -1] * 1000)

    assert add_up(places, sums, 2) == [10**19, -1000]


def test_a_runs_page_shows_sums_beyond_every_ledger(cast: Cast, small_aid):
    grant_a_share_of_the_income(small_aid)
    for _ in range(3):
        home(cast, monthly=8 * 10**13)

    found = run(cast)

    assert found.counts["minor"] == 3 * 12 * 10 * 8 * 10**13  # above 10^16
    assert f"{Total('IRR', found.counts['minor']).decimal():,f}" == "28,800,000,000,000,000"


def test_numbers_that_would_keep_a_page_waiting_for_minutes_are_refused_at_once(
    cast: Cast, monkeypatch
):
    monkeypatch.setattr(what_ifs, "SLOW_ROWS_MAX", 5)
    for _ in range(40):
        home(cast, monthly=10**12)
    scheme = prepared(cast)

    assert what_if(scheme, cast.officer, LINE="60000000").households == 40
    with pytest.raises(TooSlow):
        what_if(scheme, cast.officer, LINE="9999999999999999", SHARE="0.333333")
