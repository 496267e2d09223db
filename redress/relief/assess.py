"""Assess: decide by a scheme about one household; keep the facts, the scheme's text and the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from redress.engines.rules.decide import Decider
from redress.engines.rules.decision import Decision
from redress.engines.rules.facts import Case, read_case
from redress.engines.rules.findings import CaseRefused, PackRefused
from redress.engines.rules.qualify import change_json, would_qualify
from redress.engines.rules.telling import as_json
from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, step
from redress.registers.registry.households import NewFact, add_facts
from redress.registers.registry.models import Household
from redress.relief.known import asked_of, known_with_aid
from redress.relief.models import Assessment
from redress.relief.schemes import Scheme, kept_text, scheme_of, schemes_at
from redress.relief.states import ASSESS, TELL_FACTS


class NothingNew(Exception):
    """What was told is known already."""


class Undecidable(Exception):
    """The outcome hangs on a rule that has no value for these facts, or a fact is out of range."""

    def __init__(self, refused: CaseRefused) -> None:
        super().__init__(str(refused))
        self.refused = refused


@step(TELL_FACTS)
def tell_facts(
    household: Household, *, facts: tuple[NewFact, ...], by: Actor, at: dt.datetime
) -> Household:
    """Add facts about a household.

    Raises:
        NothingNew: all of them are known already.
    """
    added = add_facts(household, facts, by=by, at=at)
    if not added:
        raise NothingNew
    record(TELL_FACTS, household, by=by, at=at, detail={"facts": sorted(added)})
    return household


@step(ASSESS)
def assess_household(
    household: Household, *, scheme: Scheme, on: dt.date, by: Actor, at: dt.datetime
) -> Assessment:
    """Decide by a scheme what a household may have, and keep it so that it can be decided again.

    The same facts, scheme and day as last time give the assessment that stands.

    Raises:
        Undecidable: the outcome hangs on a rule that has no value for these facts, or a fact is
            outside the scheme's range; nothing is kept.
    """
    facts = asked_of(scheme.pack, known_with_aid([household], on=on)[0])
    kept = kept_text(scheme)
    last: Assessment | None = household.assessments.filter(scheme__pack=scheme.id).first()
    if last is not None and (last.scheme_id, last.on, last.facts) == (kept.pk, on, facts):
        record(ASSESS, last, by=by, at=at, case=household, detail=_detail(scheme, last.outcome))
        return last
    outcome = _outcome(scheme, facts, number=household.pk, on=on)
    assessment = Assessment.objects.create(
        household=household,
        path=household.path,
        scheme=kept,
        on=on,
        facts=facts,
        outcome=outcome,
        at=at,
        by_user_id=by.user_id,
        by_name=by.name,
    )
    detail = _detail(scheme, outcome)
    record(ASSESS, assessment, by=by, at=at, case=household, detail=detail)
    return assessment


def _outcome(scheme: Scheme, facts: dict[str, Any], *, number: int, on: dt.date) -> dict[str, Any]:
    try:
        case = case_of(scheme, facts, number=number)
        decision = scheme.decider.decide(case, on=on)
    except CaseRefused as refused:
        raise Undecidable(refused) from None
    changes = would_qualify(scheme.decider, case, decision, scheme.lines)
    return as_json(decision) | {"would_qualify": [change_json(one, scheme.pack) for one in changes]}


def _detail(scheme: Scheme, outcome: dict[str, Any]) -> dict[str, Any]:
    return {"pack": scheme.id, "version": scheme.pack.version, "granted": [*outcome["granted"]]}


def case_of(scheme: Scheme, facts: dict[str, Any], *, number: int) -> Case:
    """Read kept facts."""
    return read_case(scheme.pack, facts, members=facts.get("members"), case_id=str(number))


class Unreadable(Exception):
    """A text kept long ago can no longer be read; what came of it is kept beside it."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """An assessment decided again from what was kept."""

    scheme: Scheme
    decision: Decision
    is_same: bool


def replay(assessment: Assessment) -> Replayed:
    """Decide again from the kept facts, text and day.

    Raises:
        Unreadable: the text of that time can no longer be read.
    """
    scheme = readable(assessment)
    return _replayed(assessment, scheme, scheme.decider)


def replay_with_steps(assessment: Assessment) -> Replayed:
    """Decide again, with every step recorded.

    Raises:
        Unreadable: the text of that time can no longer be read.
    """
    scheme = readable(assessment)
    return _replayed(assessment, scheme, scheme.tracer)


def _replayed(assessment: Assessment, scheme: Scheme, decider: Decider) -> Replayed:
    case = case_of(scheme, assessment.facts, number=assessment.household_id)
    decision = decider.decide(case, on=assessment.on)
    told, kept = as_json(decision), assessment.outcome
    return Replayed(
        scheme, decision, all(kept[name] == told[name] for name in told if name in kept)
    )


def readable(assessment: Assessment) -> Scheme:
    """Make the kept text of an assessment ready.

    Raises:
        Unreadable: it can no longer be read: the language has grown stricter since.
    """
    try:
        return scheme_of(assessment.scheme)
    except PackRefused:
        raise Unreadable(assessment.scheme.pack) from None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one scheme stands for a household.

    Attributes:
        last: the latest assessment, or None.
        is_stale: facts or scheme have changed since, or the day alone brings another outcome.
        refused: why it cannot be decided with what is known now, or None.
        needs: facts that could change the outcome and are not known now, most decisive first.
        facts: what the scheme asks for and is known now, as JSON has it.
    """

    scheme: Scheme
    last: Assessment | None
    is_stale: bool
    facts: dict[str, Any]
    refused: CaseRefused | None = None
    needs: tuple[str, ...] = ()


