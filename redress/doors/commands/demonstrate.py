"""`redress demonstration`: write made demands and households into files, for trying and for benches."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

from redress.demonstration.made import (
    demand_row,
    household_row,
    made_demands,
    made_households,
    member_rows,
)


def run(chosen: argparse.Namespace) -> int:
    """Write ``demands.jsonl``, ``households.jsonl`` and ``members.jsonl`` into a folder."""
    out = Path(chosen.out)
    out.mkdir(parents=True, exist_ok=True)
    today = dt.datetime.now(dt.UTC).date()
    demands = made_demands(chosen.demands, seed=chosen.seed, today=today)
    _write(out / "demands.jsonl", (demand_row(one) for one in demands))
    households = made_households(chosen.households, seed=chosen.seed, today=today)
    _write(out / "households.jsonl", (household_row(one) for one in households))
    again = made_households(chosen.households, seed=chosen.seed, today=today)
    _write(out / "members.jsonl", (row for one in again for row in member_rows(one)))
    return 0


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    beside.replace(path)
