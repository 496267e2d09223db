from __future__ import annotations

import os
from pathlib import Path

import pytest

from redress.config.environment import Unfit, open_home, read_environment


def test_without_any_variable_the_defaults_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    read = read_environment({})

    assert (read.port, read.home, read.database_url) == (8000, tmp_path / "var", None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "۸۰۰۰"),
        ("DATABASE_URL", "mysql://somewhere/redress"),
        ("DATABASE_URL", "postgresql://somewhere"),
        ("DATABASE_URL", "not an address"),
        ("REDRESS_HTTPS", "true"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_the_name_of_its_variable(name, value):
    with pytest.raises(Unfit, match=name):
        read_environment({name: value})


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unfit, match="REDRESS_HOME"):
        open_home(tmp_path / "file" / "home")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    tmp_path.chmod(0o500)

    with pytest.raises(Unfit, match=str(tmp_path)):
        open_home(Path(tmp_path))
