"""Read minutes: the list of meetings, one with its parts, and a text cut for marking."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from redress.demands.meet import ItemKind
from redress.demands.models import Demand, Hearing, Promise
from redress.engines.triage.keywords import suggest_kinds
from redress.registers.accounts.roles import Actor
from redress.values.spans import SpanKind, sentences
from redress.values.text import normal_form, text_sha256

# More sentences than these are put together by twos, threes and so on, so that a page can bear them.
PARTS_MAX: Final = 1_000
_KEY_CHARS: Final = 8


@dataclass(frozen=True, slots=True)
class WantedHearings:
    """Which meetings are wanted; an empty field does not narrow it."""

    kind: str = ""
    since_on: dt.date | None = None
    until_on: dt.date | None = None


def hearings(wanted: WantedHearings, *, seen_by: Actor) -> QuerySet[Hearing]:
    """List the meetings of a person's places, the latest first, with ``demanded`` and ``promised``."""
    narrowed = Q()
    if wanted.kind:
        narrowed &= Q(kind=wanted.kind)
    if wanted.since_on is not None:
        narrowed &= Q(held_on__gte=wanted.since_on)
    if wanted.until_on is not None:
        narrowed &= Q(held_on__lte=wanted.until_on)
    found = Hearing.objects.seen_in(seen_by.scope).filter(narrowed)
    listed: QuerySet[Hearing] = found.annotate(
        demanded=_many(Demand.objects.all()), promised=_many(Promise.objects.all())
    )
    return listed.order_by("-held_on", "-id")


def _many(rows: QuerySet[Any]) -> Coalesce:
    """Count what came of a meeting; by itself, so that only the meetings shown are counted for."""
    of = rows.filter(hearing_id=OuterRef("pk")).order_by().values("hearing_id")
    return Coalesce(Subquery(of.annotate(many=Count("pk")).values("many")), 0)


def first_and_last_day(*, seen_by: Actor) -> tuple[dt.date, dt.date] | None:
    """Give the days of the first and the last meeting of a person's places; None for none."""
    found = Hearing.objects.seen_in(seen_by.scope).aggregate(
        first=Min("held_on"), last=Max("held_on")
    )
    return (found["first"], found["last"]) if found["first"] else None


def hearing_seen_by(actor: Actor, *, number: int) -> Hearing | None:
    """Give one meeting if it exists and is this person's to see."""
    found: Hearing | None = Hearing.objects.seen_in(actor.scope).filter(pk=number).first()
    return found


@dataclass(frozen=True, slots=True)
class MinutesPiece:
    """A piece of minutes, and the demand or promise it was made into, if any."""

    text: str
    demand: Demand | None = None
    promise: Promise | None = None


@dataclass(frozen=True, slots=True)
class ReadMinutes:
    """One meeting's minutes in pieces, which joined are the minutes, and what came of it."""

    pieces: list[MinutesPiece]
    demands: list[Demand]
    promises: list[Promise]


def read_minutes(hearing: Hearing) -> ReadMinutes:
    """Lay demands and promises over the minutes. The caller has seen the meeting already."""
    joined = ("topic", "body", "body__kind", "deadline")
    demands = list(hearing.demands.select_related(*joined).order_by("id"))
    promises = list(hearing.promises.select_related("body", "body__kind").order_by("id"))
    # Written in the order of the text, so the nth span of a kind is the nth row.
    rest = {ItemKind.DEMAND.value: iter(demands), ItemKind.PROMISE.value: iter(promises)}
    pieces, reached = [], 0
    for kind, start, end in hearing.spans:
        row = next(rest[kind], None)
        pieces += [
            MinutesPiece(hearing.minutes[reached:start]),
            MinutesPiece(hearing.minutes[start:end], **({kind: row})),
        ]
        reached = end
    pieces.append(MinutesPiece(hearing.minutes[reached:]))
    return ReadMinutes([piece for piece in pieces if piece.text], demands, promises)


class Sentence(NamedTuple):
    """A sentence of minutes that are to be marked.

    Attributes:
        key: tells it from others, and stays when words elsewhere in the text are changed.
        likely: what its words make likely; an officer decides.
    """

    key: str
    start: int
    end: int
    text: str
    likely: ItemKind | None


def cut_minutes(text: str) -> list[Sentence]:
    """Cut minutes into sentences, or more than ``PARTS_MAX`` of them into a few at a time."""
    cut = sentences(text)
    at_a_time = -(-len(cut) // PARTS_MAX) or 1
    parts = [
        (cut[at][0], cut[min(at + at_a_time, len(cut)) - 1][1])
        for at in range(0, len(cut), at_a_time)
    ]
    seen: dict[str, int] = {}
    found = []
    for (start, end), kind in zip(parts, suggest_kinds(text, parts), strict=True):
        words = text[start:end]
        name = text_sha256(words)[:_KEY_CHARS]
        seen[name] = seen.get(name, 0) + 1
        found.append(Sentence(f"{name}{seen[name]}", start, end, words, _likely(words, kind)))
    return found


# Words with which officials promise. They are found, not understood: an officer decides.
_PROMISES: Final = re.compile(
    r"\b(?:promis(?:e|es|ed|ing)|pledged?|undert(?:ook|akes?)|committed (?:to|himself|herself|itself)"
    r"|gave (?:his|her|their) word|guaranteed?)\b"
    r"|\bwill\b[^.!?]{0,160}?\b(?:by|before|until|within|no later than)\b"
    r"|(?<!\w)(?:قول (?:داد|می ?دهم|می ?دهیم|می ?دهند|دادند|مساعد)|وعده (?:داد|دادند)"
    r"|متعهد (?:شد|شدند|می)|تعهد (?:کرد|کردند|داد|دادند)|تا پایان|تا آخر|حداکثر تا|ظرف)"
    r"|承诺|答应|保证|许诺|表态将|将于|将在|[年月日周]底?(?:之)?前(?:解决|完成|发放|支付|付清|补发|落实|答复)"
)


def _likely(words: str, kind: SpanKind | None) -> ItemKind | None:
    if _PROMISES.search(normal_form(words)):
        return ItemKind.PROMISE
    return ItemKind.DEMAND if kind is SpanKind.DEMAND else None
