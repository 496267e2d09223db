"""What if: other values for a scheme's numbers; households and money by county, before and after."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from redress.engines.rules.facts import read_value
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.pack import DatedValue, Input, Pack
from redress.engines.rules.screen import Screener
from redress.engines.rules.sentences import named, tell_finding, written
from redress.registers.accounts.roles import Actor
from redress.registers.offices.scope import WHOLE, within
from redress.relief.assess_all import by_county
from redress.relief.copying import present_copy, refresh_copy
from redress.relief.schemes import Scheme, schemes
from redress.values.money import MINOR_DIGITS, Money
from redress.warehouse.copy import copy_stamp
from redress.warehouse.deciding import (
    GRANTED,
    UNDECIDED,
    HouseholdRefused,
    Loaded,
    Outcomes,
    decide_households,
    decide_some,
    load_households,
    make_screener,
)
from redress.warehouse.runs import add_up

TASK: Final = "prepare_what_if"
HELD_MAX: Final = 2  # schemes held in memory with all households


class NotPrepared(Exception):
    """The copy is not made or the rules not compiled yet; the task worker is at it."""


class NotAValue(ValueError):
    """A value that the number cannot take; names the number, and says why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name, self.why = name, why


@dataclass(frozen=True, slots=True)
class ChangeableNumber:
    """A number of a scheme: as it is, and as it is tried."""

    name: str
    label: str
    unit: str
    now: str
    plain: str
    tried: str
    note: str


@dataclass(frozen=True, slots=True)
class CountyRow:
    """A county, or all of them together: before and after."""

    path: str
    granted_before: int
    granted: int
    newly: int
    gone: int
    undecided: int
    money_before: Money
    money: Money

    @property
    def difference(self) -> Money:
        """How much more is granted."""
        return self.money - self.money_before


@dataclass(frozen=True, slots=True)
class Tried:
    """What would be: by county, in all, and how old the register's copy is."""

    counties: tuple[CountyRow, ...]
    total: CountyRow
    households: int
    copied_at: dt.datetime


@dataclass(slots=True)
class _Held:
    """A scheme with all households, ready; what comes out as things are is kept for a day."""

    stands: tuple[str, dt.datetime]  # the copy it was loaded from: what of, and when
    loaded: Loaded
    screener: Screener
    before: tuple[dt.date, Outcomes] | None = None


_held: OrderedDict[str, _Held] = OrderedDict()
_lock = threading.Lock()


def changeable_numbers(
    scheme: Scheme, tried: dict[str, str], *, on: dt.date, language: str
) -> list[ChangeableNumber]:
    """List a scheme's numbers with the values of a day."""
    found = []
    for one in scheme.pack.parameters:
        held = one.on(on)
        value = held.value if held else Fraction(0)
        shown = written(value, one.base, scheme.pack, language) if held else "–"
        plain = written(value, one.base, scheme.pack, "en").replace(",", "") if held else ""
        label = named(one.label, one.name, language)
        found.append(
            ChangeableNumber(
                one.name,
                label,
                one.unit,
                shown,
                plain,
                tried.get(one.name, ""),
                held.note if held else "",
            )
        )
    return found


def with_values(pack: Pack, tried: dict[str, str], *, language: str) -> Pack:
    """Give a scheme with other values for some of its numbers, on every day.

    Raises:
        NotAValue: a value is not a number from zero up, or has too many digits.
    """
    parameters = []
    for one in pack.parameters:
        said = tried.get(one.name, "").strip()
        if not said:
            parameters.append(one)
            continue
        asked = Input(one.name, one.base, one.line, low=0)
        try:
            value = read_value(asked, said, minor=10**pack.minor_digits)
        except CaseRefused as refused:
            raise NotAValue(one.name, tell_finding(refused, language)) from None
        parameters.append(replace(one, values=(DatedValue(dt.date.min, value, "tried"),)))
    return replace(pack, parameters=tuple(parameters))


def try_values(
    scheme: Scheme, tried: dict[str, str], *, seen_by: Actor, on: dt.date, language: str
) -> Tried:
    """Decide for all households of a person's places as things are, and with other values.

    Raises:
        NotPrepared: it cannot be done yet; the task worker has been told.
        NotAValue: a value cannot be taken, or the rules have no outcome with it.
    """
    pack = with_values(scheme.pack, tried, language=language)
    held = _ready(scheme)
    before = _as_things_are(held, on)
    after = before
    if pack.parameters != scheme.pack.parameters:
        try:
            after = decide_households(held.screener.with_pack(pack), held.loaded, on=on)
        except HouseholdRefused as refused:
            raise NotAValue(refused.refused.fact, tell_finding(refused.refused, language)) from None
    return _tried(held, before, after, seen_by=seen_by, currency=scheme.pack.currency)


