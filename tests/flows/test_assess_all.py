"""A scheme over all households: the copy, the run, what changed since the last, and what if."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.conf import settings as project

from redress.registers.accounts.roles import SYSTEM, NotAllowed
from redress.registers.registry.households import NewFact, NewHousehold, NewMember
from redress.registers.registry.models import Household, Member
from redress.relief.assess import assess_household, tell_facts
from redress.relief.assess_all import (
    LISTS,
    ask_for_run_of,
    finish_run,
    run_rows,
    run_seen_by,
)
from redress.relief.copying import present_copy, refresh_copy
from redress.relief.find import find_household
from redress.relief.grant import approve_grant
from redress.relief.numbers import NotAValue, changeable_numbers
from redress.relief.pay import pay_grant
from redress.relief.schemes import scheme_named
from redress.relief.states import RunState, WrongState
from redress.relief.what_if import NoHouseholds, NotPrepared, prepare_what_if, try_values
from redress.values.money import Money
from tests.conftest import DAY, GOLANDASHT, NILKUH, NOON, WORKS, Cast, household, propose

pytestmark = pytest.mark.usefixtures("whole", "small_aid")
LATER = NOON + dt.timedelta(hours=1)


def home(cast, *, monthly: int | None, path: str = NILKUH, members: int = 1, name: str = "A"):
    """Enter a household of so many members with so many rials a month, or with none told."""
    by = cast.neighbour if path == GOLANDASHT else cast.officer
    sums = () if monthly is None else (NewFact("income_per_month", Money("IRR", monthly), DAY),)
    others = tuple(NewMember(f"{name}{at}", "child") for at in range(1, members))
    new = NewHousehold(path=path, head=NewMember(name, "head"), others=others, facts=sums)
    return find_household(new, by=by, at=NOON)


def run(cast, by=None, at=NOON):
    asked = ask_for_run_of(by or cast.officer, scheme=scheme_named("small-aid"), at=at)
    return finish_run(asked, by=SYSTEM, at=at)


def listed(found, wanted):
    return {row.household_id for row in run_rows(found, wanted)}


def test_a_run_says_of_each_household_what_its_own_assessment_says(cast: Cast):
    dice = random.Random(7)
    for at in range(60):
        made = home(
            cast,
            monthly=dice.choice([None, 0, 49_999_999, 50_000_000, 50_000_001, 99_999_999, 10**9]),
            members=dice.randint(1, 4),
            path=dice.choice([NILKUH, WORKS]),
        )
        if at % 3 == 0:
            told = (NewFact("ill", dice.random() < 0.5, DAY), NewFact("born_on", "2010-06-15", DAY))
            tell_facts(made, facts=told, by=cast.officer, at=NOON)
        if at % 7 == 0:
            told = (NewFact("income", Money("IRR", dice.randint(0, 10**9)), DAY),)
            tell_facts(made, facts=told, by=cast.officer, at=NOON)

    found = run(cast)

    sums = {row.household_id: row.now.minor for row in run_rows(found, "granted")}
    undecided = {row.household_id: row.needs for row in run_rows(found, "undecided")}
    for one in Household.objects.all():
        outcome = assess_household(
            one, scheme=scheme_named("small-aid"), on=DAY, by=cast.officer, at=NOON
        ).outcome
        assert sum(map(int, outcome["granted"].values())) == sums.get(one.pk, 0)
        assert bool(outcome["needs"] and not outcome["granted"]) == (one.pk in undecided)
        if one.pk in undecided:
            assert tuple(outcome["needs"]) == undecided[one.pk]
    assert found.counts["households"] == 60
    assert len(sums) == found.counts["granted"] > 10


def test_the_next_run_lists_who_is_newly_entitled_who_no_longer_and_whose_sum_moved(cast: Cast):
    poor, rich, unknown = home(cast, monthly=1), home(cast, monthly=10**9), home(cast, monthly=None)
    moved = home(cast, monthly=1, members=2)
    first = run(cast)
    assert first.counts["is_first"]
    assert listed(first, "newly") == {poor.pk, moved.pk}
    assert listed(first, "undecided") == {unknown.pk}

    tell_facts(
        poor, facts=(NewFact("income", Money("IRR", 10**10), DAY),), by=cast.officer, at=LATER
    )
    tell_facts(rich, facts=(NewFact("income", Money("IRR", 0), DAY),), by=cast.officer, at=LATER)
    tell_facts(moved, facts=(NewFact("size", 3, DAY),), by=cast.officer, at=LATER)
    second = run(cast, at=LATER)

    assert second.before_id == first.pk
    assert {name: listed(second, name) for name in LISTS} == {
        "newly": {rich.pk},
        "gone": {poor.pk},
        "changed": {moved.pk},  # 50,000,000 x 0.1 x 3 = 15,000,000 instead of 10,000,000
        "undecided": {unknown.pk},
        "granted": {rich.pk, moved.pk},
    }
    (row,) = run_rows(second, "changed")
    assert (row.before.minor, row.now.minor) == (10_000_000, 15_000_000)


def test_a_run_covers_the_places_of_who_asked_and_is_seen_there_only(cast: Cast):
    ours, theirs = home(cast, monthly=1), home(cast, monthly=1, path=GOLANDASHT)

    county, province = run(cast), run(cast, by=cast.province)

    assert listed(county, "granted") == {ours.pk}
    assert listed(province, "granted") == {ours.pk, theirs.pk}
    assert [row["granted"] for row in province.counts["counties"]] == [1, 1]
    assert run_seen_by(cast.neighbour, number=county.pk) is None
    assert run_seen_by(cast.officer, number=province.pk) is None


def test_a_workplaces_households_count_for_their_county(cast: Cast):
    home(cast, monthly=1, path=WORKS)
    home(cast, monthly=1)

    (row,) = run(cast).counts["counties"]

    assert (row["path"], row["households"]) == (NILKUH, 2)


def test_a_run_asked_twice_is_one_run_and_is_carried_out_once(cast: Cast):
    scheme = scheme_named("small-aid")
    first = ask_for_run_of(cast.officer, scheme=scheme, at=NOON)

    assert ask_for_run_of(cast.second, scheme=scheme, at=NOON).pk == first.pk
    done = finish_run(first, by=SYSTEM, at=NOON)
    with pytest.raises(WrongState):
        finish_run(done, by=SYSTEM, at=NOON)


def test_nobody_without_a_place_or_below_the_county_asks_for_a_run(cast: Cast):
    for one in (cast.grassroots, cast.liaison, cast.auditor, cast.admin, cast.worker):
        with pytest.raises(NotAllowed):
            ask_for_run_of(one, scheme=scheme_named("small-aid"), at=NOON)


def test_a_household_the_rules_have_no_value_for_is_set_aside_and_named(cast: Cast):
    good, bad = home(cast, monthly=1), home(cast, monthly=1)
    tell_facts(bad, facts=(NewFact("size", 99, DAY),), by=cast.officer, at=NOON)

    found = run(cast)

    assert listed(found, "granted") == {good.pk}
    assert [(one["household"], one["fact"]) for one in found.counts["refused"]] == [
        (bad.pk, "size")
    ]


def test_a_scheme_that_fits_hardly_anybody_fails_and_says_for_whom(
    cast: Cast, small_aid, monkeypatch
):
    monkeypatch.setattr("redress.relief.assess_all.REFUSED_MAX", 1)
    for _ in range(3):
        bad = home(cast, monthly=1)
        tell_facts(bad, facts=(NewFact("size", 99, DAY),), by=cast.officer, at=NOON)

    found = run(cast)

    assert found.state == RunState.FAILED
    assert len(found.counts["refused"]) == 1


def test_a_run_over_no_household_at_all_is_done(cast: Cast):
    found = run(cast)

    assert (found.state, found.counts["households"]) == (RunState.DONE, 0)


def test_the_copy_holds_no_names_and_only_its_owner_reads_it(cast: Cast, settings):
    home(cast, monthly=5, name="Maryam")
    refresh_copy(at=NOON)

    file = settings.REDRESS_WAREHOUSE / "households.parquet"
    columns = present_copy().table.to_pydict()

    assert "Maryam" not in str(columns)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_the_copy_is_made_anew_only_when_the_register_has_changed(cast: Cast):
    made = home(cast, monthly=5)
    assert refresh_copy(at=NOON)
    assert not refresh_copy(at=LATER)

    tell_facts(made, facts=(NewFact("ill", True, DAY),), by=cast.officer, at=LATER)

    assert refresh_copy(at=LATER)
    assert present_copy().made_at == LATER


def prepared(cast):
    scheme = scheme_named("small-aid")
    prepare_what_if(scheme.digest, at=NOON)
    return scheme


def what_if(scheme, by, **tried):
    return try_values(scheme, tried, seen_by=by, on=DAY, language="en")


def test_another_value_shows_households_and_money_by_county_before_and_after(cast: Cast):
    home(cast, monthly=40_000_000)
    home(cast, monthly=55_000_000)
    home(cast, monthly=55_000_000, path=GOLANDASHT)
    home(cast, monthly=None)
    scheme = prepared(cast)

    found = what_if(scheme, cast.province, LINE="60000000")

    # before: one, 50,000,000 x 0.1; after: two in Nilkuh and one in Golandasht, 60,000,000 x 0.1 each
    rows = {
        row.path: (row.granted_before, row.granted, row.money_before.minor, row.money.minor)
        for row in found.counties
    }
    assert rows == {NILKUH: (1, 2, 5_000_000, 12_000_000), GOLANDASHT: (0, 1, 0, 6_000_000)}
    total = found.total
    assert (total.granted_before, total.granted, total.newly, total.gone) == (1, 3, 2, 0)
    assert (total.undecided, total.difference.minor) == (1, 13_000_000)


def test_without_another_value_before_and_after_are_the_same(cast: Cast):
    home(cast, monthly=1)
    total = what_if(prepared(cast), cast.officer).total

    assert (total.granted, total.money) == (total.granted_before, total.money_before)


def test_an_officer_sees_the_own_county_alone_in_what_if(cast: Cast):
    home(cast, monthly=1)
    home(cast, monthly=1, path=GOLANDASHT)
    scheme = prepared(cast)

    found = what_if(scheme, cast.officer)

    assert [row.path for row in found.counties] == [NILKUH]
    assert (found.total.granted, found.households) == (1, 1)


@pytest.mark.parametrize("value", ["-1", "many", "1.5", "1e30", "۱/۲"])
def test_a_value_a_number_cannot_take_is_refused_by_its_name(cast: Cast, value):
    home(cast, monthly=1)
    scheme = prepared(cast)

    with pytest.raises(NotAValue) as wrong:
        what_if(scheme, cast.officer, LINE=value)

    assert wrong.value.name == "LINE"


def test_what_if_waits_until_the_copy_is_made_and_asks_for_it_once(cast: Cast):
    scheme = scheme_named("small-aid")

    for _ in range(2):
        with pytest.raises(NotPrepared):
            what_if(scheme, cast.officer)


def test_a_schemes_numbers_are_listed_as_they_are_and_as_tried():
    numbers = changeable_numbers(scheme_named("small-aid"), {"SHARE": "0.2"}, on=DAY, language="fa")

    assert [(one.name, one.now, one.plain, one.tried) for one in numbers] == [
        ("LINE", "۵۰٬۰۰۰٬۰۰۰", "50000000", ""),
        ("SHARE", "۰٫۱", "0.1", "0.2"),
    ]


def test_a_newer_copy_takes_the_place_of_the_households_held_in_memory(cast: Cast):
    made = home(cast, monthly=1)
    scheme = prepared(cast)
    assert what_if(scheme, cast.officer).total.granted == 1

    tell_facts(
        made, facts=(NewFact("income", Money("IRR", 10**10), DAY),), by=cast.officer, at=LATER
    )
    refresh_copy(at=LATER)

    assert what_if(scheme, cast.officer).total.granted == 0


def test_compiled_rules_are_kept_apart_from_the_copy():
    assert project.REDRESS_COMPILED != project.REDRESS_WAREHOUSE


def test_a_household_that_told_nothing_but_its_members_is_undecided(cast: Cast):
    bare = household(cast)
    other = home(cast, monthly=None)

    found = run(cast)

    assert listed(found, "undecided") == {other.pk}
    assert listed(found, "granted") == {bare.pk}  # 90,000,000 a month for two


def test_what_if_says_that_the_register_has_no_household_yet(cast: Cast):
    scheme = prepared(cast)

    with pytest.raises(NoHouseholds):
        what_if(scheme, cast.officer)


def test_paying_a_grant_approved_earlier_makes_the_copy_anew(cast: Cast):
    grant = approve_grant(propose(cast), by=cast.second, at=NOON)
    assert refresh_copy(at=NOON)

    pay_grant(grant, by=cast.second, at=LATER)

    assert refresh_copy(at=LATER)


def test_the_copy_is_made_anew_when_a_new_day_begins_in_a_country(cast: Cast):
    home(cast, monthly=5)
    evening = dt.datetime(
        2026, 6, 15, 20, 0, tzinfo=dt.UTC
    )  # 23:30 in Tehran, the 16th in Shanghai
    assert refresh_copy(at=evening)

    assert not refresh_copy(at=evening + dt.timedelta(minutes=29))
    assert refresh_copy(at=evening + dt.timedelta(minutes=30))


def test_members_that_the_register_does_not_have_are_not_known_rather_than_nobody(
    cast: Cast, small_aid
):
    item = {"id": "alone", "when": "count(members, relation == 'child') == 0", "amount": "LINE"}
    members = {"relation": {"type": "text"}}
    small_aid(version="3", items=[item], members=members, derived=[], cases=[])
    known = home(cast, monthly=5, members=2)
    bare = home(cast, monthly=5)
    Member.objects.filter(household=bare).update(until_at=NOON)

    found = run(cast)

    assert listed(found, "undecided") == {bare.pk}
    assert listed(found, "granted") == set()
    outcome = assess_household(
        bare, scheme=scheme_named("small-aid"), on=DAY, by=cast.officer, at=NOON
    ).outcome
    assert (outcome["needs"], known.pk != bare.pk) == (["members"], True)
