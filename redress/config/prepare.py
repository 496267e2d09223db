"""Bring a reachable database to where the web server can start."""

from __future__ import annotations

from collections.abc import Callable

from django.core.management import call_command
from django.db import connections

from redress.config.database import migrate
from redress.config.environment import Environment
from redress.demonstration.load import load_demonstration_once
from redress.registers.limits.install import install_data


def prepare(environment: Environment, *, say: Callable[[str], None]) -> None:
    """Migrate, install the data every installation has, and on the first start the demonstration."""
    migrate(environment)
    install_data()
    call_command("collectstatic", verbosity=0, interactive=False)
    if environment.demonstration:
        load_demonstration_once(say=say)
    # The children open connections of their own.
    connections["default"].close()
    connections["default"].close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend
