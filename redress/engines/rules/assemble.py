"""A pack -> the source of its mass evaluator, and the proof of what it is exact for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.assemble_rows import write_rows
from redress.engines.rules.emit import Unsupported, Writer, text_places
from redress.engines.rules.emit_careful_over import CarefulOver
from redress.engines.rules.emit_known_over import KnownOver
from redress.engines.rules.facts import MONEY_MINOR_MAX
from redress.engines.rules.nodes import Base, Expression, Node
from redress.engines.rules.order import inputs_by_expression
from redress.engines.rules.pack import Pack

FORM: Final = 1  # of the generated code; a new form is compiled anew
BITS_MAX: Final = 60
_JIT: Final = '@njit(cache=True, nogil=True, error_model="numpy")'
_HEAD: Final = '''"""Made by redress.engines.rules.assemble; do not edit."""
import numpy as np
from numba import njit
from redress.engines.rules import interval_steps as steps
from redress.engines.rules import intervals as iv
from redress.engines.rules import sharing
from redress.engines.rules.calendar_compiled import age_on, months_between
'''


@dataclass(frozen=True, slots=True)
class Assembled:
    """Source of the evaluator, and what its caller must hand it.

    Attributes:
        source: a Python module; the same for the same rules, whatever the parameters' values.
        cutoffs: comparisons of an age with a number fixed for the run.
        bits: the bit, among the needs, of each input that may be absent.
        members_bit: the bit of the list of members; 0 if the pack has none.
        quick: whether known rows have functions of their own.
    """

    source: str
    cutoffs: tuple[Node, ...]
    bits: dict[int, int]
    members_bit: int
    quick: bool

    @property
    def digest(self) -> str:
        """Name the source by its content."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:24]


def assemble(pack: Pack) -> Assembled:
    """Write the mass evaluator of a pack.

    Raises:
        Unsupported: no compiled form; the reference decides every row.
    """
    absent = [at for at, one in enumerate(pack.inputs) if one.default is None and not one.of_member]
    if len(absent) > BITS_MAX or len(pack.exclusions) + len(pack.reasons) > BITS_MAX:
        raise Unsupported("too many facts")
    bits = {place: 1 << at for at, place in enumerate(absent)}
    members_bit = 1 << len(absent) if pack.has_members else 0
    cutoffs: list[Node] = []
    proof: list[str] = []
    parts = [_HEAD, _constants(pack)]
    quick = True
    for name, write in (("decide", _write_decide), ("exits", _write_exits)):
        known = KnownOver(pack, cutoffs)
        careful = CarefulOver(pack, bits, members_bit)
        try:
            parts.append(_function(pack, f"{name}_known", known, write(known)))
            proof += known.proof
        except Unsupported:  # then the careful functions decide known rows too
            quick = False
        parts.append(_function(pack, f"{name}_careful", careful, write(careful)))
    parts += [_rows(pack, bits, members_bit, quick=quick), _proof(pack, proof if quick else [])]
    return Assembled("\n\n".join(parts), tuple(cutoffs), bits, members_bit, quick)


def _array(values: Iterable[Any]) -> str:
    return f"np.array([{', '.join(str(value) for value in values)}], dtype=np.int64)"


def _constants(pack: Pack) -> str:
    lines = [f"INSIDE = {_array(int(not item.outside) for item in pack.items)}"]
    lines.append(f"MONEY = {_array(int(item.is_money) for item in pack.items)}")
    places = {item.id: at for at, item in enumerate(pack.items)}
    for at, (_, allocation) in enumerate(pack.allocations.items()):
        lines.append(f"ORDER_{at} = {_array(places[name] for name in allocation.order)}")
    for at, table in enumerate(pack.tables.values()):
        lines.append(f"low_{at} = {_array(band.low for band in table.bands)}")
        lines.append(f"high_{at} = {_array(band.high for band in table.bands)}")
        for column_at, column in enumerate(table.columns):
            values = [Fraction(band.columns[column]) for band in table.bands]
            lines.append(f"n_{at}_{column_at} = {_array(value.numerator for value in values)}")
            lines.append(f"d_{at}_{column_at} = {_array(value.denominator for value in values)}")
    return "\n".join(lines)


