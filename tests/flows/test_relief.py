from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from redress.registers.accounts.roles import SYSTEM, NotAllowed
from redress.registers.journal.reads import story_of
from redress.registers.ledger.accounts import funds, open_fund, open_outside
from redress.registers.ledger.models import Account
from redress.registers.ledger.posting import FundTooSmall
from redress.registers.offices.scope import enter
from redress.registers.registry.households import (
    NewFact,
    NewHousehold,
    NewMember,
    latest_facts,
    members_of,
)
from redress.registers.registry.models import Household
from redress.relief.find import Difficulty, NotClear, import_households, open_file
from redress.relief.grant import (
    AlreadyProposed,
    NoReason,
    NotASum,
    SamePerson,
    approve_grant,
    refuse_grant,
)
from redress.relief.models import Grant
from redress.relief.pay import approve_and_pay_grant, pay_grant, receive_into_fund
from redress.relief.progress import (
    WantedHouseholds,
    grant_seen_by,
    grants,
    household_seen_by,
    household_story,
    relief_tally,
    wanted_households,
)
from redress.relief.states import Cause, ExitKind, FileState, GrantState, Need, WrongState
from redress.relief.verify import GrantPending, exit_file
from redress.values.money import Money
from tests.conftest import (
    DAY,
    DIFFICULTY,
    GOLANDASHT,
    NILKUH,
    NOON,
    Cast,
    file,
    fund,
    household,
    propose,
)

pytestmark = pytest.mark.usefixtures("whole")


def test_a_household_walks_from_finding_to_its_exit(cast: Cast):
    grant = approve_and_pay_grant(propose(cast), by=cast.second, at=NOON)

    left = exit_file(grant.file, kind=ExitKind.OUT, why="He works again.", by=cast.officer, at=NOON)

    assert left.state == FileState.EXITED
    assert [entry.deed for entry in story_of(left.household)] == [
        "household.found",
        "file.opened",
        "grant.proposed",
        "grant.approved",
        "ledger.posted",
        "grant.paid",
        "file.exited",
    ]


@pytest.mark.parametrize(
    "unclear",
    [
        Difficulty(" ", Cause.ILLNESS, (Need.LIVING,)),
        Difficulty("Ill.", Cause.ILLNESS, ()),
        Difficulty("Ill.", Cause.ILLNESS, tuple(Need)[:5]),
        Difficulty("Ill.", Cause.ILLNESS, (Need.LIVING,), tuple(Cause)[1:5]),
    ],
)
def test_a_file_stands_only_when_situation_cause_and_need_are_clear(cast: Cast, unclear):
    with pytest.raises(NotClear):
        open_file(household(cast), difficulty=unclear, by=cast.officer, at=NOON)


def test_a_household_has_one_open_file(cast: Cast):
    home = household(cast)
    file(cast, home)

    with pytest.raises(WrongState):
        file(cast, home)


def test_a_household_that_left_can_come_back_and_its_story_is_kept(cast: Cast):
    first = file(cast)
    exit_file(first, kind=ExitKind.WITHDRAWN, why="Moved.", by=cast.officer, at=NOON)

    again = file(cast, first.household)

    assert {one.pk for one in household_story(again.household).files} == {first.pk, again.pk}


def test_paying_moves_the_sum_from_the_fund_to_the_household(cast: Cast):
    paid_out = fund(cast, rials=100)
    grant = approve_and_pay_grant(propose(cast, rials=30, out_of=paid_out), by=cast.second, at=NOON)

    balances = {one.kind: one.balance_minor for one in Account.objects.all()}

    assert grant.state == GrantState.PAID
    assert balances == {"fund": 70, "aid": 30, "outside": -100}  # 100 came in, 30 went out
    assert household_story(grant.file.household).paid == [Money("IRR", 30)]


def test_whoever_proposed_a_grant_does_not_decide_it(cast: Cast):
    grant = propose(cast)

    with pytest.raises(SamePerson):
        approve_and_pay_grant(grant, by=cast.officer, at=NOON)
    with pytest.raises(SamePerson):
        refuse_grant(grant, why="x", by=cast.officer, at=NOON)


