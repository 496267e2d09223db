"""Writes the loop over rows with facts absent or far out: each by the careful functions."""

from __future__ import annotations

from redress.engines.rules.emit import text_places
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Pack
from redress.engines.rules.sizes import AID_ON_THE_WAY_MAX

DONE, WAITS, TO_REFERENCE = 0, 1, 2  # what the loops say of a row
EXIT_LOST = 4  # and besides: as if all facts were known, the exit has no value
JIT = '@njit(cache=True, nogil=True, error_model="numpy")'


def column_names(pack: Pack) -> list[str]:
    """Name the arrays the loops are handed, in order; ``screen.py`` hands them by these names."""
    names = []
    for at, one in enumerate(pack.inputs):
        if one.base is Base.TEXT:
            continue
        if one.of_member:
            names.append(f"c{at}")
        elif one.base is not Base.LIST:
            names.append(f"X{at}")
        elif one.of is not Base.TEXT:
            names += [f"K{at}", f"l{at}"]
    for at, (_, _, node) in enumerate(text_places(pack)):
        names.append(f"tc{at}" if node.args[0].op == "member" else f"T{at}")
    return names


def head(pack: Pack, name: str, own: str) -> list[str]:
    """Write the head of a loop, and names for parameters and scales."""
    columns = "".join(f"{one}, " for one in column_names(pack))
    lines = [
        JIT,
        f"def {name}({own}, params, scales, given, J, {columns}"
        "out_category, out_granted, out_reasons, out_exit, out_status):",
    ]
    lines += [
        f"    {array} = np.zeros({len(pack.items)}, dtype=np.int64)"
        for array in ("S", "N", "L", "F")
    ]
    for at, parameter in enumerate(pack.parameters):
        lines.append(f"    p{at}n = params[{at}, 0]")
        if parameter.base is not Base.MONEY:
            lines.append(f"    p{at}d = params[{at}, 1]")
    for at, one in enumerate(pack.inputs):
        if one.base is not Base.TEXT:
            lines += [f"    m{at} = scales[{at}, 0]", f"    o{at} = scales[{at}, 1]"]
    return lines


def spans(pack: Pack, row: str) -> list[str]:
    """Write where a row's members and lists begin and end."""
    lines = ["j0, j1 = 0, 0"]
    if pack.has_members:
        lines = [f"j0, j1 = np.int64(J[{row}]), np.int64(J[{row} + 1])"]
    for at, one in enumerate(pack.inputs):
        if one.base is Base.LIST and one.of is not Base.TEXT and not one.of_member:
            lines.append(f"k{at}0, k{at}1 = np.int64(K{at}[{row}]), np.int64(K{at}[{row} + 1])")
    return lines


def indented(lines: list[str], depth: int) -> list[str]:
    """Put lines deeper by steps of four."""
    return ["    " * depth + line for line in lines]


def write_careful_rows(pack: Pack, arguments: list[str], *, main: int, scalars: list[int]) -> str:
    """Write ``careful_rows``: of the rows in ``which``, what the known functions cannot decide.

    Args:
        pack: whose rows.
        arguments: of the functions of one row, in order.
        main: bits of the facts that category and sums may hang on.
        scalars: the household's facts that are single numbers, days or truth values.
    """
    handed = ", ".join(arguments)
    lines = head(pack, "careful_rows", "which, all_of_it, far, absents, day, out_needs")
    lines += [
        "    for at in range(len(which)):",
        "        r = which[at]",
        "        absent = absents[r] if len(absents) > 1 else 0",
        *indented(spans(pack, "r"), 2),
        *(f"        x{at} = X{at}[r] * m{at} + o{at}" for at in scalars),
    ]
    for at, (_, _, node) in enumerate(text_places(pack)):
        if node.args[0].op != "member":
            lines.append(f"        t{at} = T{at}[r]")
    lines.append(f"        status = out_status[r] & {EXIT_LOST - 1}")  # its exit is decided anew
    lines.append(f"        if all_of_it or far[r] or absent & {main}:")
    lines += indented(_careful(pack, handed), 3)
    if pack.exits:
        lines += indented(_exit(handed), 2)
    return "\n".join([*lines, "        out_status[r] = status"])


def places(pack: Pack) -> tuple[int, int, int, int]:
    """Give where shares, tests, caps and limits begin in what a row's function returns."""
    tests = 3 + len(pack.items)
    caps = tests + sum(1 for one in pack.allocations.values() if one.continue_while)
    limits = caps + sum(1 for one in pack.allocations.values() if one.cap)
    return 3, tests, caps, limits


