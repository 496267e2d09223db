"""What is not known: numbers between bounds, truth that may go either way.

An absent fact is a range of values together with the facts that would narrow it. Arithmetic keeps
the range, so that a comparison which no value in it could turn is decided anyway (Kleene's logic is
the case where the range is everything). `needs` is a set of bits, one for each fact; a higher bit
stands for a rule that has no value at all, like a division by zero.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from redress.engines.rules.nodes import Number
from redress.engines.rules.ratio import quick, ratio


class Infinite:
    """A bound beyond every number, on one side."""

    __slots__ = ("sign",)

    def __init__(self, sign: int) -> None:
        self.sign = sign

    def __repr__(self) -> str:
        return "∞" if self.sign > 0 else "-∞"


ABOVE: Final = Infinite(1)
BELOW: Final = Infinite(-1)
Bound = Number | Infinite


def _le(left: Bound, right: Bound) -> bool:
    if isinstance(left, Infinite):
        return left.sign < 0 or (isinstance(right, Infinite) and right.sign > 0)
    if isinstance(right, Infinite):
        return right.sign > 0
    return left <= right


def least(left: Bound, right: Bound) -> Bound:
    """Give the lower of two bounds."""
    return left if _le(left, right) else right


def most(left: Bound, right: Bound) -> Bound:
    """Give the higher of two bounds."""
    return right if _le(left, right) else left


def _plus(left: Bound, right: Bound) -> Bound:
    if isinstance(left, Infinite):
        return left
    return right if isinstance(right, Infinite) else left + right


def _minus(bound: Bound) -> Bound:
    if isinstance(bound, Infinite):
        return BELOW if bound.sign > 0 else ABOVE
    return -bound


def _sign(bound: Bound) -> int:
    if isinstance(bound, Infinite):
        return bound.sign
    return (bound > 0) - (bound < 0)


def _times(left: Bound, right: Bound) -> Bound:
    if isinstance(left, Infinite) or isinstance(right, Infinite):
        sign = _sign(left) * _sign(right)  # a bound times zero is zero
        return (ABOVE if sign > 0 else BELOW) if sign else 0
    return left * right


class Maybe:
    """True or false, depending on facts not known."""

    __slots__ = ("needs",)

    def __init__(self, needs: int) -> None:
        self.needs = needs

    def __bool__(self) -> bool:
        raise TypeError("neither true nor false; ask `is True`")


Truth = bool | Maybe


class Unknown:
    """A number somewhere between two bounds."""

    __slots__ = ("high", "low", "needs")
    __hash__ = None  # type: ignore[assignment] # never a key

    def __init__(self, low: Bound, high: Bound, needs: int) -> None:
        self.low, self.high, self.needs = low, high, needs

    def __repr__(self) -> str:
        return f"{self.low}…{self.high}"

    def __add__(self, other: Quantity) -> Quantity:
        low, high = bounds(other)
        return between(_plus(self.low, low), _plus(self.high, high), self.needs | needs_of(other))

    __radd__ = __add__

    def __neg__(self) -> Quantity:
        return Unknown(_minus(self.high), _minus(self.low), self.needs)

    def __sub__(self, other: Quantity) -> Quantity:
        return self + -other

    def __rsub__(self, other: Quantity) -> Quantity:
        return -self + other

    def __mul__(self, other: Quantity) -> Quantity:
        ends = [_times(mine, its) for mine in (self.low, self.high) for its in bounds(other)]
        low, high = ends[0], ends[0]
        for end in ends[1:]:
            low, high = least(low, end), most(high, end)
        return between(low, high, self.needs | needs_of(other))

    __rmul__ = __mul__

    def __lt__(self, other: Quantity) -> Truth:
        low, high = bounds(other)
        if not _le(low, self.high):  # all of mine below all of its
            return True
        return False if _le(high, self.low) else Maybe(self.needs | needs_of(other))

    def __le__(self, other: Quantity) -> Truth:
        low, high = bounds(other)
        if _le(self.high, low):
            return True
        return False if not _le(self.low, high) else Maybe(self.needs | needs_of(other))

    def __gt__(self, other: Quantity) -> Truth:
        return opposite(self <= other)

    def __ge__(self, other: Quantity) -> Truth:
        return opposite(self < other)

    def __eq__(self, other: object) -> Truth:  # type: ignore[override] # may be neither
        if not isinstance(other, int | Fraction | Unknown):
            return NotImplemented
        low, high = bounds(other)
        apart = not _le(low, self.high) or not _le(self.low, high)
        return False if apart else Maybe(self.needs | needs_of(other))


Quantity = Number | Unknown


def bounds(value: Quantity) -> tuple[Bound, Bound]:
    """Give the lowest and highest that a value may be."""
    return (value.low, value.high) if isinstance(value, Unknown) else (value, value)


def needs_of(value: object) -> int:
    """Give the facts a value waits for; 0 if it is known."""
    if isinstance(value, int | str):  # the commonest first
        return 0
    return value.needs if isinstance(value, _UNKNOWN) else 0


def between(low: Bound, high: Bound, needs: int) -> Quantity:
    """Give a number between bounds: the number itself where they meet."""
    if not isinstance(low, Infinite) and not isinstance(high, Infinite) and low == high:
        return low
    return Unknown(low, high, needs)


def anything(needs: int) -> Unknown:
    """Give a number of which nothing is known."""
    return Unknown(BELOW, ABOVE, needs)


def opposite(value: Truth) -> Truth:
    """Give `not value`."""
    return value if isinstance(value, Maybe) else not value


def hull(one: Quantity, other: Quantity, needs: int) -> Quantity:
    """Give a number that is one of two; which of them is not known."""
    low, high = bounds(one)
    low2, high2 = bounds(other)
    return between(least(low, low2), most(high, high2), needs | needs_of(one) | needs_of(other))


def smaller(one: Quantity, other: Quantity) -> Quantity:
    """Give the smaller of two."""
    low, high = bounds(one)
    low2, high2 = bounds(other)
    return _chosen(one, other, least(low, low2), least(high, high2))


def greater(one: Quantity, other: Quantity) -> Quantity:
    """Give the greater of two."""
    low, high = bounds(one)
    low2, high2 = bounds(other)
    return _chosen(one, other, most(low, low2), most(high, high2))


def _chosen(one: Quantity, other: Quantity, low: Bound, high: Bound) -> Quantity:
    """Prefer the operand itself, so that the other's needs are not asked for in vain."""
    for chosen in (one, other):
        if bounds(chosen) == (low, high):
            dropped = other if chosen is one else one
            if not isinstance(chosen, Unknown) or not overlap(chosen, dropped):
                return chosen
    return between(low, high, needs_of(one) | needs_of(other))


