"""Read demands: what is due, what lies where, and the story of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from redress.demands.models import Answer, Attachment, Demand, Referral, WorkerWord
from redress.demands.states import OPEN, WITH_THE_BODY, WITH_THE_UNION, State
from redress.registers.accounts.roles import OF_A_BODY, Actor, Deed, Policy
from redress.registers.journal.models import Entry
from redress.registers.journal.reads import story_of
from redress.registers.journal.steps import record
from redress.registers.offices.scope import HeldQuerySet
from redress.values.text import normal_form

READ_FILE: Final = Deed("demand.file_read", frozenset())
WORDS_CHARS_MAX: Final = 100


class Due(StrEnum):
    """How a demand's day stands to today."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which demands of a list are wanted; an empty field does not narrow it."""

    state: str = ""
    holder: str = ""  # union | body | worker
    topic: str = ""
    body: int | None = None
    due: str = ""
    language: str = ""
    words: str = ""


_HOLDERS: Final = {
    "union": WITH_THE_UNION,
    "body": WITH_THE_BODY,
    "worker": frozenset({State.ANSWERED}),
}


def demands(*, seen_by: Actor) -> HeldQuerySet:
    """List every demand that is a person's to see."""
    return Demand.objects.seen_in(seen_by.scope)


def wanted_demands(wanted: Wanted, *, seen_by: Actor, today: dt.date) -> QuerySet[Demand]:
    """List the demands that fit, those due first; ended ones only when their state is asked for."""
    narrowed = _state_fits(wanted) & _due_fits(wanted.due, today=today)
    if wanted.topic:
        narrowed &= Q(topic_id=wanted.topic) | Q(topic__code__startswith=f"{wanted.topic}.")
    if wanted.body is not None:
        narrowed &= Q(body_id=wanted.body)
    if wanted.language:
        narrowed &= Q(language=wanted.language)
    if words := normal_form(wanted.words[:WORDS_CHARS_MAX]):
        narrowed &= Q(text_normal__contains=words)
    found = demands(seen_by=seen_by).filter(narrowed).select_related("topic", "body", "body__kind")
    return found.order_by("due_on", "id")


def _state_fits(wanted: Wanted) -> Q:
    if wanted.state:
        return Q(state=wanted.state)
    return Q(state__in=_HOLDERS.get(wanted.holder, OPEN))


def _due_fits(due: str, *, today: dt.date) -> Q:
    if due == Due.OVERDUE:
        return Q(due_on__lt=today)
    if due == Due.TODAY:
        return Q(due_on=today)
    if due == Due.WEEK:
        return Q(due_on__lte=today + dt.timedelta(days=7))
    return Q()


def is_overdue(demand: Demand, *, today: dt.date) -> bool:
    """Say whether the day by which somebody must act has passed."""
    return demand.state in OPEN and demand.due_on is not None and demand.due_on < today


def demand_seen_by(actor: Actor, *, number: int) -> Demand | None:
    """Give one demand if it exists and is this person's to see."""
    found = demands(seen_by=actor).filter(pk=number)
    return found.select_related("topic", "body", "body__kind").first()


@dataclass(frozen=True, slots=True)
class Story:
    """What belongs to one demand, each first to last."""

    entries: list[Entry]
    referrals: list[Referral]
    answers: list[Answer]
    worker_words: list[WorkerWord]
    attachments: list[Attachment]
    has_sealed_identity: bool


def story(demand: Demand, *, seen_by: Actor) -> Story:
    """Gather what belongs to a demand: five queries. A body is not told whether a name was left."""
    return Story(
        entries=list(story_of(demand)),
        referrals=list(demand.referrals.select_related("body", "body__kind")),
        answers=list(demand.answers.select_related("body", "body__kind")),
        worker_words=list(demand.worker_words.all()),
        attachments=list(demand.attachments.defer("content")),
        has_sealed_identity=seen_by.role not in OF_A_BODY and hasattr(demand, "sealed_identity"),
    )


def read_attachment(
    demand: Demand, *, number: int, by: Actor, at: dt.datetime
) -> Attachment | None:
    """Give one file of a demand, and put down who read it."""
    attachment = Attachment.objects.filter(demand=demand, pk=number).first()
    if attachment is not None and Policy(by).may_see(demand):
        record(READ_FILE, demand, by=by, at=at, detail={"attachment": attachment.pk})
        return attachment
    return None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many open demands stand how, for one person's first page."""

    new: int
    sorted: int
    returned: int
    with_bodies: int
    with_workers: int
    waiting: int
    accepted: int
    overdue: int
    overdue_here: int  # of those that lie with a body
    due_today: int
    open: int


def tally(*, seen_by: Actor, today: dt.date) -> Tally:
    """Count the open demands of a person; one query."""
    counted: dict[str, Any] = demands(seen_by=seen_by).aggregate(
        new=Count("pk", filter=Q(state=State.HEARD)),
        sorted=Count("pk", filter=Q(state=State.SORTED)),
        returned=Count("pk", filter=Q(state=State.RETURNED)),
        with_bodies=Count("pk", filter=Q(state__in=WITH_THE_BODY)),
        with_workers=Count("pk", filter=Q(state=State.ANSWERED)),
        waiting=Count("pk", filter=Q(state=State.ROUTED)),
        accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
        overdue=Count("pk", filter=Q(state__in=OPEN, due_on__lt=today)),
        overdue_here=Count("pk", filter=Q(state__in=WITH_THE_BODY, due_on__lt=today)),
        due_today=Count("pk", filter=Q(state__in=OPEN, due_on=today)),
        open=Count("pk", filter=Q(state__in=OPEN)),
    )
    return Tally(**counted)
