"""How much of a pack hangs on each fact."""

from __future__ import annotations

from redress.engines.rules.nodes import Node
from redress.engines.rules.pack import Pack


def weights(pack: Pack) -> list[int]:
    """Count, for each input and then for the members, the expressions that look at it.

    A derived value counts as often as it is looked at itself.
    """
    members = [place for place, one in enumerate(pack.inputs) if one.of_member]
    counts = [0] * (len(pack.inputs) + 1)
    derived: list[set[int]] = []
    for rule in pack.derived:
        derived.append(_inputs_of(rule.when.node, derived, members, len(pack.inputs)))
    rest = pack.expressions()[len(pack.derived) :]
    for expression in rest:
        for place in _inputs_of(expression.node, derived, members, len(pack.inputs)):
            counts[place] += 1
    return counts


def inputs_by_expression(pack: Pack) -> dict[str, frozenset[int]]:
    """Give, for each expression by its place in the pack, the inputs it rests on."""
    members = [place for place, one in enumerate(pack.inputs) if one.of_member]
    derived: list[set[int]] = []
    found = {}
    for expression in pack.expressions():
        inputs = _inputs_of(expression.node, derived, members, len(pack.inputs))
        if len(derived) < len(pack.derived):
            derived.append(inputs)
        found[expression.where] = frozenset(inputs)
    return found


def _inputs_of(node: Node, derived: list[set[int]], members: list[int], count: int) -> set[int]:
    found: set[int] = set()
    for one in node.walk():
        if one.op.startswith("members_"):
            found.add(count)
        if not isinstance(one.value, int) or isinstance(one.value, bool):
            continue
        if one.op == "input":
            found.add(one.value)
        elif one.op == "member":
            found.add(members[one.value])
        elif one.op == "derived":
            found |= derived[one.value]
    return found


def concerned(pack: Pack) -> dict[str, frozenset[str]]:
    """Say, for each exclusion and reason, which items it may be the reason to refuse.

    Those it names; otherwise an exclusion concerns all, and a reason those items whose own
    condition rests on everything that the reason rests on.
    """
    rests_on = inputs_by_expression(pack)
    every = frozenset(item.id for item in pack.items)
    found = {one.id: frozenset(one.concerns) or every for one in pack.exclusions}
    for one in pack.reasons:
        own = rests_on[one.when.where]
        alike = frozenset(item.id for item in pack.items if own <= rests_on[item.when.where])
        found[one.id] = frozenset(one.concerns) or alike
    return found
