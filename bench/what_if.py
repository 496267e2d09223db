"""What if a number were another: the page on the demonstration province, then a million households.

Peer: the reference evaluator, one household after the other over a sample, in the same run; both
must come to the same sums. Usage: python bench/what_if.py [HOUSEHOLDS]
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import django
import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from redress.relief.schemes import Scheme
    from redress.relief.what_if import Tried

HOUSEHOLDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
SAMPLE = 5_000
ROUNDS = 7
TOLD = 0.85  # share of households of which a fact is known


def seconds(do: Callable[[], object]) -> float:
    """Time one call."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def a_million(paths: list[str]) -> pa.Table:
    """Make a copy's table: what two schemes ask for, with some facts unknown, by place."""
    dice = np.random.default_rng(1)

    def known(values: np.ndarray) -> pa.Array:
        return pa.array(values, mask=dice.random(HOUSEHOLDS) > TOLD)

    def sums(high: int, digits: int) -> pa.Array:
        return known(dice.integers(0, high, HOUSEHOLDS)).cast(pa.decimal128(22, digits))

    columns = {
        "household": pa.array(np.arange(1, HOUSEHOLDS + 1)),
        "path": pa.array(np.sort(np.array(paths)[dice.integers(0, len(paths), HOUSEHOLDS)])),
        "members": pa.nulls(
            HOUSEHOLDS,
            pa.list_(
                pa.struct([
                    ("relation", pa.string()),
                    ("sex", pa.string()),
                    ("birth_date", pa.date32()),
                ])
            ),
        ),
        "members_count": pa.array(dice.integers(1, 7, HOUSEHOLDS)),
        "income_per_year.CNY": sums(90_000, 2),
        "medical_and_schooling_cost_per_year.CNY": sums(20_000, 2),
        "savings.CNY": sums(40_000, 2),
        "medical_total.CNY": sums(60_000, 2),
        "students_higher": known(dice.integers(0, 2, HOUSEHOLDS)),
        "motor_vehicle": known(dice.random(HOUSEHOLDS) < 0.1),
        "sudden_event": known(dice.random(HOUSEHOLDS) < 0.05),
        "average_wage.IRR": sums(320_000_000, 2),
        "contribution_months": known(dice.integers(0, 300, HOUSEHOLDS)),
        "days_to_report": known(dice.integers(0, 60, HOUSEHOLDS)),
        "patient_paid.IRR": sums(900_000_000, 2),
        "requested.IRR": sums(500_000_000, 2),
        "net_wage.IRR": sums(320_000_000, 2),
        "has_spouse": pa.array(dice.random(HOUSEHOLDS) < 0.7),
    }
    return pa.table(columns)


def the_page() -> None:
    """Open the page on the demonstration province, each time with another value."""
    from django.test import Client
    from django.utils import timezone

    from redress.registers.accounts.models import User
    from redress.relief.schemes import scheme_named
    from redress.relief.what_if import prepare_what_if

    scheme = scheme_named("ir-province-demo")
    prepare_what_if(scheme.digest, at=timezone.now())
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="officer"))
    first = seconds(lambda: client.get("/desk/what-if/ir-province-demo"))
    taken = [
        seconds(lambda at=at: client.get(f"/desk/what-if/ir-province-demo?MINWAGE={at}"))
        for at in range(100_000_000, 130_000_000, 1_000_000)
    ]
    print(
        f"page, demonstration province: first {first:.2f} s, then p50 {statistics.median(taken):.3f} s,"
        f" longest {max(taken):.3f} s"
    )


def over_a_million() -> None:
    """Try values over a million households, and compare with the reference on a sample."""
    from django.conf import settings

    from redress.registers.accounts.roles import SYSTEM
    from redress.registers.offices.models import Office
    from redress.relief.schemes import schemes
    from redress.relief.what_if import compile_scheme, try_values
    from redress.warehouse.copy import write_table

    paths = list(
        Office.objects.exclude(kind__in=["nation", "province"]).values_list("path", flat=True)
    )
    at = dt.datetime.now(dt.UTC)
    write_table(settings.REDRESS_WAREHOUSE, a_million(paths), made_at=at, stamp="bench")
    on = dt.date(2026, 6, 1)
    numbers = {"cn-province-demo": "DIBAO", "ir-province-demo": "MINWAGE"}
    for scheme in [one for one in schemes() if one.id in numbers]:
        compiling = seconds(lambda scheme=scheme: compile_scheme(scheme))

        def attempt(value: int, scheme: Scheme = scheme) -> Tried:
            return try_values(
                scheme, {numbers[scheme.id]: str(value)}, seen_by=SYSTEM, on=on, language="en"
            )

        loading = seconds(lambda: attempt(1000))
        taken = [seconds(lambda at=at: attempt(1001 + at)) for at in range(ROUNDS)]
        found = attempt(1001)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{scheme.id}, {found.households:,} households: compiled in {compiling:.1f} s, loaded and"
            f" first in {loading:.1f} s, then p50 {statistics.median(taken):.2f} s, longest"
            f" {max(taken):.2f} s; peak {peak:,.0f} MB"
        )
        compare(scheme, numbers[scheme.id], on, statistics.median(taken))


def compare(scheme: Scheme, number: str, on: dt.date, ours: float) -> None:
    """Decide a sample by the reference, and compare its sums with the mass evaluator's."""
    from redress.engines.rules.decide import Decider
    from redress.engines.rules.findings import CaseRefused
    from redress.relief import numbers, what_if

    pack = numbers.with_values(scheme.pack, {number: "1001"}, language="en")
    held = what_if._held[scheme.digest]
    outcomes = what_if.decide_households(held.screener.with_pack(pack), held.loaded, on=on)
    decider, differ = Decider(pack, traced=False), 0
    rows = np.random.default_rng(2).choice(
        held.loaded.count, min(SAMPLE, held.loaded.count), replace=False
    )
    cases = [held.loaded.columns.case_of(int(row)) for row in rows]
    began = time.process_time()
    sums = []
    for case in cases:
        try:
            sums.append(decider.decide(case, on=on).total_minor())
        except CaseRefused:
            sums.append(None)
    spent = (time.process_time() - began) / len(rows) * held.loaded.count * 2  # before and after
    differ = sum(
        one is not None and one != int(outcomes.minor[row])
        for one, row in zip(sums, rows, strict=True)
    )
    print(
        f"  reference over a sample of {len(rows):,}: {differ} of them otherwise;"
        f" it would take {spent:,.0f} s for all, {spent / ours:,.0f} times as long"
    )


def main() -> None:
    """Measure and print."""
    django.setup()
    from redress.config.database import reachable
    from redress.config.environment import read_environment
    from redress.config.prepare import prepare
    from redress.registers.offices.scope import WHOLE, within

    with reachable(read_environment()):
        prepare(read_environment(), say=lambda _words: None)
        the_page()
        with within(WHOLE):
            over_a_million()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o711)
        os.environ |= {
            "REDRESS_HOME": str(Path(home) / "data"),
            "DJANGO_SETTINGS_MODULE": "redress.config.settings",
        }
        main()
