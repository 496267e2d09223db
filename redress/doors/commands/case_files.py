"""CSV and Parquet files of cases or members as Arrow tables, with limits; every fault has its place."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from redress.formats.cases import FACTS_MAX

HEADER_BYTES_MAX: Final = 1 << 20
BLOCK_BYTES: Final = 1 << 20
_SEPARATORS: Final = ",;\t"


class BadTable(ValueError):
    """A table that cannot be read, or a row of it that cannot be decided.

    Attributes:
        code: of the sentence that tells it.
        where: row or line, and column.
    """

    def __init__(self, code: str, *, where: str = "", said: str = "", better: str = "") -> None:
        super().__init__(code)
        self.code, self.where, self.said, self.better = code, where, said[:80], better


def read_tables(path: Path, rows: int) -> Iterator[pa.Table]:
    """Read a CSV (all columns as text) or Parquet file in tables of at most so many rows.

    Raises:
        BadTable: it cannot be read.
    """
    try:
        yield from _parquet(path, rows) if path.suffix.lower() == ".parquet" else _csv(path, rows)
    except (pa.ArrowException, OSError) as error:
        raise BadTable("bad_table", said=str(error).partition("\n")[0]) from None


def _parquet(path: Path, rows: int) -> Iterator[pa.Table]:
    with pyarrow.parquet.ParquetFile(path) as file:
        _check_names(file.schema_arrow.names)
        for batch in file.iter_batches(rows):
            yield pa.Table.from_batches([batch])


def _check_names(names: list[str]) -> None:
    """Refuse too many columns, and one that stands twice.

    Raises:
        BadTable: says which.
    """
    if len(names) > FACTS_MAX:
        raise BadTable("too_many_facts", where="1", said=str(len(names)), better=str(FACTS_MAX))
    for name, count in Counter(names).items():
        if count > 1:
            raise BadTable("column_twice", where="1", said=name)


def _csv(path: Path, rows: int) -> Iterator[pa.Table]:
    names, separator, lines = _header(path)
    waiting: list[pa.RecordBatch] = []
    try:
        for batch in _batches(path, names, separator, lines):
            waiting.append(batch)
            if sum(one.num_rows for one in waiting) >= rows // 2:
                yield pa.Table.from_batches(waiting)
                waiting = []
    except pa.ArrowInvalid as error:
        raise _fault(path, names, separator, str(error)) from None
    if waiting:
        yield pa.Table.from_batches(waiting)


def _batches(path: Path, names: list[str], separator: str, lines: int) -> Iterator[pa.RecordBatch]:
    options = {
        "read_options": pyarrow.csv.ReadOptions(
            column_names=names, skip_rows=lines, block_size=BLOCK_BYTES
        ),
        "parse_options": pyarrow.csv.ParseOptions(delimiter=separator, newlines_in_values=True),
        "convert_options": pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    }
    with path.open("rb") as file:
        try:
            reader = pyarrow.csv.open_csv(file, **options)
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):  # nothing below the header
                return
            raise
        with reader:
            yield from reader


def _header(path: Path) -> tuple[list[str], str, int]:
    """Read the names of the columns: the names, what parts them, and how many lines they take.

    Raises:
        BadTable: there are none.
    """
    with path.open("rb") as file:
        first = file.readline(HEADER_BYTES_MAX)
        if len(first) == HEADER_BYTES_MAX:
            raise BadTable("line_too_long", where="1", better=f"{HEADER_BYTES_MAX >> 20} MB")
        lines = [first]
        while sum(line.count(b'"') for line in lines) % 2 and len(lines) < FACTS_MAX:
            lines.append(file.readline(HEADER_BYTES_MAX))
    try:
        text = [line.decode("utf-8-sig") for line in lines]
    except UnicodeDecodeError:
        raise BadTable("not_utf8", where="1") from None
    separator = max(_SEPARATORS, key=text[0].count)
    names = [name.strip() for name in next(csv.reader(text, delimiter=separator), [])]
    if not any(names):
        raise BadTable("no_header", where="1")
    _check_names(names)
    return names, separator, len(lines)


def _fault(path: Path, names: list[str], separator: str, said: str) -> BadTable:
    """Find the row that cannot be read."""
    if "UTF8" in said:
        return BadTable("not_utf8")
    if "straddling" in said:
        return BadTable("line_too_long", better=f"{BLOCK_BYTES >> 20} MB")
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        csv.field_size_limit(BLOCK_BYTES)
        rows = csv.reader(file, delimiter=separator)
        for number, row in enumerate((one for one in rows if one), start=1):
            if len(row) != len(names):
                counts = f"{len(row)} / {len(names)}"
                return BadTable("row_broken", where=str(number), said=counts)
    return BadTable("bad_table", said=said.partition("\n")[0].partition(":")[0])
