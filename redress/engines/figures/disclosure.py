"""Count tables to publish, so that no group of fewer than ten cases is shown or can be worked out.

**The rule.** A group below ``least`` is hidden, also one of no case. Others are hidden with it, small
ones first, until every hidden group's range is at least half of ``least`` wide. The range is all that
the group can hold, given every shown count of all the tables together, that counts are whole and not
negative, and which groups there are. It is shown to be that wide, not just not found to be narrower: the
search holds other collections of cases at hand that publish the very same tables (``linked``), and a
hidden group differs by as much between two of them. Sums, differences of tables, nested places and
anything else that follows from the numbers is so covered. Nothing tells a group hidden for being small
from one hidden to cover it.

**Why none is shown as 0.** A cell known to be empty cannot take up what its neighbours lose. Were zeros
shown, far more large groups would have to be hidden, and a 0 can say something about everybody else in
the row.

**What it does not cover.** Whoever knows this rule, and searches for what it would have hidden when, may
tell small from covering. Whoever knows some of the cases can take them away. A table by outcome tells
about everybody in a group that has only one, however large it is: do not cross places with outcomes
that people must not be known by.

**Publishing again.** A count of today less that of last week is a small count. So pass only closed
months or years, each as a value of an attribute or as a collection of its own, whose counts do not
change any more; and keep what was published: worked out anew beside later months, another group may be
the hidden one, and the two publications together show both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from redress.engines.figures.linked import Array, Box, Grid, Group, Place, Sheet, Swap, Walk

LEAST: Final = 10
_BASES: Final = 6  # cells of a group that a swap may begin at; more find little and take long


@dataclass(frozen=True, slots=True)
class Table:
    """Counts as they may be published.

    Attributes:
        positions: the attributes kept, as places in a cell's group; none for the grand total.
        counts: by the kept attributes' values; None where hidden.
    """

    positions: tuple[int, ...]
    counts: Mapping[Group, int | None]


def disclose(
    cells: Mapping[Group, int], tables: Sequence[tuple[int, ...]], *, least: int = LEAST
) -> tuple[Table, ...]:
    """Decide what to show of tables over one collection of cases; all that is published of it, at once.

    The same cells give the same tables, in whatever order.

    Args:
        cells: cases by the values of all attributes. Give either every group that can have a case, 0
            included, or only those with some; a group left out is taken as known to have none. With
            zeros less must be hidden, because a reader then knows less.
        tables: which attributes each table keeps.
        least: the least count shown.

    Raises:
        ValueError: a count below 0, groups of different lengths, a position without attribute, or
            more than ``linked.PLACES_MAX`` combinations of values.
    """
    if not cells:
        return tuple(Table(positions, {}) for positions in tables)
    grid = Grid(cells)
    sheets = [Sheet(positions, grid, least) for positions in tables]
    _Suppression(Walk(grid, sheets), -(-least // 2)).run()
    return tuple(
        Table(
            sheet.positions,
            {
                sheet.name(code): None if sheet.hidden[code] else int(sheet.counts[code])
                for code in _codes(sheet.has)
            },
        )
        for sheet in sheets
    )


def _codes(where: Array) -> list[Place]:
    return [tuple(code) for code in np.argwhere(where).tolist()]


@dataclass(frozen=True, slots=True)
class _Step:
    """A swap and how often; below 0 the other way round."""

    swap: Swap
    times: int


class _Suppression:
    """The search: for each hidden group a walk that widens its range, hiding more where none does."""

    def __init__(self, walk: Walk, width: int) -> None:
        self.walk, self.width = walk, width

    def run(self) -> None:
        """Hide until every hidden group's range is wide enough."""
        todo = [(sheet, code) for sheet in self.walk.sheets for code in _codes(sheet.hidden)]
        todo.sort(key=_urgency)
        for sheet, code in todo:  # grows while it is worked through
            todo += _Widening(self.walk, sheet, code, self.width).run()


def _urgency(one: tuple[Sheet, Place]) -> tuple[bool, int, int]:
    """Take groups with cases first, the widest tables first, and large groups before small."""
    sheet, code = one
    return sheet.counts[code] == 0, len(sheet.axes), -int(sheet.counts[code])


class _Widening:
    """One hidden group's turn."""

    def __init__(self, walk: Walk, sheet: Sheet, code: Place, width: int) -> None:
        self.walk, self.sheet, self.code, self.width = walk, sheet, code, width
        self.free: dict[Box, Array | None] = {}

    def run(self) -> list[tuple[Sheet, Place]]:
        """Widen the range; name what had to be hidden for it."""
        if self._is_wide():
            return []
        boxes = self.walk.boxes(self.sheet, self.code, _BASES)
        for _ in range(2):  # from where the walk is, then from the true collection
            for up in (True, False):
                self._go_free(boxes, up=up)
            if self._is_wide():
                return []
            self.walk.restart()
        newly = []
        while not self._is_wide():
            step = self._cheapest(boxes)
            newly += self.walk.hide(step.swap)
            self.walk.go(step.swap, step.times)
        return newly

    def _is_wide(self) -> bool:
        return self.sheet.width(self.code) >= self.width

    def _reach(self, *, up: bool) -> int:
        """Say how far the group must go from where it is for its range to be wide enough."""
        low, high, now = (
            int(each[self.code]) for each in (self.sheet.low, self.sheet.high, self.sheet.now)
        )
        return low + self.width - now if up else now - (high - self.width)

    def _go_free(self, boxes: list[Box], *, up: bool) -> None:
        """Go one way as far as needed, or as swaps allow that change no shown count."""
        while not self._is_wide():
            step = self._longest_free(boxes, up=up)
            if step is None:
                return
            self.walk.go(step.swap, step.times)

    def _longest_free(self, boxes: list[Box], *, up: bool) -> _Step | None:
        reach, best, found = self._reach(up=up), 0, None
        for box in boxes:
            free = self._free(box)
            if free is None:
                continue
            room = np.where(free, self.walk.room(box, up=up), 0)
            at = int(room.argmax())
            if room.flat[at] > best:
                best = min(int(room.flat[at]), reach)
                found = _Step(Swap.of(box, at, room.shape), best if up else -best)
            if best == reach:
                break
        return found

    def _free(self, box: Box) -> Array | None:
        """Say for which far corners nothing more must be hidden; None for none."""
        if box not in self.free:
            free = self.walk.losses(self.sheet, box) == 0
            self.free[box] = free if free.any() else None
        return self.free[box]

    def _cheapest(self, boxes: list[Box]) -> _Step:
        """Find the swap that takes least away for what the range gains.

        There is one: adding cases to a cell, with all that holds the cell hidden.
        """
        rate, found = np.inf, _Step(Swap.of(boxes[-1], 0, ()), 0)
        missing = self.width - self.sheet.width(self.code)
        for box in boxes:
            loss = self.walk.losses(self.sheet, box)
            for up in (True, False):
                reach = self._reach(up=up)
                times = np.minimum(self.walk.room(box, up=up), reach)
                gain = times - (reach - missing)
                rates = np.where(gain > 0, loss, np.inf) / np.maximum(gain, 1)
                at = int(rates.argmin())
                if rates.flat[at] < rate:
                    rate, by = float(rates.flat[at]), int(times.flat[at])
                    found = _Step(Swap.of(box, at, rates.shape), by if up else -by)
        return found
