"""Many cases as columns of whole numbers, the form that the mass evaluator reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from redress.engines.rules.emit import text_places
from redress.engines.rules.facts import MEMBERS_MAX, Case, Value
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Input, Pack
from redress.engines.rules.sizes import DECIMAL_BY
from redress.engines.rules.typed import plain

Array = npt.NDArray[Any]
BATCH_ROWS: Final = 1 << 16


@dataclass(slots=True)
class Columns:
    """Some cases of one pack.

    Attributes:
        count: how many.
        arrays: by the names of ``assemble_rows.column_names``; a fact is ``array * scale + shift``.
        scales: scale and shift by input.
        absent: rows, by input, where a fact without default is absent.
        hard: rows that only the reference can read: a member or an element with something absent, or
            more than ``MEMBERS_MAX`` members.
        offsets: first member of each row, one more than rows; None where the pack has no members.
        no_members: rows whose members are not known at all.
        case_of: gives one row as the reference reads it.
        given: minor units of each item already given this year, where any row has some.
    """

    pack: Pack
    count: int
    arrays: dict[str, Array]
    scales: Array
    absent: dict[int, Array]
    hard: Array
    case_of: Callable[[int], Case]
    offsets: Array | None = None
    no_members: Array | None = None

    def slices(self, rows: int = BATCH_ROWS) -> Iterator[Columns]:
        """Cut into batches without copying."""
        for start in range(0, max(self.count, 1), rows):
            yield self.part(start, min(start + rows, self.count))

    def part(self, start: int, stop: int) -> Columns:
        """Give some rows without copying."""
        arrays = {}
        for name, array in self.arrays.items():
            if name[0] in "XT":
                arrays[name] = array[start:stop]
            elif name[0] == "K":
                arrays[name] = array[start : stop + 1]
            else:
                arrays[name] = array
        return Columns(
            self.pack, stop - start, arrays, self.scales,
            {at: array[start:stop] for at, array in self.absent.items()}, self.hard[start:stop],
            lambda row: self.case_of(start + row),
            None if self.offsets is None else self.offsets[start : stop + 1],
            None if self.no_members is None else self.no_members[start:stop],
        )  # fmt: skip


def columns_of(pack: Pack, cases: list[Case]) -> Columns:
    """Turn cases that were read one by one into columns."""
    return _Builder(pack, cases).build()


@dataclass(slots=True)
class _Builder:
    pack: Pack
    cases: list[Case]
    arrays: dict[str, Array] = field(default_factory=dict)
    absent: dict[int, Array] = field(default_factory=dict)

    def build(self) -> Columns:
        pack, cases = self.pack, self.cases
        count = len(cases)
        hard = np.array([bool(case.given) for case in cases], dtype=np.bool_)
        scales = np.tile(np.array([1, 0], dtype=np.int64), (max(len(pack.inputs), 1), 1))
        for at, one in enumerate(pack.inputs):
            if one.of_member:
                continue
            values = [case.facts[at] for case in cases]
            self.absent[at] = np.array([value is None for value in values], dtype=np.bool_)
            if one.base is Base.LIST:
                hard |= self._list(at, one, values)
            elif one.base is not Base.TEXT:
                self.arrays[f"X{at}"] = _whole(
                    [0 if v is None else v for v in values], one.base, one
                )
        offsets = no_members = None
        if pack.has_members:
            offsets, no_members = self._members(hard)
        self._texts()
        return Columns(
            pack, count, self.arrays, scales, self.absent, hard, lambda row: cases[row],
            offsets, no_members,
        )  # fmt: skip

    def _list(self, at: int, one: Input, values: list[Value]) -> Array:
        """Lay lists end to end; say which rows have an element absent."""
        lists = [value or () for value in values]
        if one.of is not Base.TEXT:
            sizes = np.array([len(value) for value in lists], dtype=np.int64)
            self.arrays[f"K{at}"] = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
            flat = [0 if each is None else each for value in lists for each in value]
            self.arrays[f"l{at}"] = _whole(flat, one.of or Base.MONEY, None)
        return np.array([None in value for value in lists], dtype=np.bool_)

    def _members(self, hard: Array) -> tuple[Array, Array]:
        pack, people = self.pack, [case.members or [] for case in self.cases]
        sizes = np.array([len(rows) for rows in people], dtype=np.int64)
        asked = [(at, one) for at, one in enumerate(pack.inputs) if one.of_member]
        for place, (at, one) in enumerate(asked):
            flat = [row[place] for rows in people for row in rows]
            if one.base is not Base.TEXT:
                filled = [0 if value is None else value for value in flat]
                self.arrays[f"c{at}"] = _whole(filled, one.base, one)
        hard |= np.array([any(None in row for row in rows) for rows in people], dtype=np.bool_)
        hard |= sizes > MEMBERS_MAX
        absent = np.array([case.members is None for case in self.cases], dtype=np.bool_)
        return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), absent

    def _texts(self) -> None:
        members = [at for at, one in enumerate(self.pack.inputs) if one.of_member]
        for at, (place, texts, node) in enumerate(text_places(self.pack)):
            wanted = frozenset(texts)
            if node.args[0].op == "member":
                inner = members.index(place)
                flat = [row[inner] in wanted for case in self.cases for row in case.members or []]
                self.arrays[f"tc{at}"] = np.array(flat, dtype=np.int8)
                continue
            values = [case.facts[place] for case in self.cases]
            found = [_holds(value, wanted) for value in values]
            self.arrays[f"T{at}"] = np.array(found, dtype=np.int8)


def _holds(value: Value, wanted: frozenset[str]) -> bool:
    if isinstance(value, tuple):
        return any(each in wanted for each in value)
    return value in wanted


def _whole(values: list[Value], base: Base, one: Input | None) -> Array:
    """Write exact values as whole numbers; decimals in millionths."""
    if base is Base.NUMBER and not (one is not None and one.whole):
        return np.array([int(Fraction(value) * DECIMAL_BY) for value in values], dtype=np.int64)
    return np.array([int(value) for value in values], dtype=np.int64)


def exact(value: int, one: Input) -> Value:
    """Give a column's whole number back as the reference's value."""
    if one.base is Base.BOOL:
        return bool(value)
    if one.base is Base.NUMBER and not one.whole:
        return plain(Fraction(int(value), DECIMAL_BY))
    return int(value)
