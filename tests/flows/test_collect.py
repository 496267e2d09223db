"""Collective demands: laid over single ones, undone without loss, refused where they are not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redress.demands.collect import (
    Dissolved,
    NoMembers,
    NotDissolved,
    WorkforceUnfit,
    add_members,
    adding,
    change_workforce,
    collective_seen_by,
    collectives,
    collectives_over,
    dissolve,
    history,
    members_with_words,
    remove_members,
    restore,
)
from redress.demands.models import Membership
from redress.demands.resolve import confirm_solved, dispute_answer, withdraw_demand
from redress.demands.sort import ReasonMissing, merge_demand, set_demand_aside
from redress.demands.states import HeldBack, Said
from redress.registers.accounts.roles import NotAllowed
from redress.registers.journal.models import Entry
from redress.registers.journal.reads import story_of
from redress.registers.offices.scope import WHOLE, within
from tests.conftest import (
    GOLANDASHT,
    NOON,
    Cast,
    answer,
    hear,
    make_cast,
    sort,
)
from tests.flows.groups import CHINESE, ENGLISH, LATER, PERSIAN, count, numbers, together, told


@pytest.fixture(autouse=True)
def seeing_all(request):
    if "committed" not in request.fixturenames:
        request.getfixturevalue("whole")


def everything_but_groups() -> dict[str, list[dict]]:
    """Give all columns of all rows of the demand flow that are not the overlay itself."""
    overlay = {"collective", "membership"}
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("demands").get_models()
        if model._meta.model_name not in overlay
    }


def words_to_find_by() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT demands_found('pay | wages | 工资 | حقوق'::tsquery, 100)")
        return sorted(cursor.fetchall())


DOES = {
    "add": lambda c, one, some: add_members(one, numbers=some, by=c.officer, at=NOON),
    "remove": lambda c, one, some: remove_members(one, numbers=some, by=c.officer, at=NOON),
    "dissolve": lambda c, one, _some: dissolve(one, why="x", by=c.officer, at=NOON),
    "restore": lambda c, one, _some: restore(one, why="x", by=c.officer, at=NOON),
    "workforce": lambda c, one, _some: change_workforce(
        one, workforce=9, source="x", by=c.officer, at=NOON
    ),
}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(DOES)), st.sets(st.integers(0, 4), min_size=1)),
        max_size=12,
    )
)
def test_whatever_is_done_to_a_collective_demand_the_single_ones_stay_as_they_were(cast, tries):
    with transaction.atomic():
        demands = [
            told(cast, PERSIAN, contact="0900"),
            answer(cast, hear(cast)),
            told(cast, CHINESE),
            sort(cast, told(cast)),
            confirm_solved(answer(cast, told(cast, "x")), by=cast.officer, at=NOON),
        ]
        before, found = everything_but_groups(), words_to_find_by()
        collective = together(cast)
        for what, which in tries:
            try:
                with transaction.atomic():
                    DOES[what](cast, collective, [demands[one].pk for one in which])
            except (NoMembers, Dissolved, NotDissolved):
                pass
        assert everything_but_groups() == before
        assert words_to_find_by() == found
        transaction.set_rollback(True)


def test_one_collective_demand_holds_three_languages(cast: Cast):
    demands = [told(cast, text) for text in (PERSIAN, CHINESE, ENGLISH)]

    collective = together(cast, *demands)

    listed = members_with_words(collective, seen_by=cast.officer)
    assert {(one.language, one.text) for one in listed} == {
        ("fa", PERSIAN),
        ("zh", CHINESE),
        ("en", ENGLISH),
    }
    assert count(cast, collective).demands == 3


def test_a_member_is_read_with_its_workers_last_word(cast: Cast):
    demand = answer(cast, hear(cast))
    dispute_answer(demand, said=Said.PARTLY, by=cast.worker, at=NOON)

    (member,) = members_with_words(together(cast, demand), seen_by=cast.officer)

    assert member.last_said == "partly"


def test_what_was_dissolved_comes_back_with_its_members(cast: Cast):
    collective = together(cast, told(cast), told(cast, PERSIAN))
    dissolve(collective, why="Two causes.", by=cast.officer, at=NOON)

    restore(collective, why="One after all.", by=cast.officer, at=NOON)

    assert len(numbers(cast, collective)) == 2
    assert [one.deed for one in story_of(collective)] == [
        "collective.made",
        "collective.added",
        "collective.dissolved",
        "collective.restored",
    ]


def test_a_member_taken_out_can_be_added_again(cast: Cast):
    demand = told(cast)
    collective = together(cast, demand)
    remove_members(collective, numbers=[demand.pk], by=cast.officer, at=NOON)

    add_members(collective, numbers=[demand.pk], by=cast.officer, at=LATER)

    assert numbers(cast, collective) == {demand.pk}
    assert Membership.objects.count() == 2  # the first stay is kept


def test_a_demand_may_be_in_two_collective_ones(cast: Cast):
    demand = told(cast)
    wages, contracts = together(cast, demand), together(cast, demand, title="Contracts")

    over = collectives_over(demand, seen_by=cast.officer)

    assert set(over) == {wages, contracts}


def test_the_history_says_how_many_of_an_adding_are_in_it_still(cast: Cast):
    first, second, third = told(cast), told(cast), told(cast)
    collective = together(cast, first, second)
    add_members(collective, numbers=[third.pk], by=cast.officer, at=NOON)
    remove_members(collective, numbers=[first.pk], by=cast.officer, at=NOON)

    told_last_first = history(collective, seen_by=cast.officer)

    assert [(one.entry.deed.split(".")[1], one.still_in) for one in told_last_first] == [
        ("removed", 0),
        ("added", 1),
        ("added", 1),  # one of two
        ("made", 0),
    ]


def test_an_adding_of_another_collective_demand_is_not_undone_here(cast: Cast):
    one, other = together(cast, told(cast)), together(cast, told(cast))
    entry = story_of(other).get(deed="collective.added")

    assert adding(one, entry=entry.pk) is None
    assert adding(other, entry=entry.pk) == entry


def test_a_collective_demand_needs_a_title(cast: Cast):
    with pytest.raises(ReasonMissing):
        together(cast, title=" ")


def test_a_workforce_needs_a_source(cast: Cast):
    with pytest.raises(ReasonMissing):
        together(cast, workforce=100)
    with pytest.raises(ReasonMissing):
        change_workforce(together(cast), workforce=10, source=" ", by=cast.officer, at=NOON)


@pytest.mark.parametrize("workforce", [0, -5, 10_000_001])
def test_no_workforce_is_of_nobody_or_of_more_than_there_are(cast: Cast, workforce):
    with pytest.raises(WorkforceUnfit):
        change_workforce(together(cast), workforce=workforce, source="x", by=cast.officer, at=NOON)


def test_with_a_dissolved_one_nothing_is_done_until_it_is_restored(cast: Cast):
    demand = told(cast)
    collective = together(cast, demand)
    dissolve(collective, why="x", by=cast.officer, at=NOON)

    for does in ("add", "remove", "dissolve", "workforce"):
        with pytest.raises(Dissolved):
            DOES[does](cast, collective, [demand.pk])


def test_what_is_not_dissolved_is_not_restored(cast: Cast):
    with pytest.raises(NotDissolved):
        restore(together(cast), why="x", by=cast.officer, at=NOON)


@pytest.mark.parametrize("does", [dissolve, restore])
def test_dissolving_and_restoring_need_a_reason(cast: Cast, does):
    with pytest.raises(ReasonMissing):
        does(together(cast), why=" ", by=cast.officer, at=NOON)


def test_a_demand_that_is_in_it_is_added_no_second_time(cast: Cast):
    demand = told(cast)
    collective = together(cast, demand)

    with pytest.raises(NoMembers):
        add_members(collective, numbers=[demand.pk, demand.pk], by=cast.officer, at=NOON)

    assert Membership.objects.count() == 1


def test_the_database_too_holds_a_demand_once_in_a_collective_one(cast: Cast):
    demand = told(cast)
    collective = together(cast, demand)

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(collective=collective, demand=demand, added_at=NOON, added_by="x")


def test_another_countys_demand_is_passed_over_however_its_number_was_come_by(cast: Cast):
    theirs, ours = told(cast, path=GOLANDASHT), told(cast)
    collective = together(cast)

    added = add_members(collective, numbers=[theirs.pk, ours.pk], by=cast.officer, at=NOON)

    assert added == [ours.pk]


def test_the_province_lays_no_countys_collective_demand_over_another_countys(cast: Cast):
    theirs = told(cast, path=GOLANDASHT)

    with pytest.raises(NoMembers):
        together(cast, theirs, by=cast.province)
    assert together(cast, theirs, by=cast.province, path="ir.sp.").pk


def test_a_merged_a_withdrawn_a_set_aside_and_a_held_back_demand_do_not_join(cast: Cast):
    merged = merge_demand(
        told(cast, contact="0900"), into=told(cast, contact="0900"), by=cast.officer, at=NOON
    )
    gone = withdraw_demand(told(cast), by=cast.officer, at=NOON)
    aside = set_demand_aside(told(cast), why="Town hall.", by=cast.officer, at=NOON)
    held = told(cast, held_back=HeldBack.TOO_MANY)

    with pytest.raises(NoMembers):
        together(cast, merged, gone, aside, held)


def test_who_is_not_in_it_is_not_taken_out(cast: Cast):
    with pytest.raises(NoMembers):
        remove_members(together(cast), numbers=[told(cast).pk], by=cast.officer, at=NOON)


@pytest.mark.parametrize(
    "who", ["grassroots", "neighbour", "liaison", "manager", "auditor", "admin", "worker"]
)
@pytest.mark.parametrize("does", sorted(DOES))
def test_only_officers_of_the_middle_and_of_the_place_do_anything(cast: Cast, who, does):
    collective, demand = together(cast), told(cast)
    before = Entry.objects.count()

    with pytest.raises(NotAllowed):
        acting = type(cast)(**{**vars(cast), "officer": getattr(cast, who)})
        DOES[does](acting, collective, [demand.pk])

    assert Entry.objects.count() == before


def test_a_collective_demand_of_a_place_above_is_not_made_from_below(cast: Cast):
    with pytest.raises(NotAllowed):
        together(cast, path="ir.sp.")


def test_collective_demands_are_seen_in_their_place_and_above_and_by_no_body(cast: Cast):
    collective = together(cast)
    seeing = {
        name
        for name, one in vars(cast).items()
        if hasattr(one, "scope") and collective_seen_by(one, number=collective.pk)
    }

    assert seeing == {"officer", "second", "province", "auditor"}
    assert list(collectives(seen_by=cast.liaison)) == []


def test_of_two_clicks_at_once_one_adds(committed):
    with within(WHOLE):
        cast = make_cast()
        collective, demand = together(cast), told(cast)

    def click(_time: int) -> str:
        try:
            with within(cast.officer.scope):
                add_members(collective, numbers=[demand.pk], by=cast.officer, at=NOON)
        except NoMembers:
            return "none"
        finally:
            connection.close()
        return "added"

    with ThreadPoolExecutor(4) as clicks:
        came = sorted(clicks.map(click, range(4)))

    assert came == ["added", "none", "none", "none"]
    with within(WHOLE):
        assert Membership.objects.count() == 1
