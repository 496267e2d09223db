from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, connections, transaction

from redress.demands.sort import sort_demand
from redress.demands.states import Urgency
from redress.registers.accounts.roles import SYSTEM, Actor, Deed, NotAllowed, Role
from redress.registers.journal.models import Entry
from redress.registers.journal.reads import entries, story_of
from redress.registers.journal.steps import STEPS, NaiveTime, NothingRecorded, record, step
from redress.registers.offices.scope import WHOLE, enter, within
from tests.conftest import GOLANDASHT, NOON, Cast, hear, household, make_cast, route, sort, topic

SILENT = Deed("test.silent", frozenset({Role.COUNTY_OFFICER}))


@pytest.fixture
def one_entry(cast: Cast, whole) -> Entry:
    hear(cast)
    return Entry.objects.get()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal_entry SET why = 'other'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
    ],
)
def test_an_entry_is_never_changed_or_deleted(one_entry, change):
    refused = pytest.raises(Exception, match=r"append-only|permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)

    assert Entry.objects.get().pk == one_entry.pk


def test_not_even_the_owner_of_the_tables_changes_an_entry(committed):
    with within(WHOLE):
        hear(make_cast())

    with pytest.raises(IntegrityError, match="append-only"):
        connections["owner"].cursor().execute("DELETE FROM journal_entry")


def test_an_entry_says_who_did_what_to_which_row_when_and_why(cast: Cast, whole):
    demand = sort(cast, hear(cast))

    entry = story_of(demand).last()

    assert (entry.by_user_id, entry.by_role, entry.deed) == (
        cast.officer.user_id,
        "county_officer",
        "demand.sorted",
    )
    assert (entry.row_kind, entry.row_id, entry.at) == ("demand", demand.pk, NOON)
    assert entry.detail == {"topic": "pay.arrears", "urgency": "high"}


def test_an_entry_of_a_workers_deed_names_no_person(one_entry):
    assert (one_entry.by_name, one_entry.by_user_id) == ("worker", None)


def test_the_journal_holds_no_words_of_a_worker(cast: Cast, whole):
    hear(cast, "A very particular sentence.")

    entry = Entry.objects.get()

    assert "particular" not in f"{entry.why}{entry.detail}{entry.by_name}"


def test_a_step_that_writes_no_entry_fails_and_changes_nothing(cast: Cast, whole):
    @step(SILENT)
    def change_silently(demand, *, by, at):
        demand.employer = "changed"
        demand.save()

    demand = hear(cast)

    with pytest.raises(NothingRecorded):
        change_silently(demand, by=cast.officer, at=NOON)

    demand.refresh_from_db()
    STEPS.pop(SILENT.name)
    assert demand.employer == ""


def test_a_step_refuses_a_time_without_a_zone(cast: Cast, whole):
    demand = hear(cast)

    with pytest.raises(NaiveTime):
        STEPS["demand.sorted"](demand, by=cast.officer, at=dt.datetime(2026, 6, 15))  # noqa: DTZ001


def test_a_step_refuses_whoever_may_not_and_leaves_no_entry(cast: Cast, whole):
    demand = hear(cast)

    with pytest.raises(NotAllowed):
        sort_by_neighbour(cast, demand)

    assert story_of(demand).count() == 1


def sort_by_neighbour(cast: Cast, demand):
    sort_demand(demand, topic=topic(), urgency=Urgency.LOW, by=cast.neighbour, at=NOON)


def test_an_officer_reads_the_journal_of_their_own_county_only(cast: Cast, whole):
    hear(cast)
    household(cast, path=GOLANDASHT)

    assert {entry.deed for entry in entries(seen_by=cast.officer)} == {"demand.heard"}
    assert {entry.deed for entry in entries(seen_by=cast.neighbour)} == {"household.found"}
    assert entries(seen_by=cast.province).count() == 2


def test_a_body_reads_the_story_of_its_demand_and_nothing_else(cast: Cast, whole):
    route(cast, hear(cast))
    household(cast)
    enter(cast.liaison.scope)

    assert {entry.subject_kind for entry in Entry.objects.all()} == {"demand"}


def test_entries_can_be_narrowed_to_a_deed_and_a_person(cast: Cast, whole):
    sort(cast, hear(cast))

    assert entries(seen_by=cast.officer, deed="demand.sorted", who="offic").count() == 1
    assert entries(seen_by=cast.officer, who="nobody").count() == 0


def test_anybodys_deed_can_be_recorded_under_any_scope(cast: Cast, whole):
    demand = hear(cast)
    enter(cast.worker.scope)

    record(Deed("test.deed", frozenset()), demand, by=SYSTEM, at=NOON)

    assert isinstance(SYSTEM, Actor)
    assert story_of(demand).filter(deed="test.deed").exists()
