"""Two faults that no tool in use finds, and the house's own rules of size."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted(path for path in (ROOT / "redress").rglob("*.py") if "migrations" not in path.parts)
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
MONEY_WORDS = ("money", "minor", "amount", "balance", "sum", "price", "rials", "income", "rent")
CHECKS = ("raises", "check", "expect", "assert")
LINES_MAX = 300


def faults_of_money(source: str) -> list[int]:
    """Find the lines where something named for money is a float, or is divided into one."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AnnAssign) and "float" in ast.unparse(node.annotation):
            found += [node.lineno] if about_money(node.target) else []
        if (
            isinstance(node, ast.arg)
            and node.annotation
            and "float" in ast.unparse(node.annotation)
        ):
            found += [node.lineno] if about_money(node) else []
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "float":
            found += [node.lineno] if any(about_money(argument) for argument in node.args) else []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            found += [node.lineno] if about_money(node) else []
    return found


def about_money(node: ast.AST) -> bool:
    words = ast.unparse(node).lower().replace(".", "_").replace(" ", "_").split("_")
    return any(word in MONEY_WORDS for word in words)


def assertless_tests(source: str) -> list[str]:
    """Name the tests that check nothing: no assert, no pytest.raises, no check_... call."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
            continue
        checks = [
            inner
            for inner in ast.walk(node)
            if isinstance(inner, ast.Assert)
            or (
                isinstance(inner, ast.Call)
                and any(word in ast.unparse(inner.func) for word in CHECKS)
            )
        ]
        if not checks:
            found.append(node.name)
    return found


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_money_is_never_a_float(path):
    assert faults_of_money(path.read_text()) == []


@pytest.mark.parametrize(
    "planted",
    [
        "amount: float = 1.0",
        "def pay(sum_minor: float): ...",
        "float(grant.minor)",
        "half = income_minor / 2",
    ],
)
def test_money_as_a_float_is_found_where_it_is_planted(planted):
    assert faults_of_money(planted) == [1]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_asserts_something(path):
    assert assertless_tests(path.read_text()) == []


def test_a_test_without_assert_is_found_where_it_is_planted():
    assert assertless_tests("def test_nothing():\n    1 + 1") == ["test_nothing"]


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_enough_to_be_read(path):
    assert len(path.read_text().splitlines()) <= LINES_MAX
