"""A scheme pack, read and checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from redress.engines.rules.nodes import Base, Expression, Number

Words = dict[str, str]  # language -> text
AID_INPUT: Final = "prior_aid"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value from a day on, with where it was read."""

    from_on: dt.date
    value: Number
    status: str
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the rules that changes with time; money in minor units."""

    name: str
    base: Base
    unit: str
    values: tuple[DatedValue, ...]
    label: Words
    line: int
    alternatives: tuple[dict[str, Any], ...] = ()

    def on(self, day: dt.date) -> DatedValue | None:
        """Give the value that holds on a day, or None before the first."""
        held = [value for value in self.values if value.from_on <= day]
        return held[-1] if held else None


@dataclass(frozen=True, slots=True)
class Input:
    """A fact that the rules ask for.

    Attributes:
        default: stands where the fact is absent; None means that absent is unknown.
        low: least value allowed (minor units, day number), or None.
        high: greatest value allowed, or None.
        of: type of a list's elements.
        changeable: whether "what would qualify" may speak of it.
        of_member: whether each member has one.
        register: name of the quantity in a register of households that stands for it.
    """

    name: str
    base: Base
    line: int
    label: Words = field(default_factory=dict)
    default: Any = None
    low: Number | None = None
    high: Number | None = None
    of: Base | None = None
    unit: str | None = None
    values: dict[str, Words] = field(default_factory=dict)
    whole: bool = False
    changeable: bool = True
    of_member: bool = False
    note: str = ""
    bring: Words = field(default_factory=dict)
    ask: Words = field(default_factory=dict)
    register: str = ""

    def known_as(self, currency: str) -> list[str]:
        """Name where a register keeps it: under its own name, then under the register's."""
        names = [self.name, self.register] if self.register else [self.name]
        return [f"{name}.{currency}" for name in names] if self.base is Base.MONEY else names


@dataclass(frozen=True, slots=True)
class Rule:
    """A named expression: a derived value, an exclusion, a category, a reason or an exit."""

    id: str
    when: Expression
    line: int
    label: Words = field(default_factory=dict)
    status: str = ""
    source: str = ""
    concerns: tuple[str, ...] = ()
    text: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Approval:
    """Who must approve a sum above a line (minor units)."""

    above: Number
    level: str


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of relief."""

    id: str
    when: Expression
    amount: Expression
    line: int
    label: Words = field(default_factory=dict)
    batch: str = ""
    status: str = ""
    unit: str = ""
    outside: bool = False
    priority_when: Expression | None = None
    approval: tuple[Approval, ...] = ()
    bring: Words = field(default_factory=dict)

    @property
    def is_money(self) -> bool:
        """Whether its amount is a sum of money (otherwise months, points, ...)."""
        return self.amount.node.base is Base.MONEY


@dataclass(frozen=True, slots=True)
class Allocation:
    """How the items of one category share: ``best_one``, ``sequential`` or ``cap_in_order``."""

    mode: str
    line: int
    continue_while: Expression | None = None
    order: tuple[str, ...] = ()
    cap: Expression | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A limit by law on what one item may come to in a year, aid already given included."""

    item: str
    limit: Expression
    line: int
    per: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FundRule:
    """Which categories a fund may pay for."""

    fund: str
    may_pay: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Band:
    """One row of a table: whole numbers from ``low`` to ``high``, both included."""

    low: int
    high: int
    columns: dict[str, Number]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """Values by bands of a whole number."""

    name: str
    bands: tuple[Band, ...]
    columns: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """A case with its day and what must come out; a test and a page of the rule book."""

    id: str
    on: dt.date
    facts: dict[str, Any]
    expect: dict[str, Any]
    line: int
    note: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pack:
    """A scheme: parameters, facts asked for, and rules."""

    id: str
    version: str
    country: str
    currency: str
    step_minor: int  # sums are multiples of this many minor units
    step_digits: int  # digits after the point in every sum printed
    minor_digits: int
    title: Words
    period: str
    unit: str
    disclaimer: Words
    parameters: tuple[Parameter, ...]
    inputs: tuple[Input, ...]
    derived: tuple[Rule, ...]  # in an order in which each needs only earlier ones
    exclusions: tuple[Rule, ...]
    categories: tuple[Rule, ...]
    items: tuple[Item, ...]
    allocations: dict[str, Allocation]  # by category; key "" for a pack without categories
    ceilings: tuple[Ceiling, ...]
    fund_rules: tuple[FundRule, ...]
    reasons: tuple[Rule, ...]
    exits: tuple[Rule, ...]
    tables: dict[str, Table]
    cases: tuple[WorkedCase, ...]
    notes: tuple[str, ...]
    aid_input: int | None = None  # place of the fact that aid already given counts in
    text: str = ""

    @property
    def has_members(self) -> bool:
        """Whether the rules look at single members of a household."""
        return any(one.of_member for one in self.inputs)

    def input_named(self, name: str) -> Input | None:
        """Give the input of a name."""
        return next((one for one in self.inputs if one.name == name), None)

    def expressions(self) -> list[Expression]:
        """Give every expression of the pack, in the order of its text."""
        rules = (*self.derived, *self.exclusions, *self.categories)
        found = [rule.when for rule in rules]
        for item in self.items:
            found += [item.when, item.amount]
            found += [item.priority_when] if item.priority_when else []
        for allocation in self.allocations.values():
            found += [one for one in (allocation.continue_while, allocation.cap) if one]
        found += [ceiling.limit for ceiling in self.ceilings]
        return found + [rule.when for rule in (*self.reasons, *self.exits)]
