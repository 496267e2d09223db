"""The mass evaluator's allocation, compiled: over the shares of one row, in place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def floor_div(top: int, down: int) -> int:
    """Divide whole numbers downwards, exactly; both from zero to 2^62, ``down`` above zero.

    No branch and no division of whole numbers, so that several are done at once. The first quotient
    is off by at most 1 + 2^-51 of itself, so what it leaves over has room; the second is off by less
    than one, and is put right by one at most.
    """
    inverse = 1.0 / np.float64(down)
    quotient: int = np.int64(np.float64(top) * inverse)  # type: ignore[assignment] # compiled
    rest = top - quotient * down
    more: int = np.int64(np.float64(rest) * inverse)  # type: ignore[assignment] # compiled
    quotient += more
    rest -= more * down
    return quotient - (1 if rest < 0 else 0) + (1 if rest >= down else 0)


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def half_up(n: int, d: int, step: int) -> int:
    """Round n/d to a multiple of ``step``, half up; never below zero."""
    return floor_div(2 * max(n, 0) + step * d, 2 * step * d) * step


@njit(cache=True, nogil=True)
def highest(shares: Any, places: Any) -> int:  # noqa: ANN401 - arrays
    """Find the highest share above zero among some places, the first of equal ones; -1 if none."""
    best, most = -1, 0
    for place in range(len(shares)):
        if places[place] and shares[place] > most:
            best, most = place, shares[place]
    return best


@njit(cache=True, nogil=True)
def best_one(shares: Any, inside: Any) -> None:  # noqa: ANN401 - arrays
    """Leave the highest share of those inside."""
    best = highest(shares, inside)
    for place in range(len(shares)):
        if inside[place] and place != best:
            shares[place] = 0


@njit(cache=True, nogil=True)
def cap_in_order(shares: Any, needs: Any, order: Any, room: int) -> None:  # noqa: ANN401 - arrays
    """Grant in order until the room is used up; from one not known on, the rest is not known."""
    left, waiting = max(room, 0), 0
    for place in order:
        if shares[place] == 0 and needs[place] == 0:
            continue
        if left == 0:
            shares[place], needs[place] = 0, 0
        elif needs[place] or waiting:
            waiting |= needs[place]
            shares[place], needs[place] = 0, waiting
        else:
            shares[place] = min(shares[place], left)
            left -= shares[place]


@njit(cache=True, nogil=True)
def needs_inside(needs: Any, inside: Any) -> int:  # noqa: ANN401 - arrays
    """Join what the shares inside wait for."""
    joined = 0
    for place in range(len(needs)):
        if inside[place]:
            joined |= needs[place]
    return joined


@njit(cache=True, nogil=True)
def leave_open(shares: Any, needs: Any, inside: Any, waiting: int) -> None:  # noqa: ANN401 - arrays
    """Leave open every share inside that is not refused already."""
    for place in range(len(shares)):
        if inside[place] and (shares[place] or needs[place]):
            shares[place], needs[place] = 0, needs[place] | waiting


@njit(cache=True, nogil=True)
def count_inside(shares: Any, inside: Any) -> int:  # noqa: ANN401 - arrays
    """Count the shares above zero inside."""
    found = 0
    for place in range(len(shares)):
        found += int(inside[place] and shares[place] > 0)
    return found
