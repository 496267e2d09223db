"""Writes the loop over rows: hands each to the known or the careful functions, and shares out."""

from __future__ import annotations

from redress.engines.rules.emit import text_places
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Pack
from redress.engines.rules.sizes import AID_ON_THE_WAY_MAX

MODES = {"best_one": 1, "sequential": 2, "cap_in_order": 3}
DONE, WAITS, TO_REFERENCE = 0, 1, 2  # what the loop says of a row


def write_rows(pack: Pack, arguments: list[str], *, main: int, exits: int, quick: bool) -> str:
    """Write ``rows``.

    Args:
        pack: whose rows.
        arguments: of the functions of one row, in order.
        main: bits of the facts that category and sums may hang on.
        exits: bits of the facts that the exit may hang on.
        quick: whether there are functions for known rows.
    """
    return "\n".join([_setup(pack), _loop(pack, ", ".join(arguments), main, exits, quick=quick)])


def column_names(pack: Pack) -> list[str]:
    """Name the arrays ``rows`` is handed, in order; ``screen.py`` hands them by these names."""
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


def _setup(pack: Pack) -> str:
    columns = "".join(f"{name}, " for name in column_names(pack))
    lines = [
        '@njit(cache=True, nogil=True, error_model="numpy")',
        f"def rows(stop, hard, far, absents, day, cutoffs, params, scales, given, J, {columns}"
        "out_category, out_granted, out_reasons, out_exit, out_status, out_needs):",
        f"    S = np.zeros({len(pack.items)}, dtype=np.int64)",
        f"    N = np.zeros({len(pack.items)}, dtype=np.int64)",
        f"    L = np.zeros({len(pack.items)}, dtype=np.int64)",
        f"    F = np.zeros({len(pack.items)}, dtype=np.int64)",
    ]
    for at, parameter in enumerate(pack.parameters):
        lines.append(f"    p{at}n = params[{at}, 0]")
        if parameter.base is not Base.MONEY:
            lines.append(f"    p{at}d = params[{at}, 1]")
    for at, one in enumerate(pack.inputs):
        if one.base is not Base.TEXT:
            lines += [f"    m{at} = scales[{at}, 0]", f"    o{at} = scales[{at}, 1]"]
    return "\n".join(lines)


def _loop(pack: Pack, arguments: str, main: int, exits: int, *, quick: bool) -> str:
    has_members = "1" if pack.has_members else "0"
    lines = [
        "    for r in range(stop):",
        "        if hard[r]:",
        f"            out_status[r] = {TO_REFERENCE}",
        "            continue",
        "        absent = absents[r] if len(absents) > 1 else 0",
        f"        j0, j1 = (np.int64(J[r]), np.int64(J[r + 1])) if {has_members} else (0, 0)",
    ]
    for at, one in enumerate(pack.inputs):
        if (
            one.of_member
            or one.base is Base.TEXT
            or (one.base is Base.LIST and one.of is Base.TEXT)
        ):
            continue
        if one.base is Base.LIST:
            lines.append(f"        k{at}0, k{at}1 = np.int64(K{at}[r]), np.int64(K{at}[r + 1])")
        else:
            lines.append(f"        x{at} = X{at}[r] * m{at} + o{at}")
    for at, (_, _, node) in enumerate(text_places(pack)):
        if node.args[0].op != "member":
            lines.append(f"        t{at} = T{at}[r]")
    lines.append("        status = 0")
    careful, known_exit, careful_exit = _careful(pack, arguments), *_exit(arguments)
    if quick:
        lines.append(f"        if (absent & {main} == 0) & (not far[r]):")
        lines += _indent(_known(pack, arguments), 3)
        lines.append("        else:")
    lines += _indent(careful, 3 if quick else 2)
    if pack.exits and quick:
        lines.append(f"        if (absent & {exits} == 0) & (not far[r]):")
        lines += _indent(known_exit, 3)
        lines.append("        else:")
    lines += _indent(careful_exit, 3 if quick else 2) if pack.exits else []
    lines.append("        out_status[r] = status")
    return "\n".join(lines)


def _indent(lines: list[str], depth: int) -> list[str]:
    return ["    " * depth + line for line in lines]


def _places(pack: Pack) -> tuple[int, int, int, int]:
    """Give where shares, tests, caps and limits begin in what a row's function returns."""
    tests = 3 + len(pack.items)
    caps = tests + sum(1 for one in pack.allocations.values() if one.continue_while)
    limits = caps + sum(1 for one in pack.allocations.values() if one.cap)
    return 3, tests, caps, limits


def _known(pack: Pack, arguments: str) -> list[str]:
    shares, _, _, limits = _places(pack)
    lines = [f"t = decide_known({arguments})", "category = t[1]", "reasons = t[2]"]
    lines += ["if t[0]:", f"    status = {TO_REFERENCE}"]
    lines += [f"S[{at}] = t[{shares + at}]" for at in range(len(pack.items))]
    lines += [f"N[{at}] = 0" for at in range(len(pack.items))] if _mixes(pack) else []
    lines += _shared_known(pack, arguments)
    places = {item.id: at for at, item in enumerate(pack.items)}
    for at, ceiling in enumerate(pack.ceilings):
        place, n, d = places[ceiling.item], limits + 2 * at, limits + 2 * at + 1
        lines.append(f"if (S[{place}] > 0) and ((S[{place}] + given[{place}]) * t[{d}] > t[{n}]):")
        lines.append(f"    S[{place}] = 0")
    lines += [f"out_granted[{at}, r] = S[{at}]" for at in range(len(pack.items))]
    category = "category" if pack.categories else "-1"
    return [*lines, f"out_category[r] = {category}", "out_reasons[r] = reasons"]


