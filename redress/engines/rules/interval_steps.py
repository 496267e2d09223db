"""The mass evaluator's rounding, tables and shares where facts are absent, compiled."""

from __future__ import annotations

from typing import Any

from numba import njit

from redress.engines.rules.facts import MONEY_MINOR_MAX
from redress.engines.rules.intervals import (
    LOST,
    NO_VALUE,
    Range,
    Truth,
    anything,
    between,
    compare,
    exactly,
    lt,
    times,
)


@njit(cache=True, nogil=True)
def _to_step(n: int, d: int, sn: int, sd: int, half: int) -> tuple[int, int, int]:
    """Take n/d to a whole number of steps sn/sd: down, or with half 1 to the nearest, half up."""
    top, lost = times(2 * n, sd)
    step, lost2 = times(sn, d)
    twice, lost3 = times(2, step)
    if lost | lost2 | lost3 or twice <= 0:
        return 0, 1, LOST
    steps = (top + half * step) // twice
    value, lost4 = times(steps, sn)
    return value, sd, lost4


@njit(cache=True, nogil=True)
def to_step(a: Range, step: Range, half: int) -> Range:
    """Round a number to steps; a range by its ends."""
    if step[4] or step[0] <= 0 or a[4] & LOST:
        return anything(a[4] | step[4] | LOST)
    ln, ld, hn, hd, lost, lost2 = a[0], a[1], a[2], a[3], 0, 0
    if ld:
        ln, ld, lost = _to_step(ln, ld, step[0], step[1], half)
    if hd:
        hn, hd, lost2 = _to_step(hn, hd, step[0], step[1], half)
    return between(ln, ld, hn, hd, a[4] | lost | lost2)


@njit(cache=True, nogil=True)
def band(a: Range, lows: Any, highs: Any, ns: Any, ds: Any) -> Range:  # noqa: ANN401 - arrays
    """Look a number up in a table of bands."""
    count = len(lows)
    if a[4] & LOST:
        return anything(a[4])
    if a[1] == 0 or a[3] == 0 or a[0] < lows[0] * a[1] or a[2] > highs[count - 1] * a[3]:
        return anything(a[4] | NO_VALUE)
    found, ln, ld, hn, hd = False, 0, 1, 0, 1
    for row in range(count):
        if lows[row] * a[3] > a[2] or a[0] > highs[row] * a[1]:
            continue
        if not found or compare(ns[row], ds[row], ln, ld)[0] < 0:
            ln, ld = ns[row], ds[row]
        if not found or compare(ns[row], ds[row], hn, hd)[0] > 0:
            hn, hd = ns[row], ds[row]
        found = True
    return between(ln, ld, hn, hd, a[4]) if found else anything(a[4] | NO_VALUE)


@njit(cache=True, nogil=True)
def share(when: Truth, amount: Range) -> tuple[int, int]:
    """Say what one item gives by itself: whole minor units, and what it waits for."""
    if when[0] == 0 or (amount[4] == 0 and amount[0] == 0):
        return 0, 0
    needs = when[1] | amount[4]
    if needs or amount[1] != 1 or amount[0] > MONEY_MINOR_MAX:
        return 0, needs or LOST
    return amount[0], 0


@njit(cache=True, nogil=True)
def room(cap: Range, step: int) -> tuple[int, int]:
    """Take a cap down to whole steps."""
    if cap[4]:
        return 0, cap[4]
    return (cap[0] // (cap[1] * step)) * step, 0


@njit(cache=True, nogil=True)
def is_lost(needs: int) -> bool:
    """Say whether only the reference can tell: not worked out, or nothing to ask but a rule's value."""
    return needs & LOST != 0 or needs == NO_VALUE


@njit(cache=True, nogil=True)
def bit(truth: Truth, at: int) -> int:
    """Give a bit for what holds for certain; ``LOST`` where that could not be worked out."""
    if truth[1] & LOST:
        return LOST
    return (1 << at) if truth[0] == 1 else 0


@njit(cache=True, nogil=True)
def above(share_: int, given: int, limit: Range) -> tuple[int, int]:
    """Ask whether a share with what was given before is above a limit."""
    return lt(limit, exactly(share_ + given, 1))
