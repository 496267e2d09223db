"""A decision in the sentences of a language, with the numbers it was drawn along."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from redress.engines.rules.decision import NOT_MET, Decision
from redress.engines.rules.findings import CaseRefused, Finding
from redress.engines.rules.lines import Line, LineReader, Said
from redress.engines.rules.nodes import Base, Expression, Node, Number
from redress.engines.rules.pack import Input, Item, Pack, Words
from redress.engines.rules.reading import LOADER
from redress.engines.rules.telling import number_text, sum_text
from redress.values.calendars import Calendar, write_day
from redress.values.text import to_persian_digits

_SIGNS: Final = {"add": "+", "sub": "−", "mul": "×", "div": "÷"}
_SPACES: Final = re.compile(" +")
_NAMED: Final = frozenset({"input", "param", "derived"})


@cache
def phrases(name: str) -> Mapping[str, Words]:
    """Read the sentences of a kind: by name, then by language."""
    text = (
        resources.files("redress.engines.rules").joinpath(f"words/{name}.yaml").read_text("utf-8")
    )
    read: Mapping[str, Words] = yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader
    return read


def phrase(name: str, language: str, **said: str) -> str:
    """Give a sentence of a language with the words put in."""
    return put(phrases("sentences")[name][language], said)


def put(text: str, said: Mapping[str, str]) -> str:
    """Put words into the places of a sentence."""
    for key, value in said.items():
        text = text.replace("{" + key + "}", value)
    return _SPACES.sub(" ", text)


def tell_finding(finding: Finding | CaseRefused, language: str) -> str:
    """Say a finding, or why a case is refused, in a language."""
    text = phrases("findings")[finding.code][language]
    return put(text, {"said": finding.said, "better": finding.better or "…"})


def named(words: Words, name: str, language: str) -> str:
    """Give a label in a language, in English where there is none, or the name itself."""
    return words.get(language) or words.get("en") or name.replace("_", " ")


def written(value: Any, base: Base, pack: Pack, language: str) -> str:  # noqa: ANN401 - any value
    """Write a value as people of a language read it."""
    if isinstance(value, bool):
        return phrase("yes" if value else "no", language)
    if isinstance(value, str):
        return value
    if base is Base.DATE:
        return _day(dt.date.fromordinal(int(value)), language)
    return _digits(
        _grouped(sum_text(value, pack) if base is Base.MONEY else number_text(value)), language
    )


def _day(day: dt.date, language: str) -> str:
    """Write a day in the calendar of a language."""
    if language == "fa":
        solar = write_day(day, calendar=Calendar.SOLAR_HIJRI)
        return to_persian_digits(f"{solar.year}/{solar.month:02}/{solar.day:02}")
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else day.isoformat()


def _grouped(text: str) -> str:
    whole, point, rest = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.removeprefix("-")
    groups = f"{int(digits):,}" if digits else "0"
    return f"{sign}{groups}{point}{rest}"


def _digits(text: str, language: str) -> str:
    if language != "fa":
        return text
    return to_persian_digits(text.replace(",", "٬").replace(".", "٫"))


class Speaker:
    """Tells the decisions of one pack."""

    def __init__(self, pack: Pack, language: str, lines: LineReader | None = None) -> None:
        self.pack, self.language = pack, language
        self._lines = lines or LineReader(pack)
        self._inputs = {one.name: one for one in pack.inputs}

    def fact(self, name: str) -> str:
        """Name a fact."""
        one = self._inputs.get(name.removeprefix("members."))
        return named(one.label, one.name, self.language) if one else name

    def line(self, line: Line | Said) -> str:
        """Tell one comparison, or one fact that is yes or no."""
        if isinstance(line, Said):
            kind = f"fact_{'true' if line.holds else 'false'}"
            return phrase(kind, self.language, left=self._label(line.node))
        sign = line.node.op
        if sign == "ne":
            kind = "eq_false" if line.holds else "eq_true"
        elif sign != "eq" and line.left == line.right:
            kind = "eq_true" if line.turned else f"{sign}_equal"
        else:
            kind = f"{sign}_{'true' if line.holds else 'false'}"
        left, right = line.node.args
        return phrase(
            kind, self.language, left=self._about(left), a=self._value(line.left, left),
            right=self._about(right), b=self._value(line.right, right),
        )  # fmt: skip

    def _value(self, value: Number, node: Node) -> str:
        return written(value, node.base, self.pack, self.language)

    def _about(self, node: Node) -> str:
        """Name what a side is; its value follows."""
        if node.op == "literal":
            return ""
        if node.op in _NAMED:
            return self._label(node)
        parts = self._formula(node)
        return f"{parts} =" if parts else node.text

    def _label(self, node: Node) -> str:
        rows: Any = {
            "input": self.pack.inputs,
            "param": self.pack.parameters,
            "derived": self.pack.derived,
        }
        row = rows[node.op][int(str(node.value))]
        return named(row.label, getattr(row, "name", "") or getattr(row, "id", ""), self.language)

    def _formula(self, node: Node) -> str:
        """Write a small formula in words: ``2 × minimum living standard 940.00``."""
        if node.op == "literal" and isinstance(node.value, int | Fraction):
            return self._value(node.value, node)
        if node.op == "param":
            parameter = self.pack.parameters[int(str(node.value))]
            return f"{self._label(node)} {self._param(parameter.name)}".strip()
        if node.op in _NAMED:
            return self._label(node)
        if node.op in _SIGNS:
            left, right = (self._formula(one) for one in node.args)
            if node.op == "mul" and node.args[0].op == "param":
                left = self._param(self.pack.parameters[int(str(node.args[0].value))].name)
            return f"{left} {_SIGNS[node.op]} {right}" if left and right else ""
        return ""

    def _param(self, name: str) -> str:
        at, one = next((at, one) for at, one in enumerate(self.pack.parameters) if one.name == name)
        value = self._params[at] if self._params else None
        known = isinstance(value, int | Fraction)
        return written(value, one.base, self.pack, self.language) if known else ""

    _params: list[Any] | None = None

    def lines(self, decision: Decision, expression: Expression) -> list[str]:
        """Tell what makes one condition come out as it does."""
        self._params = decision.frame.params if decision.frame else None
        told = [self.line(line) for line in self._lines.decisive(decision, expression)]
        return list(dict.fromkeys(told))

    def tell(self, decision: Decision) -> list[str]:
        """Tell a decision: category, reasons, what is granted and refused, what is still needed."""
        return [*self._category(decision), *self.reasons(decision), *self._items(decision),
                *self._end(decision)]  # fmt: skip

    def category(self, decision: Decision) -> str:
        """Name the category."""
        rule = next((one for one in self.pack.categories if one.id == decision.category), None)
        return named(rule.label, rule.id, self.language) if rule else ""

    def _category(self, decision: Decision) -> Iterator[str]:
        if not decision.category:
            return
        yield phrase("category", self.language, a=self.category(decision))
        for rule in self.pack.categories:
            yield from (f"  {told}" for told in self.lines(decision, rule.when))
            if rule.id == decision.category:
                return

    def reasons(self, decision: Decision) -> Iterator[str]:
        """Tell the exclusions and reasons that hold, each with its comparisons."""
        self._params = decision.frame.params if decision.frame else None
        for rule in (*self.pack.exclusions, *self.pack.reasons):
            if rule.id in decision.reasons:
                name = named(rule.label, rule.id, self.language)
                found = [*self._lines.decisive(decision, rule.when)]
                if all(isinstance(one, Said) for one in found):  # the name says it
                    yield name
                    continue
                told = dict.fromkeys(self.line(one) for one in found)
                yield f"{name}: {phrase('and', self.language).join(told)}"

    def why(self, reason: str) -> str:
        """Name the reason of a refusal: the pack's own, or the engine's."""
        for rule in (*self.pack.exclusions, *self.pack.reasons):
            if rule.id == reason:
                return named(rule.label, rule.id, self.language)
        return phrase(reason, self.language)

    def item(self, name: str) -> str:
        """Name an item."""
        item = next(one for one in self.pack.items if one.id == name)
        return named(item.label, item.id, self.language)

    def sum(self, item_id: str, minor: int) -> str:
        """Write a sum of an item with its currency or unit."""
        item = next(one for one in self.pack.items if one.id == item_id)
        unit = self.pack.currency if item.is_money else item.unit
        amount = written(minor, Base.MONEY, self.pack, self.language)
        if f"unit_{unit}" in phrases("sentences"):
            return phrase(f"unit_{unit}", self.language, a=amount)
        return f"{amount} {unit}".strip()

    def _items(self, decision: Decision) -> Iterator[str]:
        for item in self.pack.items:
            name = self.item(item.id)
            if item.id in decision.granted:
                amount = self.sum(item.id, decision.granted[item.id])
                yield phrase("granted", self.language, left=name, a=amount)
            elif item.id in decision.undecided:
                yield phrase("undecided", self.language, left=name)
            else:
                yield phrase("refused", self.language, left=name, a=self.refusal(decision, item))

    def refusal(self, decision: Decision, item: Item) -> str:
        """Say why an item is not granted."""
        join = phrase("and", self.language)
        return join.join(self._why(decision, item, one) for one in decision.refused[item.id])

    def _why(self, decision: Decision, item: Item, reason: str) -> str:
        """Tell a refusal by the comparisons that failed, where the pack names no reason."""
        if reason != NOT_MET:
            return self.why(reason)
        return phrase("and", self.language).join(self.lines(decision, item.when)) or self.why(
            reason
        )

    def _end(self, decision: Decision) -> Iterator[str]:
        if decision.needs:
            facts = phrase("and", self.language).join(self.fact(name) for name in decision.needs)
            yield phrase("needs", self.language, a=facts)
        if decision.exit:
            rule = next(one for one in self.pack.exits if one.id == decision.exit)
            yield phrase("exit", self.language, a=named(rule.label, rule.id, self.language))

    def distances(self, decision: Decision) -> list[tuple[str, str]]:
        """Tell the lines of the categories, each with how far the case is from it."""
        told: list[tuple[str, str]] = []
        self._params = decision.frame.params if decision.frame else None
        for rule in self.pack.categories:
            lines = self._lines.lines(decision, rule.when)
            told.extend((self.line(line), self._apart(line)) for line in lines)
        return told

    def _apart(self, line: Line) -> str:
        """Say how far a case is from a line; between days, in days."""
        far, base = abs(line.distance), line.node.args[0].base
        if base is Base.DATE:
            days = written(far, Base.NUMBER, self.pack, self.language)
            return phrase("distance", self.language, d=phrase("unit_day", self.language, a=days))
        shown = written(far, base, self.pack, self.language)
        return phrase("distance", self.language, d=shown)

    def value(self, one: Input, value: Any) -> str:  # noqa: ANN401 - any value
        """Write a fact's value."""
        return written(value, one.base, self.pack, self.language)

    def would(self, fact: str, of: Any, to: Any, gains: tuple[str, ...]) -> str:  # noqa: ANN401 - facts
        """Tell what one fact otherwise would bring."""
        one = self._inputs[fact]
        kind = "would_yes" if one.base is Base.BOOL else "would"
        items = phrase("and", self.language).join(self.item(item) for item in gains)
        was, new = self.value(one, of), self.value(one, to)
        return phrase(kind, self.language, left=self.fact(fact), a=was, b=new, c=items)
