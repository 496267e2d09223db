"""Route a demand: send it to the body that can answer, with the day by which it must."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from redress.demands.clock import hand_to, limit_from, today_at, union_limit
from redress.demands.kinds import Part
from redress.demands.mark import show_to_body
from redress.demands.models import Demand, Party, Referral
from redress.demands.search import note_readers
from redress.demands.sort import need_reason
from redress.demands.states import RECALL, ROUTE, Holder, State, WrongState, state_after
from redress.registers.accounts.roles import Actor
from redress.registers.journal.models import Entry
from redress.registers.journal.reads import story_of
from redress.registers.journal.steps import record, step
from redress.registers.limits.deadlines import ANSWER as BODY_ANSWER
from redress.registers.limits.deadlines import limit_of_body
from redress.registers.limits.models import Stage
from redress.registers.offices.models import Body
from redress.registers.offices.places import EMPLOYER, bodies_of_topic
from redress.values.places import path_below

SLIP_WITHIN: Final = dt.timedelta(days=1)


class WrongArea(ValueError):
    """The body does not serve the place the demand comes from."""


class JointBodyMissing(ValueError):
    """The demand was returned twice: name at least one body that answers together with the lead."""


@step(ROUTE)
def route_demand(
    demand: Demand,
    *,
    to: Body,
    joint: Sequence[Body] = (),
    note: str = "",
    by: Actor,
    at: dt.datetime,
) -> Demand:
    """Send a demand to a body; after the second return, to a lead body and others that join it.

    Raises:
        WrongArea: a body's area does not hold the demand's place.
        JointBodyMissing: it is a joint case, and no other body is named.
        WrongState: it has no topic yet, or lies with a body already.
    """
    others = list({body.pk: body for body in joint if body.pk != to.pk}.values())
    if any(demand.path not in path_below(body.path) for body in (to, *others)):
        raise WrongArea
    demand.state = state_after(ROUTE, State(demand.state))
    if demand.is_joint and not others:
        raise JointBodyMissing
    send(demand, to=to, note=note, at=at)
    seat(demand, others, part=Part.JOINT, at=at)
    for body in others:
        Referral.objects.create(demand=demand, body=body, sent_at=at, note=note, is_joint=True)
    detail = {"body": to.pk, "joint": [body.pk for body in others]}
    record(ROUTE, demand, by=by, at=at, why=note, detail=detail)
    return demand


def send(demand: Demand, *, to: Body, note: str, at: dt.datetime) -> None:
    """Put a demand into a body's hands and give it the body's time, from today; saves it.

    Where the law says by when such a body must accept, that runs first.
    """
    clear_table(demand, at=at)
    today = today_at(demand, at)
    code = limit_of_body(to, stage=Stage.ACCEPT) or answer_limit(to)
    demand.body = to
    hand_to(demand, Holder.BODY, on=today, at=at, until=limit_from(demand, code, since_on=today))
    demand.save()
    show_to_body(demand)
    Referral.objects.create(demand=demand, body=to, sent_at=at, note=note)


def last_sending(demand: Demand) -> Entry | None:
    """Give the journal's entry of the last time that the union sent a demand to a body."""
    return story_of(demand).filter(deed=ROUTE.name).order_by("id").last()


def may_be_slip(demand: Demand, *, by: Actor, at: dt.datetime) -> bool:
    """Say whether somebody sent a demand within the last day, and the body has not taken it on."""
    sent = last_sending(demand)
    return (
        State(demand.state) is State.ROUTED
        and demand.reopened_count == 0
        and sent is not None
        and sent.by_user_id == by.user_id
        and at - sent.at < SLIP_WITHIN
    )


def usual_body(demand: Demand) -> Body | None:
    """Give the body that a demand goes to: the one a body named as it gave it back, or the topic's own.

    Never one that gave it back, and never the employer where the name is kept from them: an officer
    chooses those with open eyes. None where no other answers the topic here, or it has none yet.
    """
    but = EMPLOYER if demand.keep_name_from_employer else ""
    sent = demand.referrals.filter(is_joint=False).select_related("better_body")
    returned = {one.body_id for one in sent if one.returned_at is not None}
    last = sent.last()
    better = last.better_body if last is not None and last.returned_at is not None else None
    if better is not None and better.kind_id != but and better.pk not in returned:
        return better
    bodies = bodies_of_topic(topic_code=demand.topic_id or "", path=demand.path, but=but)
    return next((body for body in bodies if body.pk not in returned), None)


def body_of(demand: Demand) -> Body:
    """Give the body that a demand lies with.

    Raises:
        WrongState: it lies with none.
    """
    if demand.body is None:
        raise WrongState(State(demand.state))
    return demand.body


def answer_limit(body: Body) -> str:
    """Name the limit under which a body must answer."""
    return limit_of_body(body, stage=Stage.ANSWER) or BODY_ANSWER


def seat(demand: Demand, bodies: Sequence[Body], *, part: Part, at: dt.datetime) -> None:
    """Let more bodies read a demand; those that do already, or hold it, are passed over."""
    there = set(demand.parties.filter(until_at=None).values_list("body_id", flat=True))
    Party.objects.bulk_create([
        Party(demand=demand, body=body, path=demand.path, part=part, since_at=at)
        for body in bodies
        if body.pk not in there and body.pk != demand.body_id
    ])
    note_readers(demand)


def clear_table(demand: Demand, *, at: dt.datetime) -> None:
    """End the reading of all bodies but the one that holds the demand."""
    demand.parties.filter(until_at=None).update(until_at=at)


@step(RECALL)
def recall_demand(
    demand: Demand, *, why: str, is_slip: bool = False, by: Actor, at: dt.datetime
) -> Demand:
    """Take a demand back from a body that it should not have gone to; the body sees it no more.

    Args:
        demand: the demand.
        why: the reason.
        is_slip: the same person sent it just now by a slip of the hand, and nobody has acted since.
        by: who.
        at: when.

    Raises:
        ReasonMissing: ``why`` is empty.
        WrongState: it does not lie with a body; or it is no slip.
    """
    need_reason(why)
    if is_slip and not may_be_slip(demand, by=by, at=at):
        raise WrongState(State(demand.state))
    left = demand.body_id
    demand.state = state_after(RECALL, State(demand.state))
    demand.body = None
    clear_table(demand, at=at)
    today = today_at(demand, at)
    hand_to(
        demand,
        Holder.UNION,
        on=today,
        at=at,
        until=limit_from(demand, union_limit(demand), since_on=today),
    )
    demand.save()
    note_readers(demand)
    record(RECALL, demand, by=by, at=at, why=why, detail={"body": left})
    return demand
