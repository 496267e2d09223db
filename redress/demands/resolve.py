"""Resolve a demand: the body's answer, the worker's word on it, and what the union found.

How a demand ends is derived from these voices; none of them overwrites another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from redress.demands.clarify import question_of
from redress.demands.clock import DayUnfit, hand_to, limit_from, stated_day, today_at
from redress.demands.kinds import Part
from redress.demands.models import Answer, Demand, WorkerWord
from redress.demands.models.said import AT_THE_DESK, BY_RECEIPT
from redress.demands.papers import keep_papers
from redress.demands.route import body_of, seat, send
from redress.demands.sort import end, need_reason
from redress.demands.states import (
    ANSWER,
    CONFIRM,
    DISPUTE,
    FALL_SILENT,
    LEAVE,
    WITHDRAW,
    Claim,
    CloseKind,
    Holder,
    Said,
    State,
    WrongState,
    ending,
    state_after,
)
from redress.formats.attachments import ReadAttachment
from redress.registers.accounts.roles import OF_A_BODY, Actor, Role
from redress.registers.journal.steps import record, step


class ProcedureMissing(ValueError):
    """A demand moved to a procedure of the law needs that procedure, and the day it began."""


class NotAnEnd(ValueError):
    """Nothing is solved, and the body neither refused nor moved it: this goes on or is taken back."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a body answers.

    Attributes:
        text: the answer; for a refusal, its reason.
        claim: what the body says it has done.
        procedure: code of the worker's next legal limit, for a demand that was moved.
        began_on: the day that limit began.
        on: the day the answer was given, if earlier than today: a letter, a call.
        channel: how it came.
        papers: evidence.
    """

    text: str
    claim: Claim = Claim.SOLVED
    procedure: str = ""
    began_on: dt.date | None = None
    on: dt.date | None = None
    channel: str = AT_THE_DESK
    papers: Sequence[ReadAttachment] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """How the worker's word came: with the receipt, or put down by an officer who spoke to them."""

    text: str = ""
    channel: str = BY_RECEIPT


@step(ANSWER)
def answer_demand(demand: Demand, *, reply: Reply, by: Actor, at: dt.datetime) -> Demand:
    """Put down what the body answers; it stops the body's clock on the day it was given.

    Raises:
        DayUnfit: the day of the answer is ahead, or before the body had the demand, or a body's own
            people name one.
        ProcedureMissing: it was moved, and the procedure is not named.
        ReasonMissing: the answer is empty.
        WrongState: it does not lie with the body, nor with a worker whom the body asked something.
    """
    need_reason(reply.text)
    before = State(demand.state)
    now = state_after(ANSWER, before)
    if before is State.TO_CLARIFY:
        question = question_of(demand, demand.body_id) if demand.body_id else None
        if question is None:
            raise WrongState(before)
        question.taken_back_at = at  # it answers without what it had asked
        question.save(update_fields=["taken_back_at"])
    demand.state, demand.asked_from = now, ""
    next_legal = None
    if reply.claim is Claim.MOVED:
        if not reply.procedure or reply.began_on is None:
            raise ProcedureMissing
        next_legal = limit_from(demand, reply.procedure, since_on=reply.began_on)
    of_a_body = by.role in OF_A_BODY
    if of_a_body and reply.on is not None:  # its own answer is given when it gives it
        raise DayUnfit
    on = stated_day(demand, reply.on, at=at)
    until = limit_from(demand, "worker.word", since_on=today_at(demand, at))
    hand_to(demand, Holder.WORKER, on=on, at=at, until=until)
    demand.save(update_fields=["state", "asked_from", "deadline"])
    answer = Answer.objects.create(
        demand=demand,
        body=body_of(demand),
        at=at,
        answered_on=on,
        claim=reply.claim,
        text=reply.text,
        next_legal=next_legal,
        channel=reply.channel,
        put_down_by="" if of_a_body else by.name,
    )
    keep_papers(demand, reply.papers, brought_by=Holder.BODY, answer=answer)
    detail = {"body": demand.body_id, "claim": reply.claim.value, "channel": reply.channel}
    record(ANSWER, demand, by=by, at=at, detail=detail)
    return demand


