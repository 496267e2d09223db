"""Sort a demand: say what it is about and how urgent it is, or that it belongs elsewhere."""

from __future__ import annotations

import datetime as dt
from typing import Final

from redress.demands.clock import hand_to, limit_from, today_at, union_limit
from redress.demands.models import Demand, Hold
from redress.demands.states import (
    CONTEST,
    MERGE,
    RELEASE,
    SET_ASIDE,
    SORT,
    UNMERGE,
    CloseKind,
    Holder,
    State,
    Urgency,
    WrongState,
    state_after,
)
from redress.engines.triage.keywords import suggest_topics
from redress.registers.accounts.roles import Actor, Deed
from redress.registers.journal.steps import record, step
from redress.registers.offices.models import Topic

NOT_A_WORKERS_MATTER: Final = "other.nonworker"
NOT_MERGED: Final = Deed("demand.not_merged", frozenset())


class ReasonMissing(ValueError):
    """This deed needs a reason in words."""


class NotTheSame(ValueError):
    """Two demands are merged only if one contact filed both; many people make a group."""


class OtherIsHeld(Exception):
    """Somebody acts on the other demand at this moment."""


def need_reason(why: str) -> None:
    """Refuse a deed without a reason.

    Raises:
        ReasonMissing: nothing but spaces.
    """
    if not why.strip():
        raise ReasonMissing


@step(RELEASE)
def release_demand(demand: Demand, *, by: Actor, at: dt.datetime) -> Demand:
    """Let a demand in that the public form's brakes held back; its clock has run all the while.

    Raises:
        WrongState: it was not held back, or something was done with it already.
    """
    state = State(demand.state)
    state_after(RELEASE, state)
    if not demand.held_back:
        raise WrongState(state)
    why, demand.held_back = demand.held_back, ""
    demand.save(update_fields=["held_back"])
    record(RELEASE, demand, by=by, at=at, detail={"held_back": why})
    return demand


def suggested_topics(demand: Demand) -> tuple[str, ...]:
    """Name the topics that a demand's words suggest, the likeliest first."""
    return tuple(code for code, _letters in suggest_topics(demand.text))


@step(SORT)
def sort_demand(
    demand: Demand, *, topic: Topic, urgency: Urgency, by: Actor, at: dt.datetime
) -> Demand:
    """Give a demand its topic and urgency. One that was held back is let in by it.

    Raises:
        WrongState: it has left the union's hands.
    """
    demand.state = state_after(SORT, State(demand.state))
    demand.topic = topic
    demand.urgency = urgency
    demand.held_back = ""
    # Sorting it again and again must not put the day off: the limit runs from where it ran.
    since = demand.deadline.since_on if demand.deadline else today_at(demand, at)
    _keep_with_union(demand, since=since, at=at)
    demand.save(update_fields=["state", "topic", "urgency", "deadline", "held_back"])
    detail = {"topic": topic.code, "urgency": urgency.value}
    record(SORT, demand, by=by, at=at, detail=detail)
    return demand


def _keep_with_union(demand: Demand, *, since: dt.date, at: dt.datetime) -> None:
    until = limit_from(demand, union_limit(demand), since_on=since)
    if until != demand.deadline:
        hand_to(demand, Holder.UNION, on=today_at(demand, at), at=at, until=until)


@step(SET_ASIDE)
def set_demand_aside(demand: Demand, *, why: str, by: Actor, at: dt.datetime) -> Demand:
    """Close a demand that is no worker's matter, saying where to go instead.

    Raises:
        ReasonMissing: ``why`` is empty.
        WrongState: it has left the union's hands.
    """
    need_reason(why)
    demand.state = state_after(SET_ASIDE, State(demand.state))
    demand.topic_id = NOT_A_WORKERS_MATTER
    end(demand, CloseKind.NOT_A_WORKERS_MATTER, at=at)
    demand.save()
    record(SET_ASIDE, demand, by=by, at=at, why=why)
    return demand


def end(
    demand: Demand, kind: CloseKind | None, *, at: dt.datetime, on: dt.date | None = None
) -> None:
    """Stop a demand's clock; sets its fields and leaves saving to the caller.

    What the brakes held back and nobody let in stays out of every count.
    """
    demand.close_kind = kind or ""
    demand.closed_at = at
    hand_to(demand, Holder.NOBODY, on=on or today_at(demand, at), at=at, until=None)


