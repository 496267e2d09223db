"""Numbers and days as people write them, in the digits of any language."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from redress.values.text import to_latin_digits

_TENS_MAX: Final = 18  # beyond every sum
_DIGITS_MAX: Final = 40  # after the point
_MARKS: Final = ",٬،，\u202f\u00a0"
# A mark parts thousands only where three digits follow it: 1,5 is not fifteen.
_GROUPED: Final = re.compile(rf"[+-]?[0-9]{{1,3}}([{_MARKS}][0-9]{{3}})+(\.[0-9]*)?", re.ASCII)
_PLAIN: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,9})?", re.ASCII)


def exact_number(given: object) -> Fraction:
    """Read a JSON number, or one written in a field.

    Raises:
        ValueError: it is none, or has more digits than anything that is counted or paid.
    """
    if isinstance(given, int | Fraction) and not isinstance(given, bool):
        return Fraction(given)
    try:
        decimal = Decimal(_plain(given) if isinstance(given, str) else str(given))
    except InvalidOperation:  # "True", a list, bytes
        raise ValueError(given) from None
    exponent = decimal.as_tuple().exponent
    if not isinstance(exponent, int) or decimal.adjusted() > _TENS_MAX or exponent < -_DIGITS_MAX:
        raise ValueError(given)
    return Fraction(decimal)


def _plain(given: str) -> str:
    said = to_latin_digits(given.strip()).replace("٫", ".").replace("−", "-")
    if _GROUPED.fullmatch(said):
        said = re.sub(f"[{_MARKS}]", "", said)
    if not _PLAIN.fullmatch(said):
        raise ValueError(given)
    return said


def exact_day(given: object) -> dt.date:
    """Read a day: ISO, with strokes or slashes; of a moment, its day.

    Raises:
        ValueError: it is none.
    """
    if isinstance(given, dt.datetime):
        return given.date()
    if isinstance(given, dt.date):
        return given
    return dt.date.fromisoformat(to_latin_digits(str(given)).strip().replace("/", "-"))
