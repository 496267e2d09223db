"""Made demands walk the demand flow up to some point, each at days of its own."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from redress.demands.hear import HeardWords, hear_demand
from redress.demands.models import Demand
from redress.demands.pursue import accept_demand, return_demand
from redress.demands.resolve import (
    answer_demand,
    confirm_solved,
    dispute_answer,
    withdraw_demand,
)
from redress.demands.route import route_demand
from redress.demands.sort import NOT_A_WORKERS_MATTER, set_demand_aside, sort_demand
from redress.demands.states import Channel, Said, Urgency
from redress.demonstration.made import MadeDemand, answers
from redress.registers.accounts.models import Post
from redress.registers.accounts.roles import SYSTEM, Actor, Role
from redress.registers.offices.models import Body
from redress.registers.offices.places import county_of, suggested_bodies, topics

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
)
_RECENT: Final = (18, 10, 18, 16, 5, 14, 8, 3, 2)
_OLD: Final = (1, 1, 3, 4, 1, 8, 68, 6, 8)
_RECENT_DAYS: Final = 45
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
    """Moments that go on, and never past the last one."""

    at: dt.datetime
    until: dt.datetime
    dice: random.Random

    def later(self, *, days_max: int) -> dt.datetime:
        """Go on by up to some days."""
        step = dt.timedelta(days=self.dice.random() * days_max, hours=1)
        self.at = min(self.at + step, self.until)
        return self.at


def walk_demands(made: Iterable[MadeDemand], *, dice: random.Random, now: dt.datetime) -> None:
    """Hear each made demand on its day and walk it as far as the dice say."""
    people = staff()
    by_code = {topic.code: topic for topic in topics()}
    for one in made:
        hour = dt.timedelta(hours=dice.randint(5, 14), minutes=dice.randint(0, 59))
        heard_at = dt.datetime.combine(one.heard_on, dt.time(), dt.UTC) + hour
        days = Days(min(heard_at, now - dt.timedelta(hours=2)), now, dice)
        demand = hear_demand(_words(one, dice), by=SYSTEM, at=days.at)
        county = county_of(one.path)
        if county is None:
            continue
        officer = dice.choice(people.officers[county.path])
        recent = (now - days.at).days <= _RECENT_DAYS
        fate = dice.choices(_FATES, _RECENT if recent else _OLD)[0]
        if fate == "heard":
            continue
        if one.topic == NOT_A_WORKERS_MATTER:
            why = (
                "بهتر است به شهرداری بگویید."
                if one.language == "fa"
                else "Please turn to the municipality."
            )
            set_demand_aside(demand, why=why, by=officer, at=days.later(days_max=3))
            continue
        urgency = Urgency(one.urgency)
        topic = by_code[one.topic]
        demand = sort_demand(
            demand, topic=topic, urgency=urgency, by=officer, at=days.later(days_max=4)
        )
        for _done in _walk(demand, fate=fate, officer=officer, people=people, days=days):
            pass


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
        language=one.language,
        urgency=Urgency(one.urgency) if one.urgency == "critical" else Urgency.NORMAL,
        source="demonstration",
        source_id=one.source_id,
    )


def _walk(
    demand: Demand, *, fate: str, officer: Actor, people: Staff, days: Days
) -> Iterator[Demand]:
    """Yield the demand after each step, up to its fate."""
    told, dice = answers(demand.language), days.dice
    if fate == "withdrawn":
        yield withdraw_demand(demand, by=SYSTEM, at=days.later(days_max=10))
    if fate in {"withdrawn", "sorted"}:
        return
    body = _body(demand, dice)
    note = dice.choice(told["route_notes"]) if dice.random() < 0.4 else ""
    yield (
        demand := route_demand(demand, to=body, note=note, by=officer, at=days.later(days_max=4))
    )
    if fate == "routed":
        return
    liaison = people.liaisons[body.pk]
    if fate == "returned":
        why = dice.choice(told["returned"])
        yield return_demand(demand, why=why, by=liaison, at=days.later(days_max=8))
        return
    yield (demand := accept_demand(demand, by=liaison, at=days.later(days_max=8)))
    if fate == "accepted":
        return
    text = dice.choice(told["answered"])
    yield (demand := answer_demand(demand, text=text, by=liaison, at=days.later(days_max=25)))
    if fate == "confirmed":
        text = dice.choice(told["solved"]) if dice.random() < 0.5 else ""
        yield confirm_solved(demand, text=text, by=SYSTEM, at=days.later(days_max=10))
    if fate == "disputed":
        said = dice.choice([Said.PARTLY, Said.NOT_SOLVED])
        text = dice.choice(told["not_solved"])
        yield dispute_answer(demand, said=said, text=text, by=SYSTEM, at=days.later(days_max=10))


def _body(demand: Demand, dice: random.Random) -> Body:
    in_line = suggested_bodies(topic_code=demand.topic_id or "", path=demand.path)[: len(_IN_LINE)]
    return dice.choices(in_line, _IN_LINE[: len(in_line)])[0]
