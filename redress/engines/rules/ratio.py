"""Exact fractions, quicker than the standard ones at what rules do most.

A ``Ratio`` is a ``Fraction``; it only takes a shorter way where it meets a whole number or another
``Ratio``. A result without a remainder is a plain whole number.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING, Any

_new = object.__new__


class Ratio(Fraction):
    """A fraction in lowest terms whose lower part is above one."""

    __slots__ = ()
    __hash__ = Fraction.__hash__
    if TYPE_CHECKING:
        _numerator: int
        _denominator: int

    def __add__(self, other: Any) -> Any:  # noqa: ANN401 - any number, or one not known
        if type(other) is int:
            return _lowest(self._numerator + other * self._denominator, self._denominator)
        if type(other) is Ratio:
            down, its = self._denominator, other._denominator
            return ratio(self._numerator * its + other._numerator * down, down * its)
        return Fraction.__add__(self, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:  # noqa: ANN401
        if type(other) is int:
            return _lowest(self._numerator - other * self._denominator, self._denominator)
        if type(other) is Ratio:
            down, its = self._denominator, other._denominator
            return ratio(self._numerator * its - other._numerator * down, down * its)
        return Fraction.__sub__(self, other)

    def __rsub__(self, other: Any) -> Any:  # noqa: ANN401
        if type(other) is int:
            return _lowest(other * self._denominator - self._numerator, self._denominator)
        return Fraction.__rsub__(self, other)

    def __mul__(self, other: Any) -> Any:  # noqa: ANN401
        if type(other) is int:
            return ratio(self._numerator * other, self._denominator)
        if type(other) is Ratio:
            return ratio(self._numerator * other._numerator, self._denominator * other._denominator)
        return Fraction.__mul__(self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:  # noqa: ANN401
        if type(other) is int:
            return ratio(self._numerator, self._denominator * other)
        return Fraction.__truediv__(self, other)

    def __floordiv__(self, other: Any) -> Any:  # noqa: ANN401
        if type(other) is int:
            return self._numerator // (self._denominator * other)
        return Fraction.__floordiv__(self, other)

    def __neg__(self) -> Ratio:
        return _lowest(-self._numerator, self._denominator)

    def __eq__(self, other: object) -> bool:
        if type(other) is int:
            return False  # the lower part is above one
        return Fraction.__eq__(self, other)

    def __lt__(self, other: Any) -> Any:  # noqa: ANN401
        if type(other) is int:
            return self._numerator < other * self._denominator
        if type(other) is Ratio:
            return self._numerator * other._denominator < other._numerator * self._denominator
        return Fraction.__lt__(self, other)

    def __gt__(self, other: Any) -> Any:  # noqa: ANN401
        if type(other) is int:
            return self._numerator > other * self._denominator
        if type(other) is Ratio:
            return self._numerator * other._denominator > other._numerator * self._denominator
        return Fraction.__gt__(self, other)

    def __le__(self, other: Any) -> Any:  # noqa: ANN401
        return self < other if type(other) is int else Fraction.__le__(self, other)

    def __ge__(self, other: Any) -> Any:  # noqa: ANN401
        return self > other if type(other) is int else Fraction.__ge__(self, other)


def _lowest(upper: int, lower: int) -> Ratio:
    """Make a fraction that is in lowest terms already."""
    made = _new(Ratio)
    made._numerator, made._denominator = upper, lower
    return made


def ratio(upper: int, lower: int) -> int | Ratio:
    """Divide whole numbers exactly; ``lower`` is not zero."""
    common = gcd(upper, lower)
    if lower < 0:
        common = -common
    if common == lower:
        return upper // lower
    made = _new(Ratio)
    made._numerator, made._denominator = upper // common, lower // common
    return made


def quick(value: Any) -> Any:  # noqa: ANN401 - any value of a rule
    """Give a fraction in its quicker form; anything else as it is."""
    if isinstance(value, Fraction):
        return ratio(value.numerator, value.denominator)
    return value
