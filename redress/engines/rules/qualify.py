"""What would qualify: for each fact that can change, the smallest change that brings something more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.decide import Decider
from redress.engines.rules.decision import Decision
from redress.engines.rules.facts import (
    DECIMAL_DIGITS_MAX,
    MONEY_MINOR_MAX,
    NUMBER_MAX,
    YEARS,
    Case,
)
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.lines import LineReader
from redress.engines.rules.nodes import Base, Number
from redress.engines.rules.pack import Input, Pack
from redress.engines.rules.telling import value_json
from redress.values.text import normal_form

NEAR: Final = 24  # smallest steps each way that are tried one by one
_FAR: Final = {Base.MONEY: MONEY_MINOR_MAX // 100, Base.NUMBER: NUMBER_MAX // 1000}
_DAYS: Final = (dt.date(YEARS[0], 1, 1).toordinal(), dt.date(YEARS[1], 12, 31).toordinal())


@dataclass(frozen=True, slots=True)
class Change:
    """One fact otherwise, all else equal, and what would then be granted besides."""

    fact: str
    of: Any
    to: Any
    gains: tuple[str, ...]
    category: str | None


def change_json(change: Change, pack: Pack) -> dict[str, Any]:
    """Give one fact otherwise, and what would then be granted besides."""
    one = pack.input_named(change.fact)
    base = one.base if one else Base.NUMBER
    return {
        "fact": change.fact,
        "from": value_json(change.of, base, pack),
        "to": value_json(change.to, base, pack),
        "gains": list(change.gains),
        "category": change.category,
    }


def would_qualify(
    decider: Decider, case: Case, decision: Decision, reader: LineReader
) -> list[Change]:
    """Find, for each fact, the smallest single change after which an item more is granted.

    Args:
        decider: of the pack, untraced: hundreds of decisions are tried.
        case: the facts.
        decision: what comes out of them.
        reader: of the pack's lines.

    Returns:
        Changes in the order of the pack's inputs, each found true by deciding again. Of a fact that
        turns the outcome in several places, the nearest one found.
    """
    found = []
    for place, one in enumerate(decider.pack.inputs):
        value = case.facts[place]
        if not one.changeable or one.of_member or value is None:
            continue
        search = _Search(decider, case, decision, place, reader)
        to = search.nearest(one, value)
        if to is not None:
            turned = search.decided(to)
            if turned is not None:
                gains = tuple(item for item in turned.granted if item not in decision.granted)
                found.append(Change(one.name, value, to, gains, turned.category))
    return found


@dataclass(slots=True)
class _Search:
    decider: Decider
    case: Case
    decision: Decision
    place: int
    reader: LineReader

    def decided(self, value: Any, on: dt.date | None = None) -> Decision | None:  # noqa: ANN401 - a fact
        """Decide with one fact otherwise."""
        facts = list(self.case.facts)
        facts[self.place] = value
        case = Case(facts, self.case.members, self.case.given, self.case.id)
        try:
            return self.decider.decide(case, on=on or self.decision.on)
        except CaseRefused:
            return None

    def turns(self, value: Any) -> bool:  # noqa: ANN401 - a fact
        """Say whether something more would be granted, all that was granted staying."""
        decision = self.decided(value)
        if decision is None:
            return False
        now, before = set(decision.granted), set(self.decision.granted)
        return now > before or bool(
            now - before and self.total(decision) > self.total(self.decision)
        )

    def total(self, decision: Decision) -> int:
        """Add up the money of a decision."""
        return decision.total_minor()

    def nearest(self, one: Input, value: Any) -> Any:  # noqa: ANN401 - a fact
        """Find the nearest value that turns the outcome, or None."""
        if one.base is Base.BOOL:
            return (not value) if self.turns(not value) else None
        if one.base is Base.TEXT:
            others = (normal_form(other) for other in one.values)
            return next((other for other in others if other != value and self.turns(other)), None)
        if one.base is Base.LIST:
            return None
        is_decimal = one.base is Base.NUMBER and not one.whole
        step: Number = Fraction(1, 10**DECIMAL_DIGITS_MAX) if is_decimal else 1
        low, high = _range(one, value)
        tried = {*self._near(value, step), *self._roots(value, step)} - {value}
        nearest_first = sorted(tried, key=lambda to: (abs(to - value), to))
        found = next((to for to in nearest_first if low <= to <= high and self.turns(to)), None)
        if found is not None:  # anything else worth having is nearer
            low, high = max(low, value - abs(found - value)), min(high, value + abs(found - value))
        ends = (self._doubling(value, step * sign, end) for end, sign in ((high, 1), (low, -1)))
        nearest = [to for to in (found, *ends) if to is not None]
        return min(nearest, key=lambda to: (abs(to - value), to), default=None)

    def _near(self, value: Number, step: Number) -> Iterator[Number]:
        for count in range(1, NEAR + 1):
            yield value - count * step
            yield value + count * step

    def _roots(self, value: Number, step: Number) -> Iterator[Number]:
        """Guess where each comparison turns, as if its sides were straight lines of this fact."""
        other = self.decided(value + step)
        if other is None:  # there the case cannot be decided, but perhaps on the other side
            step = -step
            other = self.decided(value + step)
        if other is None:
            return
        here, there = (self.reader.distances(one) for one in (self.decision, other))
        for before, after in zip(here, there, strict=True):
            if before is None or after is None or after == before:
                continue
            steps = Fraction(-before) / Fraction(after - before)
            whole = steps.numerator // steps.denominator
            for count in range(whole - 1, whole + 3):
                yield value + count * step

    def _doubling(self, value: Number, step: Number, end: Number) -> Number | None:
        """Go further and further until the outcome turns, then halve the way back."""
        near, count = 0, 1
        inside: Callable[[int], bool] = (
            (lambda n: value + n * step <= end) if step > 0 else (lambda n: value + n * step >= end)
        )
        while inside(count):
            if self.turns(value + count * step):
                return value + self._halving(value, step, near, count) * step
            near, count = count, count * 2
        last = int(abs(Fraction(end - value) / Fraction(step)))
        if last > near and self.turns(value + last * step):
            return value + self._halving(value, step, near, last) * step
        return None

    def _halving(self, value: Number, step: Number, near: int, far: int) -> int:
        while far - near > 1:
            middle = (near + far) // 2
            if self.turns(value + middle * step):
                far = middle
            else:
                near = middle
        return far


def _range(one: Input, value: Number) -> tuple[Number, Number]:
    if one.base is Base.DATE:
        least, most = _DAYS
    else:
        far = _FAR[one.base]
        least, most = (0 if value >= 0 else -far), int(max(far, value))
    return (
        least if one.low is None else one.low,
        most if one.high is None else one.high,
    )
