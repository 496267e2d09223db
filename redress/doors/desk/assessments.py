"""Schemes at the desk: a household's decisions, the facts they rest on, one assessment in full."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from redress.doors.acting import ActingRequest
from redress.doors.desk.fact_forms import FactsForm
from redress.doors.desk.pages import NOT_IN_ORDER, RELIEF_READERS, desk_page, say_done, say_refused
from redress.doors.look.dates import page_language
from redress.doors.look.refusals import not_allowed
from redress.registers.accounts.roles import OFFICERS, Actor, NotAllowed, Policy
from redress.relief.asking import asked_facts
from redress.relief.assess import (
    NothingNew,
    Standing,
    Undecidable,
    Unreadable,
    assess_household,
    assessment_seen_by,
    replay,
    replay_with_steps,
    standing_of,
    tell_facts,
)
from redress.relief.progress import household_seen_by
from redress.relief.schemes import schemes_at
from redress.relief.states import ASSESS
from redress.relief.telling import Told, tell_decision, tell_facts_used, tell_refused, tell_trace
from redress.values.days import country_of, local_day

if TYPE_CHECKING:
    from redress.registers.registry.models import Household


@dataclass(frozen=True, slots=True)
class ShownScheme:
    """One scheme on a household's page."""

    standing: Standing
    title: str
    told: Told | None
    refused: str = ""


def shown_schemes(household: Household) -> list[ShownScheme]:
    """Give each scheme of a household's country with its latest decision, told."""
    language = page_language()
    return [
        ShownScheme(
            standing,
            standing.scheme.title(language),
            _told(standing, language),
            tell_refused(standing.refused, standing.scheme, language=language)
            if standing.refused
            else "",
        )
        for standing in standing_of(household, on=_today(household))
    ]


def _told(standing: Standing, language: str) -> Told | None:
    if standing.last is None:
        return None
    try:
        again = replay(standing.last)
    except Unreadable:
        return None
    changes = standing.last.outcome.get("would_qualify", [])
    return tell_decision(again.scheme, again.decision, language=language, changes=changes)


def _today(household: Household) -> dt.date:
    return local_day(timezone.now(), country=country_of(household.path))


def _household(actor: Actor, number: int) -> Household:
    household = household_seen_by(actor, number=number)
    if household is None:
        raise Http404
    return household


@require_POST
@desk_page(OFFICERS)
def assess(request: ActingRequest, number: int) -> HttpResponse:
    """Decide by every scheme of the country what a household may have."""
    household = _household(request.actor, number)
    if not _assess_all(request, household):
        return not_allowed(request)
    return redirect(f"{_address(household)}#schemes")


def _address(household: Household) -> str:
    return redirect("household", number=household.pk).url


def _assess_all(request: ActingRequest, household: Household) -> bool:
    """Assess by each scheme; tell what was done, and which could not be decided."""
    done = 0
    for scheme in schemes_at(household.path):
        try:
            with transaction.atomic():
                assess_household(
                    household,
                    scheme=scheme,
                    on=_today(household),
                    by=request.actor,
                    at=timezone.now(),
                )
            done += 1
        except NotAllowed:
            return False
        except Undecidable as undecidable:
            why = tell_refused(undecidable.refused, scheme, language=page_language())
            say_refused(request, f"{scheme.title(page_language())} · {why}")
    if done:
        say_done(request, _("Decided by the rules. A person still decides what is done."))
    return True


@desk_page(OFFICERS)
def show_facts(request: ActingRequest, number: int, pack: str) -> HttpResponse:
    """Show the facts of a scheme, and take in what is told; then decide again.

    Raises:
        Http404: no such household or scheme, or not theirs to assess.
    """
    household = _household(request.actor, number)
    standings = standing_of(household, on=_today(household))
    standing = next((one for one in standings if one.scheme.id == pack), None)
    if standing is None or not Policy(request.actor).may_do(ASSESS, household):
        raise Http404
    scheme, language = standing.scheme, page_language()
    asked = asked_facts(scheme, known=standing.facts, needs=standing.needs, language=language)
    form = FactsForm(scheme, asked, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        if form.is_valid() and _take_in(request, household, form):
            return redirect(f"{_address(household)}#schemes")
        status = NOT_IN_ORDER
    context = {
        "household": household,
        "title": scheme.title(language),
        "form": form,
    }
    return render(request, "desk/facts.html", context, status=status)


def _take_in(request: ActingRequest, household: Household, form: FactsForm) -> bool:
    facts = form.told(_today(household))
    try:
        with transaction.atomic():
            tell_facts(household, facts=facts, by=request.actor, at=timezone.now())
    except NothingNew:
        say_refused(request, _("Nothing new was told."))
        return False
    return _assess_all(request, household)


@desk_page(RELIEF_READERS)
def show_assessment(request: ActingRequest, number: int) -> HttpResponse:
    """Show one assessment in full, decided again from what was kept.

    Raises:
        Http404: there is none that is this person's to see.
    """
    assessment = assessment_seen_by(request.actor, number=number)
    if assessment is None:
        raise Http404
    try:
        language, again = page_language(), replay_with_steps(assessment)
    except Unreadable:
        kept = {"assessment": assessment, "household": assessment.household}
        return render(request, "desk/assessment_kept.html", kept)
    changes = assessment.outcome.get("would_qualify", [])
    context = {
        "assessment": assessment,
        "household": assessment.household,
        "told": tell_decision(again.scheme, again.decision, language=language, changes=changes),
        "facts": tell_facts_used(again.scheme, assessment.facts, language=language),
        "steps": tell_trace(again.decision, language=language),
        "is_same": again.is_same,
        "pack": again.scheme.id,
    }
    return render(request, "desk/assessment.html", context)
