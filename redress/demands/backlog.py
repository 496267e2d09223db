"""Read demands: what is due, what lies where, and the lists of each desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from redress.demands.models import Addition, CheckIn, Demand, Marking, MarkingWord, Party
from redress.demands.models.demand import JOINT_FROM_RETURNS, DemandQuerySet
from redress.demands.search import Found, found_by, numbered
from redress.demands.states import (
    ENDED,
    HOLDERS,
    OPEN,
    WITH_THE_BODY,
    WITH_THE_UNION,
    Holder,
    State,
)
from redress.registers.accounts.roles import Actor
from redress.values.search_words import TooShort, chinese_runs

WORDS_CHARS_MAX: Final = 100
# Nobody of an office is late while the worker has the word.
_SOMEBODY_MUST_ACT: Final = WITH_THE_UNION | WITH_THE_BODY


class Due(StrEnum):
    """How a demand's day stands to today."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"


class Special(StrEnum):
    """Lists that no single state makes."""

    HELD_BACK = "held_back"
    CONTESTED = "contested"
    REOPENED = "reopened"
    JOINT = "joint"
    SHARED = "shared"  # with a body that does not hold it
    RETALIATION = "retaliation"
    ADDED = "added"  # to which the worker added what nobody of the union has opened yet
    CHECK_IN = "check_in"  # a punished worker is to be asked by now how they are


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which demands of a list are wanted; an empty field does not narrow it."""

    state: str = ""
    holder: str = ""  # union | body | worker
    topic: str = ""
    body: int | None = None
    due: str = ""
    due_on: dt.date | None = None
    language: str = ""
    words: str = ""
    special: str = ""
    county: str = ""
    by_newest: bool = False  # else those due first


_OF_ANY_STATE: Final = {Special.ADDED, Special.CHECK_IN}
_HOLDERS: Final = {
    holder: frozenset(state for state, of in HOLDERS.items() if of is holder) for holder in Holder
}


def demands(*, seen_by: Actor) -> DemandQuerySet:
    """List every demand that is a person's to see."""
    return Demand.objects.seen_in(seen_by.scope)


def wanted_demands(
    wanted: Wanted, *, seen_by: Actor, today: dt.date, found: Found | None = None
) -> QuerySet[Demand]:
    """List the demands that fit; ended ones only when their state is asked for.

    Args:
        wanted: what is asked for.
        seen_by: whose lists.
        today: the day that decides what is overdue.
        found: what ``found_by`` the wanted words gave, if it was asked before.

    Raises:
        TooShort: the words are a single Chinese character.
    """
    narrowed = _state_fits(wanted) & _due_fits(wanted, today=today)
    narrowed &= _special_fits(wanted.special, today=today)
    if wanted.topic:
        narrowed &= Q(topic_id=wanted.topic) | Q(topic__code__startswith=f"{wanted.topic}.")
    if wanted.body is not None:
        narrowed &= Q(body_id=wanted.body)
    if wanted.language:
        narrowed &= Q(language=wanted.language)
    if wanted.county:
        narrowed &= Q(path__startswith=wanted.county)
    if wanted.words.strip():
        found = found or found_by(wanted.words[:WORDS_CHARS_MAX])
        narrowed &= Q(pk__in=numbered(found.numbers))
        for run in chinese_runs(wanted.words[:WORDS_CHARS_MAX]):
            narrowed &= _stands_in(run, seen_by=seen_by)
    shared = wanted.special == Special.SHARED
    rows = _shared(seen_by) if shared else Demand.objects.held_by(seen_by.scope)
    listed = rows.filter(narrowed).select_related("topic", "body", "body__kind", "deadline")
    return (
        listed.order_by("-id") if wanted.by_newest else listed.order_by("deadline__last_on", "id")
    )


def _stands_in(run: str, *, seen_by: Actor) -> Q:
    """Say that some characters stand together in what somebody may read of a demand."""
    about = Q(employer__contains=run) | Q(workplace__contains=run)
    if seen_by.body_id is not None:
        return Q(read_by_body__contains=run) | about
    added = Addition.objects.filter(demand=OuterRef("pk"), text__contains=run)
    return Q(text_normal__contains=run) | about | Q(Exists(added))


def _shared(seen_by: Actor) -> QuerySet[Demand]:
    at_the_table = Party.objects.filter(body_id=seen_by.body_id or 0, until_at=None)
    return Demand.objects.filter(pk__in=at_the_table.values("demand_id"))


def _state_fits(wanted: Wanted) -> Q:
    if wanted.state:
        return Q(state=wanted.state)
    if wanted.holder in _HOLDERS:
        return Q(state__in=_HOLDERS[Holder(wanted.holder)])
    if wanted.special in _OF_ANY_STATE:
        return Q()
    return Q(state__in=OPEN)


def _due_fits(wanted: Wanted, *, today: dt.date) -> Q:
    must_act = Q(state__in=_SOMEBODY_MUST_ACT)
    if wanted.due == Due.OVERDUE:
        return must_act & Q(deadline__last_on__lt=today)
    if wanted.due == Due.TODAY:
        return must_act & Q(deadline__last_on=today)
    if wanted.due == Due.WEEK:
        return must_act & Q(deadline__last_on__lte=today + dt.timedelta(days=7))
    if wanted.due_on is not None:
        return must_act & Q(deadline__last_on=wanted.due_on)
    return Q()