def _as_things_are(held: _Held, on: dt.date) -> Outcomes:
    if held.before is None or held.before[0] != on:
        held.before = (on, decide_households(held.screener, held.loaded, on=on))
    return held.before[1]


def _tried(
    held: _Held, before: Outcomes, after: Outcomes, *, seen_by: Actor, currency: str
) -> Tried:
    counties, places = by_county(held.loaded)
    size = len(counties)
    ones = np.ones(held.loaded.count, np.int64)
    then, now = before.kind == GRANTED, after.kind == GRANTED

    def count(mask: Any) -> list[int]:  # noqa: ANN401 - an array
        return add_up(places[mask], ones[mask], size)

    columns = (
        *(count(then), count(now), count(now & ~then), count(then & ~now)),
        count(after.kind == UNDECIDED),
        *(add_up(places, before.minor, size), add_up(places, after.minor, size)),
        add_up(places, ones, size),
    )
    seen = [at for at, path in enumerate(counties) if path in seen_by.scope.places]
    rows = [_row(counties[at], [column[at] for column in columns], currency) for at in seen]
    sums = [sum(column[at] for at in seen) for column in columns]
    return Tried(tuple(rows), _row("", sums, currency), sums[-1], held.stands[1])


def _row(path: str, found: list[int], currency: str) -> CountyRow:
    granted_before, granted, newly, gone, undecided, minor_before, minor, _ = found
    money_before, money = Money(currency, minor_before), Money(currency, minor)
    return CountyRow(path, granted_before, granted, newly, gone, undecided, money_before, money)


def _ready(scheme: Scheme) -> _Held:
    """Give a scheme with all households in memory; load them if the copy is newer.

    Raises:
        NotPrepared: there is no copy, or the rules are not compiled.
    """
    standing = copy_stamp(settings.REDRESS_WAREHOUSE)
    if standing is None or not _marker(scheme).exists() or scheme.pack.currency not in MINOR_DIGITS:
        ask_to_prepare(scheme)
        raise NotPrepared
    with _lock:
        held = _held.get(scheme.digest)
        if held is None or held.stands != standing:
            held = _load(scheme)
            _held[scheme.digest] = held
        _held.move_to_end(scheme.digest)
        while len(_held) > HELD_MAX:
            _held.popitem(last=False)
        return held


def _load(scheme: Scheme) -> _Held:
    copy = present_copy()
    if copy is None:
        raise NotPrepared
    screener = make_screener(scheme.pack, settings.REDRESS_COMPILED)
    return _Held((copy.stamp, copy.made_at), load_households(scheme.pack, copy.table), screener)


def ask_to_prepare(scheme: Scheme) -> None:
    """Let the task worker make the copy and compile the rules; asked for twice it does so once."""
    task = app.configure_task(TASK, queueing_lock=f"{TASK}/{scheme.digest}")
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(digest=scheme.digest)


def _marker(scheme: Scheme) -> Any:  # noqa: ANN401 - a path of the settings
    return settings.REDRESS_COMPILED / f"{scheme.digest}.ready"


def compile_scheme(scheme: Scheme) -> None:
    """Compile a scheme's rules, so that no page waits for it; the code is kept in a folder."""
    if _marker(scheme).exists():
        return
    screener = make_screener(scheme.pack, settings.REDRESS_COMPILED)
    copy = present_copy()
    if copy is None or not copy.table.num_rows:
        return  # compiled for the columns that the copy has: not before there are some
    decide_some(screener, load_households(scheme.pack, copy.table.slice(0, 1)))
    _marker(scheme).touch()


def copy_register(*, at: dt.datetime) -> None:
    """Bring the warehouse's copy up to date, as the system."""
    with within(WHOLE):
        refresh_copy(at=at)


def prepare_what_if(digest: str, *, at: dt.datetime) -> None:
    """Make the copy and compile the rules of the scheme with a digest, if it is in force."""
    copy_register(at=at)
    for scheme in schemes():
        if scheme.digest == digest:
            compile_scheme(scheme)
