"""A pack's own worked cases, decided and compared with what the pack says must come out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from redress.engines.rules.decide import Decider
from redress.engines.rules.decision import Decision
from redress.engines.rules.facts import read_case
from redress.engines.rules.findings import CaseRefused, Finding
from redress.engines.rules.naming import unknown_names
from redress.engines.rules.pack import Pack, WorkedCase
from redress.engines.rules.telling import as_json

_TOLD: Final = frozenset({
    *("category", "granted", "reasons", "exit", "needs", "exit_needs", "log", "derived", "refused"),
    *("approval", "funds", "priority"),
})


def check_cases(pack: Pack) -> list[Finding]:
    """Decide every worked case; tell where something else comes out."""
    decider = Decider(pack, traced=False)
    return [finding for case in pack.cases for finding in _check(decider, case)]


def _check(decider: Decider, worked: WorkedCase) -> Iterator[Finding]:
    where = f"cases.{worked.id}"
    strange = [*unknown_names(decider.pack, worked.facts), *(set(worked.expect) - _TOLD)]
    strange = [name for name in strange if not name.startswith("d.")]
    if strange:
        yield Finding("unknown_name", worked.line, where, ", ".join(strange))
        return
    try:
        decision = decide_worked(decider, worked)
    except CaseRefused as refused:
        yield Finding(
            refused.code, worked.line, where, refused.said or refused.fact, refused.better
        )
        return
    for name, said, got in differences(decision, worked):
        better = f"{name}: {got}"
        yield Finding("case_differs", worked.line, where, f"{name}: {said}"[:80], better[:200])


def decide_worked(decider: Decider, worked: WorkedCase) -> Decision:
    """Decide a worked case on its day."""
    case = read_case(
        decider.pack, worked.facts, members=worked.facts.get("members"), case_id=worked.id
    )
    return decider.decide(case, on=worked.on)


def differences(decision: Decision, worked: WorkedCase) -> Iterator[tuple[str, Any, Any]]:
    """Yield what was expected otherwise: its name, what was expected, what came out."""
    told = as_json(decision)
    for name, said in worked.expect.items():
        if name.startswith("d."):
            got, name = told["derived"].get(name[2:]), name[2:]
        elif name == "derived":
            got = {key: told["derived"].get(key) for key in said}
        else:
            got = told.get(name)
        if not _alike(said, got):
            yield name, said, got


def _alike(said: Any, got: Any) -> bool:  # noqa: ANN401 - JSON
    if isinstance(said, dict) and isinstance(got, dict):
        return said.keys() == got.keys() and all(_alike(said[key], got[key]) for key in said)
    if isinstance(said, list) and isinstance(got, list | tuple):
        return len(said) == len(got) and all(map(_alike, said, got))
    if isinstance(said, bool) or said is None or isinstance(got, bool):
        return said is got
    try:
        return Decimal(str(said)) == Decimal(str(got))
    except InvalidOperation:
        return bool(said == got)
