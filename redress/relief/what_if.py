"""What if: other values for a scheme's numbers; households and money by county, before and after."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from redress.engines.rules.screen import Screener
from redress.registers.accounts.roles import Actor
from redress.registers.offices.scope import WHOLE, within
from redress.relief.assess_all import by_county
from redress.relief.copying import present_copy, refresh_copy
from redress.relief.numbers import with_values
from redress.relief.schemes import Scheme, schemes
from redress.values.money import Total
from redress.warehouse.aside import ROWS_SEARCHED, TooManyRefused
from redress.warehouse.copy import copy_rows, copy_stamp
from redress.warehouse.deciding import (
    GRANTED,
    REFUSED,
    UNDECIDED,
    Loaded,
    Outcomes,
    code_name,
    decide_households,
    decide_some,
    load_households,
    make_screener,
    slow_rows,
)
from redress.warehouse.runs import add_up

TASK: Final = "prepare_what_if"
HELD_MAX: Final = 2  # schemes held in memory with all households
SLOW_ROWS_MAX: Final = 20_000  # some seconds
ASIDE_MAX: Final = 1_000  # households of the whole register that may be left out


class NoHouseholds(Exception):
    """The register has no household yet."""


class NotPrepared(Exception):
    """The copy is not made or the rules not compiled yet; the task worker is at it."""


class TooSlow(Exception):
    """With these numbers most households cannot be decided while somebody waits for a page."""


class NoOutcome(Exception):
    """The rules have no value for too many households, with these numbers or already without."""


@dataclass(frozen=True, slots=True)
class CountyRow:
    """A county, or all of them together: before and after."""

    path: str
    granted_before: int
    granted: int
    newly: int
    gone: int
    undecided: int
    money_before: Total
    money: Total

    @property
    def difference(self) -> Total:
        """How much more is granted."""
        return self.money - self.money_before


@dataclass(frozen=True, slots=True)
class Tried:
    """What would be: by county, in all, and how old the register's copy is.

    ``left_out`` counts households for which the rules have no value, before or after.
    """

    counties: tuple[CountyRow, ...]
    total: CountyRow
    households: int
    left_out: int
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
_code_names: dict[str, str] = {}


def try_values(
    scheme: Scheme, tried: dict[str, str], *, seen_by: Actor, on: dt.date, language: str
) -> Tried:
    """Decide for all households of a person's places as things are, and with other values.

    Raises:
        NoHouseholds: the register has none yet.
        NotPrepared: it cannot be done yet; the task worker has been told.
        NotAValue: a value cannot be taken.
        TooSlow: the values are so large or so fine that the quick way does not hold them.
        NoOutcome: the rules have no value for too many households; which is nobody's to know who
            does not see them.
    """
    pack = with_values(scheme.pack, tried, language=language)
    try:
        held = _ready(scheme)
        before = _as_things_are(held, on)
        after = before
        if pack.parameters != scheme.pack.parameters:
            screener = held.screener.with_pack(pack)
            if slow_rows(screener, held.loaded, on=on) > SLOW_ROWS_MAX:
                raise TooSlow
            after = decide_households(screener, held.loaded, on=on, aside_max=ASIDE_MAX)
    except TooManyRefused:
        raise NoOutcome from None
    return _tried(held, before, after, seen_by=seen_by, currency=scheme.pack.currency)


def _as_things_are(held: _Held, on: dt.date) -> Outcomes:
    if held.before is None or held.before[0] != on:
        found = decide_households(held.screener, held.loaded, on=on, aside_max=ASIDE_MAX)
        held.before = (on, found)
    return held.before[1]


def _tried(
    held: _Held, before: Outcomes, after: Outcomes, *, seen_by: Actor, currency: str
) -> Tried:
    within_reach = seen_by.scope.places
    counties, places = by_county(held.loaded, places=within_reach)
    size = len(counties)
    ones = np.ones(held.loaded.count, np.int64)
    decided = (before.kind != REFUSED) & (after.kind != REFUSED) & (places >= 0)
    then, now = decided & (before.kind == GRANTED), decided & (after.kind == GRANTED)

    def count(mask: Any) -> list[int]:  # noqa: ANN401 - an array
        return add_up(places[mask], ones[mask], size)

    def total(minor: Any) -> list[int]:  # noqa: ANN401 - an array
        return add_up(places[decided], minor[decided], size)

    columns = (
        *(count(then), count(now), count(now & ~then), count(then & ~now)),
        count(decided & (after.kind == UNDECIDED)),
        *(total(before.minor), total(after.minor), count(decided)),
    )
    rows = [
        _row(path, [column[at] for column in columns], currency) for at, path in enumerate(counties)
    ]
    sums = [sum(column) for column in columns]
    left_out = int(((places >= 0) & ~decided).sum())
    left_out += sum(one.path in within_reach for one in held.loaded.aside)
    return Tried(tuple(rows), _row("", sums, currency), sums[-1], left_out, held.stands[1])


def _row(path: str, found: list[int], currency: str) -> CountyRow:
    granted_before, granted, newly, gone, undecided, minor_before, minor, _ = found
    money_before, money = Total(currency, minor_before), Total(currency, minor)
    return CountyRow(path, granted_before, granted, newly, gone, undecided, money_before, money)


def _ready(scheme: Scheme) -> _Held:
    """Give a scheme with all households in memory; load them if the copy is newer.

    Raises:
        NoHouseholds: there is a copy, and nobody in it.
        NotPrepared: there is no copy, or the rules are not compiled.
    """
    standing = copy_stamp(settings.REDRESS_WAREHOUSE)
    if standing is not None and copy_rows(settings.REDRESS_WAREHOUSE) == 0:
        raise NoHouseholds
    if standing is None or not _marker(scheme).exists():
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
    loaded = load_households(scheme.pack, copy.table, aside_max=ASIDE_MAX)
    return _Held((copy.stamp, copy.made_at), loaded, screener)


def ask_to_prepare(scheme: Scheme) -> None:
    """Let the task worker make the copy and compile the rules; asked for twice it does so once."""
    task = app.configure_task(TASK, queueing_lock=f"{TASK}/{scheme.digest}")
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(digest=scheme.digest)


def _marker(scheme: Scheme) -> Path:
    """Name the file that stands once the rules are compiled, by this engine."""
    if scheme.digest not in _code_names:
        _code_names[scheme.digest] = code_name(scheme.pack)
    compiled: Path = settings.REDRESS_COMPILED
    return compiled / f"{_code_names[scheme.digest]}.ready"


def compile_scheme(scheme: Scheme) -> None:
    """Compile a scheme's rules, so that no page waits for it; the code is kept in a folder."""
    if _marker(scheme).exists():
        return
    screener = make_screener(scheme.pack, settings.REDRESS_COMPILED)
    copy = present_copy()
    if copy is None or not copy.table.num_rows:
        return  # compiled for the columns that the copy has: not before there are some
    some = copy.table.slice(0, ROWS_SEARCHED)
    decide_some(screener, load_households(scheme.pack, some, aside_max=ROWS_SEARCHED))
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
