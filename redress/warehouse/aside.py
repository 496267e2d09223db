"""Households for which the rules have no value are set aside, so that all others are decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from redress.engines.rules.columns import Columns
from redress.engines.rules.findings import CaseRefused, RowRefused
from redress.engines.rules.screen import Screened, Screener

Int64s = npt.NDArray[np.int64]
ROWS_TOGETHER: Final = 1 << 17
ROWS_SEARCHED: Final = 1 << 12  # rows looked through again where one was refused


@dataclass(frozen=True, slots=True)
class SetAside:
    """A household that cannot be decided, and why."""

    household_id: int
    path: str
    refused: CaseRefused


class TooManyRefused(ValueError):
    """The rules have no value for more households than may be set aside."""

    def __init__(self, aside: list[SetAside]) -> None:
        super().__init__(f"over {len(aside)} households, the first: {aside[0].refused}")
        self.aside = aside


@dataclass(slots=True)
class Aside:
    """Collects those set aside, up to a number."""

    most: int
    found: list[SetAside] = field(default_factory=list)

    def put(self, household_id: int, path: str, refused: CaseRefused) -> None:
        """Set a household aside.

        Raises:
            TooManyRefused: there is no room for it.
        """
        self.found.append(SetAside(household_id, path, refused))
        if len(self.found) > self.most:
            raise TooManyRefused(self.found[: max(1, self.most)])


def without_unreadable(
    table: pa.Table, read: Callable[[pa.Table], object], aside: Aside
) -> pa.Table:
    """Leave out the rows of a copy that a scheme cannot read.

    Raises:
        TooManyRefused: there are more than may be set aside.
    """
    kept = np.ones(table.num_rows, np.bool_)
    for start in range(0, table.num_rows, ROWS_SEARCHED):
        rows = np.arange(start, min(start + ROWS_SEARCHED, table.num_rows))
        while len(rows):
            piece = table.take(rows)
            try:
                read(piece)
            except RowRefused as refused:
                row = refused.row
                number, path = (piece.column(name)[row].as_py() for name in ("household", "path"))
                aside.put(number, path, refused.refused)
                kept[rows[row]] = False
                rows = np.delete(rows, row)
            else:
                break
    return table.filter(pa.array(kept))


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """The rows of a scheme being decided on a day, batch by batch."""

    screener: Screener
    columns: Columns
    on: dt.date
    refuse: Callable[[int, CaseRefused], None]  # takes the row that is set aside

    def batches(self) -> Iterator[Screened]:
        """Decide all rows in their order; one set aside is granted nothing.

        Raises:
            TooManyRefused: there are more than may be set aside.
        """
        done, count = 0, self.columns.count
        while True:
            rest = self.columns.part(done, count)
            try:
                for found in self.screener.stream(rest.slices(ROWS_TOGETHER), on=self.on):
                    yield found
                    done += found.count
            except RowRefused:  # somewhere in the batch that begins at `done`
                end = min(done + ROWS_TOGETHER, count)
                for start in range(done, end, ROWS_SEARCHED):
                    yield from self._piece(start, min(start + ROWS_SEARCHED, end))
                done = end
                if done < count:
                    continue
            return

    def _piece(self, start: int, stop: int) -> Iterator[Screened]:
        while start < stop:
            try:
                yield self._run(start, stop)
            except RowRefused as refused:
                row = start + refused.row
                self.refuse(row, refused.refused)
                if row > start:
                    yield self._run(start, row)
                yield _nothing(self.screener)
                start = row + 1
            else:
                return

    def _run(self, start: int, stop: int) -> Screened:
        return self.screener.run(self.columns.part(start, stop), on=self.on)


def _nothing(screener: Screener) -> Screened:
    """Give a row's place among the others, with nothing in it."""
    none = np.full(1, -1, np.int8)
    granted = np.zeros((len(screener.pack.items), 1), np.int64)
    zero = np.zeros(1, np.int64)
    return Screened(1, none, granted, zero, none, np.zeros(1, np.int32), [()])
