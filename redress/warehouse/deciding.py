"""A scheme decided for every household of a copy."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from redress.engines.rules.arrow_columns import columns_of_table
from redress.engines.rules.assemble import assemble
from redress.engines.rules.columns import Columns
from redress.engines.rules.compiled import module_name
from redress.engines.rules.emit import Unsupported
from redress.engines.rules.findings import CaseRefused, RowRefused
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Input, Pack
from redress.engines.rules.screen import Screened, Screener
from redress.warehouse.aside import Aside, Int64s, Screening, SetAside, without_unreadable
from redress.warehouse.copy import as_text, column_of

NOT, GRANTED, UNDECIDED, REFUSED = 0, 1, 2, 3  # what a decision comes to
PIECES_TRIED, ROWS_TRIED = 48, 16  # where a few rows are tried


def case_table(pack: Pack, table: pa.Table) -> pa.Table:
    """Give the columns that a scheme asks for, by its names, out of a copy's rows."""
    columns: dict[str, pa.ChunkedArray | pa.Array] = {
        "id": table.column("household").cast(pa.string())
    }
    for one in pack.inputs:
        if not one.of_member and (found := _found(one, pack, table)) is not None:
            columns[one.name] = found
    if pack.has_members:
        columns["members"] = _members(pack, table.column("members"))
    for item in pack.items:
        if (name := f"given.{pack.id}.{item.id}") in table.column_names:
            columns[f"given_{item.id}"] = table.column(name)
    return pa.table(columns)


def _found(one: Input, pack: Pack, table: pa.Table) -> pa.ChunkedArray | None:
    """Give a fact's column: as told under its own name, else as the register knows it."""
    keys = one.known_as(pack.currency)
    found = [column_of(key) for key in keys if column_of(key) in table.column_names]
    columns = [table.column(key) for key in found]
    if not columns:
        return None
    keeps = one.base is Base.LIST and all(pa.types.is_list(column.type) for column in columns)
    if (
        one.base in {Base.TEXT, Base.LIST} or len({each.type for each in columns}) > 1
    ) and not keeps:
        columns = [as_text(column) for column in columns]
    return columns[0] if len(columns) == 1 else pc.coalesce(*columns)


def _listed(like: pa.ListArray, people: pa.StructArray) -> pa.ListArray:
    """Put people into lists of the same lengths, absent where the others are."""
    offsets = pa.array(like.offsets.to_numpy(zero_copy_only=False), pa.int32())
    return pa.ListArray.from_arrays(offsets, people, mask=like.is_null())


def _members(pack: Pack, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give the members with the names the scheme has for their facts."""
    array = column.combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    known = {field.name for field in array.type.value_type}
    people = array.values
    fields = {
        one.name: people.field(one.register or one.name)
        for one in pack.inputs
        if one.of_member and (one.register or one.name) in known
    }
    struct = pa.StructArray.from_arrays([*fields.values()], names=[*fields]) if fields else people
    return pa.chunked_array([_listed(array, struct)])


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """Households ready to be decided by a scheme's rules, whatever the values of its parameters."""

    numbers: Int64s
    counties: Int64s  # place in ``county_paths``
    county_paths: tuple[str, ...]
    columns: Columns
    aside: tuple[SetAside, ...] = ()

    @property
    def count(self) -> int:
        """How many households."""
        return len(self.numbers)


def load_households(pack: Pack, table: pa.Table, *, aside_max: int = 0) -> Loaded:
    """Read a copy's rows as a scheme's columns.

    Households with a fact that is not of the scheme's kind, or outside its range, are set aside.

    Raises:
        TooManyRefused: they are more than ``aside_max``.
    """

    def read(rows: pa.Table) -> Columns:
        return columns_of_table(pack, case_table(pack, rows))

    aside = Aside(aside_max)
    try:
        columns = read(table)
    except RowRefused:
        table = without_unreadable(table, read, aside)
        columns = read(table)
    numbers = table.column("household").to_numpy()
    _normalise(pack, columns)
    paths = table.column("path").combine_chunks()
    paths = paths.chunk(0) if isinstance(paths, pa.ChunkedArray) and paths.num_chunks else paths
    encoded = (
        pc.dictionary_encode(paths)
        if len(numbers)
        else pa.array([], pa.string()).dictionary_encode()
    )
    return Loaded(
        numbers,
        encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64),
        tuple(encoded.dictionary.to_pylist()),
        columns,
        tuple(aside.found),
    )


