"""Count tables over one collection of cases, and the other collections that publish the very same.

Cells lie on a grid with an axis for each attribute; an attribute that follows from another (a province
from its county) shares its axis. A swap adds to some corners of a box in the grid and takes as much
from the others, so that every sum along one of the box's axes stays. A collection reached by swaps
that change no shown count is one that a reader cannot tell from the true one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Group = tuple[Hashable, ...]
Place = tuple[int, ...]
Box = tuple[Place, tuple[int, ...]]  # a corner, and the axes along which the others lie
PLACES_MAX: Final = 5_000_000
_NO_END: Final = 1 << 40  # of room, where nothing is taken away


@dataclass(frozen=True, slots=True)
class Swap:
    """A box whose other corners are named: ``far`` has a coordinate for each of ``axes``."""

    base: Place
    axes: tuple[int, ...]
    far: Place

    @classmethod
    def of(cls, box: Box, at: int, shape: tuple[int, ...]) -> Swap:
        """Take the far corner from a place in an array over the box's axes."""
        return cls(*box, tuple(int(each) for each in np.unravel_index(at, shape)))

    def corners(self) -> Iterator[tuple[int, Place]]:
        """Give each corner with +1 where the swap adds, as at the base, or -1."""
        for which in _corners(self.axes):
            place = list(self.base)
            for axis, at, is_far in zip(self.axes, self.far, which, strict=True):
                place[axis] = at if is_far else place[axis]
            yield (-1) ** sum(which), tuple(place)


class Grid:
    """The cells of a collection.

    Attributes:
        axes: the attributes' positions, by axis; ``values`` what they hold, by axis and place.
        counts: by place; 0 also where there is no cell.
        cells: which places have a cell.
        floor: what a reader knows every cell to hold: 1 where no cell given is empty.

    Raises:
        ValueError: a count below 0, groups of different lengths, more than ``PLACES_MAX`` places.
    """

    def __init__(self, cells: Mapping[Group, int]) -> None:
        if any(count < 0 for count in cells.values()):
            raise ValueError("a count below 0")
        if len({len(group) for group in cells}) > 1:
            raise ValueError("groups of different lengths")
        groups = sorted(cells, key=repr)
        self.axes = _axes(groups)
        parts = [[tuple(group[at] for at in axis) for group in groups] for axis in self.axes]
        self.values = [sorted(set(part), key=repr) for part in parts]
        shape = [len(values) for values in self.values]
        if prod(shape) > PLACES_MAX:
            raise ValueError(f"{prod(shape)} combinations of values")
        by = [{value: at for at, value in enumerate(values)} for values in self.values]
        places = tuple(
            np.array([known[value] for value in part], np.int64)
            for known, part in zip(by, parts, strict=True)
        )
        self.counts, self.cells = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
        self.counts[places] = [cells[group] for group in groups]
        self.cells[places] = True
        self.floor = int(min(cells.values()) > 0)


def _axes(groups: Sequence[Group]) -> list[list[int]]:
    """Put each attribute on an axis of its own, or on that of one it follows from."""
    columns = list(zip(*groups, strict=True))
    sizes = [len(set(column)) for column in columns]
    axes: list[list[int]] = []
    for at in sorted(range(len(columns)), key=lambda at: -sizes[at]):
        for axis in axes:
            if len(set(zip(columns[axis[0]], columns[at], strict=True))) == sizes[axis[0]]:
                axis.append(at)
                break
        else:
            axes.append([at])
    return axes or [[]]


class Sheet:
    """One table of the grid's cells; arrays are by group where nothing else is said.

    Attributes:
        codes: which group a place belongs to, by axis.
        axes: those along which it has several groups.
        counts: the true ones; ``has`` where there is a cell at all.
        hidden: which are not shown.
        low: the least that a collection found so far holds; ``high`` the most, ``now`` the last.
        loss: by place, what would be taken away by hiding its group: its cases and ``least``, so that
            few and small groups are hidden; 0 where it is hidden. 1 long on axes not in ``axes``.

    Raises:
        ValueError: a position that no attribute has.
    """

    def __init__(self, positions: tuple[int, ...], grid: Grid, least: int) -> None:
        if not {at for axis in grid.axes for at in axis}.issuperset(positions):
            raise ValueError(f"a position without attribute: {positions}")
        self.positions = positions
        self.codes: list[Array] = []
        self.names: list[list[dict[int, Hashable]]] = []
        for axis, values in zip(grid.axes, grid.values, strict=True):
            kept = [(at, axis.index(at)) for at in sorted(set(positions)) if at in axis]
            parts = [tuple(value[within] for _, within in kept) for value in values]
            known = sorted(set(parts), key=repr)
            by = {name: at for at, name in enumerate(known)}
            self.codes.append(np.array([by[part] for part in parts], np.int64))
            self.names.append([
                {at: name[order] for order, (at, _) in enumerate(kept)} for name in known
            ])
        shape = [len(names) for names in self.names]
        self.axes = frozenset(axis for axis, size in enumerate(shape) if size > 1)
        self.counts, cells = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        np.add.at(self.counts, np.ix_(*self.codes), grid.counts)
        np.add.at(cells, np.ix_(*self.codes), grid.cells)
        self.has = cells > 0
        self.hidden = self.has & (self.counts < least)
        self.now, self.low, self.high = (self.counts.copy() for _ in range(3))
        loss = np.where(self.hidden, 0.0, self.counts + least)
        self.loss: Array = loss[np.ix_(*map(self._codes_of_loss, range(len(shape))))]

    def _codes_of_loss(self, axis: int) -> Array:
        return self.codes[axis] if axis in self.axes else np.zeros(1, np.int64)

    def name(self, code: Place) -> Group:
        """Write a group as the values of the table's attributes."""
        values: dict[int, Hashable] = {}
        for names, at in zip(self.names, code, strict=True):
            values |= names[at]
        return tuple(values[position] for position in self.positions)

    def width(self, code: Place) -> int:
        """Say how far apart a group's counts are in the collections found so far."""
        return int(self.high[code] - self.low[code])

    def changed(self, swap: Swap) -> list[tuple[int, Place]]:
        """Name the groups that a swap changes, with the sign; none where it moves within groups."""
        for axis, far in zip(swap.axes, swap.far, strict=True):
            if self.codes[axis][far] == self.codes[axis][swap.base[axis]]:
                return []
        return [
            (sign, tuple(int(codes[at]) for codes, at in zip(self.codes, place, strict=True)))
            for sign, place in swap.corners()
        ]

    def parted(self, box: Box) -> Array:
        """Say for which far corners a box has every corner in another group."""
        base, axes = box
        found: Array = np.ones([1] * len(axes), np.bool_)
        for at, axis in enumerate(axes):
            codes = self.codes[axis]
            shape = [-1 if other == at else 1 for other in range(len(axes))]
            found = found & (codes != codes[base[axis]]).reshape(shape)
        return found

    def places(self, code: Place) -> tuple[Array, ...]:
        """Give the grid's places of a group, as an open mesh."""
        parts = zip(self.codes, code, strict=True)
        return np.ix_(*[np.flatnonzero(codes == at) for codes, at in parts])

    def hide(self, code: Place) -> None:
        """Leave a group out."""
        self.hidden[code] = True
        of_group = [self._codes_of_loss(axis) == at for axis, at in enumerate(code)]
        self.loss[np.ix_(*of_group)] = 0


