"""Which thresholds of a pack its worked cases stand on, just under, just over, or leave a fact out of.

A case counts for a threshold only if the threshold decides it: were it drawn on the other side,
something else would come out.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any

from redress.engines.rules.decide import Decider
from redress.engines.rules.decision import Decision
from redress.engines.rules.evaluate import Frame
from redress.engines.rules.facts import DECIMAL_DIGITS_MAX, Case, read_case
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.known import Infinite, bounds
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Input, Pack, WorkedCase
from redress.engines.rules.telling import as_json
from tests.engines.thresholds import Threshold, thresholds

SIDES = ("on it", "just under", "just over")


def outcome(decision: Decision) -> dict[str, Any]:
    told = as_json(decision)
    return {name: part for name, part in told.items() if name not in {"derived", "log"}}


class Worked:
    """The worked cases of a pack, decided, with their neighbours one smallest step away."""

    def __init__(self, pack: Pack) -> None:
        self.pack, self.decider = pack, Decider(pack, traced=False)
        self.cases = [(one, self.case(one)) for one in pack.cases]
        self._kept: dict[Any, Decision | None] = {}

    def case(self, worked: WorkedCase) -> Case:
        people = worked.facts.get("members")
        return read_case(self.pack, worked.facts, members=people, case_id=worked.id)

    def decided(self, worked: WorkedCase, case: Case, key: Any = None) -> Decision | None:
        key = (id(worked), key)
        if key not in self._kept:
            try:
                self._kept[key] = self.decider.decide(case, on=worked.on)
            except CaseRefused:
                self._kept[key] = None
        return self._kept[key]

    def distances_near(self, worked: WorkedCase, case: Case, line: Threshold) -> Iterator[Any]:
        """Give how far the case would be from a threshold with one fact one smallest step otherwise."""
        for key, other in neighbours(self.pack, case, line):
            decision = self.decided(worked, other, key)
            if decision is not None:
                yield line.distance(other, decision)

    @cached_property
    def nothing_known(self) -> tuple[Case, list[Decision]]:
        """Decide a case of which nothing is known, on the days of the worked cases."""
        case = Case([None] * len(self.pack.inputs))
        found = []
        for on in sorted({one.on for one in self.pack.cases}):
            frame = Frame(case.facts, None, self.decider.params_on(on), on.toordinal())
            self.decider.evaluate(frame)
            found.append(Decision("", self.pack, on, frame=frame))
        return case, found


def neighbours(pack: Pack, case: Case, line: Threshold) -> Iterator[tuple[Any, Case]]:
    for place in sorted(line.facts):
        for at, value in enumerate(stepped(pack.inputs[place], case.facts[place])):
            facts = [*case.facts]
            facts[place] = value
            yield (place, at), Case(facts, case.members, case.given)
    if line.item:
        for step in (1, -1):
            given = {**case.given, line.item: max(0, case.given.get(line.item, 0) + step)}
            yield (line.item, step), Case(case.facts, case.members, given)


def stepped(one: Input, value: Any) -> Iterator[Any]:
    """Give a fact's values one smallest step away: a minor unit, one, a millionth, a month more."""
    if value is None or one.base not in {Base.MONEY, Base.NUMBER, Base.LIST}:
        return
    if one.base is Base.LIST:
        yield from (value[1:], (10**9, *value))
        for at, each in enumerate(value):
            yield from ((*value[:at], each + step, *value[at + 1 :]) for step in (1, -1))
        return
    whole = one.whole or one.base is Base.MONEY
    step = 1 if whole else Fraction(1, 10**DECIMAL_DIGITS_MAX)
    for to in (value + step, value - step):
        if (one.low is None or to >= one.low) and (one.high is None or to <= one.high):
            yield to


def missing(pack: Pack) -> list[str]:
    """List what worked cases are missing, one line for each threshold and side."""
    worked = Worked(pack)
    return [f"{line.name}: {what}" for line in thresholds(pack) for what in _missing(worked, line)]


def _missing(worked: Worked, line: Threshold) -> list[str]:
    deciders = [Decider(other, traced=False) for other in line.others]
    met: set[str] = set()
    for one, case in worked.cases:
        decision = worked.decided(one, case)
        if decision is None or _is_open(distance := line.distance(case, decision)):
            continue
        side = _side(worked, (one, case), line, distance)
        if side and side not in met and _decides(deciders, one, case, decision):
            met.add(side)
    low, high = _reach(worked, line)
    wanted = [
        side
        for side in SIDES
        if (side != "just under" or low < 0) and (side != "just over" or high > 0)
    ]
    return [side for side in wanted if side not in met] + _not_left_out(worked, line)


def _is_open(distance: Any) -> bool:
    return not isinstance(distance, int | Fraction)


def _side(worked: Worked, at: tuple[WorkedCase, Case], line: Threshold, distance: Any) -> str:
    if distance == 0:
        return "on it"
    near = [one for one in worked.distances_near(*at, line) if not _is_open(one)]
    if distance < 0:
        return "just under" if any(one >= 0 for one in near) else ""
    return "just over" if any(one <= 0 for one in near) else ""


def _decides(deciders: list[Decider], one: WorkedCase, case: Case, decision: Decision) -> bool:
    """Say whether something else would come out with the threshold drawn otherwise."""
    for decider in deciders:
        try:
            if outcome(decider.decide(case, on=one.on)) != outcome(decision):
                return True
        except CaseRefused:
            return True
    return False


def _reach(worked: Worked, line: Threshold) -> tuple[float, float]:
    """Give how far under and over a case may be at all."""
    case, decisions = worked.nothing_known
    low, high = float("inf"), float("-inf")
    for decision in decisions:
        distance = line.distance(case, decision)
        ends = (Infinite(-1), Infinite(1)) if distance is None else bounds(distance)
        low = min(low, _float(ends[0]))
        high = max(high, _float(ends[1]))
    return low, high


def _float(end: Any) -> float:
    return end.sign * float("inf") if isinstance(end, Infinite) else float(end)


def _not_left_out(worked: Worked, line: Threshold) -> list[str]:
    """Name the facts that no case leaves out; one without a default must then be asked for."""
    found = []
    for place in sorted(line.facts):
        one = worked.pack.inputs[place]
        cases = [(w, c) for w, c in worked.cases if one.name not in w.facts]
        if one.default is None:
            decided = [worked.decided(*each) for each in cases]
            cases = [d for d in decided if d and one.name in (*d.needs, *d.exit_needs)]
        if not cases:
            found.append(f"{one.name} not told")
    return found
