from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from redress.config.command import _parser
from redress.doors.commands.found import run
from redress.registers.accounts.models import User
from redress.registers.accounts.roles import Role
from redress.registers.ledger.models import Account
from redress.registers.offices.models import Body, Office, Tenure
from redress.registers.offices.scope import WHOLE, within

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "founding-example.yaml"


@pytest.fixture
def found(db, capsys):
    def do(path, *words: str):
        code = run(_parser().parse_args(["found", str(path), *words]))
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err

    return do


def test_the_example_founds_an_installation_its_administrator_can_sign_in_to(found):
    code, said, _ = found(EXAMPLE)

    username, password = said[-1].split()
    client = Client()
    signed = client.post("/account/login/", {"login": username, "password": password})
    assert (code, said[:3]) == (0, ["offices 4", "bodies 1", "funds 1"])
    assert signed.url == "/desk/"
    assert User.objects.get().posts.get().role == Role.ADMINISTRATOR
    assert Office.objects.get(path="ir.ex.a.").name_zh == "第一县"
    assert {one.function for one in Tenure.objects.all()} == {"manager", "deputy"}
    with within(WHOLE):
        assert Account.objects.get(kind="fund").balance_minor == 500_000_000


def test_founding_twice_changes_nothing_and_shows_no_password(found):
    found(EXAMPLE)

    code, said, _ = found(EXAMPLE)

    assert (code, said) == (0, ["offices 4", "bodies 1", "funds 1"])
    assert (Body.objects.count(), Tenure.objects.count()) == (1, 2)
    with within(WHOLE):
        assert Account.objects.get(kind="fund").balance_minor == 500_000_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("offices: [{path: IR, kind: nation, en: a, fa: a, zh: a}]", "offices.path (1)"),
        ("offices: [{path: ir., kind: planet, en: a, fa: a, zh: a}]", "offices.kind (1)"),
        ("offices: [{path: ir., kind: nation, en: a, fa: a}]", "offices.zh (1)"),
        ("bodies: [{kind: ministry, path: ir., en: a, fa: a, zh: a}]", "bodies.kind (1)"),
        (
            "bodies: [{kind: bank, path: ir., en: a, fa: a, zh: a, answer_limit: 0}]",
            "bodies.answer_limit",
        ),
        ("funds: [{path: ir., name: a, currency: XXX}]", "funds.currency (1)"),
        ("administrator: {username: 'a b', full_name: a, office: ir.}", "administrator.office (1)"),
        ("offices: {a: b}", "offices"),
        ("{{{", "it is not YAML"),
    ],
)
def test_a_file_with_a_fault_founds_nothing_and_says_where(found, tmp_path, text, said):
    path = tmp_path / "f.yaml"
    path.write_text(text)

    code, _, told = found(path)

    assert code == 2
    assert said in told
    assert not Office.objects.exists()
