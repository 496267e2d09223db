"""Made demands walk the demand flow up to some point, each at days of its own."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings

from redress.demands.clarify import ask_worker
from redress.demands.hear import HeardWords, hear_demand
from redress.demands.mark import agree_with_marking, mark_demand
from redress.demands.models import Demand
from redress.demands.pursue import accept_demand, promise_day, return_demand
from redress.demands.resolve import (
    Reply,
    Spoken,
    answer_demand,
    confirm_solved,
    dispute_answer,
    fall_silent,
    leave_it_there,
    withdraw_demand,
)
from redress.demands.route import route_demand
from redress.demands.sort import (
    NOT_A_WORKERS_MATTER,
    merge_demand,
    set_demand_aside,
    sort_demand,
)
from redress.demands.states import Channel, Claim, Found, Said, Urgency
from redress.demands.verify import verify_answer
from redress.demonstration.made import MadeDemand, answers
from redress.demonstration.places import county_path
from redress.engines.triage.keywords import suggest_kinds
from redress.registers.accounts.models import Post
from redress.registers.accounts.roles import SYSTEM, Actor, Role, worker_with
from redress.registers.offices.models import Body, Topic
from redress.registers.offices.places import suggested_bodies, topics
from redress.values.codes import code_fingerprint, receipt_code
from redress.values.spans import Span, SpanKind, in_order, personal_data, sentences

# How far a demand gets, with its weight among the recent (first 45 days) and the old.
_FATES: Final = (
    "heard",
    "sorted",
    "routed",
    "accepted",
    "returned",
    "answered",
    "confirmed",
    "disputed",
    "withdrawn",
    "asked",
    "left",
    "silent",
)
_RECENT: Final = (18, 10, 18, 16, 5, 14, 8, 3, 2, 4, 1, 0)
_OLD: Final = (1, 1, 3, 4, 1, 8, 54, 6, 6, 1, 5, 9)
_SILENT_DAYS: Final = 31
_MARKED_SHARE, _AGREED_SHARE, _TWICE_SHARE, _PROMISED_SHARE, _LOOKED_SHARE = (
    0.6,
    0.6,
    0.02,
    0.2,
    0.15,
)
_RECENT_DAYS: Final = 45
_ELSEWHERE: Final = {
    "fa": "این کار شهرداری است؛ لطفاً به شهرداری محل بگویید.",
    "zh": "这属于市政事务，请联系当地市政部门。",
    "en": "This is for the town hall; please turn to it.",
}
# Weights of bodies in line: mostly the responsible one.
_IN_LINE: Final = (8, 2, 1)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works in the made province."""

    officers: dict[str, list[Actor]]
    liaisons: dict[int, Actor]


def staff() -> Staff:
    """Gather who works where."""
    officers: dict[str, list[Actor]] = {}
    liaisons: dict[int, Actor] = {}
    for post in Post.objects.select_related("user", "office"):
        role, user = Role(post.role), post.user
        if role is Role.COUNTY_OFFICER and post.office:
            actor = Actor(user.full_name, role, user.pk, path=post.office.path)
            officers.setdefault(post.office.path, []).append(actor)
        elif role is Role.BODY_LIAISON and post.body_id is not None:
            liaisons[post.body_id] = Actor(user.full_name, role, user.pk, body_id=post.body_id)
    return Staff(officers, liaisons)


@dataclass(slots=True)
class Days:
    """Moments in office hours that go on, and never past the last one."""

    at: dt.datetime
    until: dt.datetime
    dice: random.Random

    def later(self, *, days_max: int) -> dt.datetime:
        """Go on by up to some days, to some moment of the forenoon or afternoon."""
        day = self.at.date() + dt.timedelta(days=self.dice.randint(0, days_max))
        minutes = self.dice.randint(0, 7 * 60)  # 8:30 to 15:30 in Tehran
        moment = dt.datetime.combine(day, dt.time(5), dt.UTC) + dt.timedelta(minutes=minutes)
        self.at = min(max(moment, self.at + dt.timedelta(minutes=20)), self.until)
        return self.at