def test_the_database_itself_refuses_one_person_in_both_parts(cast: Cast):
    grant = propose(cast)

    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(
            state="approved", decided_by_user_id=grant.proposed_by_user_id
        )


def test_a_grant_clicked_twice_is_paid_once(cast: Cast):
    grant = propose(cast, rials=30)
    stale = Grant.objects.get(pk=grant.pk)
    approve_and_pay_grant(grant, by=cast.second, at=NOON)

    with pytest.raises(WrongState):
        approve_and_pay_grant(stale, by=cast.second, at=NOON)
    assert Account.objects.get(kind="aid").balance_minor == 30


def test_a_fund_too_small_leaves_the_grant_waiting(cast: Cast):
    small = fund(cast, rials=10)
    grant = propose(cast, rials=11, out_of=small)

    with pytest.raises(FundTooSmall):
        approve_and_pay_grant(grant, by=cast.second, at=NOON)

    grant.refresh_from_db()
    small.refresh_from_db()
    assert (grant.state, small.balance_minor) == (GrantState.PROPOSED, 10)


def test_an_unapproved_grant_is_not_paid(cast: Cast):
    with pytest.raises(WrongState):
        pay_grant(propose(cast), by=cast.second, at=NOON)


def test_a_refused_grant_has_its_reason_and_is_not_paid(cast: Cast):
    grant = propose(cast)
    with pytest.raises(NoReason):
        refuse_grant(grant, why=" ", by=cast.second, at=NOON)

    refused = refuse_grant(grant, why="Paid by the insurance.", by=cast.second, at=NOON)

    assert refused.decision_reason == "Paid by the insurance."
    with pytest.raises(WrongState):
        approve_grant(refused, by=cast.second, at=NOON)


@pytest.mark.parametrize("rials", [0, -1, 10**14])
def test_a_grant_is_of_a_sum_above_zero_and_within_reason(cast: Cast, rials):
    with pytest.raises(NotASum):
        propose(cast, rials=rials)


def test_a_file_with_a_waiting_grant_stays_open(cast: Cast):
    grant = propose(cast)

    with pytest.raises(GrantPending):
        exit_file(grant.file, kind=ExitKind.OUT, why="x", by=cast.officer, at=NOON)


def test_an_exit_needs_a_reason_and_an_open_file(cast: Cast):
    opened = file(cast)
    with pytest.raises(NoReason):
        exit_file(opened, kind=ExitKind.OUT, why="", by=cast.officer, at=NOON)
    left = exit_file(opened, kind=ExitKind.OUT, why="x", by=cast.officer, at=NOON)
    with pytest.raises(WrongState):
        exit_file(left, kind=ExitKind.OUT, why="x", by=cast.officer, at=NOON)


def test_no_grant_is_proposed_to_a_household_that_left(cast: Cast):
    left = exit_file(file(cast), kind=ExitKind.OUT, why="x", by=cast.officer, at=NOON)

    with pytest.raises(WrongState):
        propose(cast, of=left)


def test_only_officers_of_the_place_see_a_household(cast: Cast):
    home = household(cast)

    seen = {
        name
        for name in vars(cast)
        if (one := getattr(cast, name)) in cast.everybody()
        and household_seen_by(one, number=home.pk)
    }
    assert seen == {"officer", "second", "province", "auditor"}


def test_nobody_else_opens_files_grants_or_closes(cast: Cast):
    grant = propose(cast)
    strangers = [cast.neighbour, cast.liaison, cast.manager, cast.auditor, cast.admin, cast.worker]

    for one in strangers:
        with pytest.raises(NotAllowed):
            open_file(grant.file.household, difficulty=DIFFICULTY, by=one, at=NOON)
        with pytest.raises(NotAllowed):
            approve_grant(grant, by=one, at=NOON)
        with pytest.raises(NotAllowed):
            exit_file(grant.file, kind=ExitKind.OUT, why="x", by=one, at=NOON)
        assert grant_seen_by(one, number=grant.pk) is None or one == cast.auditor


