"""Writes the loop over rows as if all facts were known: block by block, several rows at once.

Each block's facts are laid side by side in one small buffer, decided from there into the buffer, and
copied out: a plain loop over one array is what the compiler can turn into steps over many rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from redress.engines.rules.assemble_rows import (
    EXIT_LOST,
    TO_REFERENCE,
    head,
    indented,
    inside_of,
    next_turn,
    places,
    spans,
)
from redress.engines.rules.emit import text_places
from redress.engines.rules.emit_members import MemberSums, downs_of
from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.pack import Pack
from redress.engines.rules.sizes import within

WIDE = 128  # rows of a block: its buffer and its members' stay in the nearest cache
ROOM = 1024  # members of a block; more than a row may have


@dataclass(slots=True)
class _Buffer:
    """Which part of the buffer holds what."""

    parts: list[str] = field(default_factory=list)

    def at(self, name: str) -> str:
        """Name the place of a value of row ``i`` of the block."""
        if name not in self.parts:
            self.parts.append(name)
        return f"B[{self.parts.index(name) * WIDE} + i]"


@dataclass(frozen=True, slots=True)
class Known:
    """What the loop is written from.

    Attributes:
        pack: whose rows.
        sums: over members, made for a whole block at once.
        arguments: of the functions of one row, in order.
        cutoffs: comparisons of an age with a fixed number.
        scalars: the household's facts that are single numbers, days or truth values.
    """

    pack: Pack
    sums: MemberSums
    arguments: list[str]
    cutoffs: list[Node]
    scalars: list[int]


def write_known_rows(known: Known) -> str:
    """Write ``known_rows``."""
    pack, buffer = known.pack, _Buffer()
    own = "count, most_money, most_number, most_decimal, day, cutoffs"
    lines = head(pack, "known_rows", own)
    lines += [f"    q{at} = cutoffs[{at}]" for at in range(len(known.cutoffs))]
    loads = _loads(known, buffer)
    decides = _decides(known, buffer)
    stores = _stores(known, buffer)
    lines += [
        f"    B = np.empty({len(buffer.parts) * WIDE}, dtype=np.int64)",
        f"    U = np.zeros({len(known.sums.sums) * (ROOM + 1) + 1}, dtype=np.uint64)",
        "    r0 = 0",
        "    while r0 < count:",
        f"        wide = min({WIDE}, count - r0)",
        *indented([*_members(known, buffer), *loads, *decides, *stores], 2),
        "        r0 += wide",
    ]
    return "\n".join(lines)


def _members(known: Known, buffer: _Buffer) -> list[str]:
    """Write the block's size, so that its members have room, and its sums over members."""
    pack, sums = known.pack, known.sums
    if not pack.has_members:
        return []
    lines = [
        f"while wide > 1 and J[r0 + wide] - J[r0] > {ROOM}:",
        "    wide //= 2",
        f"if J[r0 + wide] - J[r0] > {ROOM}:",  # a row beyond all bounds
        f"    out_status[r0] = {TO_REFERENCE}",
        "    r0 += 1",
        "    continue",
    ]
    if not sums.sums:
        return lines
    lines += ["s0 = J[r0]", "people = J[r0 + wide] - s0", *_columns(pack)]
    return [*lines, *_pass(sums), *_parts(sums, buffer)]


def _columns(pack: Pack) -> list[str]:
    """Write the names of the members' columns within a block."""
    lines = [
        f"f{at} = c{at}[s0 : s0 + people]"
        for at, one in enumerate(pack.inputs)
        if one.of_member and one.base is not Base.TEXT
    ]
    for at, (_, _, node) in enumerate(text_places(pack)):
        if node.args[0].op == "member":
            lines.append(f"ft{at} = tc{at}[s0 : s0 + people]")
    return lines


def _pass(sums: MemberSums) -> list[str]:
    """Write what each member adds to each sum, and then the running sums."""
    lines = [f"{down} = 1" for down in downs_of(sums)]
    lines += ["for j in range(people):", *sums.lines]
    lines += [f"    U[{_start(at) + 1} + j] = np.uint64({one})" for at, one in enumerate(sums.sums)]
    lines += [f"u{at} = np.uint64(0)" for at in range(len(sums.sums))]
    lines.append("for j in range(people):")
    for at in range(len(sums.sums)):
        here = f"U[{_start(at) + 1} + j]"
        lines += [f"    u{at} += {here}", f"    {here} = u{at}"]
    return lines


def _parts(sums: MemberSums, buffer: _Buffer) -> list[str]:
    """Write each row's own part of the running sums."""
    lines = [f"u{at} = np.uint64(0)" for at in range(len(sums.sums))]
    lines += ["for i in range(wide):", "    s1 = J[r0 + i + 1] - s0"]
    for at in range(len(sums.sums)):
        lines += [
            f"    z{at} = U[{_start(at)} + s1]",
            f"    {buffer.at(f'g{at}')} = np.int64(z{at} - u{at})",
            f"    u{at} = z{at}",
        ]
    return lines