class Walk:
    """Collections that publish the same as the true one, one after the other.

    Hiding more later takes nothing back: what could not be told apart then cannot be now.
    """

    def __init__(self, grid: Grid, sheets: Sequence[Sheet]) -> None:
        self.grid, self.sheets = grid, sheets
        self.counts = grid.counts.copy()
        self.barred = np.where(grid.cells, 0.0, np.inf)

    def restart(self) -> None:
        """Go back to the true collection."""
        self.counts = self.grid.counts.copy()
        for sheet in self.sheets:
            sheet.now = sheet.counts.copy()

    def boxes(self, sheet: Sheet, code: Place, bases: int) -> list[Box]:
        """Name the boxes that change a group, those with most axes first, the last adding or taking.

        Args:
            sheet: the table.
            code: the group.
            bases: how many of its cells to begin at, those with most cases first.
        """
        mesh = sheet.places(code)
        cells = np.argwhere(self.grid.cells[mesh])
        held = self.grid.counts[mesh][tuple(cells.T)]
        found = [
            tuple(int(part.flat[at]) for part, at in zip(mesh, cell, strict=True))
            for cell in cells[np.argsort(-held, kind="stable")[:bases]]
        ]
        axes = sorted(sheet.axes)
        some = [each for size in range(len(axes), -1, -1) for each in combinations(axes, size)]
        return [(base, each) for each in some for base in found]

    def losses(self, sheet: Sheet, box: Box) -> Array:
        """Add up what must be hidden for a box to change no shown count, by its far corner.

        Infinite where it changes nothing in the sheet itself, or a corner has no cell.
        """
        total = sum(_corner(self.barred, box, which) for which in _corners(box[1]))
        for other in self.sheets:
            if other.axes.issuperset(box[1]):
                within = (
                    tuple(at if axis in other.axes else 0 for axis, at in enumerate(box[0])),
                    box[1],
                )
                loss = sum(_corner(other.loss, within, which) for which in _corners(box[1]))
                total = total + other.parted(box) * loss
        found: Array = np.where(sheet.parted(box), total, np.inf)
        return found

    def room(self, box: Box, *, up: bool) -> Array:
        """Say how often a box can be swapped, its base growing or shrinking, by its far corner."""
        found: Array = np.full([self.counts.shape[axis] for axis in box[1]], _NO_END, np.int64)
        for which in _corners(box[1]):
            if (sum(which) % 2 == 1) == up:
                found = np.minimum(found, _corner(self.counts, box, which) - self.grid.floor)
        return found

    def hide(self, swap: Swap) -> list[tuple[Sheet, Place]]:
        """Hide what a swap changes; name what was shown before."""
        newly = [
            (sheet, code)
            for sheet in self.sheets
            for _, code in sheet.changed(swap)
            if not sheet.hidden[code]
        ]
        for sheet, code in newly:
            sheet.hide(code)
        return newly

    def go(self, swap: Swap, times: int) -> None:
        """Swap some times; below 0 the other way round."""
        for sign, place in swap.corners():
            self.counts[place] += sign * times
        for sheet in self.sheets:
            for sign, code in sheet.changed(swap):
                sheet.now[code] += sign * times
                sheet.low[code] = min(sheet.low[code], sheet.now[code])
                sheet.high[code] = max(sheet.high[code], sheet.now[code])


def _corners(axes: tuple[int, ...]) -> Iterator[tuple[bool, ...]]:
    """Name the corners by the axes along which they are far."""
    return product((False, True), repeat=len(axes))


def _corner(array: Array, box: Box, which: tuple[bool, ...]) -> Array:
    """View one corner of every box with this base, by the far corner's coordinates."""
    base, axes = box
    index: list[int | slice] = list(base)
    for axis, is_far in zip(axes, which, strict=True):
        index[axis] = slice(None) if is_far else slice(base[axis], base[axis] + 1)
    found: Array = array[tuple(index)]
    return found
