"""The supervisor of the embedded database, with the traps it is there for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import psycopg
import pytest

from redress.config.embedded import SOCKET_FOLDER_CHARS_MAX, Cluster
from redress.config.environment import Unfit
from tests.conftest import open_folder


@pytest.fixture
def home():
    with open_folder() as made:
        yield made


@pytest.fixture
def cluster(home):
    made = Cluster(home)
    made.start()
    yield made
    made.stop()


def run(cluster: Cluster, statement: str):
    with psycopg.connect(cluster.address(), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone() if cursor.description else None


def test_a_server_started_as_root_does_not_run_as_root(cluster):
    pid = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])

    assert psutil.Process(pid).uids().effective != 0


def test_the_server_listens_on_no_network_address(cluster):
    assert run(cluster, "SHOW listen_addresses") == ("",)


def test_a_stranger_without_the_password_is_refused(cluster):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"host='{cluster.socket_folder}' user=postgres dbname=postgres")


def test_letters_of_all_three_scripts_fold_as_unicode_says(cluster):
    assert run(cluster, "SELECT lower('ÄSTÉ')") == ("ästé",)


def test_data_are_there_after_a_clean_stop(home):
    first = Cluster(home)
    first.start()
    run(first, "CREATE TABLE kept AS SELECT 7 AS number")
    first.stop()
    again = Cluster(home)
    again.start()

    assert run(again, "SELECT number FROM kept") == (7,)
    again.stop()


def kill_hard(cluster: Cluster) -> None:
    pid = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    psutil.Process(pid).send_signal(signal.SIGKILL)


def test_after_kill_9_the_stale_lock_is_passed_and_nothing_committed_is_lost(home):
    killed = Cluster(home)
    killed.start()
    run(killed, "CREATE TABLE kept AS SELECT 7 AS number")
    kill_hard(killed)
    # Not reaped for a second: until then the lock file names a process that seems alive.
    threading.Timer(1.0, killed._process.wait).start()
    again = Cluster(home)
    again.start()

    assert run(again, "SELECT number FROM kept") == (7,)
    again.stop()
    killed.stop()


def test_a_server_left_running_by_a_killed_supervisor_is_taken_over(home):
    script = (
        "import sys, time; from pathlib import Path; from redress.config.embedded import Cluster;"
        "Cluster(Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(600)"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout.readline() == "up\n"
    supervisor.kill()
    supervisor.wait()
    cluster = Cluster(home)
    assert cluster.is_running()

    cluster.start()

    assert run(cluster, "SELECT 1") == (1,)
    cluster.stop()
    assert not cluster.is_running()


def test_a_half_made_cluster_is_made_anew(home):
    cluster = Cluster(home)
    cluster.folder.mkdir(parents=True)
    cluster.data.mkdir()
    (cluster.data / "half").write_text("killed during initdb")

    cluster.start()

    assert cluster.is_running()
    cluster.stop()


def test_a_slow_machine_is_waited_for(home, monkeypatch):
    asked = iter([False] * 30)
    really = Cluster.is_running
    monkeypatch.setattr(Cluster, "is_running", lambda self: next(asked, True) and really(self))
    cluster = Cluster(home)

    began = time.monotonic()
    cluster.start()

    assert time.monotonic() - began > 30 * 0.05
    cluster.stop()


def test_a_server_that_never_answers_is_given_up_with_the_name_of_its_log(home, monkeypatch):
    monkeypatch.setattr(Cluster, "is_running", lambda self: False)
    monkeypatch.setattr("redress.config.embedded.START_SECONDS_MAX", 0.5)

    with pytest.raises(Unfit, match=r"postgresql\.log"):
        Cluster(home).start()


def test_data_of_another_postgresql_are_refused(cluster):
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(Unfit, match="PostgreSQL 14"):
        cluster.start()


def test_a_deep_folder_gets_a_socket_with_a_short_path(home):
    deep = home / ("d" * 80)
    deep.mkdir()
    cluster = Cluster(deep)

    assert len(str(cluster.socket_folder)) <= SOCKET_FOLDER_CHARS_MAX
    cluster.start()
    assert cluster.is_running()
    cluster.stop()
    assert os.path.isdir(cluster.socket_folder)  # noqa: PTH112


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the database to another user")
def test_a_database_stays_where_it_is_when_its_folder_is_closed_later(cluster, home):
    before = cluster.folder
    home.chmod(0o700)

    assert Cluster(home).folder == before
