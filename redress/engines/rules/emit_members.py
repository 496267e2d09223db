"""Known rows: what is added up over members, written as one pass over all members of many rows.

The pass has no branches and no loop of a row's own, so that several members are worked on at once.
Sums run on from row to row modulo 2^64, and a row's own sum is the difference of two of them: exact,
for the proof says that the sum of one row has room. Yes and no are counted in fields of eight bits
of one such sum; a row has at most ``MEMBERS_MAX`` members, so that no field runs over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from redress.engines.rules.emit import Unsupported, key_of
from redress.engines.rules.emit_known_over import KnownOver
from redress.engines.rules.facts import MEMBERS_MAX
from redress.engines.rules.nodes import Node
from redress.engines.rules.pack import Pack
from redress.engines.rules.sizes import Num, by

BITS_EACH: Final = 8
FIELDS: Final = 64 // BITS_EACH
_FIXED: Final = frozenset({"literal", "param"})
_OF_THE_ROW: Final = frozenset({"derived", "any_exclusion", "category_in", "input"})


class MemberPass(KnownOver):
    """Writes what is worked out for each member, in the loop over many rows' members.

    A member's facts are ``f3[j]`` there, where the functions of one row read ``c3[j]``.
    """

    def __init__(self, pack: Pack, cutoffs: list[Node]) -> None:
        super().__init__(pack, cutoffs)
        self.sized, self.member_column = "w", "f"


@dataclass(slots=True)
class MemberSums:
    """The sums over members that one pass makes.

    Attributes:
        lines: of the pass, for the member at ``j``.
        sums: expressions of the member; the running sums of them are ``g0``, ``g1``, ... of a row.
        downs: the lower part of each, set in ``lines`` where it is not a written number.
        proof: lines of the proof.
    """

    lines: list[str] = field(default_factory=list)
    sums: list[str] = field(default_factory=list)
    downs: list[str] = field(default_factory=list)
    proof: list[str] = field(default_factory=list)
    _sum_of: dict[int, Num] = field(default_factory=dict)
    _nodes: list[Node] = field(default_factory=list)
    _counted: dict[int, tuple[int, int]] = field(default_factory=dict)

    def hand_over(self, writer: KnownOver) -> None:
        """Tell the writer of a row's function what these sums are called there."""
        for at, node in enumerate(self._nodes):
            if at in self._counted:
                writer.known_as(node, self._from_count(writer, node, self._counted[at]))
            else:
                writer.known_as(node, self._sum_of[at])

    def _from_count(self, writer: KnownOver, node: Node, place: tuple[int, int]) -> Num | str:
        word, shift = place
        count = writer.let(f"(g{word} >> {shift}) & {(1 << BITS_EACH) - 1}")
        if node.op == "members_any":
            return writer.let(f"{count} != 0")
        each = writer.number(node.args[0].args[1])
        size = by(each.size, str(MEMBERS_MAX))
        return writer.num(by(count, each.n), each.d, size, each.by)

    def take(self, writer: MemberPass, nodes: list[Node]) -> None:
        """Write the pass for some steps.

        Raises:
            Unsupported: there is no compiled form of one.
        """
        truths: list[str] = []
        for at, node in enumerate(nodes):
            self._nodes.append(node)
            if _is_counted(node):
                test = node.args[0] if node.op == "members_any" else node.args[0].args[0]
                self._counted[at] = (-1, len(truths))
                truths.append(writer.truth(test))
            else:
                self._sum_of[at] = self._add(writer, writer.number(node.args[0]))
        for at, (_, place) in self._counted.items():
            self._counted[at] = (len(self.sums) + place // FIELDS, place % FIELDS * BITS_EACH)
        for start in range(0, len(truths), FIELDS):
            fields = truths[start : start + FIELDS]
            parts = [f"(np.int64({test}) << {at * BITS_EACH})" for at, test in enumerate(fields)]
            self.sums.append(" | ".join(parts))
            self.downs.append("1")
        self.lines, self.proof = writer.lines, writer.proof

    def _add(self, writer: MemberPass, body: Num) -> Num:
        at = len(self.sums)
        down = body.d if body.d.isdigit() else f"h{at}"
        if not body.d.isdigit():
            writer.line(f"{down} = {body.d}")
        self.sums.append(body.n)
        self.downs.append(down)
        return Num(f"g{at}", down, writer.fits(by(body.size, str(MEMBERS_MAX))), body.by)


def _is_counted(node: Node) -> bool:
    """Say whether a sum is a number fixed for the run, times a count."""
    if node.op == "members_any":
        return True
    body = node.args[0]
    if body.op != "if":
        return False
    fixed, otherwise = body.args[1], body.args[2]
    return fixed.op in _FIXED and otherwise.op == "literal" and otherwise.value == 0


def sums_over_members(pack: Pack, nodes: Iterable[Node], cutoffs: list[Node]) -> MemberSums:
    """Write the pass for all steps over members that rest on nothing but the member.

    Args:
        pack: whose steps.
        nodes: steps of all its expressions.
        cutoffs: gets the comparisons of an age with a fixed number.
    """
    unique = {key_of(node): node for node in nodes if node.op in {"members_sum", "members_any"}}
    fit = [node for node in unique.values() if _is_fit(pack, node)]
    found = MemberSums()
    found.take(MemberPass(pack, cutoffs), fit)
    return found


def _is_fit(pack: Pack, node: Node) -> bool:
    if any(one.op in _OF_THE_ROW for one in node.walk()):
        return False
    trial = MemberPass(pack, [])
    try:
        body = trial.emit(node.args[0])
    except Unsupported:
        return False
    if any("bad" in line for line in trial.lines):  # which row's would it be?
        return False
    return not isinstance(body, Num) or body.even


def downs_of(sums: MemberSums) -> list[str]:
    """Name the lower parts that are not written numbers."""
    return [down for down in sums.downs if not down.isdigit()]
