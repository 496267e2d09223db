"""The mass evaluator beside OpenFisca, on the same million households; then up to ten million.

Peer: OpenFisca 46.0.1 with its country template 8.2.0, in an environment of its own, in turns with
ours, each run in a process of its own. Timed is the computing alone: both have their columns in
memory in their own form, and ours is compiled already. Ours decides batch by batch and drops each
batch's decisions, as when they are written to a file; "in one piece" it keeps them all.
Usage: python bench/rules.py
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OPENFISCA = HERE / "openfisca"
PEER_PYTHON = HERE.parent / ".venv" / "peer" / "bin" / "python"
ROUNDS = 7
MOST = 10_000_000
Figures = dict[str, float]


def run(script: str, *arguments: object, python: str | Path = sys.executable) -> str:
    """Run a script of the comparison; give what it prints."""
    command = [str(python), str(OPENFISCA / script), *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def in_turns(folder: Path) -> dict[str, list[Figures]]:
    """Measure ours and theirs in turns."""
    found: dict[str, list[Figures]] = {"ours": [], "whole": [], "theirs": []}
    for _ in range(ROUNDS):
        found["ours"].append(json.loads(run("ours.py", folder, "once")))
        found["theirs"].append(json.loads(run("theirs.py", folder, python=PEER_PYTHON)))
        found["whole"].append(json.loads(run("ours.py", folder, "whole")))
    return found


def middle(all_: list[Figures], name: str) -> float:
    """Give the median of a figure."""
    return statistics.median(one[name] for one in all_)


def tell(name: str, all_: list[Figures]) -> None:
    """Print the medians of one engine."""
    spread = sorted(one["cpu"] for one in all_)
    print(
        f"{name}: CPU {middle(all_, 'cpu'):.4f} s ({spread[0]:.4f} to {spread[-1]:.4f}), "
        f"wall {middle(all_, 'wall'):.4f} s, peak {middle(all_, 'peak_mb'):.0f} MB"
    )


def compare(folder: Path) -> None:
    """Print how the engines compare."""
    run("ours.py", folder, "once")  # compiles
    found = in_turns(folder)
    print(f"a million households, 3.12 million members, six variables, medians of {ROUNDS} runs:")
    tell("ours", found["ours"])
    tell("ours in one piece", found["whole"])
    tell("OpenFisca, summed by household", found["theirs"])
    theirs, by_person = (middle(found["theirs"], name) for name in ("cpu", "by_person"))
    for name in ("ours", "whole"):
        pairs = [
            its["cpu"] / own["cpu"] for its, own in zip(found["theirs"], found[name], strict=True)
        ]
        cpu = middle(found[name], "cpu")
        print(
            f"ratio of CPU{' in one piece' if name == 'whole' else ''}: {theirs / cpu:.1f} "
            f"(run by run: median {statistics.median(pairs):.1f}; "
            f"without their sums by household: {by_person / cpu:.1f})"
        )
    print(run("truth.py", folder), end="")


def grow(folder: Path) -> None:
    """Print how the time grows with the households."""
    told = json.loads(run("ours.py", folder, "growth"))
    peak = told.pop("peak_mb")
    for size, seconds in told.items():
        print(f"{int(size):>10,} households: {seconds:.4f} CPU s a million")
    print(f"slowest over fastest: {max(told.values()) / min(told.values()):.3f}")
    print(f"peak with ten million in memory, in batches: {peak:.0f} MB")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as name:
        folder = Path(name)
        run("households.py", folder, MOST)
        compare(folder)
        grow(folder)


if __name__ == "__main__":
    main()
