"""The copy of the register: one Parquet file of households in the order of their places.

A column each fact, under the names that schemes ask for (``income_per_year.IRR``, ``members_count``);
no names, addresses or numbers of people. Only its owner may read the file.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from redress.values.places import PathRange

FILE: Final = "households.parquet"
_SUMS: Final = pa.decimal128(20, 2)
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600
_CODEC: Final = "zstd"
_OWN: Final = frozenset({"household", "path", "members"})  # columns of the copy's own
_INT64: Final = np.iinfo(np.int64)


def column_of(fact: str) -> str:
    """Name the column of a fact; none has a name of the copy's own columns."""
    return f"{fact}." if fact in _OWN else fact


@dataclass(frozen=True, slots=True)
class Row:
    """A household to be copied: its number, its place, its facts by name, its members."""

    household_id: int
    path: str
    facts: dict[str, Any]
    members: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Copy:
    """A copy, loaded.

    Attributes:
        table: columns ``household`` (number), ``path``, ``members`` and the facts; in byte order of
            the paths, then by number.
        made_at: when the register stood so.
        stamp: what told that nothing had changed, see ``write_copy``.
    """

    table: pa.Table
    made_at: dt.datetime
    stamp: str

    def within(self, places: PathRange) -> pa.Table:
        """Give the rows of a place and below it, without copying them."""
        paths = self.table.column("path")
        start, stop = _first_at(paths, places.lo), _first_at(paths, places.hi)
        return self.table.slice(start, stop - start)


def _first_at(paths: pa.ChunkedArray, wanted: str) -> int:
    """Find the first row whose path is not below a text, by halving."""
    low, high = 0, len(paths)
    while low < high:
        middle = (low + high) // 2
        if paths[middle].as_py() < wanted:
            low = middle + 1
        else:
            high = middle
    return low


def write_copy(
    folder: Path, batches: Iterable[list[Row]], *, made_at: dt.datetime, stamp: str
) -> None:
    """Write a new copy in place of the old one; whoever reads meanwhile reads the old.

    Args:
        folder: private to its owner; made if absent.
        batches: rows in byte order of their paths, then by number.
        made_at: when the register was read.
        stamp: anything that changes whenever the register does.
    """
    tables = _of_one_kind([_table(batch) for batch in batches if batch])
    table = pa.concat_tables(tables, promote_options="permissive") if tables else _table([])
    write_table(folder, table, made_at=made_at, stamp=stamp)


def write_table(folder: Path, table: pa.Table, *, made_at: dt.datetime, stamp: str) -> None:
    """Write a table as the new copy; its columns and order are those of ``Copy``."""
    about = {"made_at": made_at.isoformat(), "stamp": stamp}
    table = table.replace_schema_metadata({b"redress": json.dumps(about).encode()})
    write_whole(folder, FILE, table)


def write_whole(folder: Path, name: str, table: pa.Table) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
    sweep(folder)
    beside = folder / f".{name}.{os.getpid()}.{threading.get_ident()}"
    beside.touch(mode=_FILE_MODE)
    try:
        pq.write_table(table, beside, compression=_CODEC)
        beside.replace(folder / name)
    finally:
        beside.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Delete what processes that are no more left half-written; the name tells whose it is."""
    for left in folder.glob(".*.*"):
        owner = next((part for part in left.name.split(".") if part.isdigit()), "")
        if owner and not _runs(int(owner)):
            left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def read_copy(folder: Path) -> Copy | None:
    """Load the copy that stands; None if there is none."""
    try:
        table = pq.read_table(folder / FILE)
    except FileNotFoundError:
        return None
    about = json.loads(table.schema.metadata[b"redress"])
    made_at = dt.datetime.fromisoformat(about["made_at"])
    return Copy(table.combine_chunks(), made_at, about["stamp"])


def copy_stamp(folder: Path) -> tuple[str, dt.datetime] | None:
    """Say what the copy that stands was made from, and when, without loading it."""
    try:
        metadata = pq.read_schema(folder / FILE).metadata
    except FileNotFoundError:
        return None
    about = json.loads(metadata[b"redress"])
    return about["stamp"], dt.datetime.fromisoformat(about["made_at"])


def _table(rows: list[Row]) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row.facts))
    columns: dict[str, pa.Array] = {
        "household": pa.array([row.household_id for row in rows], pa.int64()),
        "path": pa.array([row.path for row in rows], pa.string()),
    }
    for name in names:
        columns[column_of(name)] = _column([row.facts.get(name) for row in rows])
    members = [row.members for row in rows]
    fields = ("relation", "sex", "birth_date")
    types = [("relation", pa.string()), ("sex", pa.string()), ("birth_date", pa.date32())]
    kept = [
        [{name: one.get(name) for name in fields} for one in each] or None for each in members
    ]  # none in the register: not known, rather than nobody
    columns["members"] = pa.array(kept, pa.list_(pa.struct(types)))
    return pa.table(columns)


def copy_rows(folder: Path) -> int:
    """Count the households of the copy that stands, without loading it."""
    return int(pq.read_metadata(folder / FILE).num_rows)


def _of_one_kind(tables: list[pa.Table]) -> list[pa.Table]:
    """Turn to text what stands in columns of several kinds in several tables."""
    kinds = defaultdict(set)
    for table in tables:
        for field in table.schema:
            kinds[field.name].add(field.type)
    mixed = {name for name, types in kinds.items() if len(types) > 1 and name not in _OWN}
    return [_as_text(table, mixed) for table in tables]


def _as_text(table: pa.Table, names: set[str]) -> pa.Table:
    for name in names.intersection(table.column_names):
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, as_text(table.column(name)))
    return table


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Turn a column of facts to text, as ``written`` does each."""
    if pa.types.is_string(column.type):
        return column
    texts = [None if one is None else written(one) for one in column.to_pylist()]
    return pa.chunked_array([pa.array(texts, pa.string())])


def _column(values: list[Any]) -> pa.Array:
    """Type a column by what stands in it; what is of several kinds is kept as text."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and _fits(values):
        return pa.array(values, pa.int64())
    if kinds == {Decimal}:
        return pa.array(values, _SUMS)
    if kinds == {list}:
        return pa.array([_texts(one) for one in values], pa.list_(pa.string()))
    return pa.array([None if one is None else written(one) for one in values], pa.string())


def _fits(values: list[Any]) -> bool:
    return all(value is None or _INT64.min <= value <= _INT64.max for value in values)


def _texts(values: list[Any] | None) -> list[str | None] | None:
    return None if values is None else [None if one is None else written(one) for one in values]


def written(value: Any) -> str:  # noqa: ANN401 - a fact
    """Write a fact as text; a list as JSON."""
    if isinstance(value, list):
        return json.dumps(_texts(value), ensure_ascii=False)
    return json.dumps(value) if isinstance(value, bool) else str(value)
