"""A pack's text -> a Pack, with every finding of its parts, names and types."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.facts import read_value
from redress.engines.rules.findings import CaseRefused, Finding, Weight
from redress.engines.rules.nodes import Base, Expression, Scope
from redress.engines.rules.pack import DatedValue, Input, Parameter, Words
from redress.engines.rules.parsing import parse
from redress.engines.rules.reading import Mapping, Raw, Scalar, Sequence
from redress.engines.rules.typed import Unfit, plain

LANGUAGES: Final = ("en", "fa", "zh")
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,16}(\.\d{1,9})?(/\d{1,9})?", re.ASCII)
_COUNTED: Final = {"day", "week", "month", "year"}
_STATUSES: Final = ("sourced", "illustrative", "infer")
INPUTS_MAX: Final = 200
PARAMETERS_MAX: Final = 400
_RESERVED_NAMES: Final = frozenset({
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
        """Refuse a misspelt key; warn of one that nothing reads."""
        for key in raw.fields:
            if key in keys:
                continue
            near = difflib.get_close_matches(key, keys, n=1, cutoff=0.7)
            tell = self.find if near else self.warn
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
        if not NAME.fullmatch(said) or said in _RESERVED_NAMES:
            self.find("not_a_name", raw.lines.get(key, raw.line), where, said=said or key)
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
        """Read an ISO day."""
        try:
            return dt.date.fromisoformat(raw.text(key))
        except ValueError:
            self.find("not_a_day", raw.lines.get(key, raw.line), where, said=raw.text(key))
            return None

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
        if not NAME.fullmatch(name) or name in _RESERVED_NAMES:
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


_INPUT_KEYS: Final = frozenset({
    *(
        "type",
        "of",
        "default",
        "min",
        "max",
        "unit",
        "values",
        "changeable",
        "label",
        "note",
        "ask",
    ),
    *("bring", "source", "status"),
})
_TYPES: Final = {
    "money": (Base.MONEY, False),
    "int": (Base.NUMBER, True),
    "decimal": (Base.NUMBER, False),
    "bool": (Base.BOOL, False),
    "date": (Base.DATE, False),
    "text": (Base.TEXT, False),
    "list": (Base.LIST, False),
}


def read_inputs(loader: Loader, raw: Mapping, *, of_member: bool, where: str) -> tuple[Input, ...]:
    """Read the facts asked for."""
    found = []
    for name, one in raw.fields.items():
        place, line = f"{where}.{name}", raw.lines[name]
        if not NAME.fullmatch(name) or name in _RESERVED_NAMES:
            loader.find("not_a_name", line, place, said=name)
        elif not isinstance(one, Mapping) or one.text("type") not in _TYPES:
            said = one.text("type") if isinstance(one, Mapping) else ""
            loader.find("unknown_type", line, place, said=said, better=", ".join(_TYPES))
        else:
            found.append(_input(loader, name, one, place, of_member))
    if len(found) > INPUTS_MAX:
        loader.find("too_many", raw.line, where, said=str(len(found)), better=str(INPUTS_MAX))
    return tuple(found)


def _input(loader: Loader, name: str, raw: Mapping, where: str, of_member: bool) -> Input:  # noqa: FBT001 - passed on
    loader.known_keys(raw, _INPUT_KEYS, where)
    base, whole = _TYPES[raw.text("type")]
    of = _TYPES.get(raw.text("of") or "money", (None, False))[0] if base is Base.LIST else None
    if base is Base.LIST and (of in {None, Base.LIST} or of_member):
        loader.find("unknown_type", raw.line, where, said=raw.text("of") or "list")
        of = Base.MONEY
    unit = raw.text("unit").split(" ", maxsplit=1)[0].rstrip("s")
    bare = Input(name, base, raw.line, of=of, whole=whole, values=_choices(loader, raw))

    def bound(key: str) -> Any:  # noqa: ANN401 - of the input's own type
        if key not in raw.fields:
            return None
        if base is Base.LIST:
            loader.find("no_default_for_list", raw.lines[key], where, said=key)
            return None
        return loader.guarded(
            lambda: read_value(bare, raw.text(key), minor=loader.minor), raw.lines[key], where
        )

    read = Input(
        name, base, raw.line, loader.words(raw, "label"), bound("default"), bound("min"), bound("max"),
        of=of, unit=unit if unit in _COUNTED else None, values=bare.values, whole=whole,
        changeable=raw.text("changeable") != "false", of_member=of_member, note=raw.text("note"),
        bring=loader.words(raw, "bring"), ask=loader.words(raw, "ask"),
    )  # fmt: skip
    if None not in {read.low, read.high} and read.low > read.high:  # type: ignore[operator] # neither is None
        loader.find("empty_range", raw.line, where, said=f"{raw.text('min')} … {raw.text('max')}")
    if read.default is not None and base in {Base.NUMBER, Base.MONEY, Base.DATE}:
        loader.guarded(
            lambda: read_value(read, raw.text("default"), minor=loader.minor), raw.line, where
        )
    return read


def _choices(loader: Loader, raw: Mapping) -> dict[str, Words]:
    """Read the closed list of a text input: codes, or codes with their labels."""
    value = raw.fields.get("values")
    if isinstance(value, Mapping):
        return {code: loader.words(value, code) for code in value.fields}
    if isinstance(value, Sequence):
        return {one.text: {} for one in value.items if isinstance(one, Scalar)}
    return {}