def last_claim(demand: Demand) -> Claim | None:
    """Give what the body says last."""
    answer = demand.answers.last()
    return None if answer is None else Claim(answer.claim)


@step(CONFIRM)
def confirm_solved(
    demand: Demand, *, spoken: Spoken = Spoken(), by: Actor, at: dt.datetime
) -> Demand:
    """Put down the worker's word that it is solved, and close the demand.

    Raises:
        WrongState: there is no answer that waits for a word.
    """
    demand.state = state_after(CONFIRM, State(demand.state))
    _note_word(demand, Said.SOLVED, spoken, goes_on=False, by=by, at=at)
    end(demand, CloseKind.RESOLVED, at=at)
    demand.save()
    record(CONFIRM, demand, by=by, at=at, detail={"channel": spoken.channel})
    return demand


@step(LEAVE)
def leave_it_there(
    demand: Demand, *, said: Said, spoken: Spoken = Spoken(), by: Actor, at: dt.datetime
) -> Demand:
    """Put down that the worker leaves it at an answer that did not, or only partly, solve it.

    Raises:
        NotAnEnd: nothing was solved and the body neither refused nor moved it; or it was solved, which
            ``confirm_solved`` puts down.
        WrongState: there is no answer that waits for a word.
    """
    demand.state = state_after(LEAVE, State(demand.state))
    kind = ending(last_claim(demand), said)
    if kind is None or said is Said.SOLVED:
        raise NotAnEnd
    _note_word(demand, said, spoken, goes_on=False, by=by, at=at)
    end(demand, kind, at=at)
    demand.save()
    record(LEAVE, demand, by=by, at=at, detail={"said": said.value, "channel": spoken.channel})
    return demand


@step(DISPUTE)
def dispute_answer(
    demand: Demand, *, said: Said, spoken: Spoken = Spoken(), by: Actor, at: dt.datetime
) -> Demand:
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
    _note_word(demand, said, spoken, goes_on=True, by=by, at=at)
    joint = [party.body for party in demand.parties.filter(until_at=None, part=Part.JOINT)]
    send(demand, to=demand.body, note="", at=at)
    seat(demand, joint, part=Part.JOINT, at=at)
    detail = {"said": said.value, "body": demand.body_id, "channel": spoken.channel}
    record(DISPUTE, demand, by=by, at=at, detail=detail)
    return demand


def _note_word(
    demand: Demand, said: Said, spoken: Spoken, *, goes_on: bool, by: Actor, at: dt.datetime
) -> None:
    WorkerWord.objects.create(
        demand=demand,
        at=at,
        said=said,
        goes_on=goes_on,
        text=spoken.text,
        channel=spoken.channel,
        put_down_by="" if by.role is Role.WORKER else by.name,
    )


@step(WITHDRAW)
def withdraw_demand(
    demand: Demand, *, spoken: Spoken = Spoken(), by: Actor, at: dt.datetime
) -> Demand:
    """Put down that the worker takes the demand back.

    Raises:
        WrongState: it has ended already.
    """
    demand.state = state_after(WITHDRAW, State(demand.state))
    demand.asked_from, demand.merged_into = "", None
    end(demand, None, at=at)
    demand.save()
    record(WITHDRAW, demand, by=by, at=at, why=spoken.text, detail={"channel": spoken.channel})
    return demand


@step(FALL_SILENT)
def fall_silent(demand: Demand, *, by: Actor, at: dt.datetime) -> Demand:
    """Note that no word came from the worker in all their time; it counts as silence, as nothing else.

    Raises:
        WrongState: no answer waits for a word, or the worker still has time.
    """
    before = State(demand.state)
    demand.state = state_after(FALL_SILENT, before)
    if demand.due_on is None or demand.due_on >= today_at(demand, at):
        raise WrongState(before)
    end(demand, None, at=at)
    demand.save()
    record(FALL_SILENT, demand, by=by, at=at)
    return demand
