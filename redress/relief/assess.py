"""Assess: decide by a scheme about one household; keep the facts, the scheme's text and the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from redress.engines.rules.decision import Decision
from redress.engines.rules.facts import Case, read_case
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.qualify import Change, would_qualify
from redress.engines.rules.telling import as_json, value_json
from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, step
from redress.registers.registry.households import NewFact, add_facts
from redress.registers.registry.models import Household
from redress.relief.known import asked_of, known_with_aid
from redress.relief.models import Assessment
from redress.relief.schemes import Scheme, kept_text, scheme_of, schemes_at
from redress.relief.states import ASSESS, TELL_FACTS, Need
from redress.values.money import Money, parse_money


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
    return as_json(decision) | {"would_qualify": [_change(scheme, one) for one in changes]}


def _detail(scheme: Scheme, outcome: dict[str, Any]) -> dict[str, Any]:
    return {"pack": scheme.id, "version": scheme.pack.version, "granted": [*outcome["granted"]]}


def case_of(scheme: Scheme, facts: dict[str, Any], *, number: int) -> Case:
    """Read kept facts."""
    return read_case(scheme.pack, facts, members=facts.get("members"), case_id=str(number))


def _change(scheme: Scheme, change: Change) -> dict[str, Any]:
    one = scheme.pack.input_named(change.fact)
    base = one.base if one else None
    return {
        "fact": change.fact,
        "from": value_json(change.of, base, scheme.pack) if base else None,
        "to": value_json(change.to, base, scheme.pack) if base else None,
        "gains": list(change.gains),
        "category": change.category,
    }


@dataclass(frozen=True, slots=True)
class Replayed:
    """An assessment decided again from what was kept."""

    scheme: Scheme
    decision: Decision
    is_same: bool


def replay(assessment: Assessment) -> Replayed:
    """Decide again from the kept facts, text and day, with every step recorded."""
    scheme = scheme_of(assessment.scheme)
    case = case_of(scheme, assessment.facts, number=assessment.household_id)
    decision = scheme.tracer.decide(case, on=assessment.on)
    told, kept = as_json(decision), assessment.outcome
    return Replayed(
        scheme, decision, all(kept[name] == told[name] for name in told if name in kept)
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one scheme stands for a household.

    Attributes:
        last: the latest assessment, or None.
        is_stale: facts or scheme have changed since.
        refused: why it cannot be decided with what is known now, or None.
        needs: facts that could change the outcome and are not known now, most decisive first.
    """

    scheme: Scheme
    last: Assessment | None
    is_stale: bool
    refused: CaseRefused | None = None
    needs: tuple[str, ...] = ()


def standing_of(household: Household, *, on: dt.date) -> list[Standing]:
    """Say where each scheme of its country stands for a household: six queries."""
    found = schemes_at(household.path)
    if not found:
        return []
    known = known_with_aid([household], on=on)[0]
    latest: dict[str, Assessment] = {}
    for one in household.assessments.select_related("scheme").order_by("at", "pk"):
        latest[one.scheme.pack] = one
    return [
        _standing(scheme, latest.get(scheme.id), asked_of(scheme.pack, known), on=on)
        for scheme in found
    ]


def _standing(
    scheme: Scheme, last: Assessment | None, facts: dict[str, Any], *, on: dt.date
) -> Standing:
    fresh = last is not None and last.scheme.digest == scheme.digest and last.facts == facts
    try:
        decision = scheme.decider.decide(case_of(scheme, facts, number=0), on=on)
    except CaseRefused as refused:
        return Standing(scheme, last, last is not None and not fresh, refused)
    needs = decision.needs + tuple(
        name for name in decision.exit_needs if name not in decision.needs
    )
    return Standing(scheme, last, last is not None and not fresh, needs=needs)


def known_facts(household: Household, scheme: Scheme, *, on: dt.date) -> dict[str, Any]:
    """Give what a scheme asks for and is known of a household, as JSON has it."""
    return asked_of(scheme.pack, known_with_aid([household], on=on)[0])


def assessment_seen_by(actor: Actor, *, number: int) -> Assessment | None:
    """Give one assessment if it is this person's to see."""
    seen = Assessment.objects.seen_in(actor.scope).select_related("scheme", "household")
    found: Assessment | None = seen.filter(pk=number).first()
    return found


def is_granted(household_id: int, pack: str, item: str) -> bool:
    """Say whether the household's latest decision of a scheme grants an item."""
    found = Assessment.objects.filter(household_id=household_id, scheme__pack=pack)
    last = found.order_by("-at", "-pk").first()
    return last is not None and item in last.outcome["granted"]


# Batch of a pack -> the need a grant is for.
_NEEDS: Final = {
    "living": Need.LIVING,
    "medical": Need.MEDICAL,
    "study": Need.STUDY,
    "job": Need.WORK,
    "work": Need.WORK,
    "housing": Need.HOUSING,
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What an assessment grants, ready to be proposed."""

    household_id: int
    pack: str
    item: str
    title: str
    label: str
    need: Need
    money: Money


def offered_by(assessment: Assessment, item: str, *, language: str) -> Offered | None:
    """Give what an assessment grants of an item, if it is money."""
    written, scheme = assessment.outcome["granted"].get(item), scheme_of(assessment.scheme)
    rule = next((one for one in scheme.pack.items if one.id == item), None)
    if written is None or rule is None or not rule.is_money:
        return None
    return Offered(
        assessment.household_id,
        scheme.id,
        item,
        scheme.title(language),
        scheme.speaker(language).item(item),
        _NEEDS.get(rule.batch, Need.OTHER),
        parse_money(written, currency=scheme.pack.currency),
    )
