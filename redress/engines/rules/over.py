"""The reference's steps over lists and members, and its tests of texts and categories."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from redress.engines.rules.known import (
    ABOVE,
    Maybe,
    Quantity,
    Truth,
    Unknown,
    UnknownList,
    UnknownText,
    anything,
    greater,
    needs_of,
    smaller,
)
from redress.engines.rules.nodes import Node

if TYPE_CHECKING:
    from redress.engines.rules.evaluate import Compiler, Frame, Run, Value

Fold = Callable[[Any, Any], Any]


def _root(node: Node) -> int:
    """Give the bit of the input that a list comes from."""
    while node.op == "last":
        node = node.args[0]
    return 1 << node.value if isinstance(node.value, int) else 0


def _elements(values: tuple[Value, ...], bit: int) -> list[Value]:
    return [anything(bit) if value is None else value for value in values]


def _list_fold(fold: Fold, *, empty: int | None) -> Callable[[Compiler, Node], Run]:
    """Make a sum, a smallest or a greatest; ``empty`` None means that nothing has no such value."""

    def make(compiler: Compiler, node: Node) -> Run:
        (list_of,), bit = compiler.runs(node), _root(node.args[0])

        def run(frame: Frame) -> Quantity:
            values = list_of(frame)
            if isinstance(values, UnknownList):
                return anything(values.needs)
            if not values:
                return anything(bit) if empty is None else empty
            return reduce(fold, _elements(values, bit))  # type: ignore[no-any-return] # numbers

        return run

    return make


def _list_len(compiler: Compiler, node: Node) -> Run:
    (list_of,) = compiler.runs(node)

    def run(frame: Frame) -> Quantity:
        values = list_of(frame)
        if isinstance(values, UnknownList):
            return Unknown(0, ABOVE, values.needs)
        return len(values)

    return run


def _list_count(compiler: Compiler, node: Node) -> Run:
    """Make the divisor of a mean: the length, but unknown for an empty list."""
    (list_of,), bit = compiler.runs(node), _root(node.args[0])

    def run(frame: Frame) -> Quantity:
        values = list_of(frame)
        if isinstance(values, UnknownList):
            return anything(values.needs)
        return len(values) or anything(bit)

    return run


def _last(compiler: Compiler, node: Node) -> Run:
    list_of, count_of = compiler.runs(node)

    def run(frame: Frame) -> Value:
        values, count = list_of(frame), count_of(frame)
        needs = needs_of(values) | needs_of(count)
        if needs:
            return UnknownList(needs)
        whole = int(count)
        return values[-whole:] if whole > 0 else ()

    return run


def _list_has(compiler: Compiler, node: Node) -> Run:
    list_of, value_of = compiler.runs(node)
    bit = _root(node.args[0])

    def run(frame: Frame) -> Truth:
        values, wanted = list_of(frame), value_of(frame)
        needs = needs_of(values) | needs_of(wanted)
        if needs:
            return Maybe(needs)
        if wanted in [value for value in values if value is not None]:
            return True
        return Maybe(bit) if None in values else False

    return run


def _members_fold(fold: Fold, *, empty: int | None) -> Callable[[Compiler, Node], Run]:
    def make(compiler: Compiler, node: Node) -> Run:
        (body,), bit = compiler.runs(node), compiler.members_bit

        def run(frame: Frame) -> Quantity:
            if frame.members is None:
                return anything(bit)
            if not frame.members:
                return anything(bit) if empty is None else empty
            return reduce(fold, [_of_member(body, frame, row) for row in frame.members])  # type: ignore[no-any-return] # numbers

        return run

    return make


def _of_member(body: Run, frame: Frame, row: list[Value]) -> Value:
    frame.member = row
    return body(frame)


def _members_any(compiler: Compiler, node: Node) -> Run:
    (body,), bit = compiler.runs(node), compiler.members_bit

    def run(frame: Frame) -> Truth:
        if frame.members is None:
            return Maybe(bit)
        needs = 0
        for row in frame.members:
            value = _of_member(body, frame, row)
            if value is True:
                return True
            needs |= needs_of(value)
        return Maybe(needs) if needs else False

    return run


def _members_count(compiler: Compiler, _node: Node) -> Run:
    bit = compiler.members_bit

    def run(frame: Frame) -> Quantity:
        return Unknown(0, ABOVE, bit) if frame.members is None else len(frame.members)

    return run


def _category_in(_compiler: Compiler, node: Node) -> Run:
    wanted = node.value if isinstance(node.value, int) else 0

    def run(frame: Frame) -> Truth:
        if not frame.categories & ~wanted:
            return True
        return Maybe(frame.category_needs) if frame.categories & wanted else False

    return run


def _text_in(compiler: Compiler, node: Node) -> Run:
    (text_of,) = compiler.runs(node)
    wanted = frozenset(node.value if isinstance(node.value, tuple) else ())

    def run(frame: Frame) -> Truth:
        text = text_of(frame)
        return Maybe(text.needs) if isinstance(text, UnknownText) else text in wanted

    return run


def _same(compiler: Compiler, node: Node) -> Run:
    left_of, right_of = compiler.runs(node)

    def run(frame: Frame) -> Truth:
        left, right = left_of(frame), right_of(frame)
        needs = needs_of(left) | needs_of(right)
        return Maybe(needs) if needs else left == right

    return run


STEPS_OVER: Final[dict[str, Callable[[Compiler, Node], Run]]] = {
    "list_sum": _list_fold(operator.add, empty=0),
    "list_min": _list_fold(smaller, empty=None),
    "list_max": _list_fold(greater, empty=None),
    "list_len": _list_len,
    "list_count": _list_count,
    "list_has": _list_has,
    "last": _last,
    "members_sum": _members_fold(operator.add, empty=0),
    "members_min": _members_fold(smaller, empty=None),
    "members_max": _members_fold(greater, empty=None),
    "members_any": _members_any,
    "members_count": _members_count,
    "category_in": _category_in,
    "text_in": _text_in,
    "same": _same,
}
