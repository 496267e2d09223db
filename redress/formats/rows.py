"""Cells of imported rows, read one field at a time; what is wrong is kept, never guessed away."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Final

from redress.formats.tables import TableRow
from redress.values.calendars import Calendar, NotADay, read_day
from redress.values.money import Money, NotMoney, parse_money
from redress.values.text import to_latin_digits

_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SOLAR_YEAR_MAX: Final = 1600
_DIGITS_MAX: Final = 18
_YES: Final = frozenset({"yes", "true", "1", "بله", "是"})
_NO: Final = frozenset({"no", "false", "0", "خیر", "نه", "否", ""})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one row.

    Attributes:
        row: number in the file, the header being row 1.
        column: which field, empty for the whole row.
        reason: a code: ``missing``, ``too_long``, ``nul``, ``not_a_day``, ``not_a_number``,
            ``not_yes_or_no``, ``not_one_of``, ``unknown_place``, ``words_differ``,
            ``twice_in_file``, ``no_household``, ``two_heads``, ``outside_your_area``.
        said: what stands there, cut short.
    """

    row: int
    column: str
    reason: str
    said: str = ""


@dataclass(slots=True)
class Cells:
    """The cells of one row, and the faults met while reading them."""

    row: TableRow
    faults: list[Fault] = field(default_factory=list)

    def fault(self, column: str, reason: str, said: str = "") -> None:
        """Keep a fault."""
        self.faults.append(Fault(self.row.number, column, reason, said[:80]))

    def text(self, *columns: str, chars_max: int, required: bool = False) -> str:
        """Read a text from the first of some columns that has one."""
        column, value = self._first(columns)
        if "\x00" in value:
            self.fault(column, "nul")
        elif len(value) > chars_max:
            self.fault(column, "too_long", value)
        elif required and not value:
            self.fault(columns[0], "missing")
        else:
            return value
        return ""

    def day(self, *columns: str) -> dt.date | None:
        """Read a day: ISO, or year-month-day of the Solar Hijri calendar; any digits."""
        column, value = self._first(columns)
        if not value:
            return None
        found = _DAY.fullmatch(to_latin_digits(value)[:20])
        if found is None:
            self.fault(column, "not_a_day", value)
            return None
        year, month, day = (int(part) for part in found.groups())
        calendar = Calendar.SOLAR_HIJRI if year < _SOLAR_YEAR_MAX else Calendar.GREGORIAN
        try:
            return read_day(year, month, day, calendar=calendar)
        except NotADay:
            self.fault(column, "not_a_day", value)
            return None

    def count(self, *columns: str, default: int, at_most: int) -> int:
        """Read a whole number of at least 1."""
        column, value = self._first(columns)
        if not value:
            return default
        plain = to_latin_digits(value)
        is_number = plain.isascii() and plain.isdigit() and len(plain) <= _DIGITS_MAX
        if not is_number or not 1 <= int(plain) <= at_most:
            self.fault(column, "not_a_number", value)
            return default
        return int(plain)

    def yes(self, *columns: str, default: bool) -> bool:
        """Read a yes or no in any of the three languages."""
        column, value = self._first(columns)
        if value.lower() in _YES:
            return True
        if value.lower() in _NO:
            return False if value else default
        self.fault(column, "not_yes_or_no", value)
        return default

    def one_of(self, *columns: str, known: frozenset[str], default: str) -> str:
        """Read a code out of a known set."""
        column, value = self._first(columns)
        if value and value.lower() not in known:
            self.fault(column, "not_one_of", value)
        return value.lower() if value.lower() in known else default

    def money(self, column: str, *, currency: str) -> Money | None:
        """Read a sum; an empty cell is unknown, not zero."""
        value = self.row.cells.get(column, "")
        if not value:
            return None
        try:
            money = parse_money(value, currency=currency)
        except NotMoney:
            money = None
        if money is None or money.minor < 0:
            self.fault(column, "not_a_number", value)
            return None
        return money

    def digest(self) -> str:
        """Fingerprint the whole row, to tell a changed row from the same."""
        whole = json.dumps(self.row.cells, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(whole.encode()).hexdigest()

    def _first(self, columns: tuple[str, ...]) -> tuple[str, str]:
        for column in columns:
            if value := self.row.cells.get(column, ""):
                return column, value
        return columns[0], ""
