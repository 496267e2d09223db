from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from redress.demands.models import Demand
from redress.demands.states import OPEN, State
from redress.demonstration.load import load_demonstration_once
from redress.demonstration.made import (
    demand_row,
    household_row,
    made_demands,
    made_households,
    member_rows,
)
from redress.demonstration.places import COUNTIES, made_offices
from redress.registers.ledger.models import Account
from redress.registers.offices.scope import WHOLE, within
from redress.relief.models import File, Grant

TODAY = dt.date(2026, 11, 22)


def test_the_same_seed_makes_the_same_demands_and_another_seed_others():
    one, again = (list(made_demands(50, seed=1, today=TODAY)) for _ in range(2))

    assert one == again != list(made_demands(50, seed=2, today=TODAY))


def test_demands_come_in_three_languages_over_three_years_with_every_slot_filled():
    made = list(made_demands(1000, seed=1, today=TODAY))

    assert set(Counter(one.language for one in made)) == {"fa", "zh", "en"}
    assert min(one.heard_on for one in made) < TODAY - dt.timedelta(days=900)
    assert max(one.heard_on for one in made) <= TODAY
    assert not any("{" in one.text for one in made)


def test_a_larger_province_begins_with_the_smaller():
    small = list(made_households(10, seed=1, today=TODAY))

    assert list(made_households(100, seed=1, today=TODAY))[:10] == small


def test_a_made_household_has_one_head_and_no_child_older_than_the_head():
    for home in made_households(300, seed=1, today=TODAY):
        head, *others = home.members
        assert [one.relation for one in home.members].count("head") == 1
        assert all(one.birth_on > head.birth_on for one in others if one.relation == "child")


def test_rows_carry_what_the_import_takes():
    demand = demand_row(next(made_demands(1, seed=1, today=TODAY)))
    home = next(made_households(1, seed=1, today=TODAY))

    assert {"source_id", "text", "office", "heard_on"} <= demand.keys()
    assert household_row(home)["source_id"] == member_rows(home)[0]["household_id"]


def test_every_made_place_lies_in_the_made_province():
    assert {office.path[:3] for office in made_offices()} == {"ir."}
    assert len(COUNTIES) == 6


@pytest.mark.django_db
def test_the_province_is_loaded_once_with_demands_in_all_states_and_balanced_books():
    said: list[str] = []
    assert load_demonstration_once(say=said.append, demands=150, households=60)
    assert not load_demonstration_once(say=said.append)

    with within(WHOLE):
        standing = Counter(Demand.objects.values_list("state", flat=True))
        overdue = Demand.objects.filter(
            state__in=[s.value for s in OPEN], deadline__last_on__lt=dt.datetime.now(dt.UTC).date()
        )
        assert set(standing) == {state.value for state in State}
        assert 0 < overdue.count() < 150
        assert File.objects.exists()
        assert Grant.objects.exists()
        assert sum(Account.objects.values_list("balance_minor", flat=True)) == 0