def walk_demands(made: Iterable[MadeDemand], *, dice: random.Random, now: dt.datetime) -> None:
    """Hear each made demand on its day and walk it as far as the dice say."""
    people = staff()
    for one in made:
        began = dt.datetime.combine(one.heard_on, dt.time(5), dt.UTC)
        days = Days(min(began, now - dt.timedelta(hours=2)), now, dice)
        worker = worker_with(_fingerprint(one))
        demand = hear_demand(_words(one, dice), by=worker, at=days.later(days_max=0))
        officer = dice.choice(people.officers[county_path(one.path)])
        recent = (now - days.at).days <= _RECENT_DAYS
        fate = dice.choices(_FATES, _RECENT if recent else _OLD)[0]
        if fate == "heard":
            continue
        if one.topic == NOT_A_WORKERS_MATTER:
            why = _ELSEWHERE[one.language]
            set_demand_aside(demand, why=why, by=officer, at=days.later(days_max=3))
            continue
        urgency, at = Urgency(one.urgency), days.later(days_max=4)
        if dice.random() < _MARKED_SHARE:
            demand = _mark(demand, officer=officer, worker=worker, days=days)
        demand = sort_demand(demand, topic=_topic(one.topic), urgency=urgency, by=officer, at=at)
        if dice.random() < _TWICE_SHARE:
            _file_twice(demand, one, officer=officer, days=days)
        _walk(demand, fate=fate, officer=officer, people=people, days=days)


@cache
def _topic(code: str) -> Topic:
    return topics().get(pk=code)


def _fingerprint(one: MadeDemand) -> str:
    key = settings.REDRESS_FINGERPRINT_KEY
    return code_fingerprint(receipt_code(key=key, form_id=one.source_id), key=key)


def _contact(one: MadeDemand) -> str:
    return f"{one.source_id}@example.org"


def _words(one: MadeDemand, dice: random.Random) -> HeardWords:
    channel = dice.choices(
        [Channel.WEB, Channel.PHONE, Channel.VISIT, Channel.LETTER, Channel.OPEN_DOOR],
        (6, 2, 2, 1, 1),
    )[0]
    return HeardWords(
        text=one.text,
        path=one.path,
        channel=channel,
        employer=one.employer,
        workers_count=one.workers_count,
        name=one.name if dice.random() < 0.5 else "",
        contact=_contact(one),
        language=one.language,
        urgency=Urgency(one.urgency) if one.urgency == "critical" else Urgency.NORMAL,
        receipt_fingerprint=_fingerprint(one),
        source="demonstration",
        source_id=one.source_id,
    )


def _mark(demand: Demand, *, officer: Actor, worker: Actor, days: Days) -> Demand:
    cut = sentences(demand.text)
    kinds = suggest_kinds(demand.text, cut)
    spans = [
        Span(kind or SpanKind.DEMAND, start, end)
        for (start, end), kind in zip(cut, kinds, strict=True)
    ]
    if all(span.kind is SpanKind.NONWORKER for span in spans):
        return demand
    spans += personal_data(demand.text)
    at = days.later(days_max=1)
    demand = mark_demand(demand, spans=sorted(spans, key=in_order), by=officer, at=at)
    marking = demand.markings.last()
    if marking is not None and days.dice.random() < _AGREED_SHARE:
        at = days.later(days_max=2)
        demand = agree_with_marking(demand, marking=marking.pk, by=worker, at=at)
    return demand


def _file_twice(demand: Demand, one: MadeDemand, *, officer: Actor, days: Days) -> None:
    """The same person files the same words again, and an officer merges the two."""
    again = HeardWords(
        text=one.text,
        path=one.path,
        employer=one.employer,
        language=one.language,
        contact=_contact(one),
    )
    second = hear_demand(again, by=officer, at=days.later(days_max=0))
    merge_demand(second, into=demand, by=officer, at=days.later(days_max=0))


