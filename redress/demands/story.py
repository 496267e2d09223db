"""Read one demand: what belongs to it, what each voice said, its clock, and who has seen it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from redress.demands.clock import Share, clock_days, lies_since, shares
from redress.demands.ladder import WORKER, Ahead, Rung, ahead, rung_named
from redress.demands.models import (
    Addition,
    Answer,
    Attachment,
    CheckIn,
    Demand,
    Hold,
    Marking,
    MarkingWord,
    Notice,
    Party,
    Promise,
    Question,
    Referral,
    Verification,
    WorkerWord,
)
from redress.demands.models.said import BY_SAMPLE_CALL
from redress.demands.reading import covered, marked_as_personal, present_marking, spans_of
from redress.demands.readings import READ_FILE, READINGS
from redress.demands.sort import same_contact
from redress.demands.states import Holder
from redress.registers.accounts.roles import OF_A_BODY, Actor, Role
from redress.registers.journal.models import Entry
from redress.registers.journal.reads import story_of
from redress.registers.journal.steps import record
from redress.registers.offices.models import Body
from redress.registers.offices.places import EMPLOYER
from redress.registers.offices.scope import Scope, within
from redress.values.places import path_below
from redress.values.spans import Piece, pieces, pure_demand

# What a body's people are not told: who else read it, and what was asked about the name.
_NOT_FOR_BODIES: Final = (
    *READINGS,
    "identity.asked",
    "identity.decided",
    "receipt.replaced",
    "receipt.not_replaced",
    # Who punished a worker need not learn here that the worker told of it.
    "demand.retaliation_reported",
    "demand.checked_in",
    # A worker's own words about what is to be kept from the body, or to somebody else.
    "demand.marking_contested",
    "sample.called",
)
# Words of the union that are given to the body they name; all others are given to somebody else.
_WHY_FOR_BODIES: Final = ("demand.routed", "demand.extended", "demand.excused")


@dataclass(frozen=True, slots=True)
class Reminder:
    """A notice that was sent, and the rung that called for it."""

    notice: Notice
    rung: Rung | None


@dataclass(frozen=True, slots=True)
class Story:
    """What belongs to one demand, each first to last."""

    entries: list[Entry]
    referrals: list[Referral]
    answers: list[Answer]
    worker_words: list[WorkerWord]
    verifications: list[Verification]
    questions: list[Question]
    promises: list[Promise]
    attachments: list[Attachment]
    reminders: list[Reminder]
    parties: list[Party]
    check_ins: list[CheckIn]
    additions: list[Addition]
    has_sealed_identity: bool


def story(demand: Demand, *, seen_by: Actor) -> Story:
    """Gather what belongs to a demand. A body is not told whether a name was left, nor who asks."""
    of_a_body = seen_by.role in OF_A_BODY
    entries = list(story_of(demand).exclude(deed__in=_NOT_FOR_BODIES if of_a_body else READINGS))
    words = list(demand.worker_words.all())
    asked = demand.questions.select_related("body")
    questions = list(asked.filter(body_id=seen_by.body_id or 0) if of_a_body else asked)
    if of_a_body:
        _keep_back(entries, words, body_id=seen_by.body_id or 0)
    verifications = list(demand.verifications.all())
    if of_a_body and demand.keep_name_from_employer:
        names = marked_as_personal(demand)
        _cover(names, entries, words, questions)
        for one in verifications:
            one.text = covered(one.text, names)
    notices = demand.notices.order_by("id")
    if seen_by.role is Role.WORKER:  # whom else was reminded of what is theirs
        answered = demand.answers.last()
        since = answered.at if answered else demand.heard_at
        notices = notices.filter(to=WORKER, at__gte=since)
    return Story(
        entries=entries,
        referrals=list(demand.referrals.select_related("body", "body__kind", "better_body")),
        answers=list(demand.answers.select_related("body", "body__kind", "next_legal")),
        worker_words=words,
        verifications=verifications,
        questions=questions,
        promises=list(demand.promises.select_related("body")),
        attachments=attachments(demand, seen_by=seen_by),
        reminders=[Reminder(notice, rung_named(notice.rung)) for notice in notices],
        parties=list(demand.parties.filter(until_at=None).select_related("body")),
        check_ins=[] if of_a_body else list(demand.check_ins.all()),
        additions=[] if of_a_body else list(demand.additions.all()),
        has_sealed_identity=not of_a_body and hasattr(demand, "sealed_identity"),
    )


def _keep_back(entries: list[Entry], words: list[WorkerWord], *, body_id: int) -> None:
    """Leave out what was said to somebody else: a body reads what is addressed to it."""
    for entry in entries:
        to = (entry.detail.get("body"), *entry.detail.get("joint", ()))
        is_to_it = entry.deed in _WHY_FOR_BODIES and body_id in to
        if not (is_to_it or entry.by_role in OF_A_BODY):
            entry.why = ""
    for spoken in words:
        # To a caller of the union; but what is still missing, the body must know.
        if spoken.channel == BY_SAMPLE_CALL and not spoken.goes_on:
            spoken.text = ""


def _cover(
    names: list[str], entries: list[Entry], words: list[WorkerWord], questions: list[Question]
) -> None:
    """Cover in later words what is personal by its form, and what was ever marked as personal."""
    for entry in entries:  # an officer also puts down what a worker says on the telephone
        if entry.by_role not in OF_A_BODY:
            entry.why = covered(entry.why, names)
    for spoken in words:
        spoken.text = covered(spoken.text, names)
    for question in questions:
        question.answer = covered(question.answer, names)


def attachments(demand: Demand, *, seen_by: Actor) -> list[Attachment]:
    """List the papers that somebody may see, without their content.

    A payslip names its owner, in its content or its file name: where the name is to be kept from the
    employer, an employer sees none of the worker's papers.
    """
    found = demand.attachments.defer("content")
    if seen_by.role in OF_A_BODY:  # what was added, nobody has marked: the union passes it on
        found = found.filter(addition=None)
    if keeps_papers_from(demand, seen_by=seen_by):
        found = found.exclude(brought_by=Holder.WORKER)
    return list(found)


def keeps_papers_from(demand: Demand, *, seen_by: Actor) -> bool:
    """Say whether the worker's papers are kept from somebody, because an employer reads."""
    if not demand.keep_name_from_employer or seen_by.body_id is None:
        return False
    return Body.objects.filter(pk=seen_by.body_id, kind_id=EMPLOYER).exists()


