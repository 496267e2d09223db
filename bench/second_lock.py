"""What the second lock costs: an officer's list over many demands, with and without row security.

Peer: the same queries by the owner of the tables, whom row security does not bind, in the same run,
in turns. Usage: python bench/second_lock.py [DEMANDS]
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

DEMANDS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ROUNDS = 30
PAGES = (
    "/desk/",
    "/desk/demands",
    "/desk/demands?words=حقوق",
    "/desk/demands?state=closed&page=20",
)


def milliseconds(do: Callable[[], object]) -> float:
    """Time one call."""
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


def spread(times: list[float]) -> str:
    """Write median and 95th percentile."""
    return (
        f"p50 {statistics.median(times):.1f} ms, p95 {statistics.quantiles(times, n=20)[18]:.1f} ms"
    )


def fill() -> None:
    """Take made demands in as `redress import` does."""
    from redress.demonstration.made import demand_row, made_demands
    from redress.doors.commands.demand_rows import DemandIntake
    from redress.doors.commands.intake import read_ahead
    from redress.doors.commands.take_in import BATCH_ROWS
    from redress.formats.tables import TableRow, in_batches
    from redress.registers.accounts.roles import SYSTEM
    from redress.registers.offices.scope import WHOLE, within

    now = dt.datetime.now(dt.UTC)
    made = made_demands(DEMANDS, seed=2, today=now.date())
    rows = [TableRow(number, demand_row(one)) for number, one in enumerate(made, start=1)]
    began = time.perf_counter()
    with within(WHOLE), DemandIntake(source="bench", by=SYSTEM, at=now) as intake:
        for batch in read_ahead(in_batches(rows, size=BATCH_ROWS), intake.read):
            list(intake.take_in(batch))
    seconds = time.perf_counter() - began
    print(f"import: {DEMANDS:,} demands in {seconds:.0f} s, {DEMANDS / seconds:,.0f} a second")


def compare() -> None:
    """Read an officer's list as the application and as the owner, in turns."""
    from django.db import connections, transaction

    from redress.demands.backlog import Wanted, wanted_demands
    from redress.registers.accounts.models import User
    from redress.registers.accounts.signed_in import actor_of
    from redress.registers.offices.scope import within

    connections["owner"].cursor().execute("ANALYZE")
    today = dt.datetime.now(dt.UTC).date()
    officer = actor_of(User.objects.get(username="officer"), at=dt.datetime.now(dt.UTC))
    reads = {
        "list of 50": lambda found: list(found[:50]),
        "count of the list": lambda found: found.count(),
    }
    for name, read in reads.items():
        times: dict[str, list[float]] = {"default": [], "owner": []}
        for _ in range(ROUNDS):
            for alias, taken in times.items():
                with transaction.atomic(using=alias), within(officer.scope):
                    found = wanted_demands(Wanted(), seen_by=officer, today=today).using(alias)
                    taken.append(milliseconds(lambda read=read, found=found: read(found)))
        ratio = statistics.median(times["default"]) / statistics.median(times["owner"])
        print(f"{name}: {spread(times['default'])}")
        print(f"  without row security: {spread(times['owner'])}; ratio {ratio:.2f}")


def pages() -> None:
    """Open an officer's pages."""
    from django.test import Client

    from redress.registers.accounts.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="officer"))
    for path in PAGES:
        client.get(path)
        taken = [milliseconds(lambda path=path: client.get(path)) for _ in range(ROUNDS)]
        print(f"page {path}: {spread(taken)}")


def main() -> None:
    """Measure and print."""
    django.setup()
    from redress.config.database import reachable
    from redress.config.environment import read_environment
    from redress.config.prepare import prepare

    with reachable(read_environment()):
        prepare(read_environment(), say=lambda _words: None)
        fill()
        compare()
        pages()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ |= {"REDRESS_HOME": folder, "DJANGO_SETTINGS_MODULE": "redress.config.settings"}
        os.environ.pop("DATABASE_URL", None)
        main()
