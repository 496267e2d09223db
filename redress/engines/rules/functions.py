"""The closed list of functions, each reading its own arguments."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.typed import Unfit, both, literal, meet, negation, one_unit

if TYPE_CHECKING:
    from redress.engines.rules.parsing import _Reader as Reader

Function = Callable[["Reader", list[ast.expr], str], Node]
_NUMERIC: Final = (Base.NUMBER, Base.MONEY)


def _need(args: list[ast.expr], counts: tuple[int, ...], said: str) -> None:
    if len(args) not in counts:
        raise Unfit("argument_count", said, " / ".join(str(count) for count in counts))


def _is_members(args: list[ast.expr]) -> bool:
    return bool(args) and isinstance(args[0], ast.Name) and args[0].id == "members"


def _if(reader: Reader, args: list[ast.expr], said: str) -> Node:
    _need(args, (3,), said)
    test, yes, no = (reader.read(one) for one in args)
    return reader.choice(test, yes, no, said)


def _extreme(op: str) -> Function:
    """Make `min` or `max`: of several numbers, of a list, or over the members."""

    def read(reader: Reader, args: list[ast.expr], said: str) -> Node:
        if _is_members(args):
            return _over_members(f"members_{op}", reader, args, said)
        if len(args) == 1:
            return _of_list(f"list_{op}", reader, args, said)
        if len(args) < 2:  # noqa: PLR2004 - a smallest needs two
            raise Unfit("argument_count", said, "2+")
        nodes = reader.read_all(args)
        if nodes[0].base not in {*_NUMERIC, Base.DATE}:
            raise Unfit("wrong_type", said, "number, money, date")
        bare = all(node.bare for node in nodes)
        return Node(
            op, nodes[0].base, tuple(nodes), text=said, unit=one_unit(nodes, said), bare=bare
        )

    return read


def _clip(reader: Reader, args: list[ast.expr], said: str) -> Node:
    _need(args, (3,), said)
    value, low, high = reader.read_all(args)
    if value.base not in _NUMERIC:
        raise Unfit("wrong_type", said, "number, money")
    inner = Node("min", value.base, (value, high), text=said)
    return Node("max", value.base, (low, inner), text=said)


def _to_step(op: str) -> Function:
    """Make `round_to` (half up) or `floor_to`."""

    def read(reader: Reader, args: list[ast.expr], said: str) -> Node:
        _need(args, (2,), said)
        value, step = meet(reader.read(args[0]), reader.read(args[1]), reader.scope.minor)
        if value.base not in _NUMERIC:
            raise Unfit("wrong_type", said, "number, money")
        if step.op not in {"literal", "param"} or (step.op == "literal" and step.value == 0):
            raise Unfit("step_is_fixed", said)
        return Node(op, value.base, (value, step), text=said, unit=value.unit)

    return read


def _sum(reader: Reader, args: list[ast.expr], said: str) -> Node:
    if _is_members(args):
        return _over_members("members_sum", reader, args, said)
    if len(args) == 1:
        return _of_list("list_sum", reader, args, said)
    nodes = reader.read_all(args) if args else []
    if not nodes or nodes[0].base not in _NUMERIC:
        raise Unfit("wrong_type", said, "number, money")
    total = nodes[0]
    for node in nodes[1:]:
        total = Node("add", total.base, (total, node), text=said, bare=total.bare and node.bare)
    return total


def _truths(op: str, over: str) -> Function:
    """Make `any` or `all`: of several truth values, or over the members."""

    def read(reader: Reader, args: list[ast.expr], said: str) -> Node:
        if _is_members(args):
            return _over_members(over, reader, args, said)
        if not args:
            raise Unfit("argument_count", said, "1+")
        nodes = tuple(both(reader.read(one), Base.BOOL) for one in args)
        return Node(op, Base.BOOL, nodes, text=said)

    return read


def _count(reader: Reader, args: list[ast.expr], said: str) -> Node:
    one, nothing = literal(Fraction(1), "1"), literal(Fraction(0), "0")
    if _is_members(args) and len(args) == 1:
        return Node("members_count", Base.NUMBER, text=said)
    if _is_members(args):
        _need(args, (2,), said)
        test = both(reader.over_members(args[1]), Base.BOOL)
        each = Node("if", Base.NUMBER, (test, one, nothing), text=test.text)
        return Node("members_sum", Base.NUMBER, (each,), text=said)
    if not args:
        raise Unfit("argument_count", said, "1+")
    total: Node | None = None
    for arg in args:
        test = both(reader.read(arg), Base.BOOL)
        each = Node("if", Base.NUMBER, (test, one, nothing), text=test.text)
        total = each if total is None else Node("add", Base.NUMBER, (total, each), text=said)
    assert total is not None  # noqa: S101 - there is at least one argument
    return total


def _over_members(op: str, reader: Reader, args: list[ast.expr], said: str) -> Node:
    _need(args, (2,), said)
    body = reader.over_members(args[1])
    if op == "members_any":
        return Node(op, Base.BOOL, (both(body, Base.BOOL),), text=said)
    if op == "members_all":  # none that does not
        inner = Node("members_any", Base.BOOL, (negation(both(body, Base.BOOL), said),), text=said)
        return negation(inner, said)
    if body.base not in _NUMERIC:
        raise Unfit("wrong_type", said, "number, money")
    return Node(op, body.base, (body,), text=said, unit=body.unit)


def _a_list(reader: Reader, arg: ast.expr, said: str) -> Node:
    node = reader.read(arg)
    if node.base is not Base.LIST or node.of is None:
        raise Unfit("wrong_type", said, "list")
    return node


def _of_list(op: str, reader: Reader, args: list[ast.expr], said: str) -> Node:
    _need(args, (1,), said)
    node = _a_list(reader, args[0], said)
    if node.of not in _NUMERIC:
        raise Unfit("wrong_type", said, "list of numbers or money")
    return Node(op, node.of, (node,), text=said)


def _mean(reader: Reader, args: list[ast.expr], said: str) -> Node:
    total = _of_list("list_sum", reader, args, said)
    # The mean of nothing is not zero: `list_count` is unknown for an empty list, unlike `len`.
    count = Node("list_count", Base.NUMBER, total.args, text=said)
    return Node("div", total.base, (total, count), text=said)


def _len(reader: Reader, args: list[ast.expr], said: str) -> Node:
    _need(args, (1,), said)
    if _is_members(args):
        return Node("members_count", Base.NUMBER, text=said)
    return Node("list_len", Base.NUMBER, (_a_list(reader, args[0], said),), text=said)


def _last(reader: Reader, args: list[ast.expr], said: str) -> Node:
    _need(args, (2,), said)
    node = _a_list(reader, args[0], said)
    count = both(reader.read(args[1]), Base.NUMBER)
    if count.op not in {"literal", "param"}:
        raise Unfit("step_is_fixed", said)
    return Node("last", Base.LIST, (node, count), text=said, of=node.of)


def _band(reader: Reader, args: list[ast.expr], said: str) -> Node:
    _need(args, (3,), said)
    if not isinstance(args[0], ast.Constant) or args[0].value not in reader.scope.tables:
        raise Unfit("no_such_table", said, ", ".join(reader.scope.tables))
    table = str(args[0].value)
    value = both(reader.read(args[1]), Base.NUMBER)
    return _column(reader, args[2], (table, value, said))


def _column(reader: Reader, arg: ast.expr, look: tuple[str, Node, str]) -> Node:
    """Read the third argument: a column, or a choice between columns.

    Raises:
        Unfit: it cannot be taken here.
    """
    table, value, said = look
    if isinstance(arg, ast.IfExp):
        test, yes, no = arg.test, arg.body, arg.orelse
    elif isinstance(arg, ast.Call) and ast.unparse(arg.func) == "if_" and len(arg.args) == 3:  # noqa: PLR2004
        test, yes, no = arg.args
    else:
        columns = reader.scope.tables[table]
        if not isinstance(arg, ast.Constant) or arg.value not in columns:
            raise Unfit("no_such_column", said, ", ".join(columns))
        return Node("band", Base.NUMBER, (value,), value=(table, str(arg.value)), text=said)
    chosen = (_column(reader, yes, look), _column(reader, no, look))
    return reader.choice(reader.read(test), *chosen, said)


def _days(op: str, unit: str) -> Function:
    """Make `age_on(birth_date, day)` or `months_between(first, last)`."""

    def read(reader: Reader, args: list[ast.expr], said: str) -> Node:
        _need(args, (2,), said)
        first, last = reader.read(args[0]), reader.read(args[1])
        first, last = meet(first, last, reader.scope.minor)
        return Node(op, Base.NUMBER, (both(first, Base.DATE), last), text=said, unit=unit)

    return read


FUNCTIONS: Final[dict[str, Function]] = {
    "min": _extreme("min"),
    "max": _extreme("max"),
    "clip": _clip,
    "round_to": _to_step("round_to"),
    "round_step": _to_step("round_to"),
    "floor_to": _to_step("floor_to"),
    "floor_step": _to_step("floor_to"),
    "sum": _sum,
    "any": _truths("or", "members_any"),
    "all": _truths("and", "members_all"),
    "count": _count,
    "if_": _if,
    "band": _band,
    "age_on": _days("age_on", "year"),
    "months_between": _days("months_between", "month"),
    "last": _last,
    "mean": _mean,
    "len": _len,
}