@step(CONTEST)
def contest_setting_aside(demand: Demand, *, text: str, by: Actor, at: dt.datetime) -> Demand:
    """Put down that the worker says it is a worker's matter after all; the union has it again.

    Raises:
        ReasonMissing: ``text`` is empty.
        WrongState: it was not set aside.
    """
    need_reason(text)
    before = State(demand.state)
    demand.state = state_after(CONTEST, before)
    if demand.close_kind != CloseKind.NOT_A_WORKERS_MATTER:
        raise WrongState(before)
    demand.topic, demand.held_back = None, ""
    back_to_union(demand, at=at)
    demand.reopened_count += 1
    demand.save()
    record(CONTEST, demand, by=by, at=at, why=text)
    return demand


def back_to_union(demand: Demand, *, at: dt.datetime) -> None:
    """Let the union's time run from today for a demand that is open again."""
    demand.close_kind, demand.closed_at = "", None
    today = today_at(demand, at)
    until = limit_from(demand, union_limit(demand), since_on=today)
    hand_to(demand, Holder.UNION, on=today, at=at, until=until)


@step(MERGE)
def merge_demand(demand: Demand, *, into: Demand, by: Actor, at: dt.datetime) -> Demand:
    """Follow a demand that was filed twice together with the other; its words and papers stay its own.

    Only of one person: the one who filed it has the word for both. Of two who wrote the same words,
    one could else end what the other asks.

    Raises:
        NotTheSame: they were not left with one contact; or the other has ended, lies elsewhere, or is
            merged itself.
        OtherIsHeld: somebody acts on the other at this moment.
        WrongState: it has left the union's hands.
    """
    demand.state = state_after(MERGE, State(demand.state))
    # Of two officers who merge the same two crosswise, neither waits for the other.
    free = Demand.objects.select_for_update(of=("self",), skip_locked=True)
    other = free.filter(pk=into.pk).first()
    if other is None and Demand.objects.filter(pk=into.pk).exists():
        raise OtherIsHeld
    if other is None or not _may_merge(demand, other):
        raise NotTheSame
    demand.merged_into = other
    demand.held_back = ""
    holder = other.holds.last()
    if holder is not None:
        Hold.objects.create(
            demand=demand,
            since_on=today_at(demand, at),
            at=at,
            holder=holder.holder,
            body=holder.body,
            deadline=holder.deadline,
        )
    demand.deadline = None
    demand.save()
    record(MERGE, demand, by=by, at=at, detail={"into": other.pk})
    return demand


def note_refused_merge(demand: Demand, *, by: Actor, at: dt.datetime) -> None:
    """Put down that somebody tried to merge what is not the same: the answer tells who is not who."""
    record(NOT_MERGED, demand, by=by, at=at)


def _may_merge(demand: Demand, other: Demand) -> bool:
    if other.pk == demand.pk or other.path != demand.path or demand.merged.exists():
        return False
    if State(other.state) is State.MERGED or other.closed_at is not None:
        return False
    return same_contact(demand, other)


def same_contact(demand: Demand, other: Demand) -> bool:
    """Say whether two demands were left with one contact, so that they are of one person."""
    one = getattr(demand, "sealed_identity", None)
    two = getattr(other, "sealed_identity", None)
    if one is None or two is None:
        return False
    return bool(one.contact_fingerprint) and one.contact_fingerprint == two.contact_fingerprint


@step(UNMERGE)
def unmerge_demand(demand: Demand, *, why: str, by: Actor, at: dt.datetime) -> Demand:
    """Take a merged demand out again; its clock has run on all the while.

    Raises:
        ReasonMissing: ``why`` is empty.
        WrongState: it is not merged.
    """
    need_reason(why)
    demand.state = state_after(UNMERGE, State(demand.state))
    left, demand.merged_into = demand.merged_into_id, None
    back_to_union(demand, at=at)
    demand.save()
    record(UNMERGE, demand, by=by, at=at, why=why, detail={"from": left})
    return demand
