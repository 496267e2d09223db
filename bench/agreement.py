"""A million random cases decided by both evaluators, field by field: how often do they differ?

Half of the cases are of random packs, half of the packs that are shipped.
Usage: python bench/agreement.py [CASES]
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the tests know how to make packs and cases

from redress.engines.rules.pack import Pack  # noqa: E402
from redress.engines.rules.packs import require_pack  # noqa: E402
from redress.engines.rules.screen import Screener  # noqa: E402
from tests.engines.agreement import DAY, disagreements  # noqa: E402
from tests.engines.made_packs import made_case, made_pack  # noqa: E402

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_050_000  # some have no value at all
RANDOM_PACKS = 12
SHIPPED_DAY = dt.date(2025, 12, 11)  # every parameter of the shipped packs holds by then
ROUND = 25_000  # cases of one pack held at once


def packs() -> dict[str, Pack]:
    """Give the packs that are compared."""
    shipped = {path.stem: path.read_text() for path in sorted((ROOT / "schemes").glob("*.yaml"))}
    found = {name: require_pack(text) for name, text in shipped.items()}
    return found | {f"random {seed}": made_pack(seed) for seed in range(100, 100 + RANDOM_PACKS)}


def compared(name: str, count: int, folder: str) -> tuple[str, int, int, int]:
    """Decide some cases of one pack both ways.

    Returns:
        The pack's name; cases that came out otherwise, cases decided, cases the compiled code decided.
    """
    pack = packs()[name]
    day = DAY if name.startswith("random") else SHIPPED_DAY
    screener = Screener(pack, folder=Path(folder))
    differ = decided = compiled = 0
    for seed, start in enumerate(range(0, count, ROUND)):
        dice = random.Random(f"{name} {seed}")
        cases = [made_case(pack, dice) for _ in range(min(ROUND, count - start))]
        found = disagreements(
            pack, count=0, seed=0, folder=None, screener=screener, cases=cases, on=day
        )
        differ += len(found[0])
        decided += found[1]
        compiled += found[2]
        for case, want, told in found[0][:3]:
            print(f"{name}: {case}: {want} but {told}")
    return name, differ, decided, compiled


def main() -> None:
    """Compare and print."""
    began, names = time.perf_counter(), list(packs())
    shipped = len(names) - RANDOM_PACKS
    counts = [
        CASES // 2 // (shipped if at < shipped else RANDOM_PACKS) + 1 for at in range(len(names))
    ]
    with (
        tempfile.TemporaryDirectory(prefix="redress-bench-") as folder,
        ProcessPoolExecutor(2) as pool,
    ):
        found = [*pool.map(compared, names, counts, [folder] * len(names))]
    differ, decided, compiled = (sum(one[at] for one in found) for at in (1, 2, 3))
    for name, *told in found:
        print(f"{name}: {told[0]} disagreements in {told[1]:,}; compiled code decided {told[2]:,}")
    print(f"cases: {sum(counts):,}, refused, a rule having no value: {sum(counts) - decided:,}")
    print(f"disagreements: {differ}; the compiled code decided {compiled:,} of {decided:,} itself")
    print(f"took {time.perf_counter() - began:.0f} s")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