def _normalise(pack: Pack, columns: Columns) -> None:
    """Give each array one type whatever the data are, or the rules would be compiled for each anew."""
    for name, array in columns.arrays.items():
        one = pack.inputs[int(name[1:])] if name[0] in "Xc" else None
        kind = np.int8 if name[0] in "Tt" or (one and one.base is Base.BOOL) else np.int64
        view = np.ascontiguousarray(array, dtype=kind).view()
        view.flags.writeable = False
        columns.arrays[name] = view


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What a scheme comes to for each household, in the order of the copy.

    Attributes:
        kind: ``GRANTED`` if anything is, ``UNDECIDED`` if facts are missing that could change the
            outcome and nothing is granted yet, ``REFUSED`` if it is set aside, otherwise ``NOT``.
        minor: money granted in all.
        category: place among the scheme's categories, -1 where none.
        needs: place in ``needs_lists``.
    """

    kind: npt.NDArray[np.int8]
    minor: Int64s
    category: npt.NDArray[np.int8]
    granted: Int64s
    needs: Int64s
    needs_lists: tuple[tuple[str, ...], ...]
    aside: tuple[SetAside, ...] = ()


def code_name(pack: Pack) -> str:
    """Name the compiled code of a scheme's rules; it changes with the rules and with the engine."""
    try:
        return module_name(assemble(pack))
    except Unsupported:
        return "reference"


def make_screener(pack: Pack, folder: Path) -> Screener:
    """Make a scheme's mass evaluator; what is compiled is kept in a folder."""
    return Screener(pack, folder=folder)


def decide_households(
    screener: Screener, loaded: Loaded, *, on: dt.date, aside_max: int = 0
) -> Outcomes:
    """Decide for every household, on all cores; one for which the rules have no value is set aside.

    Raises:
        TooManyRefused: they are more than ``aside_max``.
    """
    aside, rows = Aside(aside_max), []

    def refuse(row: int, why: CaseRefused) -> None:
        rows.append(row)
        path = loaded.county_paths[int(loaded.counties[row])]
        aside.put(int(loaded.numbers[row]), path, why)

    lists: dict[tuple[str, ...], int] = {(): 0}
    screening = Screening(screener, loaded.columns, on, refuse)
    parts = [_part(screener.pack, found, lists) for found in screening.batches()]
    kind, minor, category, granted, needs = (
        np.concatenate(each) for each in zip(*parts, strict=True)
    )
    kind[rows] = REFUSED
    return Outcomes(kind, minor, category, granted, needs, tuple(lists), tuple(aside.found))


def slow_rows(screener: Screener, loaded: Loaded, *, on: dt.date) -> int:
    """Estimate from a few rows how many the compiled rules hand on, each a thousand times as slow."""
    rows = slow = 0
    for start in np.linspace(0, max(loaded.count - ROWS_TRIED, 0), PIECES_TRIED, dtype=np.int64):
        part = loaded.columns.part(int(start), min(int(start) + ROWS_TRIED, loaded.count))
        with contextlib.suppress(RowRefused):
            found = screener.run(part, on=on)
            rows, slow = rows + found.count, slow + found.by_reference
    return loaded.count * slow // rows if rows else loaded.count


def decide_some(screener: Screener, loaded: Loaded) -> None:
    """Decide for a few households so that the rules are compiled; what comes out is not looked at."""
    with contextlib.suppress(RowRefused):
        screener.run(loaded.columns, on=dt.datetime.now(dt.UTC).date())


def _part(
    pack: Pack, found: Screened, lists: dict[tuple[str, ...], int]
) -> tuple[npt.NDArray[np.int8], Int64s, npt.NDArray[np.int8], Int64s, Int64s]:
    money = np.array([item.is_money for item in pack.items], np.bool_)
    minor = found.granted[money].sum(axis=0) if money.any() else np.zeros(found.count, np.int64)
    bits = np.zeros(found.count, np.int64)
    for at in range(len(pack.items)):
        bits |= (found.granted[at] > 0).astype(np.int64) << at
    places = np.array([lists.setdefault(one, len(lists)) for one in found.needs_lists], np.int64)
    needs = places[found.needs]
    kind = np.where(bits > 0, GRANTED, np.where(needs > 0, UNDECIDED, NOT)).astype(np.int8)
    return kind, minor, found.category, bits, needs
