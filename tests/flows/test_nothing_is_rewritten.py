"""What was said, asked and decided stays as it was: the database itself refuses to change it."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, connection, transaction

from redress.demands.models import SealedIdentity
from redress.demands.pursue import accept_excuse, return_demand
from tests.conftest import NOON, Cast, hear, route
from tests.flows.full_case import full_case

KEPT = [
    *("demands_hold", "demands_answer", "demands_workerword", "demands_verification"),
    *("demands_attachment", "demands_marking", "demands_markingword", "demands_hearing"),
    *("demands_identityrequest", "demands_identitydecision", "demands_sealedidentity"),
    "journal_entry",
]


def is_refused(change: str, because: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    except DatabaseError as error:
        return re.search(because, str(error)) is not None
    return False


def test_no_row_of_what_was_said_is_updated_or_deleted_by_anybody(cast: Cast, whole):
    full_case(cast)

    for table in KEPT:
        for change in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            assert is_refused(change, "append-only|permission denied|must be owner"), change


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("demands_addition", "text = 'x'"),
        ("demands_question", "text = 'x'"),
        ("demands_question", "answer = 'x'"),
        ("demands_checkin", "due_on = due_on + 1"),
        ("demands_samplecall", "demand_id = demand_id + 1"),
        ("demands_referral", "sent_at = now()"),
        ("demands_party", "body_id = body_id + 1"),
        ("demands_membership", "added_by = 'x'"),
        ("demands_promise", "by_on = by_on + 1"),
        ("demands_notice", "at = now()"),
        ("demands_collective", "title = 'x'"),
        ("demands_sample", "seed = 'x'"),
    ],
)
def test_what_was_asked_added_and_sent_is_not_rewritten_nor_deleted(
    cast: Cast, whole, table, change
):
    full_case(cast)

    assert is_refused(f"UPDATE {table} SET {change}", "append-only")
    assert is_refused(f"DELETE FROM {table}", "append-only|permission denied")


def test_what_a_worker_said_in_a_call_stays_and_who_was_not_reached_is_called_again(
    cast: Cast, whole
):
    full_case(cast)

    with connection.cursor() as cursor:
        for outcome, said in (("not_reached", ""), ("reached", "solved")):
            cursor.execute("UPDATE demands_samplecall SET outcome = %s, said = %s", [outcome, said])
    for change in ("said = 'not_solved'", "outcome = 'waiting'", "called_by = 'x'"):
        assert is_refused(f"UPDATE demands_samplecall SET {change}", "append-only")


def test_a_question_that_was_taken_back_and_an_addition_that_was_read_stay_so(cast: Cast, whole):
    full_case(cast)

    for table, moment in (("demands_question", "taken_back_at"), ("demands_addition", "read_at")):
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {moment} = now()")
        assert is_refused(f"UPDATE {table} SET {moment} = NULL", "append-only")


def test_why_a_body_returned_it_stays_as_it_was_said(cast: Cast, whole):
    excused = accept_excuse(route(cast, hear(cast)), why="Flood.", by=cast.officer, at=NOON)
    return_demand(excused, why="Not ours.", by=cast.liaison, at=NOON)

    for change in ("return_reason = 'x'", "returned_at = NULL", "excuse = 'x'"):
        assert is_refused(f"UPDATE demands_referral SET {change}", "append-only")


def test_of_a_demand_neither_words_nor_hash_nor_day_are_changed_nor_is_it_deleted(
    cast: Cast, whole
):
    full_case(cast)

    for change in (
        "SET text = text || '.'",
        "SET text_sha256 = 'x'",
        "SET heard_on = heard_on - 1",
    ):
        assert is_refused(f"UPDATE demands_demand {change}", "never changed")
    assert is_refused("DELETE FROM demands_demand", "never changed")


def test_a_seal_changes_only_while_keys_are_changed_and_nothing_else_of_it(cast: Cast, whole):
    demand = full_case(cast)

    def set_to(**what) -> int:
        return SealedIdentity.objects.filter(demand=demand).update(**what)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.rotating = 'on'")
    assert set_to(sealed=b"anew") == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        set_to(contact_fingerprint="x")
