"""The six variables by our mass evaluator: ``ours.py FOLDER once|whole|growth``.

Reads the columns of ``households.py`` as whole numbers, the form the evaluator reads, and times
nothing but the deciding. The code was compiled before, as it is on any day but the first.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from households import read

from redress.engines.rules.columns import Columns
from redress.engines.rules.facts import Case
from redress.engines.rules.packs import require_pack
from redress.engines.rules.screen import Screener

COUNT = 1_000_000
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
ROUNDS = 5
BATCH_ROWS = 1 << 14  # a batch and its decisions stay in the cache
DAY = dt.date(2016, 10, 1)
EPOCH = dt.date(1970, 1, 1).toordinal()
PACK = Path(__file__).with_name("country-template.yaml")


def columns_of(folder: Path, screener: Screener, count: int) -> Columns:
    """Hand households over."""
    given, pack = read(folder, count), screener.pack
    scales = np.tile(np.array([1, 0], np.int64), (len(pack.inputs), 1))
    arrays, rows = {}, len(given["rent"])
    for at, one in enumerate(pack.inputs):
        arrays[f"c{at}" if one.of_member else f"X{at}"] = given[one.name]
        if one.name == "birth_date":
            scales[at] = (1, EPOCH)
    none = np.zeros(rows, np.bool_)
    return Columns(
        pack, rows, arrays, scales, {0: none}, none, no_case, given["offsets"], none
    )  # fmt: skip


def no_case(row: int) -> Case:
    """Refuse to give a row to the reference: all of these are for the compiled code.

    Raises:
        LookupError: always.
    """
    raise LookupError(row)


def decide(screener: Screener, columns: Columns, *, batch_rows: int) -> dict[str, float]:
    """Decide all rows, batch by batch; each batch's decisions are dropped, as when they are written."""
    cpu = wall = 0.0
    for batch in columns.slices(batch_rows):
        began, wall_began = time.process_time(), time.perf_counter()
        screener.run(batch, on=DAY)
        cpu += time.process_time() - began
        wall += time.perf_counter() - wall_began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu": cpu, "wall": wall, "peak_mb": peak}


def grow(screener: Screener, columns: Columns) -> dict[str, float]:
    """Give the CPU seconds for a million at each size; each time other rows, the sizes in turns."""
    taken: dict[int, list[float]] = {size: [] for size in SIZES}
    for turn in range(ROUNDS):
        for size in SIZES:
            for part in range(max(1, 100_000 // size)):
                start = (turn * 1_234_567 + part * 543_210) % (columns.count - size + 1)
                some = columns.part(start, start + size)
                took = decide(screener, some, batch_rows=BATCH_ROWS)["cpu"]
                taken[size].append(took / size * 1_000_000)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {str(size): statistics.median(all_) for size, all_ in taken.items()} | {"peak_mb": peak}


def main(folder: Path, what: str) -> None:
    """Measure once."""
    screener = Screener(require_pack(PACK.read_text()), folder=folder / "compiled")
    columns = columns_of(folder, screener, SIZES[-1] if what == "growth" else COUNT)
    screener.run(next(columns.slices(100)), on=DAY)
    if what == "growth":
        print(json.dumps(grow(screener, columns)))
        return
    print(
        json.dumps(decide(screener, columns, batch_rows=COUNT if what == "whole" else BATCH_ROWS))
    )
    if what == "once":
        found = [screener.run(batch, on=DAY).granted for batch in columns.slices(BATCH_ROWS)]
        np.save(folder / "ours.npy", np.concatenate(found, axis=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
