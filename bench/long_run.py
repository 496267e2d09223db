"""A long game of the whole cast: every action is checked against a second, plain account of the rules.

No peer: theirs keep no such rules to check. One process a core, each with a PostgreSQL of its own.
Usage: python bench/long_run.py [ACTIONS]
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ACTIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
CHUNK = 4_000  # actions between two lines of progress
ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def own_database() -> Iterator[None]:
    """Start a PostgreSQL with Redress's tables, for this process alone."""
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        os.environ |= {
            "REDRESS_HOME": folder,
            "REDRESS_DEMONSTRATION": "no",
            "DJANGO_SETTINGS_MODULE": "redress.config.settings",
        }
        os.environ.pop("DATABASE_URL", None)
        from redress.config.database import make_roles_and_database, migrate
        from redress.config.embedded import Cluster
        from redress.config.environment import read_environment

        # Nothing of a game need survive a power cut.
        quick = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        cluster = Cluster(home, tuning=quick)
        cluster.start()
        try:
            make_roles_and_database(cluster, read_environment())
            import django

            django.setup()  # the migrations are Django's
            migrate(read_environment())
            yield
        finally:
            cluster.stop()


def play_share(
    seed: int, actions: int, told: multiprocessing.Queue[tuple[int, Counter[str]]]
) -> None:
    """Play one process's share, and tell after each chunk what was done."""
    sys.path.insert(0, str(ROOT))
    with own_database():
        from django.conf import settings

        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        from redress.registers.limits.install import install_data
        from tests.flows.playing import play

        install_data()
        for chunk, start in enumerate(range(0, actions, CHUNK)):
            played = play(seed * 1_000_000 + chunk, min(CHUNK, actions - start))
            told.put((played.actions, played.done))


def main() -> None:
    """Play, and print what came of it.

    Raises:
        SystemExit: a process found something that is not as it should be; it has said what.
    """
    processes = os.cpu_count() or 1
    told: multiprocessing.Queue[tuple[int, Counter[str]]] = multiprocessing.Queue()
    players = [
        multiprocessing.Process(target=play_share, args=(seed, ACTIONS // processes, told))
        for seed in range(1, processes + 1)
    ]
    began = time.monotonic()
    for player in players:
        player.start()
    actions, done = 0, Counter[str]()
    while any(player.is_alive() for player in players) or not told.empty():
        with contextlib.suppress(queue.Empty):
            many, came = told.get(timeout=5)
            actions, done = actions + many, done + came
            rate = actions / (time.monotonic() - began)
            print(f"{actions:,} actions, {rate:.0f} a second", flush=True)
    if any(player.exitcode for player in players):
        raise SystemExit(1)
    deeds = sum(many for name, many in done.items() if name.startswith("demand."))
    refused = sum(many for name, many in done.items() if " " in name and name[0].isupper())
    print(f"{actions:,} actions in {(time.monotonic() - began) / 60:.0f} min, no rule broken:")
    print(f"  {deeds:,} deeds done, {refused:,} refused, {done['day']:,} days passed")


if __name__ == "__main__":
    main()
