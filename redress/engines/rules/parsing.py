"""Text of an expression -> checked tree: a typed subset of Python, read with `ast`, never run."""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from redress.engines.rules.functions import FUNCTIONS
from redress.engines.rules.nodes import Base, Node, Scope
from redress.engines.rules.typed import (
    Unfit,
    both,
    literal,
    meet,
    meet_all,
    negation,
    one_unit,
    product,
    quotient,
    text_test,
)

EXPRESSION_CHARS_MAX: Final = 2_000
DEPTH_MAX: Final = 40
NODES_MAX: Final = 400
_PLAIN_NUMBER: Final = re.compile(r"\d{1,15}(\.\d{1,9})?|\.\d{1,9}", re.ASCII)

_COMPARISONS: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.Eq: "eq",
    ast.NotEq: "ne",
}
_NUMERIC: Final = (Base.NUMBER, Base.MONEY)


def parse(text: str, scope: Scope) -> Node:
    """Read one expression.

    Raises:
        Unfit: with the code of a finding, and the words it is about.
    """
    if len(text) > EXPRESSION_CHARS_MAX:
        raise Unfit("expression_too_long", str(len(text)), str(EXPRESSION_CHARS_MAX))
    flat = " ".join(text.split())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(flat, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        offset = getattr(error, "offset", None) or 1
        raise Unfit("not_an_expression", flat[max(0, offset - 1) :][:40] or flat[-40:]) from None
    if sum(1 for _ in ast.walk(tree)) > 3 * NODES_MAX:
        raise Unfit("expression_too_long", str(len(flat)), str(EXPRESSION_CHARS_MAX))
    return _Reader(flat, scope).read(tree.body)


class _Reader:
    """Reads one tree; knows the names of its scope."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.source = text.encode()
        self.scope = scope
        self._depth = 0
        self._inside_members = False
        self._readers: dict[type[ast.expr], Callable[[ast.Any], Node]] = {  # type: ignore[name-defined] # ast has no Any: each reader takes its own node
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.UnaryOp: self._unary,
            ast.BinOp: self._binary,
            ast.BoolOp: self._logical,
            ast.Compare: self._compare,
            ast.IfExp: self._conditional,
            ast.Call: self._call,
        }

    def read(self, node: ast.expr) -> Node:
        reader = self._readers.get(type(node))
        if reader is None:
            raise Unfit("not_allowed_here", self.words(node))
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise Unfit("too_deep", self.words(node)[:40], str(DEPTH_MAX))
        read = reader(node)
        self._depth -= 1
        return read

    def words(self, node: ast.expr) -> str:
        """Give the source text of a node; offsets of `ast` count bytes."""
        return self.source[node.col_offset : node.end_col_offset].decode()

    def _constant(self, node: ast.Constant) -> Node:
        said, value = self.words(node), node.value
        if isinstance(value, bool):
            return Node("literal", Base.BOOL, value=value, text=said)
        if isinstance(value, str):
            return Node("literal", Base.TEXT, value=value, text=said, bare=True)
        if isinstance(value, int | float) and _PLAIN_NUMBER.fullmatch(said):
            return literal(Fraction(Decimal(said)), said)
        raise Unfit("not_a_plain_number", said)

    def _name(self, node: ast.Name) -> Node:
        if node.id in {"true", "false"}:  # YAML's own spelling
            return Node("literal", Base.BOOL, value=node.id == "true", text=node.id)
        name = self.scope.members.get(node.id) if self._inside_members else None
        name = name or self.scope.names.get(node.id)
        if name is None:
            raise self._unknown(node.id)
        return Node(name.op, name.base, value=name.place, text=node.id, unit=name.unit, of=name.of)

    def _unknown(self, name: str) -> Unfit:
        if name in self.scope.members and not self._inside_members:
            return Unfit("name_of_members", name)
        if name in self.scope.elsewhere:
            return Unfit("name_not_here", name)
        near = difflib.get_close_matches(name, [*self.scope.names, *self.scope.members], n=1)
        return Unfit("unknown_name", name, near[0] if near else "")

    def _unary(self, node: ast.UnaryOp) -> Node:
        said, inner = self.words(node), self.read(node.operand)
        if isinstance(node.op, ast.Not):
            return negation(both(inner, Base.BOOL), said)
        if isinstance(node.op, ast.USub) and inner.base in _NUMERIC:
            return Node("neg", inner.base, (inner,), text=said, unit=inner.unit, bare=inner.bare)
        raise Unfit("not_allowed_here", said)

    def _binary(self, node: ast.BinOp) -> Node:
        said = self.words(node)
        left, right = self.read(node.left), self.read(node.right)
        if isinstance(node.op, ast.Mult):
            return product(left, right, said)
        if isinstance(node.op, ast.Div):
            return quotient(left, right, said)
        op = {ast.Add: "add", ast.Sub: "sub"}.get(type(node.op))
        if op is None:
            raise Unfit("not_allowed_here", said)
        if op == "sub" and left.base is right.base is Base.DATE:
            return Node("sub", Base.NUMBER, (left, right), text=said, unit="day")
        left, right = meet(left, right, self.scope.minor)
        if left.base not in _NUMERIC:
            raise Unfit("wrong_type", said, "number, money")
        unit, bare = one_unit((left, right), said), left.bare and right.bare
        return Node(op, left.base, (left, right), text=said, unit=unit, bare=bare)

    def _logical(self, node: ast.BoolOp) -> Node:
        op = "and" if isinstance(node.op, ast.And) else "or"
        args = tuple(both(self.read(one), Base.BOOL) for one in node.values)
        return Node(op, Base.BOOL, args, text=self.words(node))

    def _compare(self, node: ast.Compare) -> Node:
        said = self.words(node)
        lefts = [node.left, *node.comparators[:-1]]
        tests = [
            self._one_comparison(left, op, right, said if len(lefts) == 1 else "")
            for left, op, right in zip(lefts, node.ops, node.comparators, strict=True)
        ]
        return tests[0] if len(tests) == 1 else Node("and", Base.BOOL, tuple(tests), text=said)

    def _one_comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr, said: str) -> Node:
        said = said or f"{self.words(left)} … {self.words(right)}"
        if isinstance(op, ast.In | ast.NotIn):
            found = self._membership(left, right, said)
            return negation(found, said) if isinstance(op, ast.NotIn) else found
        name = _COMPARISONS.get(type(op))
        if name is None:
            raise Unfit("not_allowed_here", said)
        one, other = self.read(left), self.read(right)
        if Base.CATEGORY not in {one.base, other.base}:
            one, other = meet(one, other, self.scope.minor)
        if one.base in {Base.TEXT, Base.CATEGORY, Base.BOOL}:
            if name not in {"eq", "ne"}:
                raise Unfit("wrong_type", said, "number, money, date")
            found = text_test(one, (other,), self.scope, said)
            return negation(found, said) if name == "ne" else found
        if one.base is Base.LIST:
            raise Unfit("wrong_type", said, "number, money, date, text, bool")
        if one.unit and other.unit and one.unit != other.unit:
            raise Unfit("unit_mismatch", said, f"{one.unit}, {other.unit}")
        return Node(name, Base.BOOL, (one, other), text=said)

    def _membership(self, left: ast.expr, right: ast.expr, said: str) -> Node:
        needle = self.read(left)
        if isinstance(right, ast.Tuple | ast.List):
            choices = [self.read(one) for one in right.elts]
            if not choices or not all(choice.op == "literal" for choice in choices):
                raise Unfit("list_of_literals", said)
            if needle.base in {Base.TEXT, Base.CATEGORY}:
                return text_test(needle, choices, self.scope, said)
            tests = [
                Node("eq", Base.BOOL, meet(needle, one, self.scope.minor), text=said)
                for one in choices
            ]
            return tests[0] if len(tests) == 1 else Node("or", Base.BOOL, tuple(tests), text=said)
        stack = self.read(right)
        if stack.base is not Base.LIST or stack.of is None:
            raise Unfit("wrong_type", said, "list")
        needle, _ = meet(needle, Node("element", stack.of), self.scope.minor)
        return Node("list_has", Base.BOOL, (stack, needle), text=said)

    def _conditional(self, node: ast.IfExp) -> Node:
        test, yes, no = self.read(node.test), self.read(node.body), self.read(node.orelse)
        return self.choice(test, yes, no, self.words(node))

    def choice(self, test: Node, yes: Node, no: Node, said: str) -> Node:
        """Make `yes if test else no`.

        Raises:
            Unfit: it cannot be taken here.
        """
        yes, no = meet(yes, no, self.scope.minor)
        if yes.base not in {*_NUMERIC, Base.BOOL, Base.DATE}:
            raise Unfit("wrong_type", said, "number, money, bool, date")
        bare = yes.bare and no.bare
        args = (both(test, Base.BOOL), yes, no)
        return Node("if", yes.base, args, text=said, unit=one_unit((yes, no), said), bare=bare)

    def _call(self, node: ast.Call) -> Node:
        said = self.words(node)
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise Unfit("not_allowed_here", said)
        function = FUNCTIONS.get(node.func.id)
        if function is None:
            near = difflib.get_close_matches(node.func.id, FUNCTIONS, n=1)
            raise Unfit("unknown_function", node.func.id, near[0] if near else ", ".join(FUNCTIONS))
        return function(self, node.args, said)

    def over_members(self, body: ast.expr) -> Node:
        """Read the expression that stands for each member.

        Raises:
            Unfit: it cannot be taken here.
        """
        if not self.scope.members:
            raise Unfit("no_members", self.words(body))
        if self._inside_members:
            raise Unfit("members_in_members", self.words(body))
        self._inside_members = True
        read = self.read(body)
        self._inside_members = False
        return read

    def read_all(self, nodes: Iterable[ast.expr]) -> list[Node]:
        """Read several numbers, dates or truth values, as one type."""
        return meet_all([self.read(one) for one in nodes], self.scope.minor)