def test_the_list_narrows_by_file_cause_and_name(cast: Cast):
    bare, filed = household(cast, name="زهرا كريمي"), file(cast).household

    def listed(**wanted):
        found = wanted_households(WantedHouseholds(**wanted), seen_by=cast.officer)
        return [one.pk for one in found]

    assert listed() == [filed.pk, bare.pk]
    assert listed(state="none") == listed(words="کریمی") == [bare.pk]
    assert listed(state="open") == listed(state="on_file") == listed(cause="illness") == [filed.pk]
    assert listed(state="exited") == []


def test_the_tally_offers_a_grant_to_the_second_person_only(cast: Cast):
    propose(cast)

    assert relief_tally(seen_by=cast.second).to_approve == 1
    assert relief_tally(seen_by=cast.officer).to_approve == 0
    assert relief_tally(seen_by=cast.neighbour).households == 0


def listed_household(number: int, **more) -> NewHousehold:
    new = NewHousehold(
        path=NILKUH,
        head=NewMember("Maryam", "head"),
        others=(NewMember("Ali", "child"),),
        facts=(NewFact("income_per_month", Money("IRR", 5), DAY, "department"),),
        source="list",
        source_id=str(number),
        source_digest="first",
    )
    return replace(new, **more)


def test_an_import_done_twice_changes_nothing(cast: Cast):
    rows = [listed_household(1), listed_household(2)]

    assert import_households(rows, by=SYSTEM, at=NOON) == ["new", "new"]
    assert import_households(rows, by=SYSTEM, at=NOON) == ["same", "same"]
    assert Household.objects.count() == 2


def test_a_changed_row_ends_old_members_and_adds_new_facts(cast: Cast):
    import_households([listed_household(1)], by=SYSTEM, at=NOON)
    changed = listed_household(
        1,
        others=(),
        facts=(NewFact("income_per_month", Money("IRR", 7), DAY, "department"),),
        source_digest="second",
    )

    fates = import_households([changed], by=SYSTEM, at=NOON + dt.timedelta(days=1))

    home = Household.objects.get()
    assert fates == ["changed"]
    assert [member.full_name for member in members_of(home)] == ["Maryam"]
    assert home.members.count() == 2  # one that ended and one that stands
    assert [fact.minor for fact in latest_facts(home)] == [7]
    assert home.facts.count() == 2


def test_an_officer_does_not_import_households_into_another_county(cast: Cast):
    with pytest.raises(NotAllowed):
        import_households([listed_household(1, path=GOLANDASHT)], by=cast.officer, at=NOON)


def test_the_same_grant_proposed_twice_stands_once(cast: Cast):
    first = propose(cast)

    with pytest.raises(AlreadyProposed):
        propose(cast, of=first.file, out_of=first.fund)


def test_a_county_grants_out_of_the_provinces_fund(cast: Cast):
    provincial = open_fund(path="ir.sp.", name="central", currency="IRR")
    receive_into_fund(
        provincial, money=Money("IRR", 100), key="r", why="x", by=cast.province, at=NOON
    )
    opened = file(cast)
    enter(cast.officer.scope)

    grant = propose(cast, rials=30, of=opened, out_of=provincial)
    approve_and_pay_grant(grant, by=cast.second, at=NOON)

    assert provincial in funds(seen_by=cast.officer)
    assert funds(seen_by=cast.officer).get().balance_minor == 70  # 100 - 30
    assert [one.pk for one in grants(seen_by=cast.officer)] == [grant.pk]


def test_a_workplace_officer_proposes_out_of_the_countys_fund(cast: Cast):
    countys = fund(cast)

    assert list(funds(seen_by=cast.grassroots)) == [countys]


def test_no_grant_is_drawn_on_what_is_no_fund_or_on_the_next_countys(cast: Cast):
    outside = open_outside(path=NILKUH, name="received", currency="IRR")
    theirs = open_fund(path=GOLANDASHT, name="dues", currency="IRR")

    for wrong in (outside, theirs):
        with pytest.raises(NotAllowed):
            propose(cast, of=file(cast), out_of=wrong)
