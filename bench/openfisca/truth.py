"""Compare what both engines said with the exact sums, household by household: ``truth.py FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from households import FIRST_DAY, Columns, read

COUNT = 1_000_000
NAMES = (
    *("basic_income", "pension", "income_tax", "social_security_contribution"),
    *("parenting_allowance", "housing_allowance"),
)
EPSILON = float(np.finfo(np.float32).eps)
Whole = npt.NDArray[np.int64]


def exact(columns: Columns) -> Whole:
    """Work the six out in hundredths of a cent, in whole numbers: basic income, ... as in NAMES."""
    firsts = columns["offsets"][:-1]
    birth, salary, rent = (
        columns[name].astype(np.int64) for name in ("birth_date", "salary", "rent")
    )
    month = (birth.astype("datetime64[D]").astype("datetime64[M]")).astype(np.int64)
    first = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    today = np.int64(FIRST_DAY).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    age = (
        today - month - (birth > first)
    ) // 12  # 1 October: any later day of a month is not yet past

    def total(of_members: npt.NDArray[np.generic]) -> Whole:
        return np.add.reduceat(of_members.astype(np.int64), firsts)

    income, pension = total(salary), 100 * total(age * 100 >= 6033)
    brackets = 4 * np.minimum(salary, 1_230_000) + 12 * np.maximum(salary - 1_230_000, 0)
    alone = total(columns["is_child"] == 0) == 1
    young = (alone & (total(age < 8) > 0)) | (total(age < 6) > 0)
    return np.stack([
        6_000_000 * total((age >= 18) & (salary == 0)),
        100 * pension,
        15 * (income + pension),
        total(brackets),
        6_000_000 * ((income <= 50_000) & young),
        25 * rent,
    ])


def main(folder: Path) -> None:
    """Compare and print.

    Raises:
        SystemExit: ours is not exact, or theirs is off by more than its numbers explain.
    """
    columns = read(folder, COUNT)
    found = exact(columns)
    cents = (found + 50) // 100  # half up
    ours, theirs = np.load(folder / "ours.npy"), np.load(folder / "theirs.npy")
    wrong = int((ours != cents).any(axis=0).sum())
    print(f"ours: {wrong:,} of {COUNT:,} households other than the exact sum")
    rounded = np.floor(theirs * 100 + 0.5).astype(np.int64)
    off = rounded != cents
    halves = off & (found % 100 == 50)
    print(
        f"OpenFisca: {int(off.any(axis=0).sum()):,} households a cent off or more, at most "
        f"{int(np.abs(rounded - cents).max())}, for its sums are float32; in all but "
        f"{int((off & ~halves).any(axis=0).sum()):,} the exact sum ends on half a cent"
    )
    for name, one in zip(NAMES, off, strict=True):
        print(f"  {name}: {int(one.sum()):,}")
    # Each member's sum is within a few roundings of float32, and a household's is a sum of those.
    beyond = np.abs(theirs * 10_000 - found) > 8 * EPSILON * np.abs(found) + 1
    print(f"  beyond what float32 explains: {int(beyond.any(axis=0).sum()):,}")
    if wrong or beyond.any():
        raise SystemExit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
