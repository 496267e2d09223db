"""`redress explain PACK CASE`: decisions with their reasons, in words or as JSON."""

from __future__ import annotations

import argparse
import datetime as dt
import difflib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from redress.doors.commands.pack_files import (
    BAD_INPUT,
    Unfitting,
    checked_pack,
    complain,
    complaint,
    fault,
    input_of,
)
from redress.engines.rules.decide import Decider
from redress.engines.rules.decision import Decision
from redress.engines.rules.facts import Case, read_case, read_day
from redress.engines.rules.findings import CaseRefused, Finding
from redress.engines.rules.lines import LineReader
from redress.engines.rules.naming import known_names, unknown_names
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Pack
from redress.engines.rules.qualify import Change, change_json, would_qualify
from redress.engines.rules.sentences import Speaker
from redress.engines.rules.telling import as_json, trace_json, value_json
from redress.formats.cases import OBJECT_BYTES_MAX, GivenCase, NotCases, read_text

CASES_MAX: Final = 100_000


def run(chosen: argparse.Namespace) -> int:
    """Decide each case and tell why; nothing is written if any case is bad."""
    language = chosen.lang
    try:
        pack = checked_pack(Path(chosen.pack), language)
        where, text = _text_of(chosen.case, language)
        given = _cases(where, text, language)
        on = day_of(chosen.on, "--on", language) if chosen.on else None
        explainer = _Explainer(pack, language, as_json=chosen.json)
        explainer.qualifies = chosen.qualify or len(given) == 1
        told = [explainer.explain(where, one, on) for one in given]
        if explainer.bad:
            return BAD_INPUT
    except Unfitting:
        return BAD_INPUT
    sys.stdout.write("".join(told))
    return 0


def day_of(said: str, where: str, language: str) -> dt.date:
    """Read a day of the command line or a case.

    Raises:
        Unfitting: it is none.
    """
    try:
        return read_day(said, where)
    except CaseRefused as refused:
        raise Unfitting(complaint(where, refused, language)) from None


def _text_of(case: str, language: str) -> tuple[str, bytes]:
    if case.lstrip().startswith(("{", "[")):
        return "CASE", case.encode("utf-8", "surrogateescape")
    if case == "-":
        return "-", input_of(language).read(OBJECT_BYTES_MAX + 1)
    path = Path(case)
    try:
        if path.stat().st_size > OBJECT_BYTES_MAX:
            raise Unfitting(
                fault(case, "file_too_large", language, better=f"{OBJECT_BYTES_MAX >> 20} MB")
            )
        return case, path.read_bytes()
    except (OSError, ValueError):
        raise Unfitting(fault(case, "file_not_found", language)) from None


def _cases(where: str, text: bytes, language: str) -> list[GivenCase]:
    try:
        given = read_text(text)
    except NotCases as bad:
        place = f"{where}: {bad.line}"
        raise Unfitting(
            fault(place, bad.code, language, said=bad.said, better=bad.better)
        ) from None
    if len(given) > CASES_MAX:
        raise Unfitting(fault(where, "too_many_cases", language, better=str(CASES_MAX)))
    return given


def tell_strange_names(pack: Pack, names: Iterable[str], where: str, language: str) -> bool:
    """Tell of facts given that the pack does not ask for; True if one looks like a misspelling."""
    asked = known_names(pack)
    bad = False
    for name in names:
        near = _near(name, asked)
        code = "unknown_fact" if near else "ignored_fact"
        complain(f"{where}: {name}", Finding(code, 0, "", name, near), language)
        bad |= bool(near)
    return bad


def _near(name: str, asked: list[str]) -> str:
    """Find the name that a misspelling may stand for; a member's among those of members."""
    inside, _, bare = name.rpartition(".")
    kin = {one.rpartition(".")[2]: one for one in asked if one.rpartition(".")[0] == inside}
    near = difflib.get_close_matches(bare, kin, n=1, cutoff=0.85)
    return kin[near[0]] if near else ""


@dataclass(slots=True)
class _Explainer:
    pack: Pack
    language: str
    as_json: bool
    qualifies: bool = False
    bad: bool = False
    _made: tuple[Decider, Decider, LineReader, Speaker] | None = None
    _strange: frozenset[str] = frozenset()

    def explain(self, where: str, given: GivenCase, on: dt.date | None) -> str:
        """Decide one case; what is wrong with it goes to standard error."""
        place = f"{where}: {given.line}"
        strange = set(unknown_names(self.pack, given.facts)) - self._strange
        self._strange |= strange
        self.bad |= tell_strange_names(self.pack, sorted(strange), place, self.language)
        day = on or (
            day_of(given.on, f"{place}: on", self.language)
            if given.on.strip()
            else dt.datetime.now().astimezone().date()
        )
        try:
            case = read_case(self.pack, given.facts, members=given.members, case_id=given.id)
            decision = self._parts()[0].decide(case, on=day)
        except CaseRefused as refused:
            complain(f"{place}: {refused.fact}", refused, self.language)
            self.bad = True
            return ""
        changes = self._changes(case, decision) if self.qualifies else []
        return self._json(decision, changes) if self.as_json else self._words(decision, changes)

    def _parts(self) -> tuple[Decider, Decider, LineReader, Speaker]:
        if self._made is None:
            quick = Decider(self.pack, traced=False)
            speaker = Speaker(self.pack, self.language)
            self._made = (Decider(self.pack), quick, LineReader(self.pack), speaker)
        return self._made

    def _changes(self, case: Case, decision: Decision) -> list[Change]:
        _, quick, reader, _ = self._parts()
        return would_qualify(quick, case, decision, reader)

    def _json(self, decision: Decision, changes: list[Change]) -> str:
        told = as_json(decision)
        told["sentences"] = self._parts()[3].tell(decision)
        told["lines"] = [
            {
                "at": line.where,
                "test": line.node.text,
                "left": value_json(line.left, line.node.args[0].base, self.pack),
                "right": value_json(line.right, line.node.args[1].base, self.pack),
                "distance": value_json(
                    line.distance, _distance_base(line.node.args[0].base), self.pack
                ),
                "holds": line.holds,
            }
            for line in self._parts()[2].all_lines(decision)
        ]
        if self.qualifies:
            told["would_qualify"] = [change_json(one, self.pack) for one in changes]
        told["trace"] = trace_json(decision)
        return json.dumps(told, ensure_ascii=False) + "\n"

    def _words(self, decision: Decision, changes: list[Change]) -> str:
        speaker = self._parts()[3]
        lines = [f"{decision.id} · {self.pack.id} {self.pack.version} · {decision.on.isoformat()}"]
        lines += speaker.tell(decision)
        for told, distance in speaker.distances(decision):
            lines.append(f"  {told} ({distance})")
        lines += [speaker.would(one.fact, one.of, one.to, one.gains) for one in changes]
        return "\n".join(dict.fromkeys(lines)) + "\n\n"


def _distance_base(base: Base) -> Base:
    return base if base is Base.MONEY else Base.NUMBER
