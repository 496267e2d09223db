"""Clarify a demand: ask the worker something, and take the answer."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from redress.demands.clock import hand_to, limit_from, today_at
from redress.demands.models import Demand, Question
from redress.demands.sort import need_reason
from redress.demands.states import (
    ASK,
    CLARIFY,
    HOLDERS,
    TAKE_BACK,
    WITH_THE_BODY,
    Channel,
    Holder,
    State,
    WrongState,
    state_after,
)
from redress.registers.accounts.roles import OF_A_BODY, Actor
from redress.registers.journal.steps import record, step
from redress.registers.limits.deadlines import last_day, version_on, versions
from redress.registers.limits.models import Deadline, Limit
from redress.values.days import Unit, add_limit, is_workday


@step(ASK)
def ask_worker(demand: Demand, *, text: str, by: Actor, at: dt.datetime) -> Demand:
    """Ask the worker a question; until it is answered the days are the worker's.

    Raises:
        ReasonMissing: the question is empty.
        WrongState: it lies with the worker already, or has ended; or a body asks that gave it back.
    """
    need_reason(text)
    before = State(demand.state)
    demand.state = state_after(ASK, before)
    if by.role in OF_A_BODY and before not in WITH_THE_BODY:
        raise WrongState(before)  # a body that gave it back still sees it, and asks nothing more
    demand.asked_from = before
    demand.held_back = ""  # who asks has let it in
    today = today_at(demand, at)
    Question.objects.create(
        demand=demand,
        asked_at=at,
        asked_on=today,
        body=demand.body if by.role in OF_A_BODY else None,
        text=text,
    )
    until = limit_from(demand, "worker.clarify", since_on=today)
    hand_to(demand, Holder.WORKER, on=today, at=at, until=until)
    demand.save()
    record(ASK, demand, by=by, at=at, detail={"body": by.body_id} if by.body_id else None)
    return demand


@step(CLARIFY)
def clarify_demand(
    demand: Demand, *, text: str, channel: Channel = Channel.WEB, by: Actor, at: dt.datetime
) -> Demand:
    """Put down what the worker answers; whoever asked has the demand again, and no fewer days.

    Raises:
        ReasonMissing: the answer is empty.
        WrongState: nothing was asked, or it has been answered.
    """
    need_reason(text)
    state_after(CLARIFY, State(demand.state))
    question = demand.questions.latest("id")
    question.answered_at, question.answer, question.channel = at, text, channel
    question.save(update_fields=["answered_at", "answer", "channel"])
    resume(demand, asked_on=question.asked_on, at=at)
    demand.save()
    record(CLARIFY, demand, by=by, at=at, detail={"channel": channel.value})
    return demand


def is_own_question(demand: Demand) -> bool:
    """Say whether the worker is asked something by the body that the demand lies with."""
    return demand.body_id is not None and question_of(demand, demand.body_id) is not None


def question_of(demand: Demand, body_id: int | None) -> Question | None:
    """Give the question that waits for the worker, if that body asked it; or, for None, the union.

    It is the one with which the worker got the demand: of an earlier one that was never answered, a
    body may still see its own while it does not see what the union asks now.
    """
    last = demand.holds.last()
    if State(demand.state) is not State.TO_CLARIFY or last is None:
        return None
    waiting = demand.questions.filter(asked_at=last.at, answered_at=None, taken_back_at=None)
    return waiting.filter(Q(body_id=body_id)).last()


def has_asked(demand: Demand, by: Actor) -> bool:
    """Say whether it was this person's side, the union or their body, that waits for the worker."""
    return question_of(demand, _side_of(by)) is not None


def _side_of(by: Actor) -> int | None:
    return by.body_id if by.role in OF_A_BODY else None


@step(TAKE_BACK)
def take_question_back(demand: Demand, *, by: Actor, at: dt.datetime) -> Demand:
    """Go on without the worker's answer; for whoever asked, the union or the body.

    Raises:
        WrongState: nothing is asked, or somebody else asked.
    """
    before = State(demand.state)
    state_after(TAKE_BACK, before)
    question = question_of(demand, _side_of(by))
    if question is None:
        raise WrongState(before)
    question.taken_back_at = at
    question.save(update_fields=["taken_back_at"])
    # A question that its asker takes back gives nobody more time than there was.
    resume(demand, asked_on=today_at(demand, at), at=at)
    demand.save()
    record(TAKE_BACK, demand, by=by, at=at, detail={"question": question.pk})
    return demand


def resume(demand: Demand, *, asked_on: dt.date, at: dt.datetime) -> None:
    """Give a demand back to whoever asked; sets its fields.

    The limit that ran before goes on: its start moves by the days the worker had the question, so
    that a late clarification does not make the body look late.
    """
    state = State(demand.asked_from)
    today = today_at(demand, at)
    ran = demand.holds.exclude(holder=Holder.WORKER).exclude(deadline=None).last()
    until = None
    if ran is not None and ran.deadline is not None:
        since = _start_after(ran.deadline, asked_on=asked_on, today=today)
        until = limit_from(
            demand, ran.deadline.code, since_on=since, extended=ran.deadline.extended
        )
    demand.state, demand.asked_from = state, ""
    hand_to(demand, HOLDERS[state], on=today, at=at, until=until)


def _start_after(ran: Deadline, *, asked_on: dt.date, today: dt.date) -> dt.date:
    """Say from which day a limit must run so that as much of it is left as when the worker was asked.

    Moved by the days of the question alone, holidays it ran over would be lost to whoever asked.
    """
    since = ran.since_on + (today - asked_on)
    if ran.last_on < asked_on:
        return since  # it was late already, and asking makes nobody punctual
    known = versions(ran.code, country=ran.country)
    wanted = today + (ran.last_on - asked_on)
    if version_on(known, ran.since_on).unit == Unit.WORKDAY:
        days = range(1, (ran.last_on - asked_on).days + 1)
        left = sum(is_workday(asked_on + dt.timedelta(day), country=ran.country) for day in days)
        wanted = add_limit(today, limit=left, unit=Unit.WORKDAY, country=ran.country)
    while since < today and _last_day(ran, known, since) < wanted:
        since += dt.timedelta(days=1)
    return since


def _last_day(ran: Deadline, known: list[Limit], since: dt.date) -> dt.date:
    return last_day(version_on(known, since), since_on=since, extended=ran.extended)
