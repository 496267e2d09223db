"""Write the minutes of a meeting: what was demanded in it becomes demands, what was promised is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db import IntegrityError, transaction

from redress.demands.hear import HeardWords, NothingSaid, hear_demand, refuse_nothing_said
from redress.demands.kinds import HearingKind
from redress.demands.models import Demand, Hearing, Promise
from redress.demands.states import Channel, RaisedBy
from redress.registers.accounts.roles import OFFICERS, Actor, Deed
from redress.registers.journal.steps import record, step
from redress.registers.offices.models import NAME_CHARS_MAX, Body
from redress.values.days import LIMIT_DAYS_MAX, country_of, local_day
from redress.values.places import path_below
from redress.values.text import text_sha256

WRITE_MINUTES: Final = Deed("hearing.written", OFFICERS)
ITEMS_MAX: Final = 200
PRESENT_CHARS_MAX: Final = 4_000
_TEN_YEARS: Final = dt.timedelta(days=LIMIT_DAYS_MAX)


class ItemKind(StrEnum):
    """What a part of minutes is."""

    DEMAND = "demand"
    PROMISE = "promise"


class ItemFault(StrEnum):
    """Why a part of minutes cannot be taken as it is."""

    OUTSIDE = "outside"
    EMPTY = "empty"
    OVERLAP = "overlap"  # it begins before the part before it ends
    TOO_MANY = "too_many"
    NO_BODY = "no_body"
    BODY_ELSEWHERE = "body_elsewhere"  # it does not serve the place
    NAME_UNFIT = "name_unfit"
    NO_DAY = "no_day"
    DAY_BEFORE = "day_before"  # before the meeting
    DAY_TOO_FAR = "day_too_far"


class ItemsUnfit(ValueError):
    """Some parts of the minutes cannot be taken; nothing was written."""

    def __init__(self, faults: dict[int, ItemFault]) -> None:
        super().__init__(faults)
        self.faults: Final = faults


class MinutesUnfit(ValueError):
    """The day lies ahead or more than ten years back, or place or presence are no fit text."""


class WrittenOtherwise(Exception):
    """This form has written its minutes already, and other ones than it brings now."""

    def __init__(self, hearing: Hearing) -> None:
        super().__init__(hearing.pk)
        self.hearing: Final = hearing


@dataclass(frozen=True, slots=True)
class Minutes:
    """A meeting and what was written down of it.

    Attributes:
        path: of the office that held it.
        form: the number of the form it was sent with, to be written once; empty for none.
    """

    path: str
    kind: HearingKind
    held_on: dt.date
    text: str
    place: str = ""
    present: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A part of the minutes, in code points, that is a demand or a promise.

    Attributes:
        body: who promised; for a promise.
        person_name: the official's name, if it was said.
        by_on: by when.
    """

    kind: ItemKind
    start: int
    end: int
    body: Body | None = None
    person_name: str = ""
    by_on: dt.date | None = None
    raised_by: RaisedBy = RaisedBy.WORKER


_CHANNELS: Final = {
    HearingKind.OPEN_DOOR: Channel.OPEN_DOOR,
    HearingKind.MEETING: Channel.MEETING,
    HearingKind.SITE_VISIT: Channel.VISIT,
}


@dataclass(frozen=True, slots=True)
class Written:
    """What came out of a meeting."""

    hearing: Hearing
    demands: list[Demand]
    promises: list[Promise]


def write_minutes_once(
    minutes: Minutes, *, items: Sequence[Item], by: Actor, at: dt.datetime
) -> tuple[Hearing, bool]:
    """Write minutes, or give what the same form has written before.

    Returns:
        The meeting, and whether it was written now.

    Raises:
        IntegrityError: the database refuses it for another reason than that.
        ItemsUnfit, MinutesUnfit, NothingSaid: as ``write_minutes``.
        WrittenOtherwise: the form has written other minutes, or other parts of them.
    """
    found = _of_form(minutes, by=by)
    if found is None:
        try:
            with transaction.atomic():
                return write_minutes(minutes, items=items, by=by, at=at).hearing, True
        except IntegrityError:  # the other of two clicks was a moment faster
            found = _of_form(minutes, by=by)
            if found is None:
                raise
    if not _says(found, minutes, items):
        raise WrittenOtherwise(found)
    return found, False


def _fingerprint(minutes: Minutes, *, by: Actor) -> str | None:
    return text_sha256(f"{by.user_id}/{minutes.form}") if minutes.form else None


def _of_form(minutes: Minutes, *, by: Actor) -> Hearing | None:
    if not minutes.form:
        return None
    found = Hearing.objects.seen_in(by.scope)
    return found.filter(form_fingerprint=_fingerprint(minutes, by=by)).first()


