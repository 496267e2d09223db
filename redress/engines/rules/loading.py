"""A pack's text -> a Pack, with every finding of its parts, names and types."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.facts import read_value
from redress.engines.rules.findings import CaseRefused, Finding, Weight
from redress.engines.rules.nodes import Base, Expression, Scope
from redress.engines.rules.pack import DatedValue, Input, Parameter, Words
from redress.engines.rules.parsing import parse
from redress.engines.rules.reading import Mapping, Raw, Scalar
from redress.engines.rules.typed import Unfit, as_money, plain

LANGUAGES: Final = ("en", "fa", "zh")
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,16}(\.\d{1,9})?(/\d{1,9})?", re.ASCII)
# Who leaves these aside unread grants otherwise than the pack says.
_RULES: Final = frozenset({
    *("to", "until", "end", "min", "max", "cap", "limit", "when", "if", "unless", "except", "per"),
    *("times", "county", "province", "region", "level", "where", "value", "amount"),
})
_STATUSES: Final = ("sourced", "illustrative", "infer")
YEARS: Final = (1800, 2200)
PARAMETERS_MAX: Final = 400
RESERVED_NAMES: Final = frozenset({
    *("category", "any_exclusion", "day", "members", "True", "False", "None", "and", "or", "not"),
    *("if", "else", "in", "is", "id", "at", "on", "input", "given", "expect", "lambda", "for"),
})


@dataclass(slots=True)
class Loader:
    """Collects findings while the parts are read."""

    findings: list[Finding] = field(default_factory=list)
    minor: int = 100
    currency: str = ""

    def find(self, code: str, line: int, where: str, *, said: str = "", better: str = "") -> None:
        """Note something that refuses the pack."""
        self.findings.append(Finding(code, line, where, said[:80], better[:200]))

    def warn(self, code: str, line: int, where: str, *, said: str = "", better: str = "") -> None:
        """Note something that does not refuse it."""
        finding = Finding(code, line, where, said[:80], better[:200], Weight.WARNING)
        self.findings.append(finding)

    def known_keys(self, raw: Mapping, keys: frozenset[str], where: str) -> None:
        """Refuse a misspelt key, and one that is meant as a rule; warn of others that nothing reads."""
        for key in raw.fields:
            if key in keys:
                continue
            near = difflib.get_close_matches(key, keys, n=1, cutoff=0.7)
            tell = self.find if near or key in _RULES else self.warn
            tell("unknown_key", raw.lines[key], where, said=key, better=", ".join(near or keys))

    def words(self, raw: Mapping, name: str) -> Words:
        """Read a text in several languages, or one text for all."""
        value = raw.fields.get(name)
        if isinstance(value, Scalar) and not value.is_null:
            return dict.fromkeys(LANGUAGES, value.text.strip())
        if isinstance(value, Mapping):
            return {
                language: value.text(language) for language in LANGUAGES if value.text(language)
            }
        return {}

    def name(self, raw: Mapping, key: str, where: str) -> str:
        """Read an id."""
        said = raw.text(key)
        if not said:
            self.find("missing", raw.line, where, said=key)
        elif not NAME.fullmatch(said) or said in RESERVED_NAMES:
            self.find("not_a_name", raw.lines[key], where, said=said)
            return ""
        return said

    def expression(self, raw: Mapping, key: str, scope: Scope, where: str) -> Expression | None:
        """Read an expression; absent or wrong is a finding."""
        value = raw.fields.get(key)
        place = f"{where}.{key}"
        if not isinstance(value, Scalar) or value.is_null:
            self.find("missing", raw.lines.get(key, raw.line), place, said=key)
            return None
        try:
            node = parse(value.text, scope)
        except Unfit as unfit:
            self.find(unfit.code, value.line, place, said=unfit.said, better=unfit.better)
            return None
        return Expression(node, place, value.line, " ".join(value.text.split()))

    def condition(self, raw: Mapping, key: str, scope: Scope, where: str) -> Expression | None:
        """Read an expression that is true or false."""
        return self.of_base(self.expression(raw, key, scope, where), (Base.BOOL,))

    def amount(self, raw: Mapping, key: str, scope: Scope, where: str) -> Expression | None:
        """Read an expression that is a sum or a number."""
        return self.of_base(self.expression(raw, key, scope, where), (Base.MONEY, Base.NUMBER))

    def money(self, raw: Mapping, key: str, scope: Scope, where: str) -> Expression | None:
        """Read an expression that is a sum of money; a written number may stand for one."""
        return self.of_base(self.as_money(self.expression(raw, key, scope, where)), (Base.MONEY,))

    def as_money(self, read: Expression | None) -> Expression | None:
        """Take written numbers as a sum; leave anything else as it is."""
        if read is None or not read.node.bare or read.node.base is not Base.NUMBER:
            return read
        return replace(read, node=as_money(read.node, self.minor))

    def of_base(self, read: Expression | None, bases: tuple[Base, ...]) -> Expression | None:
        """Refuse an expression of another type."""
        if read is not None and read.node.base not in bases:
            better = ", ".join(base.value for base in bases)
            self.find("wrong_type", read.line, read.where, said=read.text, better=better)
            return None
        return read

    def number(self, raw: Raw | None, line: int, where: str) -> Fraction | None:
        """Read a written number, or a share like ``2/3``."""
        said = raw.text if isinstance(raw, Scalar) else ""
        if not _NUMBER.fullmatch(said) or said.endswith("/0"):
            self.find("not_a_number", line, where, said=said)
            return None
        top, _, bottom = said.partition("/")
        return Fraction(Decimal(top)) / int(bottom or 1)

    def day(self, raw: Mapping, key: str, where: str) -> dt.date | None:
        """Read an ISO day; one of the Solar Hijri calendar is none."""
        try:
            day = dt.date.fromisoformat(raw.text(key))
        except ValueError:
            day = dt.date.min
        if YEARS[0] <= day.year <= YEARS[1]:
            return day
        self.find("not_a_day", raw.lines.get(key, raw.line), where, said=raw.text(key))
        return None

    def flag(self, raw: Mapping, key: str, where: str) -> bool | None:
        """Read yes or no; None where nothing is written."""
        asked = Input(key, Base.BOOL, raw.line)
        found: bool | None = self.guarded(
            lambda: read_value(asked, raw.text(key), minor=1), raw.lines.get(key, raw.line), where
        )
        return found

    def guarded(self, read: Callable[[], Any], line: int, where: str) -> Any:  # noqa: ANN401 - a fact
        """Read a fact written in the pack."""
        try:
            return read()
        except CaseRefused as refused:
            self.find(refused.code, line, where, said=refused.said, better=refused.better)
            return None


def unique(loader: Loader, names: list[tuple[str, int]], where: str) -> None:
    """Refuse a name that stands twice."""
    seen: set[str] = set()
    for name, line in names:
        if name and name in seen:
            loader.find("twice", line, where, said=name)
        seen.add(name)


_PARAMETER_KEYS: Final = frozenset({"unit", "label", "values", "alternatives", "note", "source"})
_VALUE_KEYS: Final = frozenset({"from", "value", "status", "source", "note"})


def read_parameters(loader: Loader, raw: Mapping) -> tuple[Parameter, ...]:
    """Read the parameters with their dated values."""
    found = []
    for name, one in raw.fields.items():
        where, line = f"parameters.{name}", raw.lines[name]
        if not NAME.fullmatch(name) or name in RESERVED_NAMES:
            loader.find("not_a_name", line, where, said=name)
        elif not isinstance(one, Mapping):
            loader.find("missing", line, where, said="values")
        else:
            found.append(_parameter(loader, name, one, where))
    if len(found) > PARAMETERS_MAX:
        loader.find(
            "too_many", raw.line, "parameters", said=str(len(found)), better=str(PARAMETERS_MAX)
        )
    return tuple(found)


def _parameter(loader: Loader, name: str, raw: Mapping, where: str) -> Parameter:
    loader.known_keys(raw, _PARAMETER_KEYS, where)
    unit = raw.text("unit")
    if not unit:
        loader.find("missing", raw.line, where, said="unit")
    first = re.split(r"[ /]", unit, maxsplit=1)[0]
    if len(first) == 3 and first.isupper() and first != loader.currency:  # noqa: PLR2004 - ISO 4217
        loader.find("wrong_currency", raw.lines["unit"], where, said=first, better=loader.currency)
    base = Base.MONEY if first == loader.currency else Base.NUMBER
    values = _dated_values(loader, raw, where, loader.minor if base is Base.MONEY else 1)
    alternatives = tuple(
        {key: one.text(key) for key in one.fields} for one in raw.rows("alternatives")
    )
    return Parameter(name, base, unit, values, loader.words(raw, "label"), raw.line, alternatives)


def _dated_values(loader: Loader, raw: Mapping, where: str, scale: int) -> tuple[DatedValue, ...]:
    values: list[DatedValue] = []
    for row in raw.rows("values"):
        loader.known_keys(row, _VALUE_KEYS, where)
        number = loader.number(row.fields.get("value"), row.line, where)
        day = loader.day(row, "from", where)
        if not row.text("status").startswith(_STATUSES):
            loader.warn("no_status", row.line, where, said=row.text("status"))
        if number is None or day is None:
            continue
        if values and day <= values[-1].from_on:
            loader.find("days_out_of_order", row.line, where, said=day.isoformat())
        texts = (row.text("status"), row.text("source"), row.text("note"))
        values.append(DatedValue(day, plain(number * scale), *texts))
    if not values and not any(one.where == where for one in loader.findings):
        loader.find("missing", raw.line, where, said="values")
    return tuple(values)
