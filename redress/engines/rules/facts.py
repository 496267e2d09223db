"""Facts as people and files write them -> exact values of a pack's inputs."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.nodes import Base, Number
from redress.engines.rules.pack import Input, Pack
from redress.engines.rules.typed import plain
from redress.engines.rules.written import exact_day, exact_number
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

_PARTS: Final = re.compile("[;؛；]")
_COMMA: Final = re.compile("[,،，]")

Value = Any  # int | Fraction | bool | str | tuple | None; None is absent


@dataclass(slots=True)
class Case:
    """One household's facts, read: values by place of the pack's inputs; None is absent."""

    facts: list[Value]
    members: list[list[Value]] | None = None
    given: dict[str, int] = field(default_factory=dict)  # item -> minor units, already this year
    id: str = ""
    on: dt.date | None = None  # its own day, where it is not that of all


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
        return "" if bound is None else in_units(bound, one, minor)

    return f"{written(one.low)} … {written(one.high)}"


def in_units(value: Number, one: Input, minor: int) -> str:
    """Write a number or a day; money in units of its currency."""
    if one.base is Base.DATE:
        return dt.date.fromordinal(int(value)).isoformat() if value > 0 else str(value)
    return str(Fraction(value) * Fraction(1, minor if one.base is Base.MONEY else 1))


def _exact(one: Input, given: object) -> Fraction:
    try:
        return exact_number(given)
    except ValueError:
        raise CaseRefused("not_a_number", fact=one.name, said=str(given)) from None


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
    return read_day(given, one.name).toordinal()


def read_day(given: object, fact: str) -> dt.date:
    """Read a day.

    Raises:
        CaseRefused: it is none, or in another calendar.
    """
    try:
        day = exact_day(given)
    except ValueError:
        raise CaseRefused("not_a_day", fact=fact, said=str(given)) from None
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise CaseRefused("not_a_day", fact=fact, said=str(given))
    return day


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
        parts = _PARTS.split(given)
        if len(parts) == 1 and one.of in {Base.MONEY, Base.NUMBER} and _COMMA.search(given):
            raise CaseRefused(
                "not_a_list", fact=one.name, said=given
            )  # two sums, or one with a mark?
        return [each.strip() or None for each in parts]
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
    return Case(facts, people, already_given(pack, given), case_id)


def _with_default(one: Input, given: object, minor: int) -> Value:
    value = read_value(one, given, minor=minor)
    return one.default if value is None else value


def _members(pack: Pack, members: object, minor: int) -> list[list[Value]]:
    if not isinstance(members, list) or not all(isinstance(one, Mapping) for one in members):
        raise CaseRefused("not_a_list", fact="members", said=str(members))
    if len(members) > MEMBERS_MAX:
        raise CaseRefused("too_many_members", fact="members", better=str(MEMBERS_MAX))
    asked = [one for one in pack.inputs if one.of_member]
    return [[_with_default(one, row.get(one.name), minor) for one in asked] for row in members]


def already_given(pack: Pack, given: Mapping[str, Any]) -> dict[str, int]:
    """Read the sums already given this year: ``given`` by item, or ``given_<item>`` each.

    Raises:
        CaseRefused: not a sum, or told twice.
    """
    together = given.get("given")
    if isinstance(together, str):
        together = _written_sums(pack, together)
    if together is not None and not isinstance(together, Mapping):
        raise CaseRefused("not_sums_by_item", fact="given", said=str(together))
    found, minor = {}, 10**pack.minor_digits
    for item, name in given_names(pack).items():
        told = [one for one in ((together or {}).get(item), given.get(name)) if one is not None]
        if len(told) > 1:
            raise CaseRefused("told_twice", fact=name, said=name)
        asked = Input(f"given.{item}", Base.MONEY, 0, low=0)
        if told and (sum_ := read_value(asked, told[0], minor=minor)):
            found[item] = sum_
    return found


def _written_sums(pack: Pack, given: str) -> object:
    """Read sums by item in one field, as JSON; what is none stays as it is.

    Raises:
        CaseRefused: it names an item that the pack does not have.
    """
    try:
        read = json.loads(given, parse_float=Decimal) if given.strip() else None
    except (ValueError, RecursionError):
        return given
    items = [item.id for item in pack.items]
    for name in read if isinstance(read, Mapping) else ():
        if name not in items:
            raise CaseRefused("no_such_item", fact="given", said=name, better=", ".join(items))
    return read


def given_names(pack: Pack) -> dict[str, str]:
    """Name the column of each item's sum already given; an input of that name comes first."""
    names = {item.id: f"given_{item.id}" for item in pack.items}
    return {item: name for item, name in names.items() if pack.input_named(name) is None}
