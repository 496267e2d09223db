"""Writes what the functions of one row work out: decision and exit, known or careful."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from redress.engines.rules.emit import Writer
from redress.engines.rules.emit_known_over import KnownOver
from redress.engines.rules.facts import MONEY_MINOR_MAX
from redress.engines.rules.nodes import Expression, Node


def nodes_of(expressions: Iterable[Expression]) -> list[Node]:
    """Give every step of some expressions."""
    return [node for one in expressions for node in one.node.walk()]


def _write_frame(writer: Writer, expressions: list[Expression]) -> None:
    """Write derived values, exclusions and category."""
    pack = writer.pack
    known = isinstance(writer, KnownOver)
    if isinstance(writer, KnownOver):
        writer.fuse(nodes_of(expressions))
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
    """Write category, reasons and shares; give what the function returns."""
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
        rounded = f"sharing.half_up({amount.n} * {scale}, {amount.d}, {pack.step_minor})"
        if pack.step_minor == 1 and amount.d == "1":
            rounded = f"max({amount.n} * {scale}, 0)"
        writer.line(f"{share} = {rounded}")
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
    """Write the exit; give what the function returns."""
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


WRITERS: Final = {"decide": _write_decide, "exits": _write_exits}
