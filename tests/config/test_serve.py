"""`redress serve` as its users start it: what makes it refuse, and what a kill -9 leaves."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import psutil
import pytest

from redress.config.database import owner_address
from redress.config.embedded import Cluster
from redress.config.environment import read_environment
from tests.conftest import open_folder

SECONDS_MAX = 90
REDRESS = str(Path(sys.executable).parent / "redress")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("REDRESS", "DATABASE", "PORT"))
    }
    given = {"REDRESS_HOME": str(home), "PORT": str(free_port()), "REDRESS_DEMONSTRATION": "no"}
    return {**kept, **given, **more}


def start(env: dict[str, str], log: Path) -> subprocess.Popen:
    with log.open("ab") as out:
        return subprocess.Popen([REDRESS, "serve"], env=env, stdout=out, stderr=out)


def fetch(env, path="/healthz", **form):
    data = urllib.parse.urlencode(form).encode() if form else None
    address = f"http://localhost:{env['PORT']}{path}"
    with urllib.request.urlopen(address, data=data, timeout=10) as response:
        return response.read().decode()


def wait_until_healthy(env, process, log: Path | None = None, *, starts: int = 1) -> dict[str, str]:
    """Wait for the answer of the new server: one left over may still answer for a moment."""
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        if log is not None and log.read_text().count("Redress is at") < starts:
            time.sleep(0.2)
            continue
        with contextlib.suppress(OSError, urllib.error.HTTPError):
            return json.loads(fetch(env))
        time.sleep(0.2)
    raise AssertionError("it did not come up")


@pytest.fixture(scope="module")
def home():
    with open_folder() as made:
        yield made


@pytest.fixture
def running(home):
    env = environment(home)
    process = start(env, home / "log")
    assert wait_until_healthy(env, process) == {"database": "up", "worker": "up"}
    yield env, process
    for child in _family(process):
        child.kill()


def _family(process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(process.pid)
        return [parent, *parent.children(recursive=True)]
    return []


def left_over(home: Path) -> list[str]:
    """Name the processes that still work on a data folder."""
    return [
        " ".join(one.info["cmdline"])
        for one in psutil.process_iter(["cmdline"])
        if any(str(home) in word for word in one.info["cmdline"] or [])
    ]


def refusal(env) -> tuple[int, str]:
    done = subprocess.run([REDRESS, "serve"], env=env, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


def test_it_stops_cleanly_on_sigterm_and_leaves_no_process(running):
    _, process = running
    family = _family(process)

    process.terminate()

    assert process.wait(40) == 0
    _gone, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


def a_county(home: Path) -> None:
    script = (
        "import django; django.setup();"
        "from redress.registers.offices.models import Office;"
        "Office.objects.get_or_create(path='ir.sp.nk.', kind='county',"
        " name_en='Nilkuh', name_fa='نیلکوه', name_zh='尼尔库')"
    )
    env = {
        **os.environ,
        "REDRESS_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "redress.config.settings",
    }
    subprocess.run([sys.executable, "-c", script], env=env, check=True, timeout=60)


def test_after_kill_9_of_everything_the_next_start_has_all_that_was_acknowledged(running, home):
    env, process = running
    a_county(home)
    page = fetch(env, "/demands/new", text="Three months unpaid.", county="ir.sp.nk.")
    code = page.split('name="code" value="')[1].split('"')[0]
    for one in _family(process):
        one.send_signal(signal.SIGKILL)
    process.wait()

    starts = (home / "log").read_text().count("Redress is at") + 1
    again = start(env, home / "log")
    wait_until_healthy(env, again, home / "log", starts=starts)

    assert "Three months unpaid." in fetch(env, "/receipt", code=code)
    again.terminate()
    assert again.wait(40) == 0


def test_when_only_the_supervisor_is_killed_the_next_start_takes_over(running, home):
    env, process = running
    process.kill()
    process.wait()

    starts = (home / "log").read_text().count("Redress is at") + 1
    again = start(env, home / "log")
    wait_until_healthy(env, again, home / "log", starts=starts)

    again.terminate()
    assert again.wait(40) == 0
    assert left_over(home) == []


def test_a_second_one_on_the_same_folder_is_refused(running, home):
    code, said = refusal(environment(home))

    assert code == 2
    assert "already runs" in said
    assert said.count("\n") == 1


def test_a_port_in_use_is_refused(home, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, said = refusal(environment(tmp_path, PORT=str(taken.getsockname()[1])))

    assert code == 2
    assert "PORT" in said
    assert said.count("\n") == 1


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")

    code, said = refusal(environment(tmp_path / "file" / "home"))

    assert code == 2
    assert "REDRESS_HOME" in said
    assert said.count("\n") == 1


def test_an_outside_database_that_does_not_answer_is_refused(tmp_path):
    url = f"postgresql://u:secret@127.0.0.1:{free_port()}/redress"

    code, said = refusal(environment(tmp_path, DATABASE_URL=url))

    assert code == 2
    assert "DATABASE_URL does not answer" in said
    assert "secret" not in said
    assert said.count("\n") == 1


def test_a_database_of_a_newer_schema_is_refused(running, home):
    env, process = running
    script = (
        "import django; django.setup(); from django.db import connections;"
        "connections['owner'].cursor().execute(\"INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('demands', '9999_from_the_future', now())\")"
    )
    settings = {**env, "DJANGO_SETTINGS_MODULE": "redress.config.settings"}
    subprocess.run([sys.executable, "-c", script], env=settings, check=True, timeout=60)
    process.terminate()
    process.wait(40)

    code, said = refusal(env)

    assert code == 2
    assert "newer Redress" in said
    assert said.count("\n") == 1
    undo = script.replace(
        "INSERT INTO django_migrations (app, name, applied)", "DELETE FROM django_migrations"
    )
    undo = undo.replace(
        " VALUES ('demands', '9999_from_the_future', now())", " WHERE name LIKE '9999%'"
    )
    # The next test of this module starts on the same folder.
    _with_database(home, undo)


def _with_database(home: Path, script: str) -> None:
    wrapped = (
        "from redress.config.database import reachable;"
        "from redress.config.environment import read_environment;\n"
        f"with reachable(read_environment()):\n    exec({script!r})"
    )
    env = {**environment(home), "DJANGO_SETTINGS_MODULE": "redress.config.settings"}
    subprocess.run([sys.executable, "-c", wrapped], env=env, check=True, timeout=90)


def test_an_import_beside_a_running_site_leaves_it_running(running, home, tmp_path):
    env, _ = running
    a_county(home)
    (tmp_path / "none.jsonl").write_text('{"text": "x", "county": "nowhere"}')

    done = subprocess.run(
        [REDRESS, "import", "demands", str(tmp_path / "none.jsonl")],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, "refused 1" in done.stdout) == (0, True)
    assert json.loads(fetch(env)) == {"database": "up", "worker": "up"}


@pytest.fixture
def another_home():
    with open_folder() as made:
        yield made


def test_a_database_whose_keys_are_gone_is_told_apart_from_a_slow_one(another_home):
    home = another_home
    cluster = Cluster(home)
    cluster.start()
    cluster.stop()
    cluster.password_path.unlink()

    code, said = refusal(environment(home))

    assert code == 2
    assert "keys" in said
    assert said.count("\n") == 1


@pytest.fixture
def outside_database():
    """Give the address of an empty database of the tests' own server, and its owner's."""
    owner = owner_address(read_environment())
    with owner.connect() as connection:
        connection.execute("DROP DATABASE IF EXISTS outside WITH (FORCE)")
        connection.execute("CREATE DATABASE outside")
    yield f"postgresql://{owner.user}:{owner.password}@/outside?host={urllib.parse.quote(owner.host)}"
    with owner.connect() as connection:
        connection.execute("DROP DATABASE outside WITH (FORCE)")


def test_another_postgresql_serves_as_well_and_nothing_is_embedded(tmp_path, outside_database):
    env = environment(tmp_path, DATABASE_URL=outside_database)
    process = start(env, tmp_path / "log")

    assert wait_until_healthy(env, process) == {"database": "up", "worker": "up"}
    process.terminate()
    assert process.wait(40) == 0
    assert not (tmp_path / "postgresql").exists()