def scalars(pack: Pack) -> list[int]:
    """Give the household's inputs that are single numbers, days or truth values."""
    return [
        at
        for at, one in enumerate(pack.inputs)
        if not one.of_member and one.base not in {Base.TEXT, Base.LIST}
    ]


def lists(pack: Pack) -> list[int]:
    """Give the inputs that are lists of anything but texts."""
    return [
        at
        for at, one in enumerate(pack.inputs)
        if one.base is Base.LIST and one.of is not Base.TEXT
    ]


def member_columns(pack: Pack) -> list[int]:
    """Give the members' inputs that are not texts."""
    return [at for at, one in enumerate(pack.inputs) if one.of_member and one.base is not Base.TEXT]


def _arguments(pack: Pack) -> list[str]:
    """Name what a row's functions are handed."""
    names = ["absent", "day", "cutoffs", *(f"x{at}" for at in scalars(pack))]
    for at in lists(pack):
        names += [f"k{at}0", f"k{at}1", f"l{at}", f"m{at}", f"o{at}"]
    names += ["j0", "j1"]
    for at in member_columns(pack):
        names += [f"c{at}", f"m{at}", f"o{at}"]
    for at, (_, _, node) in enumerate(text_places(pack)):
        names.append(f"tc{at}" if node.args[0].op == "member" else f"t{at}")
    for at, one in enumerate(pack.parameters):
        names += [f"p{at}n"] if one.base is Base.MONEY else [f"p{at}n", f"p{at}d"]
    return names


def _function(pack: Pack, name: str, writer: Writer, returned: list[str]) -> str:
    head = f"{_JIT}\ndef {name}({', '.join(_arguments(pack))}):\n    bad = 0\n"
    return head + "\n".join(writer.lines) + f"\n    return ({', '.join(returned)},)"


def _nodes(expressions: Iterable[Expression]) -> list[Node]:
    return [node for one in expressions for node in one.node.walk()]


def _write_frame(writer: Writer, expressions: list[Expression]) -> None:
    """Write derived values, exclusions and category."""
    pack = writer.pack
    known = isinstance(writer, KnownOver)
    if isinstance(writer, KnownOver):
        writer.fuse(_nodes(expressions))
    for rule in pack.derived:
        writer.derived.append(writer.emit(rule.when.node))
    excluded = [str(writer.emit(rule.when.node)) for rule in pack.exclusions]
    if known:
        writer.excluded = writer.let(" | ".join(f"({one})" for one in excluded) or "False")
    else:
        writer.excluded = writer.let("(0, 0)")
        for one in excluded:
            writer.line(f"{writer.excluded} = iv.either({writer.excluded}, {one})")
    tests = [str(writer.emit(rule.when.node)) for rule in pack.categories]
    if known:
        chain = " else ".join(f"{at} if {test}" for at, test in enumerate(tests))
        writer.line(f"category = {chain} else -1" if tests else "category = 0")
        return
    writer.line("categories = category_needs = found = 0")
    for at, test in enumerate(tests):
        with writer.block(f"if (found == 0) & ({test}[0] > 0):"):
            writer.line(f"categories |= {1 << at}")
            writer.line(f"category_needs |= {test}[1]")
            writer.line(f"found = int({test}[0] == 1)")


def _write_decide(writer: Writer) -> list[str]:
    pack = writer.pack
    skip = {rule.when.where for rule in pack.exits}
    _write_frame(writer, [one for one in pack.expressions() if one.where not in skip])
    known = isinstance(writer, KnownOver)
    shares = [
        _known_share(writer, at) if isinstance(writer, KnownOver) else _careful_share(writer, at)
        for at in range(len(pack.items))
    ]
    tests, caps = [], []
    for allocation in pack.allocations.values():
        if allocation.continue_while:
            tests.append(str(writer.emit(allocation.continue_while.node)))
        if allocation.cap:
            caps.append(_cap(writer, allocation.cap.node))
    limits: list[str] = []
    for ceiling in pack.ceilings:
        limit = writer.emit(ceiling.limit.node)
        if isinstance(writer, KnownOver):
            writer.fits(f"{10**17} * {limit.by}")
            limits += [limit.n, limit.d]
        else:
            limits.append(str(limit))
    reasons = _reasons(writer, known=known)
    state = ["bad", "category"] if known else ["categories", "category_needs"]
    return [*state, reasons, *shares, *tests, *caps, *limits]


