"""Who filed a demand: sealed, opened by two people for a day, and each opening told to the worker."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from redress.demands.hear import contact_fingerprint
from redress.demands.identify import (
    Differs,
    Identity,
    KnowsTheName,
    NoIdentity,
    NotOpen,
    SamePerson,
    ask_identity,
    decide_identity,
    may_read_now,
    read_identity,
    replace_receipt,
)
from redress.demands.models import Demand, IdentityDecision, IdentityRequest, SealedIdentity
from redress.demands.readings import who_has_seen
from redress.demands.sort import ReasonMissing
from redress.demands.story import story
from redress.registers.accounts.roles import NotAllowed
from redress.registers.journal.reads import story_of
from redress.registers.offices.scope import within
from tests.conftest import DAY, NOON, RECEIPT, Cast, hear, later, route

pytestmark = pytest.mark.usefixtures("whole")
NEW_CODE = "e" * 64


@pytest.fixture
def named(cast: Cast) -> Demand:
    return hear(cast, name="Maryam Ahmadi", contact="0912 345 67 89")


def ask(cast: Cast, demand: Demand, *, at=NOON) -> int:
    return ask_identity(demand, why="To call her.", by=cast.officer, at=at).pk


def granted(cast: Cast, demand: Demand, *, at=NOON) -> int:
    asked = ask(cast, demand, at=at)
    decide_identity(demand, request=asked, granted=True, by=cast.second, at=at)
    return asked


def test_a_name_is_stored_sealed_and_nowhere_else(cast: Cast, named):
    sealed = bytes(named.sealed_identity.sealed)

    assert b"Maryam" not in sealed
    with connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM demands_demand d")
        row = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(e::text, ' ') FROM journal_entry e")
        entries = cursor.fetchone()[0]
    for said in ("Maryam", "0912", "9123456789"):
        assert said not in row + entries


def test_whoever_asks_says_why(cast: Cast, named):
    with pytest.raises(ReasonMissing):
        ask_identity(named, why=" ", by=cast.officer, at=NOON)


def test_there_is_nothing_to_ask_for_where_nothing_was_left(cast: Cast):
    demand = hear(cast)

    assert not story(demand, seen_by=cast.officer).has_sealed_identity
    with pytest.raises(NoIdentity):
        ask(cast, demand)


def test_a_second_person_grants_it_and_never_whoever_asked(cast: Cast, named):
    asked = ask(cast, named)

    with pytest.raises(SamePerson):
        decide_identity(named, request=asked, granted=True, by=cast.officer, at=NOON)
    with pytest.raises(NotOpen):
        read_identity(named, request=asked, by=cast.officer, at=NOON)


def test_what_was_granted_is_read_by_whoever_asked_for_a_day(cast: Cast, named):
    asked = granted(cast, named)

    first = read_identity(named, request=asked, by=cast.officer, at=NOON)
    last = read_identity(
        named, request=asked, by=cast.officer, at=NOON + dt.timedelta(hours=23, minutes=59)
    )

    assert first == last == Identity("Maryam Ahmadi", "0912 345 67 89")
    for late in (dt.timedelta(hours=24), dt.timedelta(days=9), -dt.timedelta(seconds=1)):
        with pytest.raises(NotOpen):
            read_identity(named, request=asked, by=cast.officer, at=NOON + late)


def test_what_was_granted_to_one_is_read_by_no_other(cast: Cast, named):
    asked = granted(cast, named)

    for other in (cast.second, cast.province):
        with pytest.raises(NotOpen):
            read_identity(named, request=asked, by=other, at=NOON)


def test_what_was_refused_stays_sealed(cast: Cast, named):
    asked = ask(cast, named)
    decide_identity(named, request=asked, granted=False, why="No need.", by=cast.second, at=NOON)

    with pytest.raises(NotOpen):
        read_identity(named, request=asked, by=cast.officer, at=NOON)
    with pytest.raises(NotOpen):  # nor is it decided a second time
        decide_identity(named, request=asked, granted=True, by=cast.province, at=NOON)


def test_a_request_of_one_demand_opens_no_other(cast: Cast, named):
    other = hear(cast, receipt="1" * 64, name="Somebody else")
    asked = granted(cast, named)

    with pytest.raises(NotOpen):
        read_identity(other, request=asked, by=cast.officer, at=NOON)
    with pytest.raises(NotOpen):
        decide_identity(other, request=asked, granted=True, by=cast.province, at=NOON)


@pytest.mark.parametrize("who", ["grassroots", "liaison", "manager", "auditor", "admin", "worker"])
def test_nobody_but_the_middle_offices_asks(cast: Cast, named, who):
    route(cast, named)

    with pytest.raises(NotAllowed):
        ask_identity(named, why="x", by=getattr(cast, who), at=NOON)


def test_each_reading_is_told_to_the_worker_by_role_and_day_without_a_name(cast: Cast, named):
    asked = granted(cast, named)
    for hour in (1, 2):
        read_identity(named, request=asked, by=cast.officer, at=later(0, hour))

    seen = who_has_seen(named)

    assert [(one.on, one.role, one.what, one.times) for one in seen] == [
        (DAY, "county_officer", "identity.read", 2)
    ]
    read = story_of(named).filter(deed="identity.read")
    assert [(one.why, one.detail) for one in read] == 2 * [("To call her.", {"request": asked})]


def test_asking_and_granting_are_told_to_the_union_and_to_no_body(cast: Cast, named):
    route(cast, named)
    granted(cast, named)

    def deeds(by) -> set[str]:
        return {one.deed for one in story(named, seen_by=by).entries}

    assert {"identity.asked", "identity.decided"} <= deeds(cast.officer)
    assert not {deed for deed in deeds(cast.liaison) if deed.startswith("identity.")}
    assert story(named, seen_by=cast.officer).has_sealed_identity
    assert not story(named, seen_by=cast.liaison).has_sealed_identity


def test_a_body_reads_nothing_of_it_by_any_query(cast: Cast, named):
    route(cast, named)
    granted(cast, named)

    with within(cast.liaison.scope):
        assert Demand.objects.count() == 1
        for table in (SealedIdentity, IdentityRequest, IdentityDecision):
            assert table.objects.count() == 0


def test_a_second_request_stands_beside_the_first(cast: Cast, named):
    first = granted(cast, named)
    second = granted(cast, named, at=later(2))

    requests = list(named.identity_requests.all())

    assert [one.pk for one in requests] == [first, second]
    assert not may_read_now(requests[0], by=cast.officer, at=later(2))
    assert may_read_now(requests[1], by=cast.officer, at=later(2))


@pytest.mark.parametrize("contact", ["09123456789", "۰۹۱۲-۳۴۵ (۶۷) ۸۹", "٠٩١٢٣٤٥٦٧٨٩"])
def test_a_lost_code_is_replaced_for_who_says_what_they_left_however_it_is_written(
    cast: Cast, named, contact
):
    said = Identity("maryam  ahmadi", contact)

    now = replace_receipt(named, said=said, receipt_fingerprint=NEW_CODE, by=cast.officer, at=NOON)

    assert now.receipt_fingerprint == NEW_CODE
    with within(cast.worker.scope):
        assert Demand.objects.count() == 0  # the old code opens nothing any more
    assert story_of(named).last().deed == "receipt.replaced"


@pytest.mark.parametrize(
    "said",
    [
        Identity("Maryam Ahmadi", "0912 345 67 88"),
        Identity("Maryam", "0912 345 67 89"),
        Identity("Maryam Ahmadi", ""),
        Identity("", "0912 345 67 89"),
        Identity("", ""),
    ],
)
def test_a_code_is_not_replaced_for_who_says_less_or_other_than_what_was_left(
    cast: Cast, named, said
):
    with pytest.raises(Differs):
        replace_receipt(named, said=said, receipt_fingerprint=NEW_CODE, by=cast.officer, at=NOON)
    assert Demand.objects.get().receipt_fingerprint == RECEIPT


def test_who_was_shown_the_name_gives_out_no_new_code(cast: Cast, named):
    request = ask(cast, named)
    decide_identity(named, request=request, granted=True, by=cast.second, at=NOON)
    shown = read_identity(named, request=request, by=cast.officer, at=NOON)

    with pytest.raises(KnowsTheName):
        replace_receipt(named, said=shown, receipt_fingerprint=NEW_CODE, by=cast.officer, at=NOON)
    replace_receipt(named, said=shown, receipt_fingerprint=NEW_CODE, by=cast.second, at=NOON)
    assert Demand.objects.get(pk=named.pk).receipt_fingerprint == NEW_CODE


def test_a_code_is_not_replaced_where_nothing_was_left(cast: Cast):
    with pytest.raises(NoIdentity):
        replace_receipt(
            hear(cast),
            said=Identity("", ""),
            receipt_fingerprint=NEW_CODE,
            by=cast.officer,
            at=NOON,
        )


def test_only_what_was_left_must_be_said(cast: Cast):
    demand = hear(cast, contact="0912 345 67 89")

    said = Identity("Whoever", "09123456789")
    now = replace_receipt(demand, said=said, receipt_fingerprint=NEW_CODE, by=cast.officer, at=NOON)

    assert now.receipt_fingerprint == NEW_CODE


def test_the_fingerprint_of_a_contact_is_one_however_it_is_written_and_none_for_none():
    written = ["0912 345 67 89", "(0912) 345-6789", "۰۹۱۲۳۴۵۶۷۸۹", " 0912\u200c3456789 "]

    assert len({contact_fingerprint(one) for one in written}) == 1
    assert contact_fingerprint("") == contact_fingerprint(" - ") == ""
