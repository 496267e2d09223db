"""Made meetings with their promises, groups of demands with one cause, and a drawn sample."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
from pathlib import Path
from typing import Any, Final

import yaml

from redress.demands.collect import NewCollective, add_members, make_collective
from redress.demands.kinds import HearingKind, Kept
from redress.demands.meet import Item, ItemKind, Minutes, write_minutes
from redress.demands.models import Demand, Promise
from redress.demands.promises import Judgement, judge_promise
from redress.demands.sample import Lot, NothingToDraw, draw_ended
from redress.demands.states import OPEN
from redress.demonstration.demand_walks import Staff
from redress.registers.accounts.roles import Actor
from redress.registers.offices.models import Body, Topic
from redress.registers.offices.places import bodies_serving

_FILE: Final = Path(__file__).parent / "data" / "minutes.yaml"
_KINDS: Final = {"d": ItemKind.DEMAND, "p": ItemKind.PROMISE}
_JUDGED_SHARE: Final = 0.6
_SAMPLE_WANTED: Final = 12
_WORKFORCE: Final = 420


def make_gatherings(people: Staff, *, dice: random.Random, now: dt.datetime) -> None:
    """Write meetings, judge promises, open groups and draw a sample, in the first counties."""
    for path in sorted(people.officers)[:3]:
        officer = people.officers[path][0]
        for number, told in enumerate(_minutes()):
            at = now - dt.timedelta(days=20 + 40 * number)
            _meet(told, path=path, officer=officer, at=at)
        _group(path, officer=officer, at=now - dt.timedelta(days=3))
        lot = Lot(path=path, wanted=_SAMPLE_WANTED, closed_from=now.date() - dt.timedelta(days=400))
        with contextlib.suppress(NothingToDraw):  # a small demonstration has few that ended
            draw_ended(lot, by=officer, at=now - dt.timedelta(days=1))
        _judge(path, officer=officer, dice=dice, at=now)


def _minutes() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def _meet(told: dict[str, Any], *, path: str, officer: Actor, at: dt.datetime) -> None:
    text = "\n".join(words for _, words in told["parts"])
    bodies = list(bodies_serving(path).filter(kind_id__in=["labour_office", "county_governor"]))
    held_on = at.date() - dt.timedelta(days=1)
    items, start = [], 0
    for code, words in told["parts"]:
        if code in _KINDS:
            items.append(_item(_KINDS[code], start, words, bodies=bodies, held_on=held_on))
        start += len(words) + 1
    minutes = Minutes(
        path=path,
        kind=HearingKind(told["kind"]),
        held_on=held_on,
        text=text,
        place=told["place"],
        present=told["present"],
    )
    write_minutes(minutes, items=items, by=officer, at=at)


def _item(kind: ItemKind, start: int, words: str, *, bodies: list[Body], held_on: dt.date) -> Item:
    if kind is ItemKind.DEMAND:
        return Item(kind, start, start + len(words))
    body, by_on = bodies[start % len(bodies)], held_on + dt.timedelta(days=21)
    return Item(kind, start, start + len(words), body=body, by_on=by_on)


def _group(path: str, *, officer: Actor, at: dt.datetime) -> None:
    """Open a group over the open demands of the employer and topic that most of them name."""
    found = Demand.objects.filter(path=path, state__in=OPEN, topic_id="pay.arrears")
    first = found.exclude(employer="").order_by("pk").first()
    if first is None:
        return
    new = NewCollective(
        path=path,
        title=str(first.employer),
        topic=Topic.objects.get(pk="pay.arrears"),
        employer=first.employer,
        workforce=_WORKFORCE,
        workforce_source="the works council's list",
    )
    made = make_collective(new, by=officer, at=at)
    numbers = list(found.values_list("pk", flat=True)[:6])
    add_members(made, numbers=numbers, by=officer, at=at)


def _judge(path: str, *, officer: Actor, dice: random.Random, at: dt.datetime) -> None:
    past = Promise.objects.filter(path__startswith=path, by_on__lt=at.date()).order_by("pk")
    for promise in past:
        if dice.random() < _JUDGED_SHARE:
            kept = dice.choice([Kept.KEPT, Kept.KEPT, Kept.PARTLY, Kept.BROKEN])
            judgement = Judgement(kept, "Seen on the spot.")
            judge_promise(promise, judgement=judgement, by=officer, at=at)
