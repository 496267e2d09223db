"""The mass evaluator's numbers where facts are absent: ranges of exact fractions, compiled.

A number is ``(low, low_by, high, high_by, needs)``: two fractions of whole numbers and the bits of
the facts it waits for. A fraction over zero is a bound beyond every number. A truth value is
``(code, needs)`` with code 0 false, 1 true, 2 either. Each function here does what the class of the
same deed in ``known.py`` does; what has no value at all gets the bit ``NO_VALUE``, and whatever
cannot be done exactly in 64 bits the bit ``LOST``: its row is decided by the reference.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

LOST: Final = 1 << 62
NO_VALUE: Final = 1 << 61  # among the needs: a rule has no value for what is known
_ROOM: Final = 4.0e18  # below 2^63 with some to spare for one addition
Range = tuple[int, int, int, int, int]
Truth = tuple[int, int]


@njit(cache=True, nogil=True)
def times(left: int, right: int) -> tuple[int, int]:
    """Multiply, or say that the product has no room."""
    if abs(np.float64(left) * np.float64(right)) > _ROOM:
        return 0, LOST
    return left * right, 0


@njit(cache=True, nogil=True)
def compare(n1: int, d1: int, n2: int, d2: int) -> tuple[int, int]:
    """Compare two fractions: -1, 0, 1; with ``LOST`` where the products have no room."""
    left, lost = times(n1, d2)
    right, lost2 = times(n2, d1)
    if d1 == 0 and d2 == 0:
        left, right = n1, n2
    return (1 if left > right else 0) - (1 if left < right else 0), lost | lost2


@njit(cache=True, nogil=True)
def anything(needs: int) -> Range:
    """Give a number of which nothing is known."""
    return -1, 0, 1, 0, needs


@njit(cache=True, nogil=True)
def exactly(n: int, d: int) -> Range:
    """Give a known number."""
    return n, d, n, d, 0


@njit(cache=True, nogil=True)
def between(ln: int, ld: int, hn: int, hd: int, needs: int) -> Range:
    """Give a number between bounds: the number itself where they meet."""
    if needs & LOST:
        return anything(needs)
    if ld and hd:
        side, lost = compare(ln, ld, hn, hd)
        if lost:
            return anything(needs | LOST)
        if side == 0:
            return ln, ld, ln, ld, 0
    return ln, ld, hn, hd, needs


@njit(cache=True, nogil=True)
def _plus(n1: int, d1: int, n2: int, d2: int) -> tuple[int, int, int]:
    if d1 == 0:
        return n1, 0, 0
    if d2 == 0:
        return n2, 0, 0
    if d1 == d2:
        if abs(np.float64(n1) + np.float64(n2)) > _ROOM:
            return 0, 1, LOST
        return n1 + n2, d1, 0
    left, lost = times(n1, d2)
    right, lost2 = times(n2, d1)
    down, lost3 = times(d1, d2)
    if abs(np.float64(left) + np.float64(right)) > _ROOM:
        lost = LOST
    return left + right, down, lost | lost2 | lost3


@njit(cache=True, nogil=True)
def add(a: Range, b: Range) -> Range:
    """Add."""
    ln, ld, lost = _plus(a[0], a[1], b[0], b[1])
    hn, hd, lost2 = _plus(a[2], a[3], b[2], b[3])
    return between(ln, ld, hn, hd, a[4] | b[4] | lost | lost2)


@njit(cache=True, nogil=True)
def neg(a: Range) -> Range:
    """Turn the sign."""
    return -a[2], a[3], -a[0], a[1], a[4]


@njit(cache=True, nogil=True)
def sub(a: Range, b: Range) -> Range:
    """Subtract."""
    return add(a, neg(b))


@njit(cache=True, nogil=True)
def _product(n1: int, d1: int, n2: int, d2: int) -> tuple[int, int, int]:
    if d1 == 0 or d2 == 0:
        sign = (1 if n1 > 0 else -1 if n1 < 0 else 0) * (1 if n2 > 0 else -1 if n2 < 0 else 0)
        return sign, (0 if sign else 1), 0
    top, lost = times(n1, n2)
    down, lost2 = times(d1, d2)
    return top, down, lost | lost2


@njit(cache=True, nogil=True)
def mul(a: Range, b: Range) -> Range:
    """Multiply."""
    ln, ld, lost = _product(a[0], a[1], b[0], b[1])
    needs = a[4] | b[4]
    if needs == 0:
        return between(ln, ld, ln, ld, lost)
    hn, hd = ln, ld
    for way in range(1, 4):
        an, ad = (a[0], a[1]) if way == 1 else (a[2], a[3])
        bn, bd = (b[0], b[1]) if way == 2 else (b[2], b[3])  # noqa: PLR2004 - four pairs of ends
        n, d, lost2 = _product(an, ad, bn, bd)
        side, lost3 = compare(n, d, ln, ld)
        if side < 0:
            ln, ld = n, d
        side, lost4 = compare(n, d, hn, hd)
        if side > 0:
            hn, hd = n, d
        lost |= lost2 | lost3 | lost4
    return between(ln, ld, hn, hd, needs | lost)


@njit(cache=True, nogil=True)
def _over(n: int, d: int) -> tuple[int, int]:
    if d == 0:
        return 0, 1
    return (d, n) if n > 0 else (-d, -n)


@njit(cache=True, nogil=True)
def div(a: Range, b: Range) -> Range:
    """Divide; by zero there is no value."""
    if b[4] == 0:
        if b[0] == 0:
            return anything(a[4] | NO_VALUE)
        n, d = _over(b[0], b[1])
        return mul(a, exactly(n, d))
    low_side, high_side = (-1 if b[0] < 0 else int(b[0] > 0)), (-1 if b[2] < 0 else int(b[2] > 0))
    if low_side <= 0 <= high_side:
        return anything(a[4] | b[4])
    ln, ld = _over(b[2], b[3])
    hn, hd = _over(b[0], b[1])
    return mul(between(ln, ld, hn, hd, b[4]), a)


@njit(cache=True, nogil=True)
def _same(a: Range, ln: int, ld: int, hn: int, hd: int) -> bool:
    low, lost = compare(a[0], a[1], ln, ld)
    high, lost2 = compare(a[2], a[3], hn, hd)
    return low == 0 and high == 0 and lost | lost2 == 0


@njit(cache=True, nogil=True)
def _apart(a: Range, b: Range) -> bool:
    one, lost = compare(a[2], a[3], b[0], b[1])
    other, lost2 = compare(b[2], b[3], a[0], a[1])
    return (one <= 0 or other <= 0) and lost | lost2 == 0


@njit(cache=True, nogil=True)
def _extreme(a: Range, b: Range, sign: int) -> Range:
    low, lost = compare(a[0], a[1], b[0], b[1])
    high, lost2 = compare(a[2], a[3], b[2], b[3])
    if lost | lost2:
        return anything(a[4] | b[4] | LOST)
    ln, ld = (a[0], a[1]) if low * sign <= 0 else (b[0], b[1])
    hn, hd = (a[2], a[3]) if high * sign <= 0 else (b[2], b[3])
    if _same(a, ln, ld, hn, hd) and (a[4] == 0 or _apart(a, b)):
        return a
    if _same(b, ln, ld, hn, hd) and (b[4] == 0 or _apart(a, b)):
        return b
    return between(ln, ld, hn, hd, a[4] | b[4])


@njit(cache=True, nogil=True)
def smaller(a: Range, b: Range) -> Range:
    """Give the smaller of two."""
    return _extreme(a, b, 1)


@njit(cache=True, nogil=True)
def greater(a: Range, b: Range) -> Range:
    """Give the greater of two."""
    return _extreme(a, b, -1)


@njit(cache=True, nogil=True)
def lt(a: Range, b: Range) -> Truth:
    """Ask whether a < b."""
    one, lost = compare(a[2], a[3], b[0], b[1])
    other, lost2 = compare(b[2], b[3], a[0], a[1])
    if (a[4] | b[4] | lost | lost2) & LOST:
        return 2, a[4] | b[4] | LOST
    if one < 0:
        return 1, 0
    return (0, 0) if other <= 0 else (2, a[4] | b[4])


@njit(cache=True, nogil=True)
def le(a: Range, b: Range) -> Truth:
    """Ask whether a <= b."""
    return opposite(lt(b, a))


@njit(cache=True, nogil=True)
def eq(a: Range, b: Range) -> Truth:
    """Ask whether a = b."""
    one, lost = compare(a[2], a[3], b[0], b[1])
    other, lost2 = compare(b[2], b[3], a[0], a[1])
    needs = a[4] | b[4] | lost | lost2
    if needs == 0:
        return (1, 0) if one == 0 else (0, 0)
    if needs & LOST:
        return 2, needs
    return (0, 0) if one < 0 or other < 0 else (2, needs)


@njit(cache=True, nogil=True)
def opposite(a: Truth) -> Truth:
    """Turn true and false round."""
    return (a[0] if a[0] == 2 else 1 - a[0]), a[1]  # noqa: PLR2004 - either stays either


@njit(cache=True, nogil=True)
def both(a: Truth, b: Truth) -> Truth:
    """Ask whether both hold."""
    if a[0] == 0 or b[0] == 0:
        return 0, 0
    needs = a[1] | b[1]
    return (2, needs) if needs else (1, 0)


@njit(cache=True, nogil=True)
def either(a: Truth, b: Truth) -> Truth:
    """Ask whether one holds."""
    return opposite(both(opposite(a), opposite(b)))


@njit(cache=True, nogil=True)
def same(a: Truth, b: Truth) -> Truth:
    """Ask whether two truth values are the same."""
    needs = a[1] | b[1]
    return (2, needs) if needs else (int(a[0] == b[0]), 0)


@njit(cache=True, nogil=True)
def choose(test: Truth, yes: Range, no: Range) -> Range:
    """Give one of two numbers; a range over both where the test is not known."""
    if test[0] < 2:  # noqa: PLR2004 - known
        return yes if test[0] == 1 else no
    low, lost = compare(yes[0], yes[1], no[0], no[1])
    high, lost2 = compare(yes[2], yes[3], no[2], no[3])
    ln, ld = (yes[0], yes[1]) if low <= 0 else (no[0], no[1])
    hn, hd = (yes[2], yes[3]) if high >= 0 else (no[2], no[3])
    return between(ln, ld, hn, hd, test[1] | yes[4] | no[4] | lost | lost2)


@njit(cache=True, nogil=True)
def choose_truth(test: Truth, yes: Truth, no: Truth) -> Truth:
    """Give one of two truth values."""
    if test[0] < 2:  # noqa: PLR2004 - known
        return yes if test[0] == 1 else no
    if yes[0] == no[0] and yes[0] < 2:  # noqa: PLR2004
        return yes
    return 2, test[1] | yes[1] | no[1]
