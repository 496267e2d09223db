from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Keep what is compiled between the tests of this file."""
    kept = os.environ.get("REDRESS_HOME")
    os.environ["REDRESS_HOME"] = str(tmp_path_factory.mktemp("home"))
    yield Path(os.environ["REDRESS_HOME"])
    os.environ.pop("REDRESS_HOME") if kept is None else os.environ.update(REDRESS_HOME=kept)
