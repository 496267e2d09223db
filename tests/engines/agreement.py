"""Compare the mass evaluator with the reference, field by field."""

from __future__ import annotations

import datetime as dt
import random

from redress.engines.rules.columns import columns_of
from redress.engines.rules.decide import Decider
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.screen import Screened, Screener
from tests.engines.made_packs import made_case

DAY = dt.date(2024, 2, 29)


def told(pack, found: Screened, row: int) -> tuple:
    """Give what a row of the mass evaluator says, in the reference's words."""
    reasons = [one.id for one in (*pack.exclusions, *pack.reasons)]
    sums = found.granted[:, row].tolist()
    return (
        pack.categories[found.category[row]].id if found.category[row] >= 0 else None,
        {item.id: sums[at] for at, item in enumerate(pack.items) if sums[at]},
        tuple(name for at, name in enumerate(reasons) if found.reasons[row] >> at & 1),
        found.needs_lists[found.needs[row]],
        pack.exits[found.exit[row]].id if found.exit[row] >= 0 else None,
    )  # fmt: skip


def disagreements(pack, *, count: int, seed: int, folder, screener=None, cases=None, on=DAY):
    """Decide random cases both ways.

    Returns:
        The cases on which they differ, with both answers; how many were decided at all; and how
        many rows the compiled code decided without the reference.
    """
    dice = random.Random(seed)
    decider = Decider(pack, traced=False)
    screener = screener or Screener(pack, folder=folder)
    kept, wanted = [], []
    for case in cases or (made_case(pack, dice) for _ in range(count)):
        try:
            decision = decider.decide(case, on=on)
        except CaseRefused:
            continue
        kept.append(case)
        wanted.append((
            decision.category, decision.granted, decision.reasons, decision.needs, decision.exit,
        ))  # fmt: skip
    columns = columns_of(pack, kept)
    found = screener.run(columns, on=on)
    differ = [
        (case, want, told(pack, found, row))
        for row, (case, want) in enumerate(zip(kept, wanted, strict=True))
        if told(pack, found, row) != want
    ]
    return differ, len(kept), len(kept) - found.by_reference