def standing_of(household: Household, *, on: dt.date) -> list[Standing]:
    """Say where each scheme of its country stands for a household: six queries."""
    found = schemes_at(household.path)
    if not found:
        return []
    known = known_with_aid([household], on=on)[0]
    latest = {
        one.scheme.pack: one
        for one in household.assessments
        .select_related("scheme")
        .order_by("scheme__pack", "-at", "-pk")
        .distinct("scheme__pack")
    }
    return [
        _standing(scheme, latest.get(scheme.id), asked_of(scheme.pack, known), on=on)
        for scheme in found
    ]


def _standing(
    scheme: Scheme, last: Assessment | None, facts: dict[str, Any], *, on: dt.date
) -> Standing:
    try:
        decision = scheme.decider.decide(case_of(scheme, facts, number=0), on=on)
    except CaseRefused as refused:
        return Standing(scheme, last, last is not None, facts, refused)
    needs = decision.needs + tuple(
        name for name in decision.exit_needs if name not in decision.needs
    )
    return Standing(scheme, last, _is_stale(scheme, last, facts, decision), facts, needs=needs)


def _is_stale(
    scheme: Scheme, last: Assessment | None, facts: dict[str, Any], decision: Decision
) -> bool:
    """Say whether facts or rules have changed since, or another outcome is due by the day alone."""
    if last is None:
        return False
    told = as_json(decision)
    same = all(last.outcome.get(name) == told[name] for name in ("category", "granted", "exit"))
    return not same or last.scheme.digest != scheme.digest or last.facts != facts


def known_facts(household: Household, scheme: Scheme, *, on: dt.date) -> dict[str, Any]:
    """Give what a scheme asks for and is known of a household, as JSON has it."""
    return asked_of(scheme.pack, known_with_aid([household], on=on)[0])


def assessment_seen_by(actor: Actor, *, number: int) -> Assessment | None:
    """Give one assessment if it is this person's to see."""
    seen = Assessment.objects.seen_in(actor.scope).select_related("scheme", "household")
    found: Assessment | None = seen.filter(pk=number).first()
    return found
