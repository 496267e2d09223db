"""Resolve a demand: the body's answer, then the worker's word on it."""

from __future__ import annotations

import datetime as dt

from redress.demands.models import Answer, Demand, WorkerWord
from redress.demands.route import send
from redress.demands.sort import ReasonMissing
from redress.demands.states import (
    ANSWER,
    CONFIRM,
    DISPUTE,
    WITHDRAW,
    CloseKind,
    Said,
    State,
    WrongState,
    state_after,
)
from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, step


@step(ANSWER)
def answer_demand(demand: Demand, *, text: str, by: Actor, at: dt.datetime) -> Demand:
    """Put down what the body answers. The demand waits for the worker's word, and nothing is due.

    Raises:
        ReasonMissing: the answer is empty.
        WrongState: it does not lie with the body.
    """
    if not text.strip():
        raise ReasonMissing
    demand.state = state_after(ANSWER, State(demand.state))
    demand.due_on = None
    demand.save(update_fields=["state", "due_on"])
    if demand.body is not None:  # the database refuses any other
        Answer.objects.create(demand=demand, body=demand.body, at=at, text=text)
    record(ANSWER, demand, by=by, at=at, detail={"body": demand.body_id})
    return demand


@step(CONFIRM)
def confirm_solved(demand: Demand, *, text: str = "", by: Actor, at: dt.datetime) -> Demand:
    """Put down the worker's word that it is solved, and close the demand.

    Raises:
        WrongState: there is no answer that waits for a word.
    """
    demand.state = state_after(CONFIRM, State(demand.state))
    demand.close_kind = CloseKind.RESOLVED
    demand.closed_at = at
    demand.save(update_fields=["state", "close_kind", "closed_at"])
    WorkerWord.objects.create(demand=demand, at=at, said=Said.SOLVED, text=text)
    record(CONFIRM, demand, by=by, at=at)
    return demand


@step(DISPUTE)
def dispute_answer(demand: Demand, *, said: Said, text: str, by: Actor, at: dt.datetime) -> Demand:
    """Put down the worker's word that it is not, or only partly, solved; the body has it again.

    Raises:
        WrongState: nothing was answered, or the union set the demand aside.
    """
    before = State(demand.state)
    demand.state = state_after(DISPUTE, before)
    if demand.body is None or demand.close_kind == CloseKind.NOT_A_WORKERS_MATTER:
        raise WrongState(before)  # set aside by the union: no body is asked again
    demand.close_kind = ""
    demand.closed_at = None
    demand.reopened_count += 1
    WorkerWord.objects.create(demand=demand, at=at, said=said, text=text)
    send(demand, to=demand.body, note="", at=at)
    record(DISPUTE, demand, by=by, at=at, detail={"said": said.value, "body": demand.body_id})
    return demand


@step(WITHDRAW)
def withdraw_demand(demand: Demand, *, by: Actor, at: dt.datetime) -> Demand:
    """Put down that the worker takes the demand back.

    Raises:
        WrongState: it has ended already.
    """
    demand.state = state_after(WITHDRAW, State(demand.state))
    demand.closed_at = at
    demand.due_on = None
    demand.save(update_fields=["state", "closed_at", "due_on"])
    record(WITHDRAW, demand, by=by, at=at)
    return demand
