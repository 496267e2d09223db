"""The file of time limits: what must be done, how long it may take, from which event."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml

from redress.values.days import COUNTRIES, LIMIT_MAX, Unit

KINDS: Final = ("statutory", "promised", "house")
STAGES: Final = ("accept", "answer")
LANGUAGES: Final = ("en", "fa", "zh")
CODE_CHARS_MAX: Final = 40
NAME_CHARS_MAX: Final = 200
WORDS_CHARS_MAX: Final = 400
_CODE: Final = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")


@dataclass(frozen=True, slots=True)
class InThree:
    """Words in the three languages."""

    en: str
    fa: str
    zh: str


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One limit in one country.

    Attributes:
        code: the same for a limit that several countries share.
        country: ISO 3166 code, or ``EVERY``.
        kind: one of ``KINDS``: the law's, the own rule or word of who must act, or this house's.
        name: what must be done.
        start: the event whose day is not counted yet.
        extension: how many more of the unit, once lawfully extended.
        extendable_to: how many of the unit in all, once lawfully extended; instead of an extension.
        at_least: the period must last so long, where others must not last longer.
        source: where the number was read; a limit of the house has none.
        status: how far to trust the number.
        body_kind: whose work it runs for, with ``stage``, one of ``STAGES``; may both be empty.
    """

    code: str
    country: str
    kind: str
    name: InThree
    start: InThree
    limit: int
    unit: Unit
    extension: int
    extendable_to: int | None
    extension_condition: str
    at_least: bool
    source: str
    status: str
    note: str
    body_kind: str
    stage: str


EVERY: Final = ""  # in place of a country's code: whichever country founds an office
_FIELDS: Final = {*LimitLine.__dataclass_fields__, "countries"}


class NotLimits(ValueError):
    """The text is no list of limits; says which one is wrong and how."""


class _Entry:
    """Reads the fields of one limit; the first that is wrong ends it."""

    def __init__(self, given: Any, number: int) -> None:  # noqa: ANN401 - YAML
        self._given = given if isinstance(given, dict) else {}
        self._called = f"limit {number} ({self._given.get('code', 'without a code')})"
        for name in self._given:
            self.want(name in _FIELDS, f"there is no field {name!r}")

    def want(self, right: bool, otherwise: str) -> None:  # noqa: FBT001 - as assert reads
        if not right:
            raise NotLimits(f"{self._called}: {otherwise}")

    def text(
        self, name: str, *, chars_max: int = WORDS_CHARS_MAX, default: str | None = None
    ) -> str:
        return self._text(
            name, self._given.get(name, default), chars_max, empty=default is not None
        )

    def in_three(self, name: str, *, chars_max: int) -> InThree:
        given = self._given.get(name)
        words = given if isinstance(given, dict) else {}
        self.want(set(words) <= set(LANGUAGES), f"{name} is in other languages than {LANGUAGES}")
        return InThree(
            *(self._text(f"{name}.{one}", words.get(one), chars_max) for one in LANGUAGES)
        )

    def _text(self, name: str, value: object, chars_max: int, *, empty: bool = False) -> str:
        self.want(isinstance(value, str) and (empty or bool(value.strip())), f"{name} is missing")
        said = str(value).strip()
        self.want(len(said) <= chars_max, f"{name} is longer than {chars_max} characters")
        return said

    def one_of(self, name: str, known: Collection[str], *, default: str | None = None) -> str:
        value = self.text(name, default=default)
        self.want(value in known or value == default, f"{name} {value!r} is none of {[*known]}")
        return value

    def countries(self) -> list[str]:
        given = self._given.get("countries", [self._given.get("country")])
        if given == "every":
            return [EVERY]
        self.want(not {"country", "countries"} <= self._given.keys(), "country and countries")
        self.want(isinstance(given, list) and bool(given), "countries is no list")
        for one in given:
            self.want(one in COUNTRIES, f"country {one!r} is none of {[*COUNTRIES]}")
        return list(given)

    def count(self, name: str) -> int | None:
        value = self._given.get(name)
        whole = type(value) is int and value > 0  # true is no number
        self.want(name not in self._given or whole, f"{name} {value!r} is no positive whole number")
        return value if whole else None

    def flag(self, name: str) -> bool:
        value = self._given.get(name, False)
        self.want(isinstance(value, bool), f"{name} {value!r} is neither true nor false")
        return bool(value)


def read_limits(text: str) -> tuple[LimitLine, ...]:
    """Read a file of limits: YAML with one list, ``limits``.

    Returns:
        The limits in their order; one of several ``countries`` becomes one limit in each.

    Raises:
        NotLimits: the first thing that is wrong with it.
    """
    try:
        given = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise NotLimits(f"not YAML: {error}") from None
    entries = given.get("limits") if isinstance(given, dict) and len(given) == 1 else None
    if not isinstance(entries, list):
        raise NotLimits("not one list, called limits")
    found: dict[tuple[str, str], LimitLine] = {}
    for number, one in enumerate(entries, start=1):
        entry = _Entry(one, number)
        line = _line(entry)
        for country in entry.countries():
            entry.want((line.code, country) not in found, f"its code stands twice for {country}")
            found[line.code, country] = replace(line, country=country)
    return tuple(found.values())


def _line(entry: _Entry) -> LimitLine:
    line = LimitLine(
        code=entry.text("code", chars_max=CODE_CHARS_MAX),
        country="",
        kind=entry.one_of("kind", KINDS),
        name=entry.in_three("name", chars_max=NAME_CHARS_MAX),
        start=entry.in_three("start", chars_max=WORDS_CHARS_MAX),
        limit=entry.count("limit") or 0,
        unit=Unit(entry.one_of("unit", [unit.value for unit in Unit])),
        extension=entry.count("extension") or 0,
        extendable_to=entry.count("extendable_to"),
        extension_condition=entry.text("extension_condition", default=""),
        at_least=entry.flag("at_least"),
        source=entry.text("source", default=""),
        status=entry.text("status"),
        note=entry.text("note", default=""),
        body_kind=entry.text("body_kind", chars_max=CODE_CHARS_MAX, default=""),
        stage=entry.one_of("stage", STAGES, default=""),
    )
    _check_whole(entry, line)
    return line


def _check_whole(entry: _Entry, line: LimitLine) -> None:
    """Check what no field says alone."""
    longest = LIMIT_MAX[line.unit]
    extended = line.extendable_to or line.limit + line.extension
    entry.want(bool(_CODE.fullmatch(line.code)), "its code is no words with dots between them")
    entry.want(line.limit > 0, "limit is missing")
    entry.want(max(line.limit, extended) <= longest, f"more than {longest} {line.unit}s")
    entry.want(not (line.extension and line.extendable_to), "extension and extendable_to")
    entry.want(line.extendable_to is None or extended > line.limit, "extendable_to adds nothing")
    entry.want(
        (extended > line.limit) == bool(line.extension_condition),
        "an extension and its extension_condition go together",
    )
    entry.want(
        (line.kind == "house") != bool(line.source),
        "a limit has a source, but one of the house has none",
    )
    entry.want(bool(line.body_kind) == bool(line.stage), "body_kind and stage go together")