def _mixes(pack: Pack) -> bool:
    return any(one.mode == "cap_in_order" for one in pack.allocations.values())


def _shared_known(pack: Pack, arguments: str) -> list[str]:
    """Write the allocation of each category, for known shares."""
    lines: list[str] = []
    _, tests, caps, _ = _places(pack)
    test = cap = 0
    ids = [one.id for one in pack.categories]
    for at, (category, allocation) in enumerate(pack.allocations.items()):
        head = f"if category == {ids.index(category)}:" if category else "if True:"
        lines.append(head)
        if allocation.mode == "best_one":
            lines.append("    sharing.best_one(S, INSIDE)")
        elif allocation.mode == "cap_in_order":
            lines.append(f"    sharing.cap_in_order(S, N, ORDER_{at}, t[{caps + cap}])")
        else:
            going = f"u[{tests + test}]" if allocation.continue_while else "True"
            lines += _indent(_turns(pack, arguments, going), 1)
        test += allocation.continue_while is not None
        cap += allocation.cap is not None
    return lines


def _turns(pack: Pack, arguments: str, going: str) -> list[str]:
    """Write several in turn: the function of one row again, with the aid so far as income."""
    aid = f"x{pack.aid_input}"
    again = ", ".join(f"{aid} + aid" if one == aid else one for one in arguments.split(", "))
    lines = ["aid = 0", "left = 0"]
    for at, item in enumerate(pack.items):
        if not item.outside:
            lines += [f"F[{at}] = 0", f"L[{at}] = int(S[{at}] > 0)", f"left += L[{at}]"]
        else:
            lines += [f"L[{at}] = 0"]
    take = [f"S[{at}] = u[{3 + at}]" for at, item in enumerate(pack.items) if not item.outside]
    end = [f"S[{at}] = F[{at}]" for at, item in enumerate(pack.items) if not item.outside]
    return [
        *lines,
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
        f"    u = decide_known({again})",
        f"    if u[0] or aid > {AID_ON_THE_WAY_MAX}:",
        f"        status = {TO_REFERENCE}",
        f"    if status or not {going}:",
        "        break",
        *(f"    {line}" for line in take),
        *end,
    ]


def _careful(pack: Pack, arguments: str) -> list[str]:
    shares, _, _, limits = _places(pack)
    lines = [
        f"w = decide_careful({arguments})",
        "categories, category_needs, reasons = w[0], w[1], w[2]",
        "category = -1",
        "if category_needs == 0:",
        "    for bit in range(60):",
        "        if (categories >> bit) & 1:",
        "            category = bit",
    ]
    lines.extend(f"S[{at}], N[{at}] = w[{shares + at}]" for at in range(len(pack.items)))
    lines += _shared_careful(pack)
    places = {item.id: at for at, item in enumerate(pack.items)}
    for at, ceiling in enumerate(pack.ceilings):
        place = places[ceiling.item]
        lines += [
            f"if S[{place}] > 0:",
            f"    over = steps.above(S[{place}], given[{place}], w[{limits + at}])",
            "    if over[0]:",
            f"        S[{place}], N[{place}] = 0, over[1]",
        ]
    lines += ["waits = category_needs", "out_needs[r, 0] = category_needs"]
    for at in range(len(pack.items)):
        lines += [f"out_granted[{at}, r] = S[{at}]", f"out_needs[r, {at + 1}] = N[{at}]"]
        lines.append(f"waits |= N[{at}]")
    return [
        *lines,
        f"status = max(status, {WAITS} if waits else {DONE})",
        "if (waits | reasons) & iv.LOST:",
        f"    status = {TO_REFERENCE}",
        "out_category[r] = category",
        "out_reasons[r] = reasons",
    ]


def _shared_careful(pack: Pack) -> list[str]:
    """Write the allocation of each category where some shares are not known."""
    if not pack.allocations:
        return []
    _, _, caps, _ = _places(pack)
    ids = [one.id for one in pack.categories]
    with_one = sum(1 << ids.index(category) for category in pack.allocations if category)
    lines = ["if category_needs:", f"    if categories & {with_one}:"]
    lines.append("        sharing.leave_open(S, N, INSIDE, category_needs)")
    cap = 0
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
            continue
        lines += ["    waiting = sharing.needs_inside(N, INSIDE)", "    if waiting:"]
        lines.append("        sharing.leave_open(S, N, INSIDE, waiting)")
        if allocation.mode == "best_one":
            lines += ["    else:", "        sharing.best_one(S, INSIDE)"]
        else:  # more than one in turn is worked out by the reference
            lines += ["    elif sharing.count_inside(S, INSIDE) > 1:"]
            lines.append(f"        status = {TO_REFERENCE}")
    return lines


def _exit(arguments: str) -> tuple[list[str], list[str]]:
    """Write the exit, for rows where all of it is known and for the others."""

    def one(kind: str, lost: str) -> list[str]:
        return [
            f"e = exits_{kind}({arguments})",
            "out_exit[r] = e[1]",
            f"if {lost}:",
            f"    status = {TO_REFERENCE}",
        ]

    return one("known", "e[0]"), one("careful", "e[0] & iv.LOST")
