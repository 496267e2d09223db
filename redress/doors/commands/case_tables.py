"""Tables of cases, batch by batch: CSV, JSONL, Parquet or standard input, each as columns of a pack."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from redress.doors.commands.case_files import BadTable, read_tables
from redress.doors.commands.case_members import Members
from redress.engines.rules.arrow_columns import columns_of_table, is_list_of_structs
from redress.engines.rules.columns import BATCH_ROWS, Columns, columns_of
from redress.engines.rules.facts import Case, read_case, read_day
from redress.engines.rules.findings import CaseRefused, RowRefused
from redress.engines.rules.naming import unknown_names, unknown_of_members
from redress.engines.rules.pack import Pack
from redress.formats.cases import GivenCase, NotCases, read_lines
from redress.formats.tables import in_batches

JOINED_ROWS: Final = 1 << 20
DAY_COLUMNS: Final = ("on", "at")


@dataclass(frozen=True, slots=True)
class Batch:
    """Some cases with their ids.

    Attributes:
        rows: where each stands in the file.
        on: the day of most of them; those of another day are left to the reference.
        strange: names told that are no fact of the pack.
    """

    ids: pa.Array
    columns: Columns
    rows: Sequence[int]
    on: dt.date
    strange: list[str]


class CaseTable:
    """A file of cases, read from its beginning to its end once.

    Args:
        pack: the pack that they are read for.
        path: a file, or ``-``.
        members: their members, in a file of their own.
        on: the day of rows that name none.
        own_days: whether a row's own day counts.
    """

    def __init__(
        self, pack: Pack, path: str, *, members: Path | None, on: dt.date, own_days: bool
    ) -> None:
        self.pack, self.path = pack, path
        self.members_path, self.on, self.own_days = members, on, own_days

    def batches(self) -> Iterator[Batch]:
        """Yield the cases in their order.

        Raises:
            BadTable: at the first thing that is wrong.
        """
        try:
            if self.path == "-":
                yield from self._lines(sys.stdin.buffer)
            elif self.path.lower().endswith(".jsonl"):
                with Path(self.path).open("rb") as file:
                    yield from self._lines(file)
            else:
                yield from self._tables(Path(self.path))
        except OSError as error:
            raise BadTable("not_readable", said=str(error.strerror)) from None
        except pa.ArrowException as error:
            raise BadTable("bad_table", said=str(error).partition("\n")[0]) from None

    def _lines(self, file: BinaryIO) -> Iterator[Batch]:
        if self.members_path:
            raise BadTable("unknown_ending", said=".jsonl --members", better=".csv, .parquet")
        try:
            for given in in_batches(read_lines(file), size=BATCH_ROWS):
                strange = dict.fromkeys(
                    n for one in given for n in unknown_names(self.pack, one.facts)
                )
                lines = [one.line for one in given]
                days = self._days([one.on if self.own_days else None for one in given], lines)
                columns = columns_of(self.pack, [self._case(one) for one in given])
                ids = pa.array([one.id for one in given])
                yield Batch(ids, columns, lines, _apart(columns, days, self.on), list(strange))
        except NotCases as bad:
            raise BadTable(
                bad.code, where=str(bad.line), said=bad.said, better=bad.better
            ) from None

    def _case(self, given: GivenCase) -> Case:
        try:
            return read_case(self.pack, given.facts, members=given.members, case_id=given.id)
        except CaseRefused as refused:
            raise _told(given.line, refused) from None

    def _days(self, told: Sequence[object], rows: Sequence[int]) -> list[dt.date]:
        read: dict[object, dt.date] = {None: self.on}
        for row, day in zip(rows, told, strict=True):
            if day in read:
                continue
            try:
                read[day] = read_day(day, "on") if str(day).strip() else self.on
            except CaseRefused as refused:
                raise _told(row, refused) from None
        return [read[day] for day in told]

    def _told_days(self, table: pa.Table) -> list[object]:
        """Give what each row says of its day."""
        told: list[object] = [None] * table.num_rows
        for name in reversed(DAY_COLUMNS):
            if self.own_days and name in table.column_names:
                here = _days_in(table.column(name))
                told = [old if day is None else day for day, old in zip(here, told, strict=True)]
        return told

    def _tables(self, path: Path) -> Iterator[Batch]:
        first = first_row = 2 if path.suffix.lower() == ".csv" else 1
        joined = Members(self.members_path) if self.members_path else None
        for table in read_tables(path, JOINED_ROWS if joined else BATCH_ROWS):
            rows = range(first, first + table.num_rows)
            ids = _ids(table, rows.start - first_row + 1)
            people = joined.of(ids) if joined else None
            columns = self._columns(table, people, rows)
            days = self._days(self._told_days(table), rows)
            strange = unknown_names(self.pack, _names_of(table))
            if joined:
                strange += unknown_of_members(self.pack, joined.names)
            yield Batch(ids, columns, rows, _apart(columns, days, self.on), strange)
            first += table.num_rows
        if joined:
            joined.refuse_left_over()

    def _columns(self, table: pa.Table, people: pa.Table | None, rows: range) -> Columns:
        try:
            return columns_of_table(self.pack, table, people)
        except RowRefused as refused:
            raise _told(rows[refused.row], refused.refused) from None
        except (pa.ArrowException, ValueError, OverflowError) as error:
            raise BadTable("bad_table", said=str(error).partition("\n")[0]) from None


def _days_in(column: pa.ChunkedArray) -> list[object]:
    """Give a column's days as they are written; of moments, their days."""
    kind = column.type
    if pa.types.is_timestamp(kind):  # Python knows no billionths of a second
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    return [str(day) if isinstance(day, list | dict) else day for day in column.to_pylist()]


def _names_of(table: pa.Table) -> dict[str, Any]:
    """Give the names of a table's columns, and those inside members and sums, as a case has them."""
    names: dict[str, Any] = dict.fromkeys(table.column_names)
    for column in table.schema:
        inner = column.type
        if column.name == "members" and is_list_of_structs(inner):
            names["members"] = [dict.fromkeys(field.name for field in inner.value_type)]
        if column.name == "given" and pa.types.is_struct(inner):
            names["given"] = dict.fromkeys(field.name for field in inner)
    return names


def _apart(columns: Columns, days: list[dt.date], on: dt.date) -> dt.date:
    """Leave the rows of another day than most to the reference; give the day of most."""
    most = Counter(days).most_common(1)[0][0] if days else on
    others = [row for row, day in enumerate(days) if day != most]
    if others:
        columns.hard[others] = True
        columns.case_of = _of_their_days(columns.case_of, days)
    return most


def _of_their_days(case_of: Callable[[int], Case], days: list[dt.date]) -> Callable[[int], Case]:
    return lambda row: replace(case_of(row), on=days[row])


def _told(row: int, refused: CaseRefused) -> BadTable:
    return BadTable(
        refused.code, where=f"{row}: {refused.fact}", said=refused.said, better=refused.better
    )


def row_refused(batch: Batch, refused: RowRefused) -> BadTable:
    """Tell where in the file a row that cannot be decided stands."""
    return _told(batch.rows[refused.row], refused.refused)


def _ids(table: pa.Table, first: int) -> pa.Array:
    if "id" not in table.column_names:
        return pa.array(np.arange(first, first + table.num_rows)).cast(pa.string())
    column = table.column("id").combine_chunks()
    return pc.fill_null(column.cast(pa.string()), "")
