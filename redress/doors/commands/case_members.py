"""Members of households in a file of their own, joined to their cases by id."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from redress.doors.commands.case_files import BadTable, read_tables
from redress.engines.rules.arrow_columns import ROW_OF_CASE
from redress.engines.rules.columns import Array

ROWS_READ: Final = 1 << 20
_KEYS: Final = ("household_id", "case_id", "case", "household", "id")


class Members:
    """Members in a file of their own, joined to their cases by id."""

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in {".csv", ".parquet"}:
            raise BadTable("unknown_ending", said=path.suffix, better=".csv, .parquet")
        if not path.is_file():
            raise BadTable("file_not_found", where=str(path))
        self.path, self.table = path, _whole(path)
        self.names = self.table.column_names
        key = next((name for name in _KEYS if name in self.names), None)
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
        self._meet(ids, codes)
        starts = np.searchsorted(self._sorted, codes)
        counts = np.where(
            codes >= 0, np.searchsorted(self._sorted, codes, side="right") - starts, 0
        )
        rows = np.repeat(np.arange(len(codes)), counts)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        places = self._order[np.repeat(starts, counts) + within]
        return self.table.take(pa.array(places)).append_column(ROW_OF_CASE, pa.array(rows))

    def _meet(self, ids: pa.Array, codes: Array) -> None:
        """Refuse members that might belong to either of two cases.

        Raises:
            BadTable: names the id that stands twice.
        """
        mine = np.flatnonzero(codes >= 0)
        again = self._met[codes[mine]]
        again[np.setdiff1d(np.arange(len(mine)), np.unique(codes[mine], return_index=True)[1])] = (
            True
        )
        if again.any():
            raise BadTable("id_twice", where="id", said=ids[int(mine[again.argmax()])].as_py())
        self._met[codes[mine]] = True

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


def _whole(path: Path) -> pa.Table:
    try:
        tables = list(read_tables(path, ROWS_READ))
    except BadTable as bad:
        where = ": ".join(part for part in (str(path), bad.where) if part)
        raise BadTable(bad.code, where=where, said=bad.said, better=bad.better) from None
    whole = (
        pa.concat_tables(tables)
        if tables
        else pa.table({"household_id": pa.array([], pa.string())})
    )
    return whole.drop_columns([ROW_OF_CASE]) if ROW_OF_CASE in whole.column_names else whole
