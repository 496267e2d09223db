"""Facts as people and files write them -> exact values of a pack's inputs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.nodes import Base, Number
from redress.engines.rules.pack import Input, Pack
from redress.engines.rules.typed import plain
from redress.values.text import normal_form, to_latin_digits

MONEY_MINOR_MAX: Final = 10**16
NUMBER_MAX: Final = 10**12
DECIMAL_DIGITS_MAX: Final = 6
TEXT_CHARS_MAX: Final = 500
ELEMENTS_MAX: Final = 600
MEMBERS_MAX: Final = 200
YEARS: Final = (1900, 2200)
_TRUE: Final = frozenset({"true", "yes", "1", "y", "بله", "آری", "是", "有"})
_FALSE: Final = frozenset({"false", "no", "0", "n", "خیر", "نه", "否", "无"})

Value = Any  # int | Fraction | bool | str | tuple | None; None is absent


@dataclass(slots=True)
class Case:
    """One household's facts, read: values by place of the pack's inputs; None is absent."""

    facts: list[Value]
    members: list[list[Value]] | None = None
    given: dict[str, int] = field(default_factory=dict)  # item -> minor units, already this year
    id: str = ""


def read_value(one: Input, given: Any, *, minor: int) -> Value:  # noqa: ANN401 - whatever a file holds
    """Read one fact.

    Args:
        one: what the pack asks for.
        given: a JSON value, a date, or a text of a spreadsheet; empty is absent.
        minor: minor units in one unit of currency.

    Returns:
        Minor units, an exact number, a truth value, a day number, a text in normal form, a tuple of
        those, or None where absent.

    Raises:
        CaseRefused: not of the input's type, or outside its range.
    """
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    value: Value
    if one.base is Base.LIST:
        return _list(one, given, minor=minor)
    value = _READERS[one.base](one, given, minor)
    if one.base in {Base.NUMBER, Base.MONEY, Base.DATE}:
        _check_range(one, value, given, minor)
    return value


def _check_range(one: Input, value: Number, given: object, minor: int) -> None:
    if (one.low is not None and value < one.low) or (one.high is not None and value > one.high):
        better = range_of(one, minor)
        raise CaseRefused("out_of_range", fact=one.name, said=str(given), better=better)


def range_of(one: Input, minor: int) -> str:
    """Write an input's range, like ``1 … 30``; money in units of its currency."""

    def written(bound: Number | None) -> str:
        if bound is None:
            return ""
        if one.base is Base.DATE:
            return dt.date.fromordinal(int(bound)).isoformat()
        return in_units(bound, one, minor)

    return f"{written(one.low)} … {written(one.high)}"


def in_units(value: Number, one: Input, minor: int) -> str:
    """Write a number; money in units of its currency."""
    return str(Fraction(value) * Fraction(1, minor if one.base is Base.MONEY else 1))


def _exact(one: Input, given: object) -> Fraction:
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal | Fraction | str):
        raise CaseRefused("not_a_number", fact=one.name, said=str(given))
    try:
        if isinstance(given, str):
            plain_text = to_latin_digits(given.strip()).replace("٫", ".").replace("−", "-")
            for mark in (",", "٬", "，", "\u202f", "\u00a0"):
                plain_text = plain_text.replace(mark, "")
            decimal = Decimal(plain_text)
        elif isinstance(given, float):
            decimal = Decimal(repr(given))  # the shortest writing of it: what was meant
        else:
            return Fraction(given)
    except InvalidOperation:
        raise CaseRefused("not_a_number", fact=one.name, said=str(given)) from None
    if not decimal.is_finite() or decimal.adjusted() > 18:  # noqa: PLR2004 - beyond every sum
        raise CaseRefused("not_a_number", fact=one.name, said=str(given))
    return Fraction(decimal)


def _money(one: Input, given: object, minor: int) -> Value:
    value = _exact(one, given) * minor
    if value.denominator != 1:
        raise CaseRefused("too_many_digits", fact=one.name, said=str(given))
    if abs(value) > MONEY_MINOR_MAX:
        raise CaseRefused("out_of_range", fact=one.name, said=str(given), better="10^16")
    return value.numerator


def _number(one: Input, given: object, _minor: int) -> Value:
    value = _exact(one, given)
    if abs(value) > NUMBER_MAX:
        raise CaseRefused("out_of_range", fact=one.name, said=str(given), better="10^12")
    if one.whole and value.denominator != 1:
        raise CaseRefused("not_whole", fact=one.name, said=str(given))
    if (value * 10**DECIMAL_DIGITS_MAX).denominator != 1:
        raise CaseRefused("too_many_digits", fact=one.name, said=str(given))
    return plain(value)


