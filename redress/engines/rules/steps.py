"""The reference's steps over single values: each an exact function; nothing clever, nothing hidden."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from redress.engines.rules.calendar import age_on, months_between
from redress.engines.rules.known import (
    Infinite,
    Maybe,
    Quantity,
    Truth,
    Unknown,
    anything,
    between,
    bounds,
    divided,
    greater,
    hull,
    needs_of,
    opposite,
    smaller,
)
from redress.engines.rules.nodes import Node, Number
from redress.engines.rules.ratio import quick

if TYPE_CHECKING:
    from redress.engines.rules.evaluate import Compiler, Frame, Run, Value


def _literal(_compiler: Compiler, node: Node) -> Run:
    value = quick(node.value)
    return lambda _frame: value


def _input(compiler: Compiler, node: Node) -> Run:
    place, unknown = _place(node), compiler.unknown(_place(node))

    def run(frame: Frame) -> Value:
        value = frame.facts[place]
        return unknown if value is None else value

    return run


def _member(compiler: Compiler, node: Node) -> Run:
    place = _place(node)
    unknown = compiler.unknown(compiler.member_places[place])

    def run(frame: Frame) -> Value:
        value = frame.member[place]
        return unknown if value is None else value

    return run


def _place(node: Node) -> int:
    if not isinstance(node.value, int):
        raise TypeError(node.op)  # the parser gave it none: a fault of ours
    return node.value


def _param(_compiler: Compiler, node: Node) -> Run:
    place = _place(node)
    return lambda frame: frame.params[place]


def _derived(_compiler: Compiler, node: Node) -> Run:
    place = _place(node)
    return lambda frame: frame.derived[place]


def _day(_compiler: Compiler, _node: Node) -> Run:
    return lambda frame: frame.day


def _any_exclusion(_compiler: Compiler, _node: Node) -> Run:
    return lambda frame: frame.any_exclusion


def _binary(op: Callable[[Any, Any], Any]) -> Callable[[Compiler, Node], Run]:
    """Make a step of two values; the commonest, so it records itself rather than being wrapped."""

    def make(compiler: Compiler, node: Node) -> Run:
        left, right = compiler.runs(node)
        if not compiler.traced:
            return lambda frame: op(left(frame), right(frame))

        def run(frame: Frame) -> Value:
            value = op(left(frame), right(frame))
            frame.steps.append((node, value))
            return value

        return run

    return make


def _neg(compiler: Compiler, node: Node) -> Run:
    (inner,) = compiler.runs(node)
    return lambda frame: -inner(frame)


def _div(compiler: Compiler, node: Node) -> Run:
    left, right = compiler.runs(node)
    fault = compiler.fault(node)
    return lambda frame: divided(left(frame), right(frame), fault)


def _not(compiler: Compiler, node: Node) -> Run:
    (inner,) = compiler.runs(node)
    return lambda frame: opposite(inner(frame))


def _settled(by: bool) -> Callable[[Compiler, Node], Run]:  # noqa: FBT001 - the value that settles it
    """Make `and` (settled by False) or `or` (settled by True), by Kleene's tables."""

    def make(compiler: Compiler, node: Node) -> Run:
        parts = compiler.runs(node)

        def run(frame: Frame) -> Truth:
            needs = 0
            for part in parts:
                value = part(frame)
                if value is by:
                    return bool(by)
                if isinstance(value, Maybe):
                    needs |= value.needs
            return Maybe(needs) if needs else not by

        return run

    return make


def _if(compiler: Compiler, node: Node) -> Run:
    test_of, yes, no = compiler.runs(node)

    def run(frame: Frame) -> Value:
        test = test_of(frame)
        if test is True:
            return yes(frame)
        if test is False:
            return no(frame)
        return _either(test, yes(frame), no(frame))

    return run


def _either(test: Maybe, one: Value, other: Value) -> Value:
    if isinstance(one, bool | Maybe):
        same = isinstance(one, bool) and one is other
        return one if same else Maybe(test.needs | needs_of(one) | needs_of(other))
    return hull(one, other, test.needs)


def _extreme(plain: Callable[..., Any], careful: Callable[[Any, Any], Any]) -> Any:  # noqa: ANN401
    def make(compiler: Compiler, node: Node) -> Run:
        parts = compiler.runs(node)
        return lambda frame: _extreme_of([part(frame) for part in parts], plain, careful)

    return make


