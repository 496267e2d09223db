"""The file that founds an installation: offices, bodies with their managers, funds, an administrator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from redress.formats.rows import Fault
from redress.values.days import Unit
from redress.values.money import MINOR_DIGITS, Money, NotMoney, parse_money
from redress.values.places import NotAPath, path_below

FILE_BYTES_MAX: Final = 5 * 1024 * 1024
NAME_CHARS_MAX: Final = 200
LIMIT_DAYS_MAX: Final = 365
_OFFICE_KINDS: Final = ("nation", "province", "county", "workplace")
_UNITS: Final = (Unit.DAY.value, Unit.WORKDAY.value)


@dataclass(frozen=True, slots=True)
class FoundedOffice:
    """An office."""

    path: str
    kind: str
    names: tuple[str, str, str]
    email: str


@dataclass(frozen=True, slots=True)
class FoundedBody:
    """A responsible body, with who manages it and who stands in, since when."""

    kind: str
    path: str
    names: tuple[str, str, str]
    answer_limit: int
    answer_unit: str
    email: str
    manager: str
    deputy: str
    since_on: dt.date


@dataclass(frozen=True, slots=True)
class FoundedFund:
    """A fund with what it holds at the beginning."""

    path: str
    name: str
    opening: Money


@dataclass(frozen=True, slots=True)
class FoundedAdministrator:
    """The first account."""

    username: str
    full_name: str
    office: str


@dataclass(frozen=True, slots=True)
class Founding:
    """All that a file founds."""

    offices: tuple[FoundedOffice, ...]
    bodies: tuple[FoundedBody, ...]
    funds: tuple[FoundedFund, ...]
    administrator: FoundedAdministrator | None


class Unfounded(ValueError):
    """The file cannot be used.

    Attributes:
        faults: each with the entry's number in its list (from 1) as row, and ``list.field``.
    """

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class _Entry:
    """Reads the fields of one entry and keeps what is wrong."""

    def __init__(self, given: Any, number: int, listed: str, faults: list[Fault]) -> None:  # noqa: ANN401 - YAML
        self._given = given if isinstance(given, dict) else {}
        self._number, self._listed, self._faults = number, listed, faults

    def fault(self, name: str, reason: str, said: object = "") -> None:
        self._faults.append(Fault(self._number, f"{self._listed}.{name}", reason, str(said)[:80]))

    def text(self, name: str, *, default: str | None = None) -> str:
        value = str(self._given.get(name, default if default is not None else "")).strip()
        if not value and default is None:
            self.fault(name, "missing")
        if len(value) > NAME_CHARS_MAX:
            self.fault(name, "too_long", value)
        return value

    def names(self) -> tuple[str, str, str]:
        return self.text("en"), self.text("fa"), self.text("zh")

    def path(self, name: str) -> str:
        value = self.text(name)
        try:
            path_below(value)
        except NotAPath:
            self.fault(name, "unknown_place", value)
        return value

    def one_of(self, name: str, known: tuple[str, ...], *, default: str | None = None) -> str:
        value = self.text(name, default=default)
        if value not in known:
            self.fault(name, "not_one_of", value)
        return value

    def count(self, name: str, *, default: int) -> int:
        value = self._given.get(name, default)
        if not isinstance(value, int) or not 1 <= value <= LIMIT_DAYS_MAX:
            self.fault(name, "not_a_number", value)
            return default
        return value

    def day(self, name: str, *, default: dt.date) -> dt.date:
        value = self._given.get(name, default)
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            self.fault(name, "not_a_day", value)
            return default
        return value

    def money(self, name: str, currency: str) -> Money:
        try:
            return parse_money(str(self._given.get(name, "0")), currency=currency)
        except NotMoney:
            self.fault(name, "not_a_number", self._given.get(name))
            return Money(currency, 0)


def read_founding(path: Path, *, today: dt.date) -> Founding:
    """Read a founding file.

    Args:
        path: a YAML file with the lists ``offices``, ``bodies`` and ``funds``, and an ``administrator``.
        today: since when managers are in office where the file does not say.

    Raises:
        Unfounded: all that is wrong with it.
    """
    given = _load(path)
    faults: list[Fault] = []

    def entries(listed: str) -> list[_Entry]:
        rows = given.get(listed) or []
        if not isinstance(rows, list):
            rows = []
            faults.append(Fault(0, listed, "not_one_of"))
        return [_Entry(row, number, listed, faults) for number, row in enumerate(rows, start=1)]

    founding = Founding(
        offices=tuple(
            FoundedOffice(
                entry.path("path"),
                entry.one_of("kind", _OFFICE_KINDS),
                entry.names(),
                entry.text("email", default=""),
            )
            for entry in entries("offices")
        ),
        bodies=tuple(_body(entry, today) for entry in entries("bodies")),
        funds=tuple(_fund(entry) for entry in entries("funds")),
        administrator=_administrator(given.get("administrator"), faults),
    )
    if faults:
        raise Unfounded(faults)
    return founding


def _load(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise Unfounded([Fault(0, str(path), "not_found")])
    if path.stat().st_size > FILE_BYTES_MAX:
        raise Unfounded([Fault(0, str(path), "too_long")])
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Unfounded([Fault(0, str(path), "not_yaml", str(error).split("\n", 1)[0])]) from None
    return given if isinstance(given, dict) else {}


def _body(entry: _Entry, today: dt.date) -> FoundedBody:
    return FoundedBody(
        kind=entry.text("kind"),
        path=entry.path("path"),
        names=entry.names(),
        answer_limit=entry.count("answer_limit", default=20),
        answer_unit=entry.one_of("answer_unit", _UNITS, default=Unit.WORKDAY),
        email=entry.text("email", default=""),
        manager=entry.text("manager", default=""),
        deputy=entry.text("deputy", default=""),
        since_on=entry.day("since", default=today),
    )


def _fund(entry: _Entry) -> FoundedFund:
    currency = entry.one_of("currency", tuple(MINOR_DIGITS))
    known = currency if currency in MINOR_DIGITS else "EUR"
    return FoundedFund(entry.path("path"), entry.text("name"), entry.money("opening", known))


def _administrator(given: object, faults: list[Fault]) -> FoundedAdministrator | None:
    if given is None:
        return None
    entry = _Entry(given, 1, "administrator", faults)
    return FoundedAdministrator(
        entry.text("username"), entry.text("full_name"), entry.path("office")
    )
