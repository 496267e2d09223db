"""Made households for the comparison with OpenFisca, as plain columns in files.

Run as ``households.py FOLDER COUNT``. Money is in cents, days are days since 1970, and members lie
household by household. Made by the million, so that ten million need little memory.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

Columns = dict[str, npt.NDArray[np.generic]]
TYPES = {"sizes": "i1", "birth_date": "<i4", "salary": "<i8", "is_child": "i1", "rent": "<i8"}
OF_HOUSEHOLDS = ("sizes", "rent")
SEED, PIECE = 20161001, 1_000_000
FIRST_DAY, ADULT_DAYS, OLD_DAYS = 17075, 18 * 365 + 5, 90 * 365  # 1 October 2016; 18 and 90 years
ADULTS = (0.30, 0.65, 0.05)  # one, two, three: 1.75 on average
CHILDREN = (0.30, 0.27, 0.25, 0.12, 0.06)  # none to four: 1.37 on average, so 3.12 members


def made(count: int, *, piece: int) -> Columns:
    """Make some households, the same at every call."""
    dice = np.random.default_rng((SEED, piece))
    adults = dice.choice(3, count, p=ADULTS) + 1
    sizes = adults + dice.choice(5, count, p=CHILDREN)
    firsts = np.cumsum(sizes) - sizes
    place = np.arange(int(sizes.sum())) - np.repeat(firsts, sizes)
    is_child = place >= np.repeat(adults, sizes)
    people = len(is_child)
    child_days, adult_days = (
        dice.integers(low, high, people) for low, high in ((0, ADULT_DAYS), (ADULT_DAYS, OLD_DAYS))
    )
    earns = ~is_child & (dice.random(people) < 0.7)
    salary = np.where(earns, np.exp(dice.normal(12.2, 0.9, people)).astype(np.int64), 0)
    near = earns & (dice.random(people) < 0.02)  # about the line of the parenting allowance
    salary[near] = dice.integers(49_990, 50_011, int(near.sum()))
    found = {
        "sizes": sizes,
        "birth_date": FIRST_DAY - np.where(is_child, child_days, adult_days),
        "salary": np.minimum(salary, 20_000_000),
        "is_child": is_child,
        "rent": dice.integers(0, 200_001, count),
    }
    return {name: column.astype(TYPES[name]) for name, column in found.items()}


def write(folder: Path, count: int) -> None:
    """Write the columns of some households into files."""
    for name in TYPES:
        (folder / name).unlink(missing_ok=True)
    for piece, start in enumerate(range(0, count, PIECE)):
        for name, column in made(min(PIECE, count - start), piece=piece).items():
            with (folder / name).open("ab") as file:
                column.tofile(file)


def read(folder: Path, count: int = -1) -> Columns:
    """Read the columns of the first households, or of all; ``offsets`` is each one's first member."""
    sizes = np.fromfile(folder / "sizes", TYPES["sizes"], count)
    offsets = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    found: Columns = {"offsets": offsets}
    for name in ("birth_date", "salary", "is_child", "rent"):
        rows = len(sizes) if name in OF_HOUSEHOLDS else int(offsets[-1])
        found[name] = np.fromfile(folder / name, TYPES[name], rows)
    return found


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
