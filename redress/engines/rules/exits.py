"""The exits of a pack, and the facts of a file's end that they know without a declaration."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Final

from redress.engines.rules.inputs import read_inputs
from redress.engines.rules.loading import Loader
from redress.engines.rules.nodes import Base, Name, Scope
from redress.engines.rules.pack import Input, Rule
from redress.engines.rules.reading import Mapping, read_yaml
from redress.engines.rules.sections import names_in, read_rules

_WORDS: Final = "words/exit_facts.yaml"


@cache
def _known() -> Mapping:
    return read_yaml(resources.files("redress.engines.rules").joinpath(_WORDS).read_text("utf-8"))


def read_exit_facts(loader: Loader, raw: Mapping) -> tuple[Input, ...]:
    """Give the facts of a file's end that an exit names and the pack does not declare; warn of each."""
    declared = {
        *(
            name
            for part in ("inputs", "members", "parameters")
            for name in raw.mapping(part).fields
        ),
        *(row.text("name") or row.text("id") for row in raw.rows("derived")),
    }
    named: dict[str, int] = {}
    for row in raw.rows("exit"):
        for name in names_in(row, "when"):
            named.setdefault(name, row.lines["when"])
    known = _known()
    wanted = [name for name in known.fields if name in named and name not in declared]
    part = Mapping(
        0, {name: known.fields[name] for name in wanted}, {name: named[name] for name in wanted}
    )
    found = read_inputs(loader, part, of_member=False, where="exit")
    for one in found:
        loader.warn(
            "exit_fact_taken", named[one.name], f"exit.{one.name}", said=one.name, better=_kind(one)
        )
    return tuple(replace(one, line=named[one.name]) for one in found)


def _kind(one: Input) -> str:
    return "list of money" if one.base is Base.LIST else one.base.value


def read_exits(
    loader: Loader, raw: Mapping, scope: Scope, facts: dict[str, Name]
) -> tuple[Rule, ...]:
    """Read the exits; only they know ``facts``."""
    inside = replace(scope, names={**scope.names, **facts})
    return read_rules(loader, raw.rows("exit"), inside, "exit")
