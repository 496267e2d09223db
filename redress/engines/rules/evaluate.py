"""The reference evaluator: a checked tree becomes exact functions, one for each step, traced or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from redress.engines.rules.known import (
    ABOVE,
    BELOW,
    Maybe,
    Truth,
    UnknownList,
    UnknownText,
    between,
)
from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.over import STEPS_OVER
from redress.engines.rules.pack import Pack
from redress.engines.rules.steps import RECORDED, STEPS

Value = Any  # a number, a truth value, a text, a tuple, or one of the unknowns
Run = Callable[["Frame"], Value]
Step = tuple[Node, Value]


@dataclass(slots=True)
class Frame:
    """What one evaluation looks at."""

    facts: list[Value]
    members: list[list[Value]] | None
    params: list[Value]
    day: int
    derived: list[Value] = field(default_factory=list)
    member: list[Value] = field(default_factory=list)
    categories: int = 0  # bits of the categories it may be
    category_needs: int = 0
    excluded: list[Truth] = field(default_factory=list)
    any_exclusion: Truth = False
    steps: list[Step] = field(default_factory=list)


class Compiler:
    """Turns trees of one pack into functions; gives each unknown its bit among the needs."""

    def __init__(self, pack: Pack, *, traced: bool) -> None:
        self.pack, self.traced = pack, traced
        self.household = [one for one in pack.inputs if not one.of_member]
        self.member_places = [at for at, one in enumerate(pack.inputs) if one.of_member]
        self.members_bit = 1 << len(pack.inputs)
        self.faults: dict[int, Node | str] = {}
        self.unknown_params = [self._fault(one.name) for one in pack.parameters]

    def _fault(self, at: Node | str) -> int:
        bit = self.members_bit << (1 + len(self.faults))
        self.faults[bit] = at
        return bit

    def run(self, node: Node) -> Run:
        """Compile one tree."""
        made = _STEPS[node.op](self, node)
        return _traced(node, made) if self.traced and node.op not in _AS_THEY_ARE else made

    def runs(self, node: Node) -> list[Run]:
        """Compile the steps a node is done to."""
        return [self.run(one) for one in node.args]

    def fault(self, node: Node) -> int:
        """Give the bit of a step that may have no value."""
        return self._fault(node)

    def unknown(self, place: int) -> Value:
        """Give what stands for an absent fact."""
        one, bit = self.pack.inputs[place], 1 << place
        if one.base is Base.BOOL:
            return Maybe(bit)
        if one.base is Base.TEXT:
            return UnknownText(bit)
        if one.base is Base.LIST:
            return UnknownList(bit)
        low = BELOW if one.low is None else one.low
        return between(low, ABOVE if one.high is None else one.high, bit)


_STEPS: Final = {**STEPS, **STEPS_OVER}
_LEAVES: Final = ("literal", "input", "member", "param", "day", "any_exclusion", "derived")
_AS_THEY_ARE: Final = RECORDED | frozenset(_LEAVES)


def _traced(node: Node, made: Run) -> Run:
    def run(frame: Frame) -> Value:
        value = made(frame)
        frame.steps.append((node, value))
        return value

    return run
