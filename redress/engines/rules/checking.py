"""Static checks of a whole pack: what can never hold, what has no end, what nobody would get."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from redress.engines.rules.constraints import Constraints
from redress.engines.rules.evaluate import Compiler, Frame
from redress.engines.rules.facts import MONEY_MINOR_MAX
from redress.engines.rules.findings import Finding, Weight
from redress.engines.rules.known import Infinite, Maybe, anything, bounds
from redress.engines.rules.loading import LANGUAGES
from redress.engines.rules.nodes import Expression, Node
from redress.engines.rules.pack import Item, Pack, Rule
from redress.engines.rules.packs import read_pack
from redress.engines.rules.worked import check_cases
from redress.values.text import normal_form

DAYS_MAX: Final = 60
_FACTS: Final = frozenset({
    "input",
    "member",
    "derived",
    "members_sum",
    "members_count",
    "list_len",
})


def check(text: str) -> tuple[Pack | None, list[Finding]]:
    """Read a pack and check all of it, its worked cases included.

    Returns:
        The pack, or None where it is refused; every finding, by line.
    """
    pack, findings = read_pack(text)
    if pack is None:
        return None, findings
    findings += _Checker(pack).findings()
    if not any(one.weight is Weight.ERROR for one in findings):
        findings += check_cases(pack)
    refused = any(one.weight is Weight.ERROR for one in findings)
    return None if refused else pack, sorted(findings, key=lambda one: one.line)


@dataclass(slots=True)
class _Moment:
    """The pack on one day, with nothing known of the case: every number as wide as its range."""

    frame: Frame
    compiler: Compiler

    def value(self, node: Node):  # type: ignore[no-untyped-def]  # noqa: ANN202 - any kind of value
        """Work out a step as far as it can be without a case."""
        return self.compiler.run(node)(self.frame)


class _Checker:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.moments = [self._moment(day) for day in self._days()]

    def _days(self) -> list[dt.date]:
        days = {value.from_on for one in self.pack.parameters for value in one.values}
        return sorted(days)[-DAYS_MAX:] or [dt.date(2000, 1, 1)]

    def _moment(self, day: dt.date) -> _Moment:
        pack = self.pack
        compiler = Compiler(pack, traced=False)
        held = [one.on(day) for one in pack.parameters]
        params = [
            anything(bit) if value is None else value.value
            for value, bit in zip(held, compiler.unknown_params, strict=True)
        ]
        asked = [one for one in pack.inputs if one.of_member]
        frame = Frame(
            [None] * len(pack.inputs), None, params, day.toordinal(), member=[None] * len(asked)
        )
        for rule in pack.derived:
            frame.derived.append(compiler.run(rule.when.node)(frame))
        frame.any_exclusion = Maybe(1) if pack.exclusions else False
        frame.categories, frame.category_needs = (1 << len(pack.categories)) - 1, 1
        return _Moment(frame, compiler)

    def findings(self) -> list[Finding]:
        return [
            *self._first_that_holds(self.pack.categories, "category"),
            *self._first_that_holds(self.pack.exits, "exit"),
            *self._exclusions(),
            *self._items(),
            *self._allocations(),
            *self._numbers(),
            *self._texts(),
            *self._unused(),
            *self._labels(),
        ]

    def _first_that_holds(self, rules: tuple[Rule, ...], section: str) -> Iterator[Finding]:
        last = rules[-1] if rules else None
        if last and section == "category" and not _is_true(last.when):
            yield _at(last.when, "no_last_category", said=last.id)
        for place, rule in enumerate(rules):
            before = [one.when.node for one in rules[:place]]
            if any(_is_true(one.when) for one in rules[:place]) or not any(
                self._may_hold(rule.when.node, before, now) for now in self.moments
            ):
                yield _at(rule.when, "never_holds", said=rule.id)

    def _may_hold(self, node: Node, before: list[Node], now: _Moment) -> bool:
        if now.value(node) is False:
            return False
        constraints = Constraints(now.value)
        constraints.require(node, holds=True)
        for one in before:
            constraints.require(one, holds=False)
        return constraints.possible

    def _exclusions(self) -> Iterator[Finding]:
        used = any(
            node.op == "any_exclusion"
            for expression in self.pack.expressions()
            for node in expression.node.walk()
        )
        if self.pack.exclusions and not used:
            yield _at(self.pack.exclusions[0].when, "exclusions_unused")
        for rule in (*self.pack.exclusions, *self.pack.reasons):
            if not any(self._may_hold(rule.when.node, [], now) for now in self.moments):
                yield _at(rule.when, "never_holds", said=rule.id)
            for item in rule.concerns:
                if item not in {one.id for one in self.pack.items}:
                    yield _at(rule.when, "no_such_item", said=item)

    def _categories_of(self, item: Item) -> list[str]:
        """Name the categories an item may be granted in; ``""`` in a pack without any."""
        if not self.pack.categories:
            may = any(self._may_hold(item.when.node, [], now) for now in self.moments)
            return [""] if may else []
        found = []
        for place, rule in enumerate(self.pack.categories):
            for now in self.moments:
                now.frame.categories, now.frame.category_needs = 1 << place, 0
                if self._may_hold(item.when.node, [], now):
                    found.append(rule.id)
                    break
        for now in self.moments:
            now.frame.categories, now.frame.category_needs = (1 << len(self.pack.categories)) - 1, 1
        return found

    def _items(self) -> Iterator[Finding]:
        pack = self.pack
        for item in pack.items:
            categories = self._categories_of(item)
            if not categories:
                yield _at(item.when, "never_granted", said=item.id)
            if _is_true(item.when):
                yield _at(item.when, "holds_for_everyone", Weight.WARNING, said=item.id)
            for category in categories:
                if pack.allocations and not item.outside and category not in pack.allocations:
                    better = ", ".join(pack.allocations)
                    yield _at(item.when, "no_allocation", said=category or item.id, better=better)
            yield from self._amount(item)

    def _amount(self, item: Item) -> Iterator[Finding]:
        highs = [bounds(now.value(item.amount.node))[1] for now in self.moments]
        if all(not isinstance(high, Infinite) and high <= 0 for high in highs):
            yield _at(item.amount, "never_above_zero", said=item.id)
        for high in highs:
            if not isinstance(high, Infinite) and high > MONEY_MINOR_MAX:
                yield _at(item.amount, "overflow", said=item.id, better=str(int(high)))
                return

    def _allocations(self) -> Iterator[Finding]:
        inside = [item for item in self.pack.items if not item.outside]
        for category, allocation in self.pack.allocations.items():
            where = f"allocation.{category}".rstrip(".")
            if allocation.mode == "cap_in_order":
                for item in inside:
                    if item.id not in allocation.order:
                        yield Finding("not_in_order", allocation.line, where, item.id)
            if allocation.mode == "sequential" and self.pack.aid_input is None:
                yield Finding("no_aid_input", allocation.line, where)
            if len(set(allocation.order)) < len(allocation.order):
                yield Finding("twice", allocation.line, where, ", ".join(allocation.order))

    def _numbers(self) -> Iterator[Finding]:
        seen: set[tuple[int, str]] = set()
        for expression in self.pack.expressions():
            for node in expression.node.walk():
                if (
                    node.op not in {"div", "round_to", "floor_to"}
                    or (expression.line, node.text) in seen
                ):
                    continue
                seen.add((expression.line, node.text))
                yield from self._divisor(expression, node)

    def _divisor(self, expression: Expression, node: Node) -> Iterator[Finding]:
        by = node.args[1]
        for now in self.moments:
            low, high = bounds(now.value(by))
            if node.op != "div" and not isinstance(high, Infinite) and high <= 0:
                yield _at(expression, "step_not_positive", said=by.text or node.text)
                return
            if node.op == "div" and _holds_zero(low, high):
                if by.op != "list_count" and any(one.op in _FACTS for one in by.walk()):
                    yield _at(expression, "may_divide_by_zero", Weight.WARNING, said=by.text)
                return

    def _texts(self) -> Iterator[Finding]:
        for expression in self.pack.expressions():
            for node in expression.node.walk():
                if node.op != "text_in" or not isinstance(node.value, tuple):
                    continue
                one = self._input_of(node.args[0])
                known = {normal_form(value) for value in one.values} if one else set()
                for text in node.value:
                    if known and text not in known:
                        better = ", ".join(one.values) if one else ""
                        yield _at(expression, "not_one_of", said=text, better=better)

    def _input_of(self, node: Node):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Input or None
        members = [one for one in self.pack.inputs if one.of_member]
        if not isinstance(node.value, int):
            return None
        return members[node.value] if node.op == "member" else self.pack.inputs[node.value]

    def _unused(self) -> Iterator[Finding]:
        used = {
            name
            for expression in self.pack.expressions()
            for node in expression.node.walk()
            if (name := self._name_of(node))
        }
        for kind, rows in (
            ("parameters", self.pack.parameters), ("inputs", self.pack.inputs),
        ):  # fmt: skip
            for one in rows:
                if one.name not in used and one.name != self._aid_name():
                    weight = Weight.WARNING
                    yield Finding("unused", one.line, f"{kind}.{one.name}", one.name, "", weight)

    def _aid_name(self) -> str:
        at = self.pack.aid_input
        return self.pack.inputs[at].name if at is not None else ""

    def _name_of(self, node: Node) -> str:
        if node.op == "param" and isinstance(node.value, int):
            return self.pack.parameters[node.value].name
        one = self._input_of(node) if node.op in {"input", "member"} else None
        return one.name if one else ""

    def _labels(self) -> Iterator[Finding]:
        pack = self.pack
        sections = {
            "inputs": [(one.name, one.label, one.line) for one in pack.inputs],
            "items": [(one.id, one.label, one.line) for one in pack.items],
            "reasons": [(o.id, o.label, o.line) for o in (*pack.exclusions, *pack.reasons)],
        }
        for section, rows in sections.items():
            for language in LANGUAGES:
                without = [(name, line) for name, label, line in rows if language not in label]
                if without:
                    names = ", ".join(name for name, _ in without[:3]) + (
                        " …" if without[3:] else ""
                    )
                    weight = Weight.WARNING
                    yield Finding("no_label", without[0][1], section, names, language, weight)


def _is_true(expression: Expression) -> bool:
    return expression.node.op == "literal" and expression.node.value is True


def _holds_zero(low: object, high: object) -> bool:
    below = low.sign < 0 if isinstance(low, Infinite) else low <= 0  # type: ignore[operator] # a number
    above = high.sign > 0 if isinstance(high, Infinite) else high >= 0  # type: ignore[operator] # a number
    return below and above


def _at(
    expression: Expression,
    code: str,
    weight: Weight = Weight.ERROR,
    *,
    said: str = "",
    better: str = "",
) -> Finding:
    return Finding(code, expression.line, expression.where, said[:80], better[:200], weight)