def _start(at: int) -> int:
    """Give the place of a running sum before the first member."""
    return at * (ROOM + 1)


def _loads(known: Known, buffer: _Buffer) -> list[str]:
    lines = []
    for at in known.scalars:
        one = known.pack.inputs[at]
        read = within(f"X{at}[r0 + i] * m{at} + o{at}", one.base, whole=one.whole)
        lines += ["for i in range(wide):", f"    {buffer.at(f'x{at}')} = {read}"]
    for at, (_, _, node) in enumerate(text_places(known.pack)):
        if node.args[0].op != "member":
            lines += ["for i in range(wide):", f"    {buffer.at(f't{at}')} = T{at}[r0 + i]"]
    return lines


def _decides(known: Known, buffer: _Buffer) -> list[str]:
    """Write the loop that decides a block's rows in the buffer."""
    pack = known.pack
    handed = ", ".join(known.arguments)
    lines = spans(pack, "r0 + i")
    for name in known.arguments:
        if name[0] in "xtg" and name[1:].isdigit():
            lines.append(f"{name} = {buffer.at(name)}")
    lines += [f"t = decide_known({handed})", "status = t[0]"]
    lines += _shares(pack, handed, buffer)
    if pack.categories:
        lines.append(f"{buffer.at('category')} = t[1]")
    if pack.exclusions or pack.reasons:
        lines.append(f"{buffer.at('reasons')} = t[2]")
    if pack.exits:
        lines += [f"e = exits_known({handed})", f"{buffer.at('exit')} = e[1]"]
    exit_lost = f" + ({EXIT_LOST} if e[0] else 0)" if pack.exits else ""
    lines.append(f"{buffer.at('status')} = ({TO_REFERENCE} if status else 0){exit_lost}")
    return ["for i in range(wide):", *indented(lines, 1)]


def _shares(pack: Pack, handed: str, buffer: _Buffer) -> list[str]:
    """Write what each item comes to: as the function says, unless the items share or are limited."""
    first, _, _, limits = places(pack)
    count = len(pack.items)
    if not pack.allocations and not pack.ceilings:
        return [f"{buffer.at(f'share{at}')} = t[{first + at}]" for at in range(count)]
    lines = ["category = t[1]", *(f"S[{at}] = t[{first + at}]" for at in range(count))]
    if any(one.mode == "cap_in_order" for one in pack.allocations.values()):
        lines += [f"N[{at}] = 0" for at in range(count)]
    lines += _allocated(pack, handed)
    at_item = {item.id: at for at, item in enumerate(pack.items)}
    for at, ceiling in enumerate(pack.ceilings):
        place, n, d = at_item[ceiling.item], limits + 2 * at, limits + 2 * at + 1
        lines.append(f"if (S[{place}] > 0) and ((S[{place}] + given[{place}]) * t[{d}] > t[{n}]):")
        lines.append(f"    S[{place}] = 0")
    return [*lines, *(f"{buffer.at(f'share{at}')} = S[{at}]" for at in range(count))]


def _allocated(pack: Pack, handed: str) -> list[str]:
    """Write the allocation of each category."""
    lines: list[str] = []
    _, tests, caps, _ = places(pack)
    test = cap = 0
    ids = [one.id for one in pack.categories]
    for at, (category, allocation) in enumerate(pack.allocations.items()):
        lines.append(f"if category == {ids.index(category)}:" if category else "if True:")
        if allocation.mode == "best_one":
            lines.append("    sharing.best_one(S, INSIDE)")
        elif allocation.mode == "cap_in_order":
            lines.append(f"    sharing.cap_in_order(S, N, ORDER_{at}, t[{caps + cap}])")
        else:
            going = f"u[{tests + test}]" if allocation.continue_while else "True"
            lines += indented(_turns(pack, handed, going), 1)
        test += allocation.continue_while is not None
        cap += allocation.cap is not None
    return lines


def _turns(pack: Pack, handed: str, going: str) -> list[str]:
    """Write several in turn: the function of one row again, with the aid so far as income."""
    inside = inside_of(pack)
    return [
        *next_turn(pack, "decide_known", handed),
        "    status |= u[0]",
        f"    if status or not {going}:",
        "        break",
        *(f"    S[{at}] = u[{3 + at}]" for at in inside),
        *(f"S[{at}] = F[{at}]" for at in inside),
    ]


def _stores(known: Known, buffer: _Buffer) -> list[str]:
    """Write the copying of a block's decisions into the columns."""
    pack = known.pack
    to = {f"share{at}": f"out_granted[{at}, r0 + i]" for at in range(len(pack.items))}
    to |= {"status": "out_status[r0 + i]"}
    to |= {"category": "out_category[r0 + i]"} if pack.categories else {}
    to |= {"reasons": "out_reasons[r0 + i]"} if pack.exclusions or pack.reasons else {}
    to |= {"exit": "out_exit[r0 + i]"} if pack.exits else {}
    lines: list[str] = []
    for name, column in to.items():
        lines += ["for i in range(wide):", f"    {column} = {buffer.at(name)}"]
    return lines
