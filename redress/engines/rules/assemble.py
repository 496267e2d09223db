"""A pack -> the source of its mass evaluator, and the proof of what it is exact for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.assemble_known import Known, write_known_rows
from redress.engines.rules.assemble_row import WRITERS, nodes_of
from redress.engines.rules.assemble_rows import JIT, column_names, write_careful_rows
from redress.engines.rules.emit import Unsupported, Writer, text_places
from redress.engines.rules.emit_careful_over import CarefulOver
from redress.engines.rules.emit_known_over import KnownOver
from redress.engines.rules.emit_members import downs_of, sums_over_members
from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.order import inputs_by_expression
from redress.engines.rules.pack import Pack

BITS_MAX: Final = 60
_SIZES: Final = ("most_money", "most_number", "most_decimal")
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
        columns: names of the arrays its loops are handed, in order.
        cutoffs: comparisons of an age with a number fixed for the run.
        bits: the bit, among the needs, of each input that may be absent.
        members_bit: the bit of the list of members; 0 if the pack has none.
        matter: bits of the facts that any part of a decision may hang on.
        quick: whether there is a loop that takes all facts as known.
    """

    source: str
    columns: tuple[str, ...]
    cutoffs: tuple[Node, ...]
    bits: dict[int, int]
    members_bit: int
    matter: int
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
    main, matter = _bits_that_matter(pack, bits, members_bit)
    cutoffs: list[Node] = []
    handed = ["absent", "day", *_arguments(pack)]
    parts = [_HEAD, _constants(pack)]
    for name, write in WRITERS.items():
        careful = CarefulOver(pack, bits, members_bit)
        parts.append(_function(name, "careful", careful, write(careful), handed))
    parts.append(write_careful_rows(pack, handed, main=main, scalars=scalars(pack)))
    try:
        parts += _known_parts(pack, cutoffs)
        quick = True
    except Unsupported:  # then the careful functions decide known rows too
        parts.append(_proof(pack, []))
        quick = False
    source = "\n\n".join(parts)
    columns = tuple(column_names(pack))
    return Assembled(source, columns, tuple(cutoffs), bits, members_bit, matter, quick)


def _known_parts(pack: Pack, cutoffs: list[Node]) -> list[str]:
    """Write the functions, the loop and the proof for known rows.

    Raises:
        Unsupported: there is no compiled form of a step.
    """
    sums = sums_over_members(pack, nodes_of(pack.expressions()), cutoffs)
    proof, written = list(sums.proof), []
    for name, write in WRITERS.items():
        writer = KnownOver(pack, cutoffs)
        sums.hand_over(writer)
        written.append((name, writer, write(writer)))
        proof += writer.proof
    arguments = ["day", *(f"q{at}" for at in range(len(cutoffs))), *_SIZES, *_arguments(pack)]
    arguments += [*(f"g{at}" for at in range(len(sums.sums))), *downs_of(sums)]
    parts = [
        _function(name, "known", writer, returned, arguments) for name, writer, returned in written
    ]
    loop = Known(pack, sums, arguments, cutoffs, scalars(pack))
    return [*parts, write_known_rows(loop), _proof(pack, proof)]


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
    """Name what a row's functions are handed of the row and of the parameters."""
    names = [f"x{at}" for at in scalars(pack)]
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


def _function(
    name: str, kind: str, writer: Writer, returned: list[str], arguments: list[str]
) -> str:
    """Write a function of one row; the known one stands within its loop, unless it is run in turns."""
    turns = any(one.mode == "sequential" for one in writer.pack.allocations.values())
    jit = JIT if kind == "careful" or turns else JIT.replace(")", ", forceinline=True)")
    head = f"{jit}\ndef {name}_{kind}({', '.join(arguments)}):\n    bad = 0\n"
    return head + "\n".join(writer.lines) + f"\n    return ({', '.join(returned)},)"


def _bits_that_matter(pack: Pack, bits: dict[int, int], members_bit: int) -> tuple[int, int]:
    """Give the bits of the facts that category and sums may hang on, and of all with the exit's."""
    exits = {rule.when.where for rule in pack.exits}
    main = matter = 0
    for where, inputs in inputs_by_expression(pack).items():
        found = sum(bits.get(place, 0) for place in inputs)
        found |= members_bit if len(pack.inputs) in inputs else 0
        matter |= found
        main |= 0 if where in exits else found
    return main, matter


def _proof(pack: Pack, lines: list[str]) -> str:
    """Write the proof: give the greatest size any step can have for facts up to a size."""
    head = ["def proof(sizes, money, number):", "    top = [1]", "    def fit(size):"]
    head += ["        top[0] = max(top[0], size)", "        return size"]
    for at, one in enumerate(pack.parameters):
        head.append(f"    p{at}n_size = sizes[{at}][0]")
        if one.base is not Base.MONEY:
            head.append(f"    p{at}d_size = sizes[{at}][1]")
    return "\n".join([*head, *(f"    {line}" for line in lines), "    return top[0]"])
