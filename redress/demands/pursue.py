"""Pursue a demand: the body takes it on, promises a day, asks for time, or returns it with a reason."""

from __future__ import annotations

import datetime as dt

from redress.demands.clock import hand_to, limit_from, today_at, union_limit
from redress.demands.models import Demand, Promise, Referral
from redress.demands.route import answer_limit, body_of, clear_table
from redress.demands.search import note_readers
from redress.demands.sort import need_reason
from redress.demands.states import (
    ACCEPT,
    EXCUSE,
    EXTEND,
    PROMISE,
    RETURN,
    Holder,
    State,
    WrongState,
    state_after,
)
from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, step
from redress.registers.limits.deadlines import limit_of_body, version_on, versions
from redress.registers.limits.models import Stage
from redress.registers.offices.models import Body
from redress.values.days import LIMIT_DAYS_MAX, country_of


class JointCase(Exception):
    """A case that bodies answer jointly is not returned: its lead must answer."""


class NoExtension(ValueError):
    """The limit that runs knows no extension, or has been extended."""


class DayNotAhead(ValueError):
    """A promised day that is not ahead, or further off than any limit."""


@step(ACCEPT)
def accept_demand(demand: Demand, *, by: Actor, at: dt.datetime) -> Demand:
    """Take a demand on for the body it was sent to.

    Where the law gave a time of its own for accepting, the time for the answer begins now; else the
    day it is due stays as it was.

    Raises:
        WrongState: it was not sent, or has been taken on already.
    """
    demand.state = state_after(ACCEPT, State(demand.state))
    ran, body = demand.deadline, demand.body
    if ran is not None and body is not None and ran.code == limit_of_body(body, stage=Stage.ACCEPT):
        today = today_at(demand, at)
        until = limit_from(demand, answer_limit(body), since_on=today)
        hand_to(demand, Holder.BODY, on=today, at=at, until=until)
    demand.save(update_fields=["state", "deadline"])
    record(ACCEPT, demand, by=by, at=at, detail={"body": demand.body_id})
    return demand


@step(RETURN)
def return_demand(
    demand: Demand, *, why: str, better: Body | None = None, by: Actor, at: dt.datetime
) -> Demand:
    """Give a demand back as not this body's matter; the union must send it on.

    Args:
        demand: the demand.
        why: the reason.
        better: the body whose matter it is, if this one knows.
        by: who.
        at: when.

    Raises:
        JointCase: it is the lead of a joint case.
        ReasonMissing: ``why`` is empty.
        WrongState: it does not lie with the body.
    """
    need_reason(why)
    demand.state = state_after(RETURN, State(demand.state))
    if demand.is_joint:
        raise JointCase
    demand.returned_count += 1
    today = today_at(demand, at)
    until = limit_from(demand, union_limit(demand), since_on=today)
    hand_to(demand, Holder.UNION, on=today, at=at, until=until)
    clear_table(demand, at=at)
    demand.save()
    note_readers(demand)
    last = Referral.objects.filter(demand=demand, body=demand.body).last()
    if last is not None:
        last.returned_at, last.return_reason, last.better_body = at, why, better
        last.save(update_fields=["returned_at", "return_reason", "better_body"])
    detail = {"body": demand.body_id, "better": better.pk if better else None}
    record(RETURN, demand, by=by, at=at, why=why, detail=detail)
    return demand


@step(PROMISE)
def promise_day(
    demand: Demand, *, text: str, by_on: dt.date, by: Actor, at: dt.datetime
) -> Promise:
    """Promise something by a day. The limit runs on as it was: a promise puts no day off.

    Raises:
        DayNotAhead: the day is not ahead, or more than ten years off.
        ReasonMissing: nothing is promised.
        WrongState: it does not lie with the body.
    """
    need_reason(text)
    state_after(PROMISE, State(demand.state))
    today = today_at(demand, at)
    if not today <= by_on <= today + dt.timedelta(days=LIMIT_DAYS_MAX):
        raise DayNotAhead
    promise = Promise.objects.create(
        path=demand.path,
        demand=demand,
        body=body_of(demand),
        person_name=by.name,
        text=text,
        made_on=today,
        made_at=at,
        by_on=by_on,
    )
    record(PROMISE, demand, by=by, at=at, detail={"body": demand.body_id, "by": str(by_on)})
    return promise


@step(EXTEND)
def extend_limit(demand: Demand, *, why: str, by: Actor, at: dt.datetime) -> Demand:
    """Give a body the longer time that the law allows for its limit, once.

    Raises:
        NoExtension: the limit knows none, or it has been given.
        ReasonMissing: ``why`` is empty.
        WrongState: it does not lie with a body.
    """
    need_reason(why)
    state_after(EXTEND, State(demand.state))
    ran = demand.deadline
    if ran is None or ran.extended:
        raise NoExtension
    limit = version_on(versions(ran.code, country=country_of(demand.path)), ran.since_on)
    if not limit.may_be_extended:
        raise NoExtension
    until = limit_from(demand, ran.code, since_on=ran.since_on, extended=True)
    hand_to(demand, Holder.BODY, on=today_at(demand, at), at=at, until=until)
    demand.save(update_fields=["deadline"])
    detail = {"limit": ran.code, "body": demand.body_id}
    record(EXTEND, demand, by=by, at=at, why=why, detail=detail)
    return demand


@step(EXCUSE)
def accept_excuse(demand: Demand, *, why: str, by: Actor, at: dt.datetime) -> Demand:
    """Put down that the union accepts why the body was late: it counts as late, with an excuse.

    Raises:
        ReasonMissing: ``why`` is empty.
        WrongState: it has not been with a body, or was excused already.
    """
    need_reason(why)
    state = State(demand.state)
    state_after(EXCUSE, state)
    last = Referral.objects.filter(demand=demand, body=demand.body).last()
    if last is None or last.excused_at is not None:
        raise WrongState(state)
    last.excused_at, last.excuse = at, why
    last.save(update_fields=["excused_at", "excuse"])
    record(EXCUSE, demand, by=by, at=at, why=why, detail={"body": demand.body_id})
    return demand