def _extreme_of(
    values: list[Quantity], plain: Callable[..., Any], careful: Callable[[Any, Any], Any]
) -> Quantity:
    for value in values:
        if isinstance(value, Unknown):
            found = values[0]
            for other in values[1:]:
                found = careful(found, other)
            return found
    return plain(values)  # type: ignore[no-any-return] # min and max of numbers


def _to_step(half: int) -> Callable[[Compiler, Node], Run]:
    """Make `round_to` (half 1: half up) or `floor_to` (half 0)."""

    def make(compiler: Compiler, node: Node) -> Run:
        value_of, step_of = compiler.runs(node)
        fault = compiler.fault(node)

        def run(frame: Frame) -> Quantity:
            value, step = value_of(frame), step_of(frame)
            if isinstance(step, Unknown):
                return anything(step.needs | needs_of(value))
            if step <= 0:
                return anything(fault | needs_of(value))
            return monotone(lambda one: to_step(one, step, half), value)

        return run

    return make


def to_step(value: Number, step: Number, half: int) -> Number:
    """Take a number down to a whole number of steps, or with ``half`` 1 to the nearest, half up."""
    return ((2 * value + half * step) // (2 * step)) * step


def monotone(function: Callable[[Any], Number], value: Quantity) -> Quantity:
    """Apply a function that never falls to a number or to the ends of a range."""
    if not isinstance(value, Unknown):
        return function(value)
    ends = [end if isinstance(end, Infinite) else function(end) for end in bounds(value)]
    return between(ends[0], ends[1], value.needs)


def _band(compiler: Compiler, node: Node) -> Run:
    (value_of,) = compiler.runs(node)
    name, column = node.value if isinstance(node.value, tuple) else ("", "")
    bands, fault = compiler.pack.tables[name].bands, compiler.fault(node)

    def run(frame: Frame) -> Quantity:
        value = value_of(frame)
        if not isinstance(value, Unknown):
            for band in bands:
                if band.low <= value <= band.high:
                    return band.columns[column]
            return anything(fault)
        low, high = bounds(value)
        if isinstance(low, Infinite) or isinstance(high, Infinite):
            return anything(value.needs | fault)
        if low < bands[0].low or high > bands[-1].high:
            return anything(value.needs | fault)
        met = [band.columns[column] for band in bands if band.low <= high and low <= band.high]
        return between(min(met), max(met), value.needs)

    return run


def _days(function: Callable[[int, int], int]) -> Callable[[Compiler, Node], Run]:
    """Make a count of years or months between two days."""

    def make(compiler: Compiler, node: Node) -> Run:
        first_of, last_of = compiler.runs(node)

        def run(frame: Frame) -> Quantity:
            first, last = first_of(frame), last_of(frame)
            if isinstance(first, Unknown) or isinstance(last, Unknown):
                return anything(needs_of(first) | needs_of(last))
            return function(first, last)

        return run

    return make


_RECORDED: Final = ("add", "sub", "mul", "lt", "le", "gt", "ge", "eq", "ne")
RECORDED: Final = frozenset(_RECORDED)  # steps that record themselves
STEPS: Final[dict[str, Callable[[Compiler, Node], Run]]] = {
    "literal": _literal,
    "input": _input,
    "member": _member,
    "param": _param,
    "derived": _derived,
    "day": _day,
    "any_exclusion": _any_exclusion,
    "neg": _neg,
    "add": _binary(operator.add),
    "sub": _binary(operator.sub),
    "mul": _binary(operator.mul),
    "div": _div,
    "lt": _binary(operator.lt),
    "le": _binary(operator.le),
    "gt": _binary(operator.gt),
    "ge": _binary(operator.ge),
    "eq": _binary(operator.eq),
    "ne": _binary(lambda left, right: opposite(left == right)),
    "not": _not,
    "and": _settled(by=False),
    "or": _settled(by=True),
    "if": _if,
    "min": _extreme(min, smaller),
    "max": _extreme(max, greater),
    "round_to": _to_step(1),
    "floor_to": _to_step(0),
    "band": _band,
    "age_on": _days(age_on),
    "months_between": _days(months_between),
}
