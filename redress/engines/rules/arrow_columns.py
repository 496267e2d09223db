"""Arrow tables -> columns of cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from redress.engines.rules.arrow_numbers import FactColumn, read_numbers, read_objects
from redress.engines.rules.columns import Array, Columns, exact
from redress.engines.rules.emit import text_places
from redress.engines.rules.facts import MEMBERS_MAX, Case, already_given, given_names
from redress.engines.rules.findings import CaseRefused, RowRefused
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Input, Pack
from redress.engines.rules.sizes import DECIMAL_BY

ROW_OF_CASE: Final = "the row of its case"


def columns_of_table(pack: Pack, table: pa.Table, members: pa.Table | None = None) -> Columns:
    """Read a table of cases.

    Args:
        pack: which columns are facts; other columns are left aside.
        table: a row each case; lists as list columns, members as a column of lists of structs.
        members: rows of members with a column ``ROW_OF_CASE``, the place of their case in ``table``,
            in rising order; instead of a ``members`` column.

    Raises:
        RowRefused: a fact of the wrong kind or outside its range, with the first such row.
    """
    return _TableReader(pack, table, members).read()


class _TableReader:
    def __init__(self, pack: Pack, table: pa.Table, members: pa.Table | None) -> None:
        self.pack, self.table = pack, table
        self.minor = 10**pack.minor_digits
        self.arrays: dict[str, Array] = {}
        self.absent: dict[int, Array] = {}
        self.scales = np.tile(np.array([1, 0], dtype=np.int64), (max(len(pack.inputs), 1), 1))
        self.hard = np.zeros(table.num_rows, np.bool_)
        self.facts: dict[int, FactColumn] = {}
        self.offsets: Array | None = None
        self.no_members: Array | None = None
        self.members = members
        self.given: dict[int, dict[str, int]] = {}

    def read(self) -> Columns:
        for at, one in enumerate(self.pack.inputs):
            if not one.of_member:
                self._household(at, one)
        self._given()
        if self.pack.has_members:
            self._members()
        for at, (place, texts, node) in enumerate(text_places(self.pack)):
            wanted = frozenset(texts)
            found = [_holds(value, wanted) for value in self.facts[place].texts or []]
            name = f"tc{at}" if node.args[0].op == "member" else f"T{at}"
            self.arrays[name] = np.array(found, np.int8)
        return Columns(
            self.pack, self.table.num_rows, self.arrays, self.scales, self.absent, self.hard,
            self.case, self.offsets, self.no_members,
        )  # fmt: skip

    def _given(self) -> None:
        """Read the sums already given this year; rows with some are left to the reference.

        Raises:
            RowRefused: they cannot be read.
        """
        names = ["given", *given_names(self.pack).values()]
        told = {name: column for name in names if (column := _column(self.table, name)) is not None}
        limited = {ceiling.item for ceiling in self.pack.ceilings}
        for row in _rows_with_any(told.values()):
            given = {name: column[row].as_py() for name, column in told.items()}
            try:
                found = already_given(self.pack, given)
            except CaseRefused as refused:
                raise RowRefused(row, refused) from None
            if limited & set(found):
                self.given[row], self.hard[row] = found, True

    def _household(self, at: int, one: Input) -> None:
        column = _column(self.table, one.name)
        if one.base in {Base.LIST, Base.TEXT}:
            read = read_objects(one, column, self.table.num_rows, self.minor)
        else:
            read = read_numbers(one, column, self.table.num_rows, self.minor)
        self.facts[at] = read
        self.absent[at] = read.absent
        self.scales[at] = (read.scale, read.shift)
        if one.base is Base.LIST:
            self._list(at, one, read)
        elif one.base is not Base.TEXT:
            self.arrays[f"X{at}"] = read.values

    def _list(self, at: int, one: Input, read: FactColumn) -> None:
        lists = [value or () for value in read.texts or []]
        self.hard |= np.array([None in value for value in lists], np.bool_)
        if one.of is Base.TEXT:
            return
        sizes = np.array([len(value) for value in lists], np.int64)
        self.arrays[f"K{at}"] = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        by = DECIMAL_BY if one.of is Base.NUMBER else 1
        flat = [0 if each is None else int(each * by) for value in lists for each in value]
        self.arrays[f"l{at}"] = np.array(flat, np.int64)

    def _members(self) -> None:
        count = self.table.num_rows
        if self.members is not None:
            rows = self.members.column(ROW_OF_CASE).to_numpy()
            self.offsets = np.searchsorted(rows, np.arange(count + 1)).astype(np.int64)
            self.no_members, people = np.zeros(count, np.bool_), self.members
        else:
            people = self._nested(count)
        if self.offsets is not None and len(self.offsets) > 1:
            sizes = np.diff(self.offsets)
            if sizes.max(initial=0) > MEMBERS_MAX:
                refused = CaseRefused("too_many_members", fact="members", better=str(MEMBERS_MAX))
                raise RowRefused(int(sizes.argmax()), refused)
        for at, one in enumerate(self.pack.inputs):
            if one.of_member:
                self._member(at, one, people)

    def _nested(self, count: int) -> pa.Table:
        column = _column(self.table, "members")
        told = [] if column is None else _rows_with_any([column])
        if column is None or not told:
            self.offsets, self.no_members = np.zeros(count + 1, np.int64), np.ones(count, np.bool_)
            return pa.table({})
        if not is_list_of_structs(column.type):
            said = str(column[told[0]])
            raise RowRefused(told[0], CaseRefused("not_a_list", fact="members", said=said))
        self.no_members = column.is_null().to_numpy(zero_copy_only=False)
        sizes = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
        self.offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        flat = column.flatten()
        if flat.null_count:
            place = int(flat.is_null().to_numpy(zero_copy_only=False).argmax())
            row = int(np.searchsorted(self.offsets, place, side="right")) - 1
            raise RowRefused(row, CaseRefused("not_a_list", fact="members", said="null"))
        names = [field.name for field in flat.type]
        if len(set(names)) < len(names):
            raise RowRefused(0, CaseRefused("column_twice", fact="members", said=", ".join(names)))
        return pa.table(dict(zip(names, flat.flatten(), strict=True)))

    def _member(self, at: int, one: Input, people: pa.Table) -> None:
        count = int(self.offsets[-1]) if self.offsets is not None else 0
        column = _column(people, one.name) if count else None
        try:
            if one.base is Base.TEXT:
                read = read_objects(one, column, count, self.minor)
            else:
                read = read_numbers(one, column, count, self.minor)
        except RowRefused as refused:
            if self.offsets is None:
                raise
            row = int(np.searchsorted(self.offsets, refused.row, side="right")) - 1
            raise RowRefused(row, refused.refused) from None
        self.facts[at] = read
        self.scales[at] = (read.scale, read.shift)
        if read.absent.any() and self.offsets is not None:
            rows = np.searchsorted(self.offsets, np.flatnonzero(read.absent), side="right") - 1
            self.hard[rows] = True
        if one.base is not Base.TEXT:
            self.arrays[f"c{at}"] = read.values

    def case(self, row: int) -> Case:
        """Give one row as the reference reads it."""
        facts = [
            None if one.of_member else self._value(at, one, row)
            for at, one in enumerate(self.pack.inputs)
        ]
        return Case(facts, self._people(row), self.given.get(row, {}))

    def _people(self, row: int) -> list[list[Any]] | None:
        if self.offsets is None or self.no_members is None or self.no_members[row]:
            return None
        asked = [(at, one) for at, one in enumerate(self.pack.inputs) if one.of_member]
        places = range(int(self.offsets[row]), int(self.offsets[row + 1]))
        return [[self._value(at, one, place) for at, one in asked] for place in places]

    def _value(self, at: int, one: Input, row: int) -> Any:  # noqa: ANN401 - a fact
        read = self.facts[at]
        if read.absent[row]:
            return None
        if read.texts is not None:
            return read.texts[row]
        return exact(int(read.values[row]) * read.scale + read.shift, one)


def is_list_of_structs(kind: pa.DataType) -> bool:
    """Say whether a column may hold members."""
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    return bool(is_list and pa.types.is_struct(kind.value_type))


def _rows_with_any(columns: Iterable[pa.Array]) -> list[int]:
    """List the rows in which any of some columns says something."""
    told: Array | None = None
    for column in columns:
        here = column.is_valid().to_numpy(zero_copy_only=False)
        told = here if told is None else told | here
    return [] if told is None else np.flatnonzero(told).tolist()


def _column(table: pa.Table, name: str) -> pa.Array | None:
    if name not in table.column_names:
        return None
    column = table.column(name)
    chunked = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(chunked, pa.ChunkedArray):
        chunked = chunked.chunk(0) if chunked.num_chunks else pa.array([], chunked.type)
    return chunked.dictionary_decode() if pa.types.is_dictionary(chunked.type) else chunked


def _holds(value: Any, wanted: frozenset[str]) -> bool:  # noqa: ANN401 - a text or several
    return any(each in wanted for each in value) if isinstance(value, tuple) else value in wanted
