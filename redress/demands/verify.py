"""Verify an answer: what the union found when it looked itself; nobody does who spoke for others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from redress.demands.clock import TWO_CLICKS
from redress.demands.models import Demand, Verification
from redress.demands.papers import are_kept, keep_papers
from redress.demands.sort import need_reason
from redress.demands.states import (
    ANSWER,
    CONFIRM,
    DISPUTE,
    LEAVE,
    VERIFY,
    Found,
    Holder,
    State,
    WrongState,
    state_after,
)
from redress.formats.attachments import ReadAttachment
from redress.registers.accounts.roles import Actor
from redress.registers.journal.reads import story_of
from redress.registers.journal.steps import record, step


class SpokeForThem(Exception):
    """Who put down what the body or the worker said does not find for the union that it is so."""


@step(VERIFY)
def verify_answer(
    demand: Demand,
    *,
    found: Found,
    text: str,
    papers: Sequence[ReadAttachment] = (),
    by: Actor,
    at: dt.datetime,
) -> Demand:
    """Put down what the union found when it looked itself, with its evidence. Two clicks are one.

    Raises:
        SpokeForThem: this officer put down what the body answered, or what the worker says of it.
        ReasonMissing: it is not said how it was found.
        WrongState: nothing was answered.
    """
    need_reason(text)
    state = State(demand.state)
    state_after(VERIFY, state)
    if not demand.answers.exists():
        raise WrongState(state)
    if spoke_for_them(demand, by=by):
        raise SpokeForThem
    last = demand.verifications.last()
    again = (
        last is not None
        and at - last.at < TWO_CLICKS
        and (last.found, last.text, last.by_name) == (found.value, text, by.name)
        and are_kept(last.attachments.all(), papers)
    )
    if not again:
        verification = Verification.objects.create(
            demand=demand, at=at, by_name=by.name, found=found, text=text
        )
        keep_papers(demand, papers, brought_by=Holder.UNION, verification=verification)
    record(VERIFY, demand, by=by, at=at, detail={"found": found.value, "again": again})
    return demand


def spoke_for_them(demand: Demand, *, by: Actor) -> bool:
    """Say whether somebody put down the answer that stands, or what the worker says of it."""
    if by.user_id is None:
        return False
    told = story_of(demand)
    answered = told.filter(deed=ANSWER.name).order_by("id").last()
    words = told.filter(deed__in=[ANSWER.name, CONFIRM.name, LEAVE.name, DISPUTE.name])
    since = answered.pk if answered else 0
    return words.filter(pk__gte=since, by_user_id=by.user_id).exists()
