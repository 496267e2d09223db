"""The documents name every command and every address, and every table that holds people's matters."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver

from redress.config.command import _parser
from tests.registers.test_scope import OPEN_TABLES, tables

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def commands(parser: argparse.ArgumentParser, before: str = "redress") -> list[str]:
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                found += commands(inner, f"{before} {name}") or [f"{before} {name}"]
    return found


def addresses() -> list[str]:
    found = []

    def walk(patterns, before):
        for pattern in patterns:
            here = before + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                found.append(
                    "/" + re.sub(r"\^|\$|\\Z|\(\?P<\w+>([^)]*)\)", lambda m: m[1] or "", here)
                )
            else:
                walk(pattern.url_patterns, here)

    walk(get_resolver().url_patterns, "")
    return found


@pytest.mark.parametrize("command", commands(_parser()))
def test_every_command_is_in_the_docs(command):
    assert f"`{command}" in (DOCS / "commands.md").read_text()


@pytest.mark.parametrize("command", commands(_parser()))
def test_every_command_shows_an_example_in_its_help(command, capsys):
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args([*command.split()[1:], "--help"])

    assert ended.value.code == 0
    assert "Example: " in capsys.readouterr().out


@pytest.mark.parametrize("address", addresses())
def test_every_address_is_in_the_docs(address):
    assert f"`{address}`" in (DOCS / "addresses.md").read_text()


@pytest.mark.django_db
def test_every_table_of_peoples_matters_is_in_the_privacy_page():
    page = (DOCS / "privacy-places.md").read_text()

    assert [
        table for table in sorted(tables() - OPEN_TABLES.keys()) if f"`{table}`" not in page
    ] == []


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", *(p.name for p in DOCS.glob("*.md"))]
)
def test_every_link_within_the_project_leads_somewhere(name):
    page = ROOT / name if (ROOT / name).exists() else DOCS / name

    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []
