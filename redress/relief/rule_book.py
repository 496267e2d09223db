"""The rule book of a scheme: its rules in words, its numbers with their sources, its worked cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from redress.engines.rules.facts import read_value
from redress.engines.rules.nodes import Base, Expression, Number
from redress.engines.rules.pack import Parameter, Rule, WorkedCase
from redress.engines.rules.sentences import Speaker, named, phrase, written
from redress.engines.rules.wording import Reader
from redress.relief.schemes import Scheme
from redress.relief.telling import tell_value


@dataclass(frozen=True, slots=True)
class ToldRule:
    """A rule: its name, what it says in words, as it is written in the pack, and where it was read."""

    id: str
    label: str
    words: str
    text: str
    source: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class ToldParameter:
    """A number of the rules with all its dated values, each with status and source."""

    id: str
    label: str
    unit: str
    values: tuple[tuple[dt.date, str, str, str, str], ...]  # from, value, status, source, note
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldGrant:
    """A kind of relief: who gets it, how much, and what applies besides."""

    label: str
    when: ToldRule
    amount: ToldRule
    status: str
    is_outside: bool
    limits: tuple[ToldRule, ...]
    approval: tuple[tuple[str, str], ...]  # sum above which, level
    bring: str


@dataclass(frozen=True, slots=True)
class ToldShare:
    """How the kinds of relief of one category share."""

    category: str
    mode: str
    order: tuple[str, ...]
    rules: tuple[ToldRule, ...]
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class ToldCase:
    """A worked case: the facts, the day, and what comes out."""

    id: str
    on: dt.date
    facts: tuple[tuple[str, str], ...]
    outcome: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A scheme for reading."""

    id: str
    title: str
    version: str
    disclaimer: str
    period: str
    country: str
    facts: tuple[tuple[str, str, str], ...]  # label, assumed, what proves it
    parameters: tuple[ToldParameter, ...]
    derived: tuple[ToldRule, ...]
    exclusions: tuple[ToldRule, ...]
    categories: tuple[ToldRule, ...]
    grants: tuple[ToldGrant, ...]
    shares: tuple[ToldShare, ...]
    funds: tuple[tuple[str, tuple[str, ...]], ...]
    reasons: tuple[ToldRule, ...]
    exits: tuple[ToldRule, ...]
    tables: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...]
    cases: tuple[ToldCase, ...]
    notes: tuple[str, ...]


class _Author:
    """Writes the rule book of one scheme in one language."""

    def __init__(self, scheme: Scheme, language: str, on: dt.date) -> None:
        self.pack, self.language = scheme.pack, language
        self.reader, self.speaker = (
            Reader(scheme.pack, language, on=on),
            Speaker(scheme.pack, language, scheme.lines),
        )

    def rule(self, rule: Rule) -> ToldRule:
        label = named(rule.label, rule.id, self.language)
        told = self.expression(rule.when, label=label)
        return ToldRule(rule.id, label, told.words, told.text, rule.source, rule.status)

    def rules(self, rules: tuple[Rule, ...]) -> tuple[ToldRule, ...]:
        return tuple(self.rule(one) for one in rules)

    def expression(self, one: Expression, *, label: str = "", source: str = "") -> ToldRule:
        return ToldRule(one.where, label, self.reader.read(one.node), one.text, source)

    def value(self, value: Number, base: Base) -> str:
        return written(value, base, self.pack, self.language)

    def parameter(self, one: Parameter) -> ToldParameter:
        values = tuple(
            (held.from_on, self.value(held.value, one.base), held.status, held.source, held.note)
            for held in one.values
        )
        alternatives = tuple(
            " · ".join(str(said) for said in other.values()) for other in one.alternatives
        )
        label = named(one.label, one.name, self.language)
        return ToldParameter(one.name, label, one.unit, values, alternatives)

    def grants(self) -> tuple[ToldGrant, ...]:
        found = []
        for item in self.pack.items:
            limits = tuple(
                self.expression(one.limit, source=one.source)
                for one in self.pack.ceilings
                if one.item == item.id
            )
            approval = tuple(
                (self.value(one.above, Base.MONEY), one.level) for one in item.approval
            )
            found.append(
                ToldGrant(
                    named(item.label, item.id, self.language),
                    self.expression(item.when),
                    self.expression(item.amount),
                    item.status,
                    item.outside,
                    limits,
                    approval,
                    item.bring.get(self.language, ""),
                )
            )
        return tuple(found)

    def shares(self) -> tuple[ToldShare, ...]:
        names = {
            rule.id: named(rule.label, rule.id, self.language) for rule in self.pack.categories
        }
        return tuple(
            ToldShare(
                names.get(category, ""),
                one.mode,
                tuple(self.speaker.item(item) for item in one.order if item in self._items()),
                tuple(self.expression(part) for part in (one.continue_while, one.cap) if part),
                one.note,
                one.source,
            )
            for category, one in self.pack.allocations.items()
        )

    def _items(self) -> frozenset[str]:
        return frozenset(item.id for item in self.pack.items)

    def funds(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        names = {
            rule.id: named(rule.label, rule.id, self.language) for rule in self.pack.categories
        }
        return tuple(
            (rule.fund, tuple(names.get(one, one) for one in rule.may_pay))
            for rule in self.pack.fund_rules
        )

    def facts(self) -> tuple[tuple[str, str, str], ...]:
        return tuple(
            (
                named(one.label, one.name, self.language),
                ""
                if one.default is None
                else tell_value(one, one.default, self.pack, self.language),
                one.bring.get(self.language, ""),
            )
            for one in self.pack.inputs
        )

    def tables(self) -> tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...]:
        return tuple(
            (
                table.name,
                table.columns,
                tuple(
                    (
                        self.value(band.low, Base.NUMBER),
                        self.value(band.high, Base.NUMBER),
                        *(self.value(band.columns[name], Base.NUMBER) for name in table.columns),
                    )
                    for band in table.bands
                ),
            )
            for table in self.pack.tables.values()
        )

    def case(self, worked: WorkedCase) -> ToldCase:
        facts = tuple(self._fact(name, given) for name, given in worked.facts.items())
        outcome = tuple(self._outcome(name, said) for name, said in worked.expect.items())
        return ToldCase(worked.id, worked.on, facts, outcome)

    def _fact(self, name: str, given: Any) -> tuple[str, str]:  # noqa: ANN401 - JSON
        one = self.pack.input_named(name)
        if one is None:
            return name, str(given)
        value = read_value(one, given, minor=10**self.pack.minor_digits)
        label = named(one.label, one.name, self.language)
        return label, "" if value is None else tell_value(one, value, self.pack, self.language)

    def _outcome(self, name: str, said: Any) -> tuple[str, str]:  # noqa: ANN401 - JSON
        if isinstance(said, dict):
            parts = [f"{self._name(key)} {one}" for key, one in said.items()]
        elif isinstance(said, list):
            parts = [self._name(str(one)) for one in said]
        else:
            parts = [self._name(str(said)) if said is not None else ""]
        return name, phrase("and", self.language).join(parts)

    def _name(self, word: str) -> str:
        """Give the label of whatever in the pack has a name."""
        pack = self.pack
        for rule in (*pack.categories, *pack.exits, *pack.reasons, *pack.exclusions, *pack.derived):
            if rule.id == word:
                return named(rule.label, rule.id, self.language)
        for item in pack.items:
            if item.id == word:
                return named(item.label, item.id, self.language)
        one = pack.input_named(word)
        return named(one.label, one.name, self.language) if one else word


def rule_book(scheme: Scheme, *, on: dt.date, language: str) -> RuleBook:
    """Write a scheme for reading, in a language, with the values of a day beside its numbers."""
    pack, author = scheme.pack, _Author(scheme, language, on)
    return RuleBook(
        id=pack.id,
        title=scheme.title(language),
        version=pack.version,
        disclaimer=named(pack.disclaimer, "", language),
        period=pack.period,
        country=pack.country,
        facts=author.facts(),
        parameters=tuple(author.parameter(one) for one in pack.parameters),
        derived=author.rules(pack.derived),
        exclusions=author.rules(pack.exclusions),
        categories=author.rules(pack.categories),
        grants=author.grants(),
        shares=author.shares(),
        funds=author.funds(),
        reasons=author.rules(pack.reasons),
        exits=author.rules(pack.exits),
        tables=author.tables(),
        cases=tuple(author.case(one) for one in pack.cases),
        notes=pack.notes,
    )
