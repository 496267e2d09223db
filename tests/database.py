"""A PostgreSQL of the tests' own: one server a run, one database a process, copied from a template."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

TEMPLATE = "redress"
_clusters: list = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Start the server before Django reads its settings; processes of xdist share the first's."""
    if "REDRESS_TEST_HOME" not in os.environ:
        home = Path(tempfile.mkdtemp(prefix="redress-test-"))
        home.chmod(0o711)
        os.environ |= {
            "REDRESS_TEST_HOME": str(home),
            "REDRESS_HOME": str(home),
            "REDRESS_DEMONSTRATION": "no",
            "DJANGO_SETTINGS_MODULE": "redress.config.settings",
        }
        os.environ.pop("DATABASE_URL", None)
        from redress.config.database import make_roles_and_database
        from redress.config.embedded import Cluster
        from redress.config.environment import read_environment

        # Nothing of a test need survive a power cut.
        quick = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        cluster = Cluster(home, tuning={**quick, "max_connections": "100"})
        cluster.start()
        make_roles_and_database(cluster, read_environment())
        _clusters.append(cluster)
        atexit.register(_stop, home)
    return (yield)


def _stop(home: Path) -> None:
    for cluster in _clusters:
        cluster.stop()
    shutil.rmtree(home, ignore_errors=True)


def _superuser() -> psycopg.Connection:
    from redress.config.embedded import Cluster

    cluster = Cluster(Path(os.environ["REDRESS_HOME"]))
    return psycopg.connect(cluster.address(), autocommit=True)


def _make_template() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from redress.config.database import migrate
    from redress.config.environment import read_environment
    from redress.registers.limits.install import install_data

    done = Path(os.environ["REDRESS_HOME"]) / "template-done"
    with (done.parent / "template-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            migrate(read_environment())
            install_data()
            call_command("collectstatic", verbosity=0, interactive=False)
            _close_all(connections)
            done.touch()
    assert settings.DATABASES["default"]["NAME"] == TEMPLATE


def _close_all(connections) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
    connections["default"].close_pool()


def use_fresh_database(name: str) -> None:
    """Copy the template, and let both of Django's connections lead to the copy."""
    from django.db import connections

    _close_all(connections)
    with _superuser() as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        server.execute(drop)
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER redress_owner").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )
    for alias in ("default", "owner"):
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """Give this process a database of its own (takes the place of pytest-django's)."""
    with django_db_blocker.unblock():
        _make_template()
        use_fresh_database(_own_name())
    yield
    from django.db import connections

    with django_db_blocker.unblock():
        _close_all(connections)


def _own_name() -> str:
    return f"redress_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture
def committed(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Work on a database where commits are real; it is thrown away afterwards."""
    with django_db_blocker.unblock():
        use_fresh_database(f"{_own_name()}_committed")
        yield
        use_fresh_database(_own_name())


def pytest_configure() -> None:
    """Hash passwords quickly: a cast of ten is made for every test."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
