"""Households in a table, one a row, and their members in a second one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from redress.formats.rows import Cells, Fault
from redress.formats.tables import TableRow
from redress.values.days import country_of, currency_of
from redress.values.money import Money

NAME_CHARS_MAX: Final = 200
SOURCE_CHARS_MAX: Final = 100
PHONE_CHARS_MAX: Final = 40
ADDRESS_CHARS_MAX: Final = 400
MEMBERS_MAX: Final = 40
SUMS: Final = (
    "income_per_month",
    "rent_per_month",
    "medical_cost_per_year",
    "schooling_cost_per_year",
    "savings",
)
_RELATIONS: Final = frozenset({"head", "spouse", "child", "parent", "sibling", "other"})
_SEXES: Final = frozenset({"female", "male", "unknown"})


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household as a file has it; ``path`` is filled in by whoever knows the places."""

    number: int
    source: str
    source_id: str
    digest: str
    path: str
    head_name: str
    phone: str
    address: str
    employer: str
    sums: tuple[tuple[str, Money], ...]
    holds_on: dt.date | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a household as a file has it."""

    number: int
    household_source_id: str
    full_name: str
    relation: str
    sex: str
    birth_on: dt.date | None
    national_id: str


def place_of(row: TableRow) -> str:
    """Give the place of a household's row as written."""
    return row.cells.get("office", "") or row.cells.get("county", "")


def read_household(row: TableRow, *, source: str, path: str) -> HouseholdRow | list[Fault]:
    """Read one household.

    Args:
        row: needs ``head_name`` and ``source_id`` (or ``id``, ``household_id``); may have ``phone``,
            ``address``, ``employer``, ``holds_on`` and the sums of ``SUMS`` in whole units of the
            place's currency.
        source: for rows that name none.
        path: the jurisdiction path of the row's place.

    Returns:
        The household, or all that is wrong with the row.
    """
    cells = Cells(row)
    currency = currency_of(country_of(path))
    sums = [(name, cells.money(name, currency=currency)) for name in SUMS]
    read = HouseholdRow(
        number=row.number,
        source=cells.text("source", chars_max=SOURCE_CHARS_MAX) or source,
        source_id=cells.text(
            "source_id", "id", "household_id", chars_max=SOURCE_CHARS_MAX, required=True
        ),
        digest=cells.digest(),
        path=path,
        head_name=cells.text(
            "head_name", "full_name", "name", chars_max=NAME_CHARS_MAX, required=True
        ),
        phone=cells.text("phone", chars_max=PHONE_CHARS_MAX),
        address=cells.text("address", chars_max=ADDRESS_CHARS_MAX),
        employer=cells.text("employer", chars_max=NAME_CHARS_MAX),
        sums=tuple((name, money) for name, money in sums if money is not None),
        holds_on=cells.day("holds_on", "date"),
    )
    return cells.faults or read


def read_member(row: TableRow) -> MemberRow | list[Fault]:
    """Read one member.

    Args:
        row: needs ``household_id`` (or ``household_source_id``) and ``full_name``; may have
            ``relation``, ``sex``, ``birth_date``, ``national_id``.

    Returns:
        The member, or all that is wrong with the row.
    """
    cells = Cells(row)
    read = MemberRow(
        number=row.number,
        household_source_id=cells.text(
            "household_id", "household_source_id", chars_max=SOURCE_CHARS_MAX, required=True
        ),
        full_name=cells.text("full_name", "name", chars_max=NAME_CHARS_MAX, required=True),
        relation=cells.one_of("relation", known=_RELATIONS, default="other"),
        sex=cells.one_of("sex", known=_SEXES, default="unknown"),
        birth_on=cells.day("birth_date", "birth_on"),
        national_id=cells.text("national_id", chars_max=PHONE_CHARS_MAX),
    )
    return cells.faults or read