def read_attachment(
    demand: Demand, *, number: int, by: Actor, at: dt.datetime
) -> Attachment | None:
    """Give one file of a demand that was seen already, and put down who read it."""
    attachment = Attachment.objects.filter(demand=demand, pk=number).first()
    if attachment is None or (by.role in OF_A_BODY and attachment.addition_id is not None):
        return None
    if attachment.brought_by == Holder.WORKER and keeps_papers_from(demand, seen_by=by):
        return None
    record(READ_FILE, demand, by=by, at=at, detail={"attachment": attachment.pk})
    return attachment


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a demand has taken, and with whom.

    Attributes:
        days: of the worker's clock.
        shares: of all holders; they add up to the days, and those after the end.
        here_since: when it came to whoever has it now.
        here_days: since then.
        running: the day the limit began and its whole length, for "day 12 of 20"; None for none.
        ahead: what will happen if nobody acts.
    """

    days: int
    shares: list[Share]
    here_since: Hold | None
    here_days: int
    running: tuple[int, int] | None
    ahead: list[Ahead]


def clock_of(demand: Demand, *, today: dt.date) -> Clock:
    """Read a demand's clock."""
    holds = list(demand.holds.select_related("body", "deadline"))
    since = lies_since(holds)
    running = None
    if demand.deadline is not None:
        began, last = demand.deadline.since_on, demand.deadline.last_on
        running = ((today - began).days, (last - began).days)
    return Clock(
        days=clock_days(holds, today=today),
        shares=[one for one in shares(holds, until=today) if one.days or one.holder != "nobody"],
        here_since=since,
        here_days=(today - since.since_on).days if since else 0,
        running=running,
        ahead=ahead(demand, today=today),
    )


@dataclass(frozen=True, slots=True)
class Followed:
    """How the demand stands that another one of the same person is followed with.

    Attributes:
        state: where it stands.
        close_kind: how it ended; empty while it has not.
        body: that it lies with, or was last sent to.
        answer: the body's last.
    """

    state: str
    close_kind: str
    body: Body | None
    answer: Answer | None


def followed_with(demand: Demand) -> Followed | None:
    """Tell a merged demand's worker how the other stands: one person's receipts open one demand each.

    None of the words that were left with the other are given.
    """
    if demand.merged_into_id is None:
        return None
    with within(Scope(path_below(demand.path))):
        other = Demand.objects.select_related("body", "body__kind").get(pk=demand.merged_into_id)
        if not same_contact(demand, other):  # merged before only one contact's could be
            return None
        return Followed(
            state=other.state,
            close_kind=other.close_kind,
            body=other.body,
            answer=other.answers.select_related("body", "body__kind", "next_legal").last(),
        )


@dataclass(frozen=True, slots=True)
class Marked:
    """A marking laid over the untouched words."""

    marking: Marking | None
    pieces: list[Piece]
    pure: str
    word: MarkingWord | None  # the worker's, on this marking


def marked(demand: Demand) -> Marked:
    """Read the marking that counts, with the whole text cut by it and the pure demand."""
    marking = present_marking(demand)
    spans = spans_of(demand, marking)
    return Marked(
        marking=marking,
        pieces=pieces(demand.text, spans),
        pure=pure_demand(demand.text, spans) if marking else demand.text,
        word=marking.words.last() if marking else None,
    )
