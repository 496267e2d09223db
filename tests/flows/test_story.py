"""Reading one demand: what belongs to it, to whom it is shown, and who has seen it."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands.hear import HeardWords, hear_demand
from redress.demands.models import Attachment, Demand
from redress.demands.readings import note_reading, who_has_seen
from redress.demands.resolve import Reply, answer_demand
from redress.demands.route import route_demand
from redress.demands.states import Found
from redress.demands.story import attachments, clock_of, read_attachment, story
from redress.demands.verify import verify_answer
from redress.formats.attachments import read_attachment as take_in_file
from redress.registers.accounts.roles import Actor, Role
from redress.registers.journal.reads import story_of
from redress.registers.offices.models import Body
from redress.registers.offices.scope import WHOLE, within
from tests.conftest import (
    DAY,
    NILKUH,
    NOON,
    Cast,
    answer,
    hear,
    later,
    make_account,
    make_body,
    route,
    sort,
)
from tests.flows.full_case import full_case

pytestmark = pytest.mark.usefixtures("whole")
SLIP = take_in_file("payslip Maryam Ahmadi.pdf", b"%PDF-1.7")
PROOF = take_in_file("transfer.pdf", b"%PDF-1.4")


@pytest.fixture
def employer(cast: Cast) -> Actor:
    return make_account(
        "employer", Role.BODY_LIAISON, body=make_body("employer", NILKUH, "Textile works Ltd")
    )


def with_papers(cast: Cast, employer: Actor, **more) -> Demand:
    """Give a demand that lies with an employer, with a paper of each of the three voices."""
    demand = sort(cast, hear(cast, attachments=[SLIP], **more))
    to = Body.objects.get(pk=employer.body_id)
    sent = route_demand(demand, to=to, by=cast.officer, at=NOON)
    reply = Reply("Paid.", papers=[PROOF])
    answered = answer_demand(sent, reply=reply, by=employer, at=NOON)
    return verify_answer(
        answered, found=Found.SOLVED, text="Bank.", papers=[PROOF], by=cast.officer, at=NOON
    )


def names(papers) -> list[str]:
    return [paper.name for paper in papers]


def test_an_employer_sees_no_paper_of_a_worker_whose_name_is_kept_nor_what_it_is_called(
    cast: Cast, employer
):
    demand = with_papers(cast, employer)
    slip = Attachment.objects.get(brought_by="worker")

    # The first lock alone, while the whole scope is set ...
    assert names(story(demand, seen_by=employer).attachments) == 2 * ["transfer.pdf"]
    assert read_attachment(demand, number=slip.pk, by=employer, at=NOON) is None
    # ... and the second alone, which no query of ours has to remember.
    with within(employer.scope):
        assert names(Attachment.objects.all()) == 2 * ["transfer.pdf"]
        assert not Attachment.objects.filter(name__contains="Maryam").exists()
        assert not Attachment.objects.filter(sha256=slip.sha256).exists()
    assert "Maryam" not in str(list(story_of(demand).values()))


def test_an_employer_sees_the_papers_of_a_worker_who_lets_the_name_be_known(cast: Cast, employer):
    demand = with_papers(cast, employer, keep_name_from_employer=False)

    with within(employer.scope):
        assert len(attachments(demand, seen_by=employer)) == 3


def test_a_body_that_is_no_employer_sees_the_papers_it_must_decide_by(cast: Cast):
    demand = route(cast, hear(cast, attachments=[SLIP]))

    with within(cast.liaison.scope):
        assert names(attachments(demand, seen_by=cast.liaison)) == [SLIP.name]


def test_reading_an_attached_file_is_put_down(cast: Cast):
    words = HeardWords(text="x", path=NILKUH, attachments=[SLIP])
    demand = hear_demand(words, by=cast.officer, at=NOON)

    number = demand.attachments.get().pk
    read = read_attachment(demand, number=number, by=cast.officer, at=NOON)

    assert bytes(read.content) == b"%PDF-1.7"
    entry = story_of(demand).last()
    assert (entry.deed, entry.detail) == ("demand.file_read", {"attachment": number})


def test_a_file_is_read_by_way_of_its_own_demand_only(cast: Cast):
    hear(cast, attachments=[SLIP])
    other = hear(cast, receipt="1" * 64)

    number = Attachment.objects.get().pk
    assert read_attachment(other, number=number, by=cast.officer, at=NOON) is None


def test_opening_a_demand_is_put_down_once_a_day_for_each_who_opens_it(cast: Cast):
    demand = hear(cast)
    for by, hour in ((cast.officer, 0), (cast.officer, 3), (cast.second, 3), (cast.officer, 24)):
        note_reading(demand, by=by, at=later(0, hour))

    assert [(one.on, one.role, one.times) for one in who_has_seen(demand)] == [
        (later(1).date(), "county_officer", 1),
        (DAY, "county_officer", 2),
    ]


def test_the_day_of_a_reading_is_the_day_where_the_demand_comes_from(cast: Cast):
    demand = hear(cast)
    # 19:00 and 22:00 UTC of one day are two days in Tehran; 22:00 and 01:00 are one.
    evening = dt.datetime(2026, 6, 15, 19, 0, tzinfo=dt.UTC)
    read = [(DAY + dt.timedelta(days=1), 1), (DAY, 1)]
    for hours, so_far in ((0, read[1:]), (3, read), (6, read)):
        note_reading(demand, by=cast.officer, at=evening + dt.timedelta(hours=hours))
        assert [(one.on, one.times) for one in who_has_seen(demand)] == so_far


def test_who_has_seen_a_demand_is_told_by_role_and_never_by_name(cast: Cast):
    demand = route(cast, hear(cast))
    for by in (cast.officer, cast.liaison, cast.auditor):
        note_reading(demand, by=by, at=NOON)

    seen = who_has_seen(demand)

    assert {one.role for one in seen} == {"county_officer", "body_liaison", "auditor"}
    assert not [one for one in seen if "Officer" in str(one) or "Liaison" in str(one)]


def test_a_body_is_not_told_who_else_has_read_it(cast: Cast):
    demand = route(cast, hear(cast))
    note_reading(demand, by=cast.officer, at=NOON)

    for by in (cast.liaison, cast.officer):
        assert "demand.read" not in [one.deed for one in story(demand, seen_by=by).entries]


def test_a_story_holds_what_belongs_to_the_demand_and_to_no_other(cast: Cast):
    demand = full_case(cast)
    answer(cast, hear(cast, receipt="1" * 64))

    told = story(demand, seen_by=cast.officer)

    assert (len(told.answers), len(told.worker_words), len(told.verifications)) == (1, 1, 1)
    assert (len(told.questions), len(told.promises), len(told.attachments)) == (1, 1, 2)
    assert [one.body for one in told.parties] == [cast.social_security]
    assert [(one.is_joint, one.body) for one in told.referrals] == [
        (False, cast.labour_office),
        (True, cast.social_security),
    ]
    assert {one.subject_id for one in told.entries} == {demand.pk}
    assert all(one.rung is not None for one in told.reminders)


def test_a_worker_is_not_shown_what_was_sent_to_others(cast: Cast):
    demand = full_case(cast)

    assert story(demand, seen_by=cast.officer).reminders != []
    with within(cast.worker.scope):
        told = story(demand, seen_by=cast.worker).reminders
        assert {one.notice.to for one in told} <= {"worker"}


def test_each_who_sees_a_demand_can_read_its_whole_story_under_their_own_scope(cast: Cast):
    demand = full_case(cast)

    for by in (cast.worker, cast.officer, cast.liaison, cast.other_liaison, cast.auditor):
        with within(by.scope):
            own = Demand.objects.select_related("deadline", "body").get(pk=demand.pk)
            told = story(own, seen_by=by)
            clock = clock_of(own, today=later(70).date())
        assert len(told.answers) == 1
        assert clock.days == 61
        assert sum(share.days for share in clock.shares) == 70
    with within(WHOLE):
        assert Demand.objects.filter(linked_to=demand).count() == 1


def test_a_clock_says_which_day_of_how_many_and_what_comes_next(cast: Cast):
    demand = route(cast, hear(cast), at=later(2))

    clock = clock_of(demand, today=later(7).date())

    whole = (demand.due_on - later(2).date()).days
    assert (clock.days, clock.here_days, clock.running) == (7, 5, (5, whole))
    assert next(one.rung.code for one in clock.ahead) == "body.before"
