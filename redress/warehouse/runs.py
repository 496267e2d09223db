"""The outcomes of one run over all households, kept as a file, and what changed since another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from redress.warehouse.aside import Int64s
from redress.warehouse.copy import write_whole
from redress.warehouse.deciding import GRANTED, REFUSED, UNDECIDED, Loaded, Outcomes

_LOW_BITS: Final = 32
_LOW: Final = (1 << _LOW_BITS) - 1
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A run's outcomes; arrays of one length, in the order of the copy.

    Attributes:
        households: numbers.
        counties: place in ``county_paths``: the paths of offices as they stand in the register.
    """

    households: Int64s
    counties: Int64s
    county_paths: tuple[str, ...]
    kind: npt.NDArray[np.int8]
    minor: Int64s
    granted: Int64s
    needs: tuple[str, ...]


def keep(loaded: Loaded, outcomes: Outcomes) -> Kept:
    """Put households and outcomes together, without those set aside."""
    names = [" ".join(one) for one in outcomes.needs_lists]
    decided = outcomes.kind != REFUSED
    return Kept(
        loaded.numbers[decided],
        loaded.counties[decided],
        loaded.county_paths,
        outcomes.kind[decided],
        outcomes.minor[decided],
        outcomes.granted[decided],
        tuple(names[at] for at in outcomes.needs[decided].tolist()),
    )


def write_run(folder: Path, number: int, kept: Kept) -> None:
    """Write a run's file, whole or not at all."""
    paths = pa.DictionaryArray.from_arrays(
        pa.array(kept.counties), pa.array(kept.county_paths, pa.string())
    )
    table = pa.table({
        "household": kept.households,
        "path": paths,
        "kind": kept.kind,
        "minor": kept.minor,
        "granted": kept.granted,
        "needs": pa.array(kept.needs, pa.string()).dictionary_encode(),
    })
    write_whole(folder, _name(number), table)


def read_run(folder: Path, number: int) -> Kept | None:
    """Read a run's file; None if it is gone."""
    try:
        table = pq.read_table(folder / _name(number)).combine_chunks()
    except FileNotFoundError:
        return None
    paths = table.column("path").combine_chunks()
    paths = paths.chunk(0) if isinstance(paths, pa.ChunkedArray) else paths
    return Kept(
        table.column("household").to_numpy(),
        paths.indices.to_numpy(zero_copy_only=False).astype(np.int64),
        tuple(paths.dictionary.to_pylist()),
        table.column("kind").to_numpy(),
        table.column("minor").to_numpy(),
        table.column("granted").to_numpy(),
        tuple(table.column("needs").to_pylist()),
    )


def _name(number: int) -> str:
    return f"run-{number}.parquet"


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What changed between two runs; masks over the rows of the later one.

    Attributes:
        newly: granted something now, and nothing before or not known before.
        gone: granted nothing any more, and decided.
        changed: granted something both times, but not the same.
        minor_before: money granted before, by row.
    """

    newly: Mask
    gone: Mask
    undecided: Mask
    changed: Mask
    granted: Mask
    minor_before: Int64s


def compare(before: Kept | None, after: Kept) -> Difference:
    """Compare a run with the one before it, household by household."""
    count = len(after.households)
    kind, minor, granted = (
        np.zeros(count, np.int8),
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
    )
    if before is not None and len(before.households):
        order = np.argsort(before.households, kind="stable")
        at = np.searchsorted(before.households[order], after.households)
        places = order[np.minimum(at, len(order) - 1)]
        known = before.households[places] == after.households
        kind[known] = before.kind[places[known]]
        minor[known] = before.minor[places[known]]
        granted[known] = before.granted[places[known]]
    now, then = after.kind == GRANTED, kind == GRANTED
    return Difference(
        newly=now & ~then,
        gone=then & ~now & (after.kind != UNDECIDED),
        undecided=after.kind == UNDECIDED,
        changed=now & then & ((after.minor != minor) | (after.granted != granted)),
        granted=now,
        minor_before=minor,
    )


def add_up(places: Int64s, values: Int64s, count: int) -> list[int]:
    """Add whole numbers up by place, exactly: sums may be larger than one number of 64 bits."""
    low, high = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(low, places, values & _LOW)
    np.add.at(high, places, values >> _LOW_BITS)
    return [(int(top) << _LOW_BITS) + int(rest) for top, rest in zip(high, low, strict=True)]
