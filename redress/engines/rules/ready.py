"""What compiled code is handed for one day: parameters, days of birth, the sizes it is exact for."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType
from typing import Any, Final

import numpy as np
from numba import njit

from redress.engines.rules.assemble import Assembled
from redress.engines.rules.calendar import latest_birth
from redress.engines.rules.columns import Array, Columns
from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.pack import Input, Pack
from redress.engines.rules.sizes import DECIMAL_BY

SIZE_MAX: Final = 1 << 62
_SIZES: Final = tuple(
    (10**money, 10**number) for money in range(13, 5, -1) for number in (9, 7, 6, 5, 4, 3, 2)
)


@dataclass(frozen=True, slots=True)
class Ready:
    """What holds on one day.

    Attributes:
        params: upper and lower part of each parameter.
        cutoffs: the latest day of birth for each comparison of an age with a fixed number.
        most: how great a sum, a whole number and a decimal as it is written may be for the loop
            over known rows to be exact.
        quick: whether that loop is there, and exact at all.
    """

    params: Array
    cutoffs: Array
    most: tuple[int, int, int]
    quick: bool


def ready_on(day: dt.date, pack: Pack, assembled: Assembled, module: ModuleType) -> Ready | None:
    """Make what holds on a day; None where a parameter has no value in 64 bits."""
    rows = []
    for one in pack.parameters:
        held = one.on(day)
        value = Fraction(held.value) if held else None
        if value is None or (one.base is Base.MONEY and value.denominator != 1):
            return None
        if max(abs(value.numerator), value.denominator) >= SIZE_MAX:
            return None
        rows.append((value.numerator, value.denominator))
    params = np.array(rows or [(0, 1)], dtype=np.int64)
    money, number = _bounds(params, module)
    quick = assembled.quick and money >= 0
    cutoffs = np.array(
        [_cutoff(node, params, day) for node in assembled.cutoffs] or [0], dtype=np.int64
    )
    return Ready(params, cutoffs, (money, number, number * DECIMAL_BY), quick)


def _cutoff(node: Node, params: Array, day: dt.date) -> int:
    """Give the last day of birth of whoever is old enough for a comparison.

    Raises:
        TypeError: it is with no number, which the writer of the code does not allow.
    """
    fixed = node.args[1]
    value = (
        Fraction(*params[int(str(fixed.value))].tolist()) if fixed.op == "param" else fixed.value
    )
    if not isinstance(value, int | Fraction):
        raise TypeError(node.op)
    years = math.ceil(value) if node.op in {"ge", "lt"} else math.floor(value) + 1
    return latest_birth(years, day)


def _bounds(params: Array, module: ModuleType) -> tuple[int, int]:
    sizes = [(abs(n), d) for n, d in params.tolist()]
    for money, number in _SIZES:
        if module.proof(sizes, money, number) < SIZE_MAX:
            return money, number
    return -1, -1


def far_rows(pack: Pack, columns: Columns, ready: Ready) -> Array:
    """Say which rows hold numbers beyond what the proof allows: every product is checked there."""
    far = np.zeros(columns.count, np.bool_)
    money, whole, decimal = ready.most
    for at, one in enumerate(pack.inputs):
        kind = one.of if one.base is Base.LIST else one.base
        if kind in {Base.MONEY, Base.NUMBER}:
            is_whole = one.whole and one.base is Base.NUMBER
            most = money if kind is Base.MONEY else whole if is_whole else decimal
            _mark_beyond(columns, at, one, most, far)
    return far


def _mark_beyond(columns: Columns, at: int, one: Input, most: int, far: Array) -> None:
    """Mark rows where a fact is beyond a size."""
    name = f"c{at}" if one.of_member else f"l{at}" if one.base is Base.LIST else f"X{at}"
    array = columns.arrays[name]
    offsets = columns.offsets if one.of_member else columns.arrays.get(f"K{at}")
    if offsets is not None:
        array = array[offsets[0] : offsets[-1]]
    scale, shift = columns.scales[at].tolist()
    end = (most - shift) // scale
    if not _any_beyond(array, end):
        return
    rows = np.flatnonzero((array > end) | (array < -end))
    if offsets is not None:
        rows = np.searchsorted(offsets, rows + offsets[0], side="right") - 1
    far[rows] = True


@njit(cache=True, nogil=True)
def _any_beyond(array: Any, end: int) -> bool:  # noqa: ANN401 - an array
    """Say whether any number lies outside -end … end; without branches, so several at once."""
    low = high = np.int64(0)
    for at in range(len(array)):
        value = np.int64(array[at])
        low, high = min(low, value), max(high, value)
    return bool(high > end or low < -end)
