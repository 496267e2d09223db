"""The mass evaluator: the decision of every row, by code compiled from the same tree as `decide`.

Exact by construction: numbers are fractions of 64-bit whole numbers within a size that a proof over
the same code allows; whatever is larger, or cannot be worked out so, goes to the reference.
"""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np

from redress.engines.rules.assemble import Assembled, assemble
from redress.engines.rules.assemble_rows import TO_REFERENCE, WAITS, column_names
from redress.engines.rules.calendar import latest_birth
from redress.engines.rules.columns import Array, Columns
from redress.engines.rules.compiled import load
from redress.engines.rules.decide import Decider
from redress.engines.rules.decision import Decision
from redress.engines.rules.emit import Unsupported
from redress.engines.rules.findings import CaseRefused, RowRefused
from redress.engines.rules.nodes import Base, Node
from redress.engines.rules.pack import Input, Pack

SIZE_MAX: Final = 1 << 62
_SIZES: Final = tuple(
    (10**money, 10**number) for money in range(13, 5, -1) for number in (9, 7, 6, 5, 4, 3, 2)
)


@dataclass(slots=True)
class Screened:
    """The decisions of some rows, in their order.

    Attributes:
        category: place among the pack's categories, -1 where undecided or without any.
        granted: minor units, by item and row.
        reasons: bits of the exclusions and then the reasons that hold.
        exit: place among the exits, -1 for none.
        needs: place in ``needs_lists`` by row; 0 is the empty list.
        needs_lists: lists of facts that rows wait for.
    """

    count: int
    category: Array
    granted: Array
    reasons: Array
    exit: Array
    needs: Array
    needs_lists: list[tuple[str, ...]]
    by_reference: int = 0  # rows that the compiled code handed on


class Screener:
    """A pack made ready to decide many rows.

    Args:
        pack: a checked pack; another with the same rules and other parameter values uses the same
            compiled code.
        folder: where compiled code is kept between runs; only its owner may be able to write there.
    """

    def __init__(self, pack: Pack, *, folder: Path | None = None) -> None:
        self.pack = pack
        self.decider = Decider(pack, traced=False)
        try:
            self.assembled: Assembled | None = assemble(pack)
        except Unsupported:
            self.assembled = None
        self._module = load(self.assembled, folder) if self.assembled else None

    def with_pack(self, pack: Pack) -> Screener:
        """Give a screener of the same rules with other parameter values; nothing is compiled."""
        other = object.__new__(Screener)
        other.pack, other.decider = pack, Decider(pack, traced=False)
        other.assembled, other._module = self.assembled, self._module
        return other

    def run(self, columns: Columns, *, on: dt.date) -> Screened:
        """Decide every row of some columns.

        Raises:
            RowRefused: a row's outcome hangs on a rule that has no value for it.
        """
        found, status, needs = self._compiled(columns, on)
        found.by_reference = int((status == TO_REFERENCE).sum())
        if needs is not None:
            self._name_needs(found, np.flatnonzero(status == WAITS), needs)
        for row in np.flatnonzero(status == TO_REFERENCE):
            self._by_reference(found, int(row), columns, on)
        return found

    def stream(
        self, batches: Iterable[Columns], *, on: dt.date, workers: int | None = None
    ) -> Iterator[Screened]:
        """Decide batch after batch on all cores; as many are held as there are cores."""
        wide = workers or os.cpu_count() or 1
        with ThreadPoolExecutor(wide) as pool:
            running: list[Future[Screened]] = []
            for batch in batches:
                running.append(pool.submit(self.run, batch, on=on))
                if len(running) > wide:
                    yield running.pop(0).result()
            for one in running:
                yield one.result()

    def _compiled(self, columns: Columns, on: dt.date) -> tuple[Screened, Array, Array | None]:
        count, items = columns.count, len(self.pack.items)
        found = Screened(
            count, np.full(count, -1, np.int8), np.empty((items, count), np.int64),
            np.zeros(count, np.int64), np.full(count, -1, np.int8), np.zeros(count, np.int32), [()],
        )  # fmt: skip
        status = np.empty(count, np.int8)
        params = self._params(on)
        if self._module is None or self.assembled is None or params is None:
            status[:] = TO_REFERENCE
            return found, status, None
        absents = self._absents(columns)
        far = self._far(columns, params)
        writes = absents.size > 1 or not self.assembled.quick or bool(far.any())
        needs = np.zeros((count if writes else 1, items + 1), np.int64)
        self._module.rows(
            count, columns.hard, far, absents, on.toordinal(), self._cutoffs(params, on),
            params, columns.scales, np.zeros(items, np.int64), _offsets(columns),
            *(columns.arrays[name] for name in column_names(self.pack)),
            found.category, found.granted, found.reasons, found.exit, status, needs,
        )  # fmt: skip
        return found, status, needs if writes else None

    def _params(self, on: dt.date) -> Array | None:
        """Give the parameters' values on a day as fractions; None where one has none in 64 bits."""
        rows = []
        for one in self.pack.parameters:
            held = one.on(on)
            value = Fraction(held.value) if held else None
            if value is None or (one.base is Base.MONEY and value.denominator != 1):
                return None
            if max(abs(value.numerator), value.denominator) >= SIZE_MAX:
                return None
            rows.append((value.numerator, value.denominator))
        return np.array(rows or [(0, 1)], dtype=np.int64)

    def _cutoffs(self, params: Array, on: dt.date) -> Array:
        found = []
        for node in self.assembled.cutoffs if self.assembled else ():
            fixed = node.args[1]
            value = (
                Fraction(*params[_place(fixed)].tolist()) if fixed.op == "param" else fixed.value
            )
            years = math.ceil(value) if node.op in {"ge", "lt"} else math.floor(value) + 1  # type: ignore[arg-type] # a number
            found.append(latest_birth(years, on))
        return np.array(found or [0], dtype=np.int64)

    def _absents(self, columns: Columns) -> Array:
        """Give the bits of the facts absent by row; one zero where none is."""
        bits = dict(self.assembled.bits) if self.assembled else {}
        marks = [(columns.absent[at], bit) for at, bit in bits.items() if at in columns.absent]
        if columns.no_members is not None and self.assembled:
            marks.append((columns.no_members, self.assembled.members_bit))
        found: Array | None = None
        for mark, bit in marks:
            if mark.any():
                found = np.zeros(columns.count, np.int64) if found is None else found
                found |= np.where(mark, bit, 0)
        if found is None:
            return np.zeros(1, np.int64)
        return found if columns.count > 1 else np.append(found, 0)

    def _far(self, columns: Columns, params: Array) -> Array:
        """Say which rows hold numbers beyond what the proof allows: every product is checked there."""
        money, number = self._bounds(params)
        far = np.zeros(columns.count, np.bool_)
        for at, one in enumerate(self.pack.inputs):
            kind = one.of if one.base is Base.LIST else one.base
            if kind not in {Base.MONEY, Base.NUMBER}:
                continue
            most = money if kind is Base.MONEY else number
            if kind is Base.NUMBER and not one.whole:
                most *= 10**6
            _mark_beyond(columns, at, one, most, far)
        return far

    def _bounds(self, params: Array) -> tuple[int, int]:
        sizes = [(abs(n), d) for n, d in params.tolist()]
        for money, number in _SIZES:
            if self._module is not None and self._module.proof(sizes, money, number) < SIZE_MAX:
                return money, number
        return -1, -1

    def _name_needs(self, found: Screened, rows: Array, needs: Array) -> None:
        """Turn bits into lists of facts, in the reference's order; the same bits only once."""
        if not len(rows) or self.assembled is None:
            return
        patterns, which = np.unique(needs[rows], axis=0, return_inverse=True)
        places = {bit: 1 << at for at, bit in self.assembled.bits.items()}
        places[self.assembled.members_bit] = 1 << len(self.pack.inputs)
        named = []
        for pattern in patterns.tolist():
            masks = [sum(to for bit, to in places.items() if bit & mask) for mask in pattern]
            asked = self.decider.asked(masks[0], [mask for mask in masks[1:] if mask])
            named.append(_place_of(found.needs_lists, asked))
        found.needs[rows] = np.array(named, np.int32)[which.ravel()]

    def _by_reference(self, found: Screened, row: int, columns: Columns, on: dt.date) -> None:
        try:
            decision = self.decider.decide(columns.case_of(row), on=on)
        except CaseRefused as refused:
            raise RowRefused(row, refused) from None
        self._take_over(found, row, decision)

    def _take_over(self, found: Screened, row: int, decision: Decision) -> None:
        pack = self.pack
        ids = [one.id for one in pack.categories]
        exits = [one.id for one in pack.exits]
        reasons = [one.id for one in (*pack.exclusions, *pack.reasons)]
        found.category[row] = ids.index(decision.category) if decision.category else -1
        for at, item in enumerate(pack.items):
            found.granted[at, row] = decision.granted.get(item.id, 0)
        found.reasons[row] = sum(
            1 << at for at, id_ in enumerate(reasons) if id_ in decision.reasons
        )
        found.exit[row] = exits.index(decision.exit) if decision.exit else -1
        found.needs[row] = _place_of(found.needs_lists, decision.needs)


def _place(node: Node) -> int:
    return int(str(node.value))


def _place_of(lists: list[tuple[str, ...]], wanted: tuple[str, ...]) -> int:
    if wanted not in lists:
        lists.append(wanted)
    return lists.index(wanted)


def _offsets(columns: Columns) -> Array:
    return np.zeros(1, np.int64) if columns.offsets is None else columns.offsets


def _mark_beyond(columns: Columns, at: int, one: Input, most: int, far: Array) -> None:
    """Mark rows where a fact is beyond a size."""
    name = f"c{at}" if one.of_member else f"l{at}" if one.base is Base.LIST else f"X{at}"
    array = columns.arrays[name]
    offsets = columns.offsets if one.of_member else columns.arrays.get(f"K{at}")
    if offsets is not None:
        array = array[offsets[0] : offsets[-1]]
    scale, shift = columns.scales[at].tolist()
    if not len(array) or max(-int(array.min()), int(array.max())) * scale + shift <= most:
        return
    end = (most - shift) // scale
    rows = np.flatnonzero((array > end) | (array < -end))
    if offsets is not None:
        rows = np.searchsorted(offsets, rows + offsets[0], side="right") - 1
    far[rows] = True
