"""The thresholds of a pack.

A threshold is a comparison of two quantities; the place where `min` or `max` turns from one of its
values to another; the edge of a band; a limit by law; a sum that another must approve; a cap on
several items.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from redress.engines.rules.decide import Decider
from redress.engines.rules.decision import Decision
from redress.engines.rules.evaluate import Compiler
from redress.engines.rules.facts import Case
from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.pack import Pack

COMPARISONS = {"lt", "le", "gt", "ge", "eq", "ne"}
FAR = 10**9  # minor units or counts: far on the other side


def put(thing: Any, target: Node, new: Node) -> Any:
    """Write a pack anew with one step of its rules replaced."""
    if thing is target:
        return new
    if isinstance(thing, tuple):
        return tuple(put(one, target, new) for one in thing)
    if isinstance(thing, dict):
        return {key: put(one, target, new) for key, one in thing.items()}
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        parts = {one.name: getattr(thing, one.name) for one in dataclasses.fields(thing)}
        return dataclasses.replace(
            thing, **{name: put(part, target, new) for name, part in parts.items()}
        )
    return thing


@dataclass(slots=True)
class Threshold:
    """One threshold.

    Attributes:
        name: where it stands and its words.
        distance: how far a frame lies above it, or None where that is not known.
        others: the pack with the threshold drawn otherwise; a case is decided by it if one differs.
        facts: places of the inputs it rests on.
        item: whose sums given this year it rests on.
    """

    name: str
    distance: Callable[[Case, Decision], Any]
    others: list[Pack]
    facts: set[int]
    item: str = ""


def thresholds(pack: Pack) -> list[Threshold]:
    """Find every threshold of a pack."""
    return list({one.name: one for one in _Finder(pack).all()}.values())


class _Finder:
    def __init__(self, pack: Pack) -> None:
        self.pack, self.compiler = pack, Compiler(pack, traced=False)

    def all(self) -> Iterator[Threshold]:
        for expression in self.pack.expressions():
            for node in expression.node.walk():
                where = f"{expression.where}: {node.text}"
                if node.op in COMPARISONS:
                    yield self._comparison(where, node)
                elif node.op in {"min", "max"}:
                    yield from self._extreme(where, node)
                elif node.op == "band":
                    yield from self._bands(where, node)
        yield from self._ceilings()
        yield from self._approvals()
        yield from self._caps()

    def between(self, left: Node, right: Node) -> Callable[[Case, Decision], Any]:
        left_of, right_of = self.compiler.run(left), self.compiler.run(right)
        return lambda _case, decision: left_of(decision.frame) - right_of(decision.frame)

    def facts(self, *nodes: Node) -> set[int]:
        """Give the inputs that some steps rest on, derived values included."""
        found = set()
        for node in (each for one in nodes for each in one.walk()):
            if node.op == "input":
                found.add(node.value)
            elif node.op == "derived":
                found |= self.facts(self.pack.derived[node.value].when.node)
            elif node.op == "category_in":
                found |= self.facts(*(one.when.node for one in self.pack.categories))
        return found

    def _comparison(self, where: str, node: Node) -> Threshold:
        turned = put(self.pack, node, Node("not", Base.BOOL, (node,)))
        return Threshold(where, self.between(*node.args), [turned], self.facts(node))

    def _extreme(self, where: str, node: Node) -> Iterator[Threshold]:
        """Yield where each value of a `min` or `max` takes over from the others."""
        several = node.args if len(node.args) > 2 else node.args[1:]
        for one in several:
            rest = tuple(other for other in node.args if other is not one)
            others = rest[0] if len(rest) == 1 else dataclasses.replace(node, args=rest)
            packs = [put(self.pack, node, self._moved(node, sign)) for sign in ("add", "sub")]
            name = where if len(node.args) == 2 else f"{where}, at {one.text}"
            yield Threshold(name, self.between(one, others), packs, self.facts(node))

    def _moved(self, node: Node, sign: str) -> Node:
        return Node(sign, node.base, (node, Node("literal", node.base, value=FAR)))

    def _bands(self, where: str, node: Node) -> Iterator[Threshold]:
        """Yield the edge below each band but the first."""
        table = self.pack.tables[node.value[0]]
        packs = [put(self.pack, node, self._moved(node, "add"))]
        for band in table.bands[1:]:
            edge = Node("literal", Base.NUMBER, value=band.low)
            distance = self.between(node.args[0], edge)
            yield Threshold(f"{where} from {band.low}", distance, packs, self.facts(node))

    def _ceilings(self) -> Iterator[Threshold]:
        for ceiling in self.pack.ceilings:
            without = dataclasses.replace(self.pack, ceilings=())
            free, limit_of = Decider(without, traced=False), self.compiler.run(ceiling.limit.node)

            def distance(case, decision, free=free, limit_of=limit_of, item=ceiling.item):
                share = free.decide(case, on=decision.on).granted.get(item)
                total = None if share is None else share + case.given.get(item, 0)
                return None if total is None else total - limit_of(decision.frame)

            item = next(one for one in self.pack.items if one.id == ceiling.item)
            higher = put(self.pack, ceiling.limit.node, self._moved(ceiling.limit.node, "add"))
            lower = put(self.pack, ceiling.limit.node, self._moved(ceiling.limit.node, "sub"))
            facts = self.facts(item.amount.node, ceiling.limit.node)
            yield Threshold(ceiling.limit.where, distance, [higher, lower], facts, ceiling.item)

    def _approvals(self) -> Iterator[Threshold]:
        for item in self.pack.items:
            for approval in item.approval:

                def distance(_case, decision, item=item, approval=approval):
                    share = decision.granted.get(item.id)
                    return None if share is None else share - approval.above

                levels = tuple(one for one in item.approval if one is not approval)
                rows = tuple(
                    dataclasses.replace(one, approval=levels) if one is item else one
                    for one in self.pack.items
                )
                nobody = dataclasses.replace(approval, above=-1)
                everybody = put(self.pack, item, dataclasses.replace(item, approval=(nobody,)))
                packs = [dataclasses.replace(self.pack, items=rows), everybody]
                name = f"items.{item.id}.approval: above {approval.above} by {approval.level}"
                yield Threshold(name, distance, packs, self.facts(item.when.node, item.amount.node))

    def _caps(self) -> Iterator[Threshold]:
        inside = [one for one in self.pack.items if not one.outside]
        free = Decider(dataclasses.replace(self.pack, allocations={}), traced=False)
        for allocation in self.pack.allocations.values():
            if allocation.cap is None:
                continue
            cap_of, node = self.compiler.run(allocation.cap.node), allocation.cap.node

            def distance(case, decision, cap_of=cap_of):
                granted = free.decide(case, on=decision.on).granted
                total = sum(granted.get(one.id, 0) for one in inside)
                return total - cap_of(decision.frame) if total else None

            packs = [put(self.pack, node, self._moved(node, sign)) for sign in ("add", "sub")]
            amounts = [part for one in inside for part in (one.when.node, one.amount.node)]
            yield Threshold(allocation.cap.where, distance, packs, self.facts(node, *amounts))
