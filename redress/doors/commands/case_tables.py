"""Tables of cases, batch by batch: CSV, JSONL, Parquet or standard input, each as columns of a pack."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from redress.engines.rules.arrow_columns import columns_of_table
from redress.engines.rules.columns import BATCH_ROWS, Columns, columns_of
from redress.engines.rules.facts import RESERVED, Case, read_case
from redress.engines.rules.findings import CaseRefused, RowRefused
from redress.engines.rules.pack import Pack
from redress.formats.cases import GivenCase, NotCases, read_lines
from redress.formats.tables import in_batches

ENDINGS: Final = (".csv", ".jsonl", ".parquet")
JOINED_ROWS: Final = 1 << 20
_MEMBER_KEYS: Final = ("household_id", "case_id", "case", "household", "id")


class BadTable(ValueError):
    """A table that cannot be read, or a row of it that cannot be decided.

    Attributes:
        code: of the sentence that tells it.
        where: row or line, and column.
    """

    def __init__(self, code: str, *, where: str = "", said: str = "", better: str = "") -> None:
        super().__init__(code)
        self.code, self.where, self.said, self.better = code, where, said[:80], better


@dataclass(frozen=True, slots=True)
class Batch:
    """Some cases with their ids, and where their first row stands in the file."""

    ids: pa.Array
    columns: Columns
    first: int


class CaseTable:
    """A file of cases, read from its beginning to its end once."""

    def __init__(self, pack: Pack, path: str, *, members: Path | None = None) -> None:
        self.pack, self.path = pack, path
        self.members_path = members
        self.names: tuple[str, ...] = ()  # columns that are no fact of the pack

    def batches(self) -> Iterator[Batch]:
        """Yield the cases in their order.

        Raises:
            BadTable: at the first thing that is wrong.
        """
        if self.path == "-":
            yield from self._lines(sys.stdin.buffer)
            return
        path = Path(self.path)
        if path.suffix.lower() not in ENDINGS:
            raise BadTable("unknown_ending", said=path.suffix, better=", ".join(ENDINGS))
        if not path.is_file():
            raise BadTable("file_not_found")
        try:
            if path.suffix.lower() == ".jsonl":
                with path.open("rb") as file:
                    yield from self._lines(file)
            else:
                yield from self._tables(path)
        except pa.ArrowException as error:
            raise BadTable("bad_table", said=str(error).splitlines()[0]) from None

    def _lines(self, file: BinaryIO) -> Iterator[Batch]:
        if self.members_path:
            raise BadTable("unknown_ending", said=".jsonl --members", better=".csv, .parquet")
        asked = {one.name for one in self.pack.inputs} | RESERVED
        try:
            for given in in_batches(read_lines(file), size=BATCH_ROWS):
                self.names = tuple({n for one in given[:100] for n in one.facts if n not in asked})
                cases = [self._case(one) for one in given]
                ids = pa.array([one.id for one in given])
                yield Batch(ids, columns_of(self.pack, cases), given[0].line)
        except NotCases as bad:
            raise BadTable(bad.code, where=str(bad.line), said=bad.said) from None

    def _case(self, given: GivenCase) -> Case:
        try:
            return read_case(self.pack, given.facts, members=given.members, case_id=given.id)
        except CaseRefused as refused:
            raise _told(given.line, refused) from None

    def _tables(self, path: Path) -> Iterator[Batch]:
        header = 2 if path.suffix.lower() == ".csv" else 1
        joined = _Members(self.members_path) if self.members_path else None
        asked = {one.name for one in self.pack.inputs} | RESERVED
        first = 0
        for table in _read(path, JOINED_ROWS if joined else BATCH_ROWS):
            self.names = tuple(name for name in table.column_names if name not in asked)
            people = joined.of(_ids(table, first)) if joined else None
            try:
                columns = columns_of_table(self.pack, table, people)
            except RowRefused as refused:
                raise _told(first + refused.row + header, refused.refused) from None
            yield Batch(_ids(table, first), columns, first + header)
            first += table.num_rows
        if joined:
            joined.refuse_left_over()


def _told(row: int, refused: CaseRefused) -> BadTable:
    return BadTable(
        refused.code, where=f"{row}: {refused.fact}", said=refused.said, better=refused.better
    )


def row_refused(batch: Batch, refused: RowRefused) -> BadTable:
    """Tell where in the file a row that cannot be decided stands."""
    return _told(batch.first + refused.row, refused.refused)


def _ids(table: pa.Table, first: int) -> pa.Array:
    if "id" not in table.column_names:
        return pa.array(np.arange(first + 1, first + 1 + table.num_rows)).cast(pa.string())
    column = table.column("id").combine_chunks()
    return pc.fill_null(column.cast(pa.string()), "")


def _read(path: Path, rows: int) -> Iterator[pa.Table]:
    """Read a CSV (all columns as text) or Parquet file in tables of at most so many rows."""
    if path.suffix.lower() == ".parquet":
        with pyarrow.parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(rows):
                yield pa.Table.from_batches([batch])
        return
    waiting: list[pa.RecordBatch] = []
    for batch in _csv(path):
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= rows // 2:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def _csv(path: Path) -> Iterator[pa.RecordBatch]:
    with path.open("rb") as file:
        header = file.readline(1 << 20)
    try:
        names = header.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise BadTable("not_utf8", where="1") from None
    separator = max(",;\t", key=names.count)
    columns = [name.strip().strip('"') for name in names.split(separator)]
    convert = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    parse = pyarrow.csv.ParseOptions(delimiter=separator, newlines_in_values=True)
    with pyarrow.csv.open_csv(path, parse_options=parse, convert_options=convert) as reader:
        yield from reader


class _Members:
    """Members in a file of their own, joined to their cases by id."""

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in {".csv", ".parquet"}:
            raise BadTable("unknown_ending", said=path.suffix, better=".csv, .parquet")
        if not path.is_file():
            raise BadTable("file_not_found", where=str(path))
        tables = list(_read(path, JOINED_ROWS))
        self.path, self.table = path, pa.concat_tables(tables) if tables else pa.table({"id": []})
        key = next((name for name in _MEMBER_KEYS if name in self.table.column_names), None)
        if key is None:
            raise BadTable("missing", where=str(path), said="household_id")
        encoded = self.table.column(key).cast(pa.string()).combine_chunks().dictionary_encode()
        self._households = encoded.dictionary
        self._codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        self._order = np.argsort(self._codes, kind="stable")
        self._sorted = self._codes[self._order]
        self._met = np.zeros(len(self._households), np.bool_)

    def of(self, ids: pa.Array) -> pa.Table:
        """Give the members of some cases, in the order of the cases, with the place of their case."""
        found = pc.index_in(ids, value_set=self._households)
        codes = found.fill_null(-1).to_numpy(zero_copy_only=False)
        self._met[codes[codes >= 0]] = True
        starts = np.searchsorted(self._sorted, codes)
        counts = np.where(
            codes >= 0, np.searchsorted(self._sorted, codes, side="right") - starts, 0
        )
        rows = np.repeat(np.arange(len(codes)), counts)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        places = self._order[np.repeat(starts, counts) + within]
        return self.table.take(pa.array(places)).append_column("row", pa.array(rows))

    def refuse_left_over(self) -> None:
        """Refuse members of no case.

        Raises:
            BadTable: names the first row.
        """
        lost = ~self._met[self._codes] | (self._codes < 0) if len(self._met) else self._codes < 0
        if lost.any():
            row = int(lost.argmax())
            code = int(self._codes[row])
            said = self._households[code].as_py() if code >= 0 else ""
            raise BadTable("no_such_case", where=f"{self.path}: {row + 2}", said=said)
