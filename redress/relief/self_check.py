"""The self-check: ask only what still matters, one fact at a time, keep nothing, and tell the answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from redress.engines.rules.decision import Decision
from redress.engines.rules.facts import Case, read_value
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.pack import Pack
from redress.engines.rules.sentences import named
from redress.relief.asking import AskedFact, NotRead, asked_fact
from redress.relief.schemes import Scheme
from redress.relief.telling import Told, as_money, tell_decision, tell_refused, tell_value
from redress.values.money import Money

SKIPPED: Final = "skip"


@dataclass(frozen=True, slots=True)
class Answered:
    """A question answered so far."""

    name: str
    label: str
    question: str
    given: str
    value: str
    money: Money | None
    is_skipped: bool


@dataclass(frozen=True, slots=True)
class Check:
    """Where a self-check stands.

    Attributes:
        question: what is asked next, or None at the end.
        told: the decision at the end, or None before.
        bring: what proves the facts and is asked for with the relief, at the end.
        left_open: facts passed over that could still change the answer.
    """

    answered: tuple[Answered, ...]
    question: AskedFact | None
    told: Told | None = None
    bring: tuple[str, ...] = ()
    left_open: tuple[str, ...] = ()
    questions_left_max: int = 0


def is_offered(scheme: Scheme) -> bool:
    """Say whether a scheme can be checked so: its rules must not look at single members."""
    return not scheme.pack.has_members


def check_oneself(scheme: Scheme, answers: dict[str, str], *, on: dt.date, language: str) -> Check:
    """Take the answers so far; ask the most decisive fact that still matters, or tell the outcome.

    What the scheme would assume is asked for as well where it could change the outcome; a question
    passed over is taken as the scheme assumes, or stays unknown.

    Args:
        scheme: by which to decide.
        answers: by name, as written; ``skip`` for a question passed over. Others are left aside.
        on: the day to decide for.
        language: ``en``, ``fa`` or ``zh``.

    Raises:
        NotRead: an answer is not of its fact, or the rules have no value for these answers.
    """
    pack = scheme.pack
    given = {one.name: answers[one.name] for one in pack.inputs if answers.get(one.name)}
    facts = _read(scheme, given, language)
    decision = _decided(scheme, _case(pack, given, facts, asks=True), on=on, language=language)
    waiting = [name for name in decision.needs if name not in given and _is_asked(pack, name)]
    answered = tuple(_answered(scheme, name, given[name], facts, language) for name in given)
    if waiting:
        first = _most_settling(scheme, given, facts, waiting, on=on)
        question = asked_fact(scheme, first, language=language)
        return Check(answered, question, questions_left_max=len(waiting))
    final = _decided(scheme, _case(pack, given, facts, asks=False), on=on, language=language)
    return Check(
        answered,
        None,
        told=tell_decision(scheme, final, language=language),
        bring=_to_bring(pack, final, given, language),
        left_open=tuple(_label(pack, name, language) for name in final.needs),
    )


def _read(scheme: Scheme, given: dict[str, str], language: str) -> dict[str, Any]:
    pack, found = scheme.pack, {}
    for one in pack.inputs:
        said = given.get(one.name)
        if said is None or said == SKIPPED:
            continue
        try:
            found[one.name] = read_value(one, said, minor=10**pack.minor_digits)
        except CaseRefused as refused:
            raise NotRead(tell_refused(refused, scheme, language=language)) from None
    return found


def _case(pack: Pack, given: dict[str, str], facts: dict[str, Any], *, asks: bool) -> Case:
    """Make a case; while questions are asked, what would be assumed is unknown until passed over."""
    values = []
    for one in pack.inputs:
        value = facts.get(one.name)
        waits = asks and one.name not in given and bool(one.ask)
        values.append(one.default if value is None and not waits else value)
    return Case(values)


def _most_settling(
    scheme: Scheme, given: dict[str, str], facts: dict[str, Any], waiting: list[str], *, on: dt.date
) -> str:
    """Choose what to ask: facts nothing can be assumed of, then what leaves least to ask if it is
    as the scheme assumes; among equals the most decisive."""
    pack = scheme.pack

    def left(name: str) -> int:
        one = pack.input_named(name)
        if one is None or one.default is None:
            return -1
        case = _case(pack, {**given, name: SKIPPED}, facts, asks=True)
        try:
            return len(scheme.decider.decide(case, on=on).needs)
        except CaseRefused:
            return len(waiting)

    return min(waiting, key=left)


def _decided(scheme: Scheme, case: Case, *, on: dt.date, language: str) -> Decision:
    try:
        return scheme.decider.decide(case, on=on)
    except CaseRefused as refused:
        raise NotRead(tell_refused(refused, scheme, language=language)) from None


def _is_asked(pack: Pack, name: str) -> bool:
    one = pack.input_named(name)
    return one is not None and (bool(one.ask) or one.default is None)


def _answered(
    scheme: Scheme, name: str, given: str, facts: dict[str, Any], language: str
) -> Answered:
    fact, one = asked_fact(scheme, name, language=language), scheme.pack.input_named(name)
    value = facts.get(name)
    shown = "" if value is None or one is None else tell_value(one, value, scheme.pack, language)
    money = None if one is None else as_money(one, value, scheme.pack)
    return Answered(name, fact.label, fact.question, given, shown, money, value is None)


def _to_bring(
    pack: Pack, decision: Decision, given: dict[str, str], language: str
) -> tuple[str, ...]:
    """List what to bring: for the relief granted or open, and for the facts told."""
    items = [
        item for item in pack.items if item.id in decision.granted or item.id in decision.undecided
    ]
    if not items:
        return ()
    facts = [one for one in pack.inputs if given.get(one.name) not in {None, SKIPPED}]
    words = [item.bring.get(language, "") for item in items]
    words += [one.bring.get(language, "") for one in facts]
    return tuple(dict.fromkeys(word for word in words if word))


def _label(pack: Pack, name: str, language: str) -> str:
    one = pack.input_named(name)
    return named(one.label, one.name, language) if one else name