def _truth(one: Input, given: object, _minor: int) -> Value:
    if isinstance(given, bool):
        return given
    said = to_latin_digits(str(given)).strip().lower()
    if said in _TRUE or said in _FALSE:
        return said in _TRUE
    raise CaseRefused("not_yes_or_no", fact=one.name, said=str(given))


def _day(one: Input, given: object, _minor: int) -> Value:
    if isinstance(given, dt.datetime):
        given = given.date()
    try:
        day = given if isinstance(given, dt.date) else _written_day(str(given))
    except ValueError:
        raise CaseRefused("not_a_day", fact=one.name, said=str(given)) from None
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise CaseRefused("not_a_day", fact=one.name, said=str(given))
    return day.toordinal()


def _written_day(given: str) -> dt.date:
    return dt.date.fromisoformat(to_latin_digits(given).strip().replace("/", "-"))


def _text(one: Input, given: object, _minor: int) -> Value:
    if not isinstance(given, str) or len(given) > TEXT_CHARS_MAX:
        raise CaseRefused("not_a_text", fact=one.name, said=str(given))
    said = normal_form(given)
    if one.values and said not in {normal_form(value) for value in one.values}:
        raise CaseRefused("not_one_of", fact=one.name, said=given, better=", ".join(one.values))
    return said


_READERS: Final = {
    Base.MONEY: _money,
    Base.NUMBER: _number,
    Base.BOOL: _truth,
    Base.DATE: _day,
    Base.TEXT: _text,
}


def _list(one: Input, given: object, *, minor: int) -> Value:
    if isinstance(given, str):
        given = _written_list(one, given)
    if not isinstance(given, list | tuple) or len(given) > ELEMENTS_MAX or one.of is None:
        raise CaseRefused("not_a_list", fact=one.name, said=str(given))
    reader = _READERS[one.of]
    return tuple(None if each is None else reader(one, each, minor) for each in given)


def _written_list(one: Input, given: str) -> object:
    """Read a list in one field: JSON, or values parted by semicolons.

    Raises:
        CaseRefused: it is no list.
    """
    if not given.lstrip().startswith("["):
        return [each.strip() or None for each in given.split(";")]
    try:
        return json.loads(given, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise CaseRefused("not_a_list", fact=one.name, said=given) from None


def read_case(
    pack: Pack,
    given: Mapping[str, Any],
    *,
    members: list[Mapping[str, Any]] | None = None,
    case_id: str = "",
) -> Case:
    """Read the facts of one case; defaults of the pack stand where a fact is absent.

    Names that are no input of the pack are left aside here; ``unknown_names`` lists them.

    Raises:
        CaseRefused: a fact of the wrong kind or outside its range.
    """
    minor = 10**pack.minor_digits
    facts = [
        None if one.of_member else _with_default(one, given.get(one.name), minor)
        for one in pack.inputs
    ]
    people = None if members is None else _members(pack, members, minor)
    return Case(facts, people, _already_given(pack, given.get("given"), minor), case_id)


def _with_default(one: Input, given: object, minor: int) -> Value:
    value = read_value(one, given, minor=minor)
    return one.default if value is None else value


def _members(pack: Pack, members: list[Mapping[str, Any]], minor: int) -> list[list[Value]]:
    if len(members) > MEMBERS_MAX:
        raise CaseRefused("too_many_members", fact="members", better=str(MEMBERS_MAX))
    if not all(isinstance(member, Mapping) for member in members):
        raise CaseRefused("not_a_list", fact="members")
    asked = [one for one in pack.inputs if one.of_member]
    return [[_with_default(one, row.get(one.name), minor) for one in asked] for row in members]


def _already_given(pack: Pack, given: object, minor: int) -> dict[str, int]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise CaseRefused("not_a_number", fact="given", said=str(given))
    found = {}
    for item in pack.items:
        if given.get(item.id) is not None:
            asked = Input(f"given.{item.id}", Base.MONEY, 0, low=0)
            found[item.id] = read_value(asked, given[item.id], minor=minor) or 0
    return found


RESERVED: Final = frozenset({"id", "at", "on", "input", "members", "given", "expect", "pack"})


def unknown_names(pack: Pack, given: Mapping[str, Any]) -> list[str]:
    """Name the facts given that the pack does not ask for."""
    asked = {one.name for one in pack.inputs if not one.of_member}
    return [name for name in given if name not in asked and name not in RESERVED]