def _says(hearing: Hearing, minutes: Minutes, items: Sequence[Item]) -> bool:
    """Say whether a meeting is written down as it is brought now."""
    brought = (minutes.path, minutes.kind, minutes.held_on, minutes.place, minutes.present)
    there = (hearing.path, hearing.kind, hearing.held_on, hearing.place, hearing.present)
    if (*brought, minutes.text, _spans(items)) != (*there, hearing.minutes, hearing.spans):
        return False
    promised = hearing.promises.order_by("id").values_list("body_id", "person_name", "by_on")
    wanted = [
        (one.body.pk if one.body else None, one.person_name, one.by_on)
        for one in items
        if one.kind is ItemKind.PROMISE
    ]
    return list(promised) == wanted


def _spans(items: Sequence[Item]) -> list[list[str | int]]:
    return [[item.kind.value, item.start, item.end] for item in items]


@step(WRITE_MINUTES)
def write_minutes(
    minutes: Minutes, *, items: Sequence[Item], by: Actor, at: dt.datetime
) -> Written:
    """Keep the minutes exactly, and open what stands in them: whole or not at all.

    Args:
        minutes: the meeting.
        items: its parts in the order of the text.
        by: who writes.
        at: when.

    Raises:
        ItemsUnfit: which parts do not fit, and why.
        MinutesUnfit: the meeting itself does not.
        NothingSaid: there are no minutes, or too long ones.
    """
    refuse_nothing_said(minutes.text)
    _refuse_unfit(minutes, today=local_day(at, country=country_of(minutes.path)))
    faults = faults_of(minutes, items)
    if faults:
        raise ItemsUnfit(faults)
    hearing = Hearing.objects.create(
        path=minutes.path,
        kind=minutes.kind,
        held_on=minutes.held_on,
        place=minutes.place,
        present=minutes.present,
        minutes=minutes.text,
        minutes_sha256=text_sha256(minutes.text),
        spans=_spans(items),
        form_fingerprint=_fingerprint(minutes, by=by),
        written_at=at,
        written_by=by.name,
    )
    demands, promises = [], []
    for item in items:
        words = minutes.text[item.start : item.end]
        if item.kind is ItemKind.DEMAND:
            demands.append(_hear(hearing, words, item, by=by, at=at))
        else:
            promises.append(_promise(hearing, words, item, at=at))
    detail = {"demands": len(demands), "promises": len(promises), "kind": minutes.kind.value}
    record(WRITE_MINUTES, hearing, by=by, at=at, detail=detail)
    return Written(hearing, demands, promises)


def _refuse_unfit(minutes: Minutes, *, today: dt.date) -> None:
    if not today - _TEN_YEARS <= minutes.held_on <= today:
        raise MinutesUnfit
    too_long = len(minutes.place) > NAME_CHARS_MAX or len(minutes.present) > PRESENT_CHARS_MAX
    if too_long or "\x00" in minutes.place + minutes.present:
        raise MinutesUnfit


def faults_of(minutes: Minutes, items: Sequence[Item]) -> dict[int, ItemFault]:
    """Say which parts cannot be taken, and why, by their places in the list."""
    found: dict[int, ItemFault] = {}
    reached = 0
    for index, item in enumerate(items):
        fault = ItemFault.TOO_MANY if index >= ITEMS_MAX else _fault_of(minutes, item, reached)
        if fault is not None:
            found[index] = fault
        reached = max(reached, item.end)
    return found


def _fault_of(minutes: Minutes, item: Item, reached: int) -> ItemFault | None:
    if not 0 <= item.start < item.end <= len(minutes.text):
        return ItemFault.OUTSIDE
    if item.start < reached:
        return ItemFault.OVERLAP
    try:
        refuse_nothing_said(minutes.text[item.start : item.end])
    except NothingSaid:
        return ItemFault.EMPTY
    return _fault_of_promise(minutes, item) if item.kind is ItemKind.PROMISE else None


def _fault_of_promise(minutes: Minutes, item: Item) -> ItemFault | None:
    if item.body is None:
        return ItemFault.NO_BODY
    if minutes.path not in path_below(item.body.path):
        return ItemFault.BODY_ELSEWHERE
    if len(item.person_name) > NAME_CHARS_MAX or "\x00" in item.person_name:
        return ItemFault.NAME_UNFIT
    if item.by_on is None:
        return ItemFault.NO_DAY
    if item.by_on < minutes.held_on:
        return ItemFault.DAY_BEFORE
    return ItemFault.DAY_TOO_FAR if item.by_on > minutes.held_on + _TEN_YEARS else None


def _hear(hearing: Hearing, words: str, item: Item, *, by: Actor, at: dt.datetime) -> Demand:
    told = HeardWords(
        text=words,
        path=hearing.path,
        channel=_CHANNELS[HearingKind(hearing.kind)],
        raised_by=item.raised_by,
        heard_on=hearing.held_on,
        hearing_id=hearing.pk,
    )
    return hear_demand(told, by=by, at=at)


def _promise(hearing: Hearing, words: str, item: Item, *, at: dt.datetime) -> Promise:
    return Promise.objects.create(  # type: ignore[misc]  # faults_of saw to body and day
        path=hearing.path,
        hearing=hearing,
        body=item.body,
        person_name=item.person_name,
        text=words,
        made_on=hearing.held_on,
        made_at=at,
        by_on=item.by_on,
    )
