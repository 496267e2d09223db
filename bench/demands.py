"""A million demands: import, lists and search under load, filing, a changed limit, the ladder's pass.

Peer: django-helpdesk's ticket list and search over the same texts, in the same PostgreSQL, behind the
same web server with the same number of workers, asked by the same clients in the same run.
Usage: python bench/demands.py [DEMANDS]
"""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

DEMANDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
COUNTIES = 100
CLIENTS = 4
ROUNDS = 60  # a client and page
READING_SECONDS = 0.5
ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv" / "peer" / "bin" / "python"
WORDS = ("حقوق", "بیمه", "拖欠工资", "overtime", "نساجی", "contract")
PAGES = {
    "an officer's first page": "/desk/",
    "the list of a county": "/desk/demands",
    "what is overdue": "/desk/demands?due=overdue",
    "page 20": "/desk/demands?page=20",
    "a topic": "/desk/demands?topic=pay.arrears",
}


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def spread(times: list[float]) -> str:
    """Write median and 95th percentile, in milliseconds."""
    cuts = statistics.quantiles(times, n=20)
    return f"p50 {statistics.median(times) * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms"


def ask(port: int, path: str, *, cookie: str = "", form: dict[str, str] | None = None) -> float:
    """Ask for one page on a connection of its own; give the seconds it took.

    Raises:
        AssertionError: it is not the page.
    """
    # A client of its own address each time, as workers' phones have.
    source = f"127.{random.randint(1, 250)}.{random.randint(1, 250)}.{random.randint(2, 250)}"
    began = time.perf_counter()
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
    headers = {"Host": f"localhost:{port}", **({"Cookie": cookie} if cookie else {})}
    body = None
    if form is not None:
        body = urllib.parse.urlencode(form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    link.request("POST" if form is not None else "GET", path, body, headers)
    answer = link.getresponse()
    answer.read()
    link.close()
    assert answer.status in {200, 201}, (path, answer.status)
    return time.perf_counter() - began


def at_once(do: Callable[[int], float], *, rounds: int = ROUNDS, pause: float = 0) -> list[float]:
    """Let ``CLIENTS`` clients do something, each some rounds, and gather the seconds.

    Args:
        do: one thing; gives the seconds it took.
        rounds: of each client.
        pause: seconds that a client reads before the next, half of them to half more by chance; none
            keeps the server always busy with all of them.
    """
    taken: list[float] = []

    def work(client: int) -> None:
        for number in range(rounds):
            taken.append(do(client * rounds + number))
            time.sleep(pause * random.uniform(0.5, 1.5))

    threads = [threading.Thread(target=work, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def quoted(path: str) -> str:
    """Write an address with other letters than ASCII as a browser sends it."""
    return urllib.parse.quote(path, safe="/?=&")


@contextlib.contextmanager
def serving(home: str, port: int) -> Iterator[None]:
    """Run Redress as `redress serve` does."""
    env = {**os.environ, "REDRESS_HOME": home, "PORT": str(port), "REDRESS_DEMONSTRATION": "no"}
    command = [str(ROOT / ".venv" / "bin" / "redress"), "serve"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        while True:
            with contextlib.suppress(OSError, AssertionError):
                ask(port, "/healthz")
                break
            time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait(60)


def main() -> None:
    """Measure and print."""
    import django

    home, port = os.environ["REDRESS_HOME"], free_port()
    with serving(home, port):
        django.setup()
        from bench.peers import million

        million.found(COUNTIES)
        imported = million.take_in(DEMANDS, folder=home)
        print(f"import: {DEMANDS:,} demands, {imported:,.0f} a second")
        million.spread_out()
        cookie = million.sign_in()
        pages(port, cookie)
        peers(home, port)
        filing(port)
        changed_limit(port, cookie)
        ladder(port, cookie)


def pages(port: int, cookie: str) -> None:
    """Open an officer's pages, four at once."""
    for what, path in PAGES.items():
        ask(port, path, cookie=cookie)
        tell(what, lambda _number, path=path: ask(port, path, cookie=cookie))
    found = [quoted(f"/desk/demands?words={word}") for word in WORDS]
    tell("search by a word", lambda number: ask(port, found[number % len(found)], cookie=cookie))


def tell(what: str, do: Callable[[int], float]) -> None:
    """Print what something takes four people who read between, and four who never pause."""
    reading = at_once(do, rounds=ROUNDS // 2, pause=READING_SECONDS)
    print(f"{what}: {spread(reading)}; without a pause {spread(at_once(do))}", flush=True)


def filing(port: int) -> None:
    """File demands as workers do, four at once, each with its receipt."""

    def file(number: int) -> float:
        text = f"Pay us the wages of month {number}, we have waited long enough."
        return ask(port, "/demands/new", form={"text": text, "county": "ir.p1.c01."})

    tell("filing with its receipt", file)


def changed_limit(port: int, cookie: str) -> None:
    """Change a limit of the whole nation, and see that the lists say so."""
    from bench.peers import million

    before = million.overdue()
    began = time.perf_counter()
    million.change_limit(days=400)
    worked_out = time.perf_counter() - began
    after = million.overdue()
    told = time.perf_counter() - began
    page = ask(port, "/desk/demands?due=overdue", cookie=cookie)
    print(
        f"a changed limit: {worked_out:.2f} s until every deadline is right; all overdue of the nation"
        f" counted ({before:,} before, {after:,} now) {told:.2f} s; an officer's list {page:.3f} s"
    )


def ladder(port: int, cookie: str) -> None:
    """Climb the ladder over all demands, while officers work."""
    from bench.peers import million

    done = threading.Event()
    taken: list[float] = []

    def work() -> None:
        while not done.is_set():
            taken.append(ask(port, "/desk/demands?due=overdue", cookie=cookie))

    threads = [threading.Thread(target=work) for _client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    began = time.perf_counter()
    sent = million.climb()
    seconds = time.perf_counter() - began
    done.set()
    for thread in threads:
        thread.join()
    print(f"the ladder's first pass: {sum(sent.values()):,} notices in {seconds:.0f} s")
    print(f"  an officer's list meanwhile: {spread(taken)}")
    began = time.perf_counter()
    again = sum(million.climb().values())
    print(f"  the next pass: {again} notices in {time.perf_counter() - began:.1f} s")


def peers(home: str, port: int) -> None:
    """Open django-helpdesk's list and search over the same texts."""
    from bench.peers import million

    address = million.peer_database(home)
    env = {**os.environ, "HELPDESK_DATABASE": address, "DJANGO_SETTINGS_MODULE": "helpdesk_site"}
    folder = ROOT / "bench" / "peers"
    run = [str(PEER), str(folder / "helpdesk_fill.py")]
    session = subprocess.run(
        run, env=env, cwd=folder, check=True, stdout=subprocess.PIPE, text=True
    )
    cookie = f"sessionid={session.stdout.split()[-1]}"
    other = free_port()
    serve = [
        *(str(PEER), "-m", "gunicorn", "helpdesk_site:application", "--workers", "2"),
        *("--worker-class", "gthread", "--threads", "8", "--bind", f"127.0.0.1:{other}"),
    ]
    server = subprocess.Popen(serve, env=env, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        time.sleep(8)
        queries = million.peer_queries(WORDS)
        ask(other, queries["list"][0], cookie=cookie)
        taken = at_once(lambda _number: ask(other, queries["list"][0], cookie=cookie), rounds=8)
        print(f"peer, django-helpdesk, ticket list: {spread(taken)}")
        searched = queries["search"]
        taken = at_once(
            lambda number: ask(other, searched[number % len(searched)], cookie=cookie), rounds=4
        )
        print(f"peer, django-helpdesk, search by a word: {spread(taken)}")
    finally:
        server.terminate()
        server.wait(30)
    del port


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ |= {"REDRESS_HOME": folder, "DJANGO_SETTINGS_MODULE": "redress.config.settings"}
        os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(ROOT))
        print(f"{DEMANDS:,} demands, {COUNTIES} counties, {dt.date.today().isoformat()}")
        main()