def _special_fits(special: str, *, today: dt.date) -> Q:
    if special == Special.HELD_BACK:
        return ~Q(held_back="")
    narrowed = Q(held_back="") | Q(state__in=ENDED)
    if special == Special.CONTESTED:
        return narrowed & Q(pk__in=_contested())
    if special == Special.ADDED:
        return narrowed & Q(pk__in=_added())
    if special == Special.CHECK_IN:
        return narrowed & Q(pk__in=_to_check_in(today))
    if special == Special.REOPENED:
        return narrowed & Q(reopened_count__gt=0)
    if special == Special.JOINT:
        return narrowed & Q(returned_count__gte=JOINT_FROM_RETURNS)
    if special == Special.RETALIATION:
        return narrowed & Q(linked_to__isnull=False)
    return narrowed


def _contested() -> QuerySet[Any]:
    """Give the numbers of demands whose marking that counts is contested."""
    newer = Marking.objects.filter(
        demand_id=OuterRef("marking__demand_id"), pk__gt=OuterRef("marking_id")
    )
    contested = MarkingWord.objects.filter(~Exists(newer), agrees=False)
    return contested.values("marking__demand_id")


def _added() -> QuerySet[Any]:
    return Addition.objects.filter(read_at=None).values("demand_id")


def _to_check_in(today: dt.date) -> QuerySet[Any]:
    return CheckIn.objects.filter(done_at=None, due_on__lte=today).values("demand_id")


def must_act(demand: Demand) -> bool:
    """Say whether the union or a body must act by its day; not while the worker has the word."""
    return demand.state in _SOMEBODY_MUST_ACT


def is_overdue(demand: Demand, *, today: dt.date) -> bool:
    """Say whether the day by which somebody must act has passed."""
    return must_act(demand) and demand.due_on is not None and demand.due_on < today


def demand_seen_by(actor: Actor, *, number: int) -> Demand | None:
    """Give one demand if it exists and is this person's to see."""
    found = demands(seen_by=actor).filter(pk=number)
    joined = ("topic", "body", "body__kind", "deadline", "hearing", "linked_to", "merged_into")
    return found.select_related(*joined).first()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many open demands stand how, for one person's first page."""

    new: int
    sorted: int
    returned: int
    kept_out: int  # by the brakes of the public form
    contested: int
    added: int  # with words or papers that nobody of the union has opened
    check_ins: int  # whose punished worker is to be asked by now how they are
    with_bodies: int
    with_workers: int
    waiting: int
    accepted: int
    overdue: int
    overdue_here: int  # of those that lie with a body
    due_today: int
    open: int


def tally(*, seen_by: Actor, today: dt.date) -> Tally:
    """Count the open demands of a person, and the few of any state that ask for a look."""
    # One pass with a few groups; a filter for each of twelve counts took three times as long.
    when = Case(
        When(deadline__last_on__lt=today, then=Value(-1)),
        When(deadline__last_on=today, then=Value(0)),
        default=Value(1),
    )
    found = Demand.objects.held_by(seen_by.scope).filter(state__in=OPEN).order_by()
    groups = found.annotate(when=when, kept_out=~Q(held_back="")).values_list(
        "state", "when", "kept_out"
    )
    listed = list(groups.annotate(many=Count("pk")))

    def count(states: Iterable[State] = OPEN, *, when: int | None = None) -> int:
        return sum(
            many
            for state, at, kept_out, many in listed
            if state in states and not kept_out and when in {None, at}
        )

    of_union = seen_by.body_id is None
    held = Demand.objects.held_by(seen_by.scope).filter(held_back="")
    # Counted from the few there are, not over all demands.
    return Tally(
        new=count({State.HEARD}),
        sorted=count({State.SORTED}),
        returned=count({State.RETURNED}),
        kept_out=sum(many for _state, _at, kept_out, many in listed if kept_out),
        with_bodies=count(WITH_THE_BODY),
        with_workers=count(_HOLDERS[Holder.WORKER]),
        waiting=count({State.ROUTED}),
        accepted=count({State.ACCEPTED}),
        overdue=count(_SOMEBODY_MUST_ACT, when=-1),
        overdue_here=count(WITH_THE_BODY, when=-1),
        due_today=count(_SOMEBODY_MUST_ACT, when=0),
        open=count(),
        contested=held.filter(pk__in=_contested(), state__in=OPEN).count() if of_union else 0,
        added=held.filter(pk__in=_added()).count() if of_union else 0,
        check_ins=held.filter(pk__in=_to_check_in(today)).count() if of_union else 0,
    )


def due_by_day(*, seen_by: Actor, since: dt.date, until: dt.date) -> dict[dt.date, int]:
    """Count what falls due on each day of a span; days without any are left out."""
    found = Demand.objects.held_by(seen_by.scope).filter(
        state__in=_SOMEBODY_MUST_ACT,
        held_back="",
        deadline__last_on__gte=since,
        deadline__last_on__lte=until,
    )
    counted = found.order_by().values("deadline__last_on").annotate(many=Count("pk"))
    return {row["deadline__last_on"]: row["many"] for row in counted}


__all__ = [
    "Due",
    "Special",
    "Tally",
    "TooShort",
    "Wanted",
    "demand_seen_by",
    "demands",
    "due_by_day",
    "is_overdue",
    "must_act",
    "tally",
    "wanted_demands",
]
