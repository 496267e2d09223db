"""The catalogues are complete, and every template loads in every language."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import get_template

from redress.demands import states
from redress.doors.look.words import WORDS
from redress.registers.accounts.roles import Role
from redress.registers.journal.steps import STEPS
from redress.registers.registry import kinds
from redress.relief import states as relief
from tests.flows.test_every_step_is_journalled import load_all_rooms

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in (ROOT / "redress").rglob("templates/**/*.html"))


def test_no_message_is_missing_unused_or_untranslated_in_any_language():
    done = subprocess.run(
        [sys.executable, "tools/catalogues.py", "check"], cwd=ROOT, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_loads(path):
    name = path.as_posix().split("/templates/")[1]

    assert get_template(name)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("state", states.State),
        ("urgency", states.Urgency),
        ("close_kind", states.CloseKind),
        ("said", states.Said),
        ("channel", states.Channel),
        ("language", states.Language),
        ("role", Role),
        ("grant_state", relief.GrantState),
        ("cause", relief.Cause),
        ("need", relief.Need),
        ("exit_kind", relief.ExitKind),
        ("relation", kinds.Relation),
        ("sex", kinds.Sex),
        ("fact", kinds.FactName),
        ("fact_source", kinds.FactSource),
    ],
)
def test_every_code_has_its_words(kind, codes):
    assert set(WORDS[kind]) == {code.value for code in codes}


def test_every_deed_has_its_words():
    load_all_rooms()

    assert set(STEPS) <= set(WORDS["deed"])


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

    assert True, "the command exits when a migration is missing"
