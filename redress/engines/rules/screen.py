"""The mass evaluator: the decision of every row, by code compiled from the same tree as `decide`.

Exact by construction: numbers are fractions of 64-bit whole numbers within a size that a proof over
the same code allows; whatever is larger, or cannot be worked out so, goes to the reference.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from redress.engines.rules.assemble import Assembled, assemble
from redress.engines.rules.assemble_rows import TO_REFERENCE, WAITS
from redress.engines.rules.columns import Array, Columns
from redress.engines.rules.compiled import load
from redress.engines.rules.decide import DAYS_KEPT, Decider
from redress.engines.rules.decision import Decision
from redress.engines.rules.emit import Unsupported
from redress.engines.rules.findings import CaseRefused, RowRefused
from redress.engines.rules.pack import Pack
from redress.engines.rules.ready import Ready, far_rows, ready_on

_MIX: Final = 0x9E3779B97F4A7C15  # odd, with its bits spread


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
        self._days: dict[dt.date, Ready | None] = {}

    def with_pack(self, pack: Pack) -> Screener:
        """Give a screener of the same rules with other parameter values; nothing is compiled."""
        other = object.__new__(Screener)
        other.pack, other.decider = pack, Decider(pack, traced=False)
        other.assembled, other._module, other._days = self.assembled, self._module, {}
        return other

    def run(self, columns: Columns, *, on: dt.date) -> Screened:
        """Decide every row of some columns.

        Raises:
            RowRefused: a row's outcome hangs on a rule that has no value for it.
        """
        found, status = self._compiled(columns, on)
        lost = np.flatnonzero(status >= TO_REFERENCE) if status.any() else status[:0]
        found.by_reference = len(lost)
        for row in lost.tolist():
            self._by_reference(found, row, columns, on)
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

    def _compiled(self, columns: Columns, on: dt.date) -> tuple[Screened, Array]:
        count, items = columns.count, len(self.pack.items)
        found = Screened(
            count, np.full(count, -1, np.int8), np.empty((items, count), np.int64),
            np.zeros(count, np.int64), np.full(count, -1, np.int8), np.zeros(count, np.int32), [()],
        )  # fmt: skip
        ready = self._on(on)
        if self.assembled is None or self._module is None or ready is None:
            return found, np.full(count, TO_REFERENCE, np.int8)
        status = np.full(count, TO_REFERENCE, np.int8)  # a row that no loop decides is not left so
        absents, far = self._absents(columns), far_rows(self.pack, columns, ready)
        which = self._which(columns, absents, far, ready)
        day, all_of_it = on.toordinal(), not ready.quick
        handed = (
            ready.params, columns.scales, np.zeros(items, np.int64), _offsets(columns),
            *(columns.arrays[name] for name in self.assembled.columns),
            found.category, found.granted, found.reasons, found.exit, status,
        )  # fmt: skip
        if not all_of_it:  # of a row in `which`, the careful loop decides only what is not known
            self._module.known_rows(count, *ready.most, day, ready.cutoffs, *handed)
        if len(which):
            needs = np.zeros((len(which), items + 1), np.int64)
            self._module.careful_rows(which, all_of_it, far, absents, day, needs, *handed)
            waits = np.flatnonzero(status[which] == WAITS)
            self._name_needs(found, which[waits], needs[waits])
        if columns.hard.any():
            status[columns.hard] = TO_REFERENCE
        return found, status

    def _on(self, day: dt.date) -> Ready | None:
        """Give what holds on a day; None where the compiled code is of no use then."""
        if self._module is None or self.assembled is None:
            return None
        if day not in self._days:
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            self._days[day] = ready_on(day, self.pack, self.assembled, self._module)
        return self._days[day]

    def _which(self, columns: Columns, absents: Array, far: Array, ready: Ready) -> Array:
        """List the rows that the loop over known rows cannot decide, but the careful one may."""
        if not ready.quick:
            return np.flatnonzero(~columns.hard)
        if absents.size == 1 and not far.any():
            return np.zeros(0, np.int64)
        matter = self.assembled.matter if self.assembled else 0
        wanted = far | (absents[: columns.count] & matter != 0) if absents.size > 1 else far
        return np.flatnonzero(wanted & ~columns.hard)

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

    def _name_needs(self, found: Screened, rows: Array, needs: Array) -> None:
        """Turn bits into lists of facts, in the reference's order; the same bits only once.

        Args:
            found: gets them.
            rows: that wait for facts.
            needs: bits of theirs; a row each, then category and items.
        """
        if not len(rows) or self.assembled is None:
            return
        patterns, which = _grouped(needs)
        places = {bit: 1 << at for at, bit in self.assembled.bits.items()}
        places[self.assembled.members_bit] = 1 << len(self.pack.inputs)
        named = []
        for pattern in patterns.tolist():
            masks = [sum(to for bit, to in places.items() if bit & mask) for mask in pattern]
            asked = self.decider.asked(masks[0], [mask for mask in masks[1:] if mask])
            named.append(_place_of(found.needs_lists, asked))
        found.needs[rows] = np.array(named, np.int32)[which]

    def _by_reference(self, found: Screened, row: int, columns: Columns, on: dt.date) -> None:
        try:
            case = columns.case_of(row)
            decision = self.decider.decide(case, on=case.on or on)
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


def _grouped(rows: Array) -> tuple[Array, Array]:
    """Give the different rows, and for each row which of them it is.

    By one mixed number a row, several times as fast as comparing rows; two rows that mix to the same
    number and differ are found out, and then the rows themselves are compared.
    """
    odd = np.array([_MIX**at % 2**64 for at in range(1, rows.shape[1] + 1)], np.uint64)
    mixed = (rows.view(np.uint64) * odd).sum(axis=1, dtype=np.uint64)
    _, first, which = np.unique(mixed, return_index=True, return_inverse=True)
    if (rows[first][which] != rows).any():
        patterns, which = np.unique(rows, axis=0, return_inverse=True)
        return patterns, which.ravel()
    return rows[first], which.ravel()


def _place_of(lists: list[tuple[str, ...]], wanted: tuple[str, ...]) -> int:
    if wanted not in lists:
        lists.append(wanted)
    return lists.index(wanted)


def _offsets(columns: Columns) -> Array:
    return np.zeros(1, np.int64) if columns.offsets is None else columns.offsets