def _careful(pack: Pack, arguments: str) -> list[str]:
    shares, _, _, limits = places(pack)
    lines = [
        "status = 0",
        f"w = decide_careful({arguments})",
        "categories, category_needs, reasons = w[0], w[1], w[2]",
        "category = -1",
        "if category_needs == 0:",
        "    for bit in range(60):",
        "        if (categories >> bit) & 1:",
        "            category = bit",
    ]
    lines.extend(f"S[{at}], N[{at}] = w[{shares + at}]" for at in range(len(pack.items)))
    lines += _shared_careful(pack, arguments)
    at_item = {item.id: at for at, item in enumerate(pack.items)}
    for at, ceiling in enumerate(pack.ceilings):
        place = at_item[ceiling.item]
        lines += [
            f"if S[{place}] > 0:",
            f"    over = steps.above(S[{place}], given[{place}], w[{limits + at}])",
            "    if over[0]:",
            f"        S[{place}], N[{place}] = 0, over[1]",
        ]
    lines += ["waits = category_needs", "out_needs[at, 0] = category_needs"]
    for at in range(len(pack.items)):
        lines += [f"out_granted[{at}, r] = S[{at}]", f"out_needs[at, {at + 1}] = N[{at}]"]
        lines.append(f"waits |= N[{at}]")
    return [
        *lines,
        f"status = max(status, {WAITS} if waits else {DONE})",
        "if steps.is_lost(waits) or reasons & iv.LOST:",
        f"    status = {TO_REFERENCE}",
        "out_category[r] = category",
        "out_reasons[r] = reasons",
    ]


def _shared_careful(pack: Pack, arguments: str) -> list[str]:
    """Write the allocation of each category where some shares are not known."""
    if not pack.allocations:
        return []
    _, tests, caps, _ = places(pack)
    ids = [one.id for one in pack.categories]
    with_one = sum(1 << ids.index(category) for category in pack.allocations if category)
    lines = ["if category_needs:", f"    if categories & {with_one}:"]
    lines.append("        sharing.leave_open(S, N, INSIDE, category_needs)")
    test = cap = 0
    for at, (category, allocation) in enumerate(pack.allocations.items()):
        lines.append(f"elif category == {ids.index(category)}:" if category else "else:")
        if allocation.mode == "cap_in_order":
            room = f"w[{caps + cap}]"
            lines += [
                f"    if {room}[1]:",
                f"        sharing.leave_open(S, N, INSIDE, {room}[1])",
                "    else:",
                f"        sharing.cap_in_order(S, N, ORDER_{at}, {room}[0])",
            ]
            cap += 1
            test += allocation.continue_while is not None
            continue
        lines += ["    waiting = sharing.needs_inside(N, INSIDE)", "    if waiting:"]
        lines.append("        sharing.leave_open(S, N, INSIDE, waiting)")
        if allocation.mode == "best_one":
            lines += ["    else:", "        sharing.best_one(S, INSIDE)"]
        else:
            going = f"u[{tests + test}]" if allocation.continue_while else "(1, 0)"
            lines += ["    elif sharing.count_inside(S, INSIDE) > 1:"]
            lines += indented(_turns_careful(pack, arguments, going), 2)
        test += allocation.continue_while is not None
    return lines


def inside_of(pack: Pack) -> list[int]:
    """List the items that share, by place."""
    return [at for at, item in enumerate(pack.items) if not item.outside]


def next_turn(pack: Pack, function: str, arguments: str) -> list[str]:
    """Write the loop of several in turn up to where a row is decided again: the highest sum is taken,
    and the row's function called with the aid so far as income."""
    inside, aid = inside_of(pack), f"x{pack.aid_input}"
    again = ", ".join(f"{aid} + aid" if one == aid else one for one in arguments.split(", "))
    return [
        "aid = left = 0",
        *(f"F[{at}] = L[{at}] = 0" for at in range(len(pack.items))),
        *(f"L[{at}] = int(S[{at}] > 0)" for at in inside),
        *(f"left += L[{at}]" for at in inside),
        "while left > 0:",
        "    best = sharing.highest(S, L)",
        "    if best < 0:",
        "        break",
        "    F[best] = S[best]",
        "    L[best] = 0",
        "    left -= 1",
        "    aid += S[best] * MONEY[best]",
        "    if left == 0:",
        "        break",
        f"    if aid > {AID_ON_THE_WAY_MAX}:",
        f"        status = {TO_REFERENCE}",
        "        break",
        f"    u = {function}({again})",
    ]


def _turns_careful(pack: Pack, arguments: str, going: str) -> list[str]:
    """Write several in turn: each grant counts as income for the next; facts absent may stop it.

    What is left when a test or a share is no longer known waits for those facts.
    """
    inside = inside_of(pack)
    waits = [f"        N[{at}] = open if L[{at}] else 0" for at in inside]
    return [
        *next_turn(pack, "decide_careful", arguments),
        f"    going = {going}",
        "    if going[0] == 0:",
        "        break",
        "    open = going[1]",
        "    if open == 0:",
        "        open = u[1]",
        *(f"        open |= u[{3 + at}][1] if L[{at}] else 0" for at in inside),
        "    if open:",
        *waits,
        "        break",
        *(f"    S[{at}] = u[{3 + at}][0]" for at in inside),
        *(f"S[{at}] = F[{at}]" for at in inside),
    ]


def _exit(arguments: str) -> list[str]:
    return [
        f"e = exits_careful({arguments})",
        "out_exit[r] = e[1]",
        "if steps.is_lost(e[0]):",
        f"    status = {TO_REFERENCE}",
    ]
