"""Which types meet, and what comes of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from redress.engines.rules.nodes import Base, Node, Number, Scope
from redress.values.text import normal_form

_NUMERIC: Final = (Base.NUMBER, Base.MONEY)
_WRITTEN_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)


class Unfit(ValueError):
    """An expression that cannot be taken: the code of a finding, what was said, what would mend it."""

    def __init__(self, code: str, said: str = "", better: str = "") -> None:
        super().__init__(f"{code}: {said}")
        self.code, self.said, self.better = code, said, better


def plain(number: Fraction) -> Number:
    """Give a whole number as int: much of the arithmetic is faster so."""
    return number.numerator if number.denominator == 1 else number


def literal(number: Fraction, said: str, base: Base = Base.NUMBER) -> Node:
    """Make a written number."""
    return Node("literal", base, value=plain(number), text=said, bare=base is Base.NUMBER)


def both(node: Node, base: Base) -> Node:
    """Give the node if it is of a type.

    Raises:
        Unfit: it is of another.
    """
    if node.base is not base:
        raise Unfit("wrong_type", node.text, base.value)
    return node


def meet(left: Node, right: Node, minor: int) -> tuple[Node, Node]:
    """Bring two values to one type: a written number may stand for money, a written text for a date.

    Raises:
        Unfit: the two cannot be compared or added.
    """
    left, right = _towards(left, right, minor), _towards(right, left, minor)
    if left.base is not right.base:
        code = "money_and_number" if {left.base, right.base} == set(_NUMERIC) else "types_differ"
        said = f"{left.text} … {right.text}"
        raise Unfit(code, said, f"{left.base.value}, {right.base.value}")
    return left, right


def meet_all(nodes: list[Node], minor: int) -> list[Node]:
    """Bring several values to one type."""
    for other in nodes[1:]:
        nodes[0], _ = meet(nodes[0], other, minor)
    return [meet(one, nodes[0], minor)[0] for one in nodes]


def one_unit(nodes: Sequence[Node], said: str) -> str | None:
    """Give the unit that values count which are added, or of which one is chosen.

    Raises:
        Unfit: some count days, others weeks.
    """
    units = {node.unit: None for node in nodes if node.unit}
    if len(units) > 1:
        raise Unfit("unit_mismatch", said, ", ".join(units))
    return next(iter(units), None)


def _towards(node: Node, other: Node, minor: int) -> Node:
    if not node.bare or node.base is other.base:
        return node
    if node.base is Base.NUMBER and other.base is Base.MONEY:
        return as_money(node, minor)
    if node.base is Base.TEXT and node.op == "literal":
        return _text_as(node, other, minor)
    return node


def as_money(node: Node, minor: int) -> Node:
    """Take a number as so many units of currency."""
    if node.op == "literal" and isinstance(node.value, int | Fraction):
        return literal(Fraction(node.value) * minor, node.text, Base.MONEY)
    return Node("mul", Base.MONEY, (node, literal(Fraction(minor), str(minor))), text=node.text)


def _text_as(node: Node, other: Node, minor: int) -> Node:
    """Read a written text as what it meets: a number, a sum or a day.

    Raises:
        Unfit: it cannot be taken here.
    """
    said = str(node.value)
    if other.base in _NUMERIC and _WRITTEN_NUMBER.fullmatch(said):
        number = literal(Fraction(said), node.text)
        return _towards(number, other, minor)
    if other.base is Base.DATE:
        try:
            day = dt.date.fromisoformat(said).toordinal()
        except ValueError:
            raise Unfit("not_a_day", said) from None
        return Node("literal", Base.DATE, value=day, text=node.text)
    return node


def negation(node: Node, said: str) -> Node:
    """Make `not node`."""
    return Node("not", Base.BOOL, (node,), text=said)


def product(left: Node, right: Node, said: str) -> Node:
    """Multiply: at most one side is money.

    Raises:
        Unfit: it cannot be taken here.
    """
    _need_numbers(left, right, said)
    if left.base is right.base is Base.MONEY:
        raise Unfit("money_times_money", said)
    base = Base.MONEY if Base.MONEY in {left.base, right.base} else Base.NUMBER
    return Node("mul", base, (left, right), text=said, bare=left.bare and right.bare)


def quotient(left: Node, right: Node, said: str) -> Node:
    """Divide: money by money is a number, a number by money is nothing.

    Raises:
        Unfit: it cannot be taken here.
    """
    _need_numbers(left, right, said)
    if right.base is Base.MONEY and left.base is Base.NUMBER:
        raise Unfit("number_by_money", said)
    base = Base.MONEY if left.base is Base.MONEY and right.base is Base.NUMBER else Base.NUMBER
    if right.op == "literal" and right.value == 0:
        raise Unfit("division_by_zero", said)
    return Node("div", base, (left, right), text=said, bare=left.bare and right.bare)


def _need_numbers(left: Node, right: Node, said: str) -> None:
    if left.base not in _NUMERIC or right.base not in _NUMERIC:
        raise Unfit("wrong_type", said, "number, money")


def text_test(needle: Node, choices: Sequence[Node], scope: Scope, said: str) -> Node:
    """Ask whether a text, category or truth value is one of some others.

    Raises:
        Unfit: the pack has no such category, or the types differ.
    """
    if needle.op == "literal" and len(choices) == 1 and choices[0].op != "literal":
        needle, choices = choices[0], (needle,)
    if needle.base is Base.CATEGORY:
        return Node("category_in", Base.BOOL, value=_categories(choices, scope), text=said)
    for choice in choices:
        if choice.base is not needle.base:
            raise Unfit("types_differ", said, f"{needle.base.value}, {choice.base.value}")
    if needle.base is Base.BOOL or choices[0].op != "literal":
        return Node("same", Base.BOOL, (needle, choices[0]), text=said)
    values = tuple(dict.fromkeys(normal_form(str(choice.value)) for choice in choices))
    return Node("text_in", Base.BOOL, (needle,), value=values, text=said)


def _categories(choices: Sequence[Node], scope: Scope) -> int:
    """Give the set of named categories as bits.

    Raises:
        Unfit: it cannot be taken here.
    """
    bits = 0
    for choice in choices:
        if choice.value not in scope.categories or choice.base is not Base.TEXT:
            raise Unfit("no_such_category", choice.text, ", ".join(scope.categories))
        bits |= 1 << scope.categories.index(str(choice.value))
    return bits
