"""The lines a decision was drawn along: each comparison, both its sides, and how far they are apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from redress.engines.rules.decision import Decision
from redress.engines.rules.evaluate import Compiler, Frame, Run
from redress.engines.rules.nodes import Base, Expression, Node, Number
from redress.engines.rules.pack import Pack

_COMPARISONS: Final = frozenset({"lt", "le", "gt", "ge", "eq", "ne"})


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison of a decision, with the values of both its sides.

    Attributes:
        where: the expression it stands in, like ``category.deep.when``.
        node: the comparison.
        left: value of the left side.
        right: value of the right side.
        holds: whether it holds.
        turned: whether it stands under a ``not``, so that it is wanted not to hold.
    """

    where: str
    node: Node
    left: Number
    right: Number
    holds: bool
    turned: bool = False

    @property
    def distance(self) -> Number:
        """How far the left side lies above the right; below zero if it lies below."""
        return self.left - self.right


@dataclass(frozen=True, slots=True)
class Said:
    """A fact that is yes or no, as the condition looks at it."""

    node: Node
    holds: bool


class LineReader:
    """Reads the lines of decisions of one pack."""

    def __init__(self, pack: Pack) -> None:
        compiler = Compiler(pack, traced=False)
        self._pack = pack
        self._runs = {
            node: compiler.run(node)
            for expression in pack.expressions()
            for node in _outside_members(expression.node)
            if node.base is Base.BOOL or node.op in _COMPARISONS
        }
        self._found: dict[str, list[tuple[Node, Run, Run]]] = {}
        self._bands = [
            (compiler.run(node.args[0]), band.low)
            for expression in pack.expressions()
            for node in _outside_members(expression.node)
            if node.op == "band" and isinstance(node.value, tuple)
            for band in pack.tables[node.value[0]].bands
        ]
        self._sides: dict[Node, tuple[Run, Run]] = {}
        for expression in pack.expressions():
            self._found[expression.where] = [
                (node, compiler.run(node.args[0]), compiler.run(node.args[1]))
                for node in _outside_members(expression.node)
                if node.op in _COMPARISONS
            ]
            for node, left_of, right_of in self._found[expression.where]:
                self._sides[node] = (left_of, right_of)

    def lines(self, decision: Decision, expression: Expression) -> Iterator[Line]:
        """Yield the comparisons of an expression whose sides are known numbers."""
        if decision.frame is not None:
            yield from self._at(decision.frame, expression.where)

    def decisive(self, decision: Decision, expression: Expression) -> Iterator[Line | Said]:
        """Yield what makes a condition come out as it does, true or false.

        Of an ``and`` that fails the parts that fail, of an ``or`` that holds those that hold, of a
        choice the side taken, of a derived value what it rests on; nothing where it is not known.
        """
        if decision.frame is not None:
            yield from self._why(decision.frame, expression.where, expression.node, turned=False)

    def _why(self, frame: Frame, where: str, node: Node, *, turned: bool) -> Iterator[Line | Said]:
        truth = self._truth(frame, node)
        if truth is None:
            return
        if node.op in _COMPARISONS:
            left, right = (self._sides[node][at](frame) for at in (0, 1))
            if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
                yield Line(where, node, left, right, truth, turned)
        elif node.op == "derived":
            rule = self._pack.derived[int(str(node.value))]
            yield from self._why(frame, where, rule.when.node, turned=turned)
        elif node.op == "input":
            yield Said(node, truth)
        else:
            for part in self._parts(frame, node, truth=truth):
                yield from self._why(frame, where, part, turned=turned != (node.op == "not"))

    def _parts(self, frame: Frame, node: Node, *, truth: bool) -> tuple[Node, ...]:
        """Give the parts that a condition comes out so by."""
        if node.op == "if":
            test = self._truth(frame, node.args[0])
            return () if test is None else (node.args[1 if test else 2],)
        if node.op in {"and", "or"}:
            every = truth == (node.op == "and")
            return tuple(one for one in node.args if every or self._truth(frame, one) is truth)
        return node.args if node.op == "not" else ()

    def _truth(self, frame: Frame, node: Node) -> bool | None:
        value = self._runs[node](frame) if node in self._runs else None
        return value if isinstance(value, bool) else None

    def all_lines(self, decision: Decision) -> Iterator[Line]:
        """Yield the known comparisons of the whole pack."""
        for where in self._found:
            if decision.frame is not None:
                yield from self._at(decision.frame, where)

    def distances(self, decision: Decision) -> list[Number | None]:
        """Give how far the case is from every line and from the foot of every band, in one order."""
        if decision.frame is None:
            return []
        pairs = [
            (left_of, right_of) for found in self._found.values() for _, left_of, right_of in found
        ]
        sides = [(left(decision.frame), right(decision.frame)) for left, right in pairs]
        sides += [(value_of(decision.frame), low) for value_of, low in self._bands]
        known = int | Fraction
        return [
            left - right if isinstance(left, known) and isinstance(right, known) else None
            for left, right in sides
        ]

    def _at(self, frame: Frame, where: str) -> Iterator[Line]:
        for node, left_of, right_of in self._found[where]:
            left, right = left_of(frame), right_of(frame)
            if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
                yield Line(where, node, left, right, _HOLDS[node.op](left, right))


def _outside_members(node: Node) -> Iterator[Node]:
    """Walk the steps that are about the case as a whole, not about one member."""
    if node.op.startswith("members_"):
        return
    yield node
    for one in node.args:
        yield from _outside_members(one)


_HOLDS: Final = {
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
}