def _known_share(writer: KnownOver, at: int) -> str:
    item, pack = writer.pack.items[at], writer.pack
    scale = "1" if item.is_money else str(10**pack.minor_digits)
    when = writer.truth(item.when.node)
    share = writer.let("0")
    with writer.block(f"if {when}:" if item.when.node.op != "literal" else "if True:"):
        amount = writer.number(item.amount.node)
        size = f"{amount.size} * {scale} * 2 + {amount.by} * {pack.step_minor} * 2"
        writer.fits(size)
        writer.line(
            f"{share} = sharing.half_up({amount.n} * {scale}, {amount.d}, {pack.step_minor})"
        )
        writer.line(f"bad |= {share} > {MONEY_MINOR_MAX}")
    return share


def _careful_share(writer: Writer, at: int) -> str:
    item, pack = writer.pack.items[at], writer.pack
    scale = 1 if item.is_money else 10**pack.minor_digits
    when = writer.emit(item.when.node)
    amount = writer.emit(item.amount.node)
    scaled = writer.let(f"iv.mul({amount}, iv.exactly({scale}, 1))")
    rounded = writer.let(f"steps.to_step({scaled}, iv.exactly({pack.step_minor}, 1), 1)")
    sum_ = writer.let(f"iv.greater(iv.exactly(0, 1), {rounded})")
    return writer.let(f"steps.share({when}, {sum_})")


def _cap(writer: Writer, node: Node) -> str:
    step = writer.pack.step_minor
    cap = writer.emit(node)
    if not isinstance(writer, KnownOver):
        return writer.let(f"steps.room({cap}, {step})")
    writer.fits(f"{cap.by} * {step}")
    return writer.let(f"({cap.n} // ({cap.d} * {step})) * {step}")


def _reasons(writer: Writer, *, known: bool) -> str:
    name = writer.let("0")
    for at, rule in enumerate((*writer.pack.exclusions, *writer.pack.reasons)):
        truth = writer.emit(rule.when.node)
        shifted = f"(int({truth}) << {at})" if known else f"steps.bit({truth}, {at})"
        writer.line(f"{name} |= {shifted}")
    return name


def _write_exits(writer: Writer) -> list[str]:
    pack = writer.pack
    _write_frame(writer, pack.expressions())
    known = isinstance(writer, KnownOver)
    tests = [str(writer.emit(rule.when.node)) for rule in pack.exits]
    if known:
        chain = " else ".join(f"{at} if {test}" for at, test in enumerate(tests))
        return ["bad", writer.let(f"{chain} else -1" if tests else "-1")]
    writer.line("found = -1")
    writer.line("needs = stopped = 0")
    for at, test in enumerate(tests):
        with writer.block(f"if (stopped == 0) & ({test}[0] > 0):"):
            writer.line(f"needs |= {test}[1]")
            writer.line(f"found = {at} if ({test}[0] == 1) & (needs == 0) else -1")
            writer.line(f"stopped = int({test}[0] == 1)")
    return ["needs", "found"]


def _rows(pack: Pack, bits: dict[int, int], members_bit: int, *, quick: bool) -> str:
    places = inputs_by_expression(pack)
    exits = {rule.when.where for rule in pack.exits}
    main = exit_ = 0
    for where, inputs in places.items():
        found = sum(bits.get(place, 0) for place in inputs)
        found |= members_bit if len(pack.inputs) in inputs else 0
        exit_ |= found
        main |= 0 if where in exits else found
    return write_rows(pack, _arguments(pack), main=main, exits=exit_, quick=quick)


def _proof(pack: Pack, lines: list[str]) -> str:
    """Write the proof: give the greatest size any step can have for facts up to a size."""
    head = ["def proof(sizes, money, number):", "    top = [1]", "    def fit(size):"]
    head += ["        top[0] = max(top[0], size)", "        return size"]
    for at, one in enumerate(pack.parameters):
        head.append(f"    p{at}n_size = sizes[{at}][0]")
        if one.base is not Base.MONEY:
            head.append(f"    p{at}d_size = sizes[{at}][1]")
    return "\n".join([*head, *(f"    {line}" for line in lines), "    return top[0]"])