def overlap(one: Quantity, other: Quantity) -> bool:
    """Say whether two ranges share more than an end."""
    low, high = bounds(one)
    low2, high2 = bounds(other)
    return not (_le(high, low2) or _le(high2, low))


def divided(one: Quantity, other: Quantity, fault: int) -> Quantity:
    """Divide; by zero there is no value, and ``fault`` stands among the needs."""
    if type(one) is int and type(other) is int and other:
        return ratio(one, other)
    if isinstance(other, Unknown):
        low, high = other.low, other.high
        if _le(low, 0) and _le(0, high):
            return anything(needs_of(one) | other.needs)
        return between(_over(high), _over(low), other.needs) * one
    if other == 0:
        return anything(fault | needs_of(one))
    if isinstance(one, Unknown):
        return one * Fraction(1, other)
    found: Number = quick((one if isinstance(one, Fraction) else Fraction(one)) / other)
    return found


def _over(bound: Bound) -> Bound:
    return 0 if isinstance(bound, Infinite) else 1 / Fraction(bound)


class UnknownText:
    """A text that is not known."""

    __slots__ = ("needs",)

    def __init__(self, needs: int) -> None:
        self.needs = needs


class UnknownList:
    """A list, or the members of a household, not known."""

    __slots__ = ("needs",)

    def __init__(self, needs: int) -> None:
        self.needs = needs


_UNKNOWN: Final = (Unknown, Maybe, UnknownText, UnknownList)