def _walk(demand: Demand, *, fate: str, officer: Actor, people: Staff, days: Days) -> None:
    """Walk a sorted demand on to its fate."""
    told, dice = answers(demand.language), days.dice
    if fate == "withdrawn":
        worker = worker_with(demand.receipt_fingerprint or "")
        withdraw_demand(demand, by=worker, at=days.later(days_max=10))
    if fate in {"withdrawn", "sorted"}:
        return
    body = _body(demand, dice)
    note = dice.choice(told["route_notes"]) if dice.random() < 0.4 else ""
    demand = route_demand(demand, to=body, note=note, by=officer, at=days.later(days_max=4))
    liaison = people.liaisons[body.pk]
    if fate == "returned":
        why = dice.choice(told["returned"])
        return_demand(demand, why=why, by=liaison, at=days.later(days_max=8))
    elif fate != "routed":
        demand = accept_demand(demand, by=liaison, at=days.later(days_max=8))
        _at_the_body(demand, fate=fate, officer=officer, liaison=liaison, days=days)


def _at_the_body(demand: Demand, *, fate: str, officer: Actor, liaison: Actor, days: Days) -> None:
    told, dice = answers(demand.language), days.dice
    if fate == "asked":
        ask_worker(demand, text=told["asked"][0], by=liaison, at=days.later(days_max=5))
        return
    if dice.random() < _PROMISED_SHARE:
        at = days.later(days_max=2)
        by_on = at.date() + dt.timedelta(days=dice.randint(3, 40))
        promise_day(demand, text=dice.choice(told["promises"]), by_on=by_on, by=liaison, at=at)
    if fate == "accepted":
        return
    claim = Claim.REFUSED if fate == "left" else Claim.SOLVED
    reply = Reply(dice.choice(told["refused" if fate == "left" else "answered"]), claim)
    demand = answer_demand(demand, reply=reply, by=liaison, at=days.later(days_max=25))
    demand = _worker_says(demand, fate=fate, days=days)
    if fate in {"confirmed", "silent"} and dice.random() < _LOOKED_SHARE:
        found = dice.choice([Found.SOLVED, Found.SOLVED, Found.PARTLY])
        text, at = told["verified"][0], days.later(days_max=9)
        verify_answer(demand, found=found, text=text, by=officer, at=at)


def _worker_says(demand: Demand, *, fate: str, days: Days) -> Demand:
    told, dice = answers(demand.language), days.dice
    worker = worker_with(demand.receipt_fingerprint or "")
    if fate == "confirmed":
        spoken = Spoken(dice.choice(told["solved"]) if dice.random() < 0.5 else "")
        return confirm_solved(demand, spoken=spoken, by=worker, at=days.later(days_max=10))
    if fate == "left":
        at = days.later(days_max=10)
        return leave_it_there(demand, said=Said.NOT_SOLVED, by=worker, at=at)
    if fate == "silent" and (days.until - days.at).days > _SILENT_DAYS:
        days.at += dt.timedelta(days=_SILENT_DAYS)
        return fall_silent(demand, by=SYSTEM, at=days.at)
    if fate == "disputed":
        said = dice.choice([Said.PARTLY, Said.NOT_SOLVED])
        spoken, at = Spoken(dice.choice(told["not_solved"])), days.later(days_max=10)
        return dispute_answer(demand, said=said, spoken=spoken, by=worker, at=at)
    return demand


def _body(demand: Demand, dice: random.Random) -> Body:
    in_line = _in_line(demand.topic_id or "", county_path(demand.path))
    return dice.choices(in_line, _IN_LINE[: len(in_line)])[0]


@cache
def _in_line(topic_code: str, path: str) -> list[Body]:
    return suggested_bodies(topic_code=topic_code, path=path)[: len(_IN_LINE)]
