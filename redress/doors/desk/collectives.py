"""Collective demands at the desk: the list, a new one, one with its members, and what is done to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from redress.demands.backlog import demand_seen_by
from redress.demands.close_many import RULE, carrying, waiting_members
from redress.demands.collect import (
    ADD,
    MAKE,
    NewCollective,
    NoMembers,
    add_members,
    collective_seen_by,
    collectives,
    collectives_over,
    history,
    make_collective,
    members_with_words,
)
from redress.demands.count_many import counts, counts_of, counts_with
from redress.demands.ladder import levels
from redress.demands.readings import note_reading
from redress.demands.sampled import results_of, samples
from redress.demands.suggest import Suggestion, TooShort, search_members, suggest_members
from redress.doors.acting import ActingRequest
from redress.doors.desk.collective_forms import (
    CollectiveForm,
    DissolveForm,
    DrawForm,
    RestoreForm,
    WorkforceForm,
)
from redress.doors.desk.pages import (
    NOT_IN_ORDER,
    Sent,
    desk_page,
    page_of,
    say_done,
    say_refused,
)
from redress.registers.accounts.roles import OFFICERS, Policy, Role
from redress.registers.offices.places import offices_at, topics

if TYPE_CHECKING:
    from redress.demands.models import Collective, Demand

READERS: Final = OFFICERS | {Role.AUDITOR}
_WORDS_CHARS_MAX: Final = 100
_DIGITS_MAX: Final = 15


@desk_page(READERS)
def show_collectives(request: ActingRequest) -> HttpResponse:
    """List the collective demands, open or dissolved, with their counts and levels."""
    are_dissolved = request.GET.get("state") == "dissolved"
    words = _written(request.GET.get("words", ""))
    found = collectives(seen_by=request.actor, are_dissolved=are_dissolved, words=words)
    page = page_of(found, request)
    counted = counts_of(page.object_list, seen_by=request.actor)
    offices = offices_at(one.path for one in page.object_list)
    context = {
        "page": page,
        "rows": [(one, offices.get(one.path), counted[one.pk]) for one in page.object_list],
        "are_dissolved": are_dissolved,
        "words": words,
        "may_make": Policy(request.actor).may_be(MAKE.roles),
    }
    return render(request, "desk/collectives.html", context)


def _written(given: str) -> str:
    return given[:_WORDS_CHARS_MAX].replace("\x00", "")


@desk_page(MAKE.roles)
def new_collective(request: ActingRequest) -> HttpResponse:
    """Make a collective demand; started from a demand, that one is its first member."""
    if request.method == "POST":
        form = CollectiveForm(request.POST, actor=request.actor)
        first = _demand(request, request.POST.get("first", ""))
        if form.is_valid():
            return _make(request, form.cleaned_data, first)
    else:
        first = _demand(request, request.GET.get("from", ""))
        if first is not None:
            note_reading(first, by=request.actor, at=timezone.now())
        form = CollectiveForm(initial=_taken_from(first), actor=request.actor)
    context = {
        "form": form,
        "first": first,
        "over": list(collectives_over(first, seen_by=request.actor)) if first else [],
    }
    status = 200 if request.method != "POST" else NOT_IN_ORDER
    return render(request, "desk/new_collective.html", context, status=status)


def _demand(request: ActingRequest, written: str) -> Demand | None:
    if not (written.isascii() and written.isdigit() and len(written) <= _DIGITS_MAX):
        return None
    return demand_seen_by(request.actor, number=int(written))


def _taken_from(first: Demand | None) -> dict[str, Any]:
    if first is None:
        return {}
    return {
        "county": first.path,
        "title": " · ".join(filter(None, [str(first.topic or ""), first.employer]))[:200],
        "topic": first.topic_id or "",
        "employer": first.employer,
        "first": first.pk,
    }


def _make(request: ActingRequest, given: dict[str, Any], first: Demand | None) -> HttpResponse:
    at = timezone.now()
    new = NewCollective(
        path=given["county"],
        title=given["title"],
        topic=topics().filter(pk=given["topic"]).first(),
        employer=given["employer"],
        workforce=given["workforce"],
        workforce_source=given["source"],
    )
    made = make_collective(new, by=request.actor, at=at)
    said = _("The collective demand is made. Add demands to it below.")
    if first is not None:
        try:
            add_members(made, numbers=[first.pk], by=request.actor, at=at)
        except NoMembers:
            say_refused(
                request,
                _("The demand it was started from cannot join: it has ended or lies elsewhere."),
            )
    say_done(request, said)
    return redirect("collective", number=made.pk)


def seen_collective(request: ActingRequest, number: int) -> Collective:
    """Give a collective demand that is this person's to see.

    Raises:
        Http404: there is none.
    """
    collective = collective_seen_by(request.actor, number=number)
    if collective is None:
        raise Http404
    return collective


@desk_page(READERS)
def show_collective(request: ActingRequest, number: int) -> HttpResponse:
    """Show one: its counts and level, its members, what else may belong to it, and its story."""
    return collective_page(request, seen_collective(request, number))


@dataclass(frozen=True, slots=True)
class Offered:
    """Demands that can be added: found by the search, or suggested.

    Attributes:
        picked: those that are ticked.
        too_short: the search had a single Chinese character.
    """

    rows: list[Suggestion]
    find: str
    picked: frozenset[int] = frozenset()
    too_short: bool = False

    @property
    def numbers(self) -> list[int]:
        """Give the numbers of all of them."""
        return [one.demand.pk for one in self.rows]


def _offered(
    request: ActingRequest, collective: Collective, picked: frozenset[int]
) -> Offered | None:
    """Find what can be added; None where nothing can be, by this person or at all."""
    if collective.dissolved_at or not Policy(request.actor).may_do(ADD, collective):
        return None
    given = request.POST if request.method == "POST" else request.GET
    find = _written(given.get("find", "")).strip()
    if not find:
        return Offered(suggest_members(collective, seen_by=request.actor), find, picked)
    try:
        rows = search_members(collective, find, seen_by=request.actor)
    except TooShort:
        return Offered([], find, picked, too_short=True)
    return Offered(rows, find, picked)


def collective_page(
    request: ActingRequest,
    collective: Collective,
    *,
    sent: Sent | None = None,
    picked: frozenset[int] = frozenset(),
    status: int = 200,
) -> HttpResponse:
    """Show one, with a form that was sent and not done, or with demands ticked and not added yet."""
    actor, sent = request.actor, sent or Sent()
    may = Policy(actor).may_do(ADD, collective)
    is_open = collective.dissolved_at is None
    offered = _offered(request, collective, picked)
    drawn = list(samples(seen_by=actor, of=collective))
    results = results_of(drawn)
    told = history(collective, seen_by=actor)
    context = {
        "collective": collective,
        "office": offices_at([collective.path]).get(collective.path),
        "counts": counts(collective, seen_by=actor),
        "levels": levels(),
        "page": page_of(members_with_words(collective, seen_by=actor), request),
        "offered": offered,
        "effect_of_all": _effect(request, collective, offered.numbers if offered else []),
        "effect_of_picked": _effect(request, collective, sorted(picked)),
        "told": told,
        "added": next((one for one in told if str(one.entry.pk) == request.GET.get("added")), None),
        "samples": [(one, results[one.pk]) for one in drawn],
        "carrying": carrying(collective),
        "rule": RULE,
        "unasked": waiting_members(collective, seen_by=actor).count(),
        "may": may,
        "may_change": may and is_open,
        "sent": sent,
        **_forms(collective, sent),
    }
    return render(request, "desk/collective.html", context, status=status)


def _effect(request: ActingRequest, collective: Collective, numbers: list[int]) -> Any:  # noqa: ANN401 - counts, or None
    if not numbers:
        return None
    return counts_with(collective, more=numbers, seen_by=request.actor)


def _forms(collective: Collective, sent: Sent) -> dict[str, forms.Form]:
    known = {"workforce": collective.workforce, "source": collective.workforce_source}
    workforce = WorkforceForm(initial=known, auto_id="workforce_%s")
    return {
        "workforce_form": sent.instead_of(workforce, of="workforce"),
        "dissolve_form": sent.instead_of(DissolveForm(auto_id="dissolve_%s"), of="dissolve"),
        "restore_form": sent.instead_of(RestoreForm(auto_id="restore_%s"), of="restore"),
        "draw_form": sent.instead_of(DrawForm(auto_id="draw_%s"), of="draw"),
    }
