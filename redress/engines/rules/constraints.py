"""Whether some conditions can hold together, as far as comparisons with fixed numbers tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.emit import key_of
from redress.engines.rules.nodes import Node, Number

_TURNED: Final = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq"}
_MIRRORED: Final = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}


@dataclass(slots=True)
class _Range:
    """What is left for one quantity."""

    low: Number | None = None
    low_open: bool = False
    high: Number | None = None
    high_open: bool = False

    def at_least(self, value: Number, *, beyond: bool) -> None:
        if self.low is None or value > self.low or (value == self.low and beyond):
            self.low, self.low_open = value, beyond

    def at_most(self, value: Number, *, beyond: bool) -> None:
        if self.high is None or value < self.high or (value == self.high and beyond):
            self.high, self.high_open = value, beyond

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))


@dataclass(slots=True)
class Constraints:
    """Conditions required so far; ``possible`` turns false when no case can meet them all."""

    value_of: Callable[[Node], Any]
    possible: bool = True
    _ranges: dict[Any, _Range] = field(default_factory=dict)
    _truths: dict[Any, bool] = field(default_factory=dict)

    def require(self, node: Node, *, holds: bool) -> None:
        """Add a condition that must hold, or must not."""
        if node.op == "not":
            self.require(node.args[0], holds=not holds)
        elif node.op == ("and" if holds else "or"):
            for one in node.args:
                self.require(one, holds=holds)
        elif node.op in _TURNED:
            self._compare(node, node.op if holds else _TURNED[node.op])
        elif node.op not in {"and", "or", "literal"}:
            self._truth(key_of(node), holds)

    def _truth(self, key: Any, holds: bool) -> None:  # noqa: ANN401, FBT001 - a key; the value
        self.possible &= self._truths.setdefault(key, holds) == holds

    def _compare(self, node: Node, op: str) -> None:
        left, right = node.args
        fixed = self.value_of(right)
        if not isinstance(fixed, int | Fraction):
            left, op, fixed = right, _MIRRORED[op], self.value_of(left)
        if not isinstance(fixed, int | Fraction):
            return
        held = self._ranges.setdefault(key_of(left), _Range())
        if op in {"gt", "ge", "eq"}:
            held.at_least(fixed, beyond=op == "gt")
        if op in {"lt", "le", "eq"}:
            held.at_most(fixed, beyond=op == "lt")
        self.possible &= not held.is_empty
