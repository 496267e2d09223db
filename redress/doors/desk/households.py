"""Households at the desk: the list, one household's page, its file, grants and exit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from redress.doors.acting import ActingRequest
from redress.doors.desk.forms import (
    ExitForm,
    FileForm,
    GrantForm,
    HouseholdForm,
    MemberForms,
    MoneyField,
)
from redress.doors.desk.pages import (
    ACTED_MEANWHILE,
    NOT_IN_ORDER,
    Sent,
    desk_page,
    page_of,
    say_acted_meanwhile,
    say_done,
    say_refused,
)
from redress.doors.look.refusals import not_allowed
from redress.doors.look.words import WORDS, Words, choices
from redress.registers.accounts.roles import OFFICERS, Actor, NotAllowed, Policy, Role
from redress.registers.ledger.accounts import funds
from redress.registers.ledger.posting import FundTooSmall
from redress.registers.offices.places import offices_in
from redress.registers.registry.households import NewFact, NewHousehold, NewMember
from redress.relief.find import Difficulty, NotClear, find_household, open_file
from redress.relief.grant import (
    AlreadyProposed,
    NoReason,
    NotASum,
    Proposal,
    SamePerson,
    propose_grant,
)
from redress.relief.progress import (
    WantedHouseholds,
    household_seen_by,
    household_story,
    wanted_households,
)
from redress.relief.states import (
    APPROVE,
    EXIT,
    OPEN_FILE,
    PROPOSE,
    Cause,
    ExitKind,
    Need,
    WrongState,
)
from redress.relief.verify import GrantPending, exit_file
from redress.values.days import country_of, currency_of, local_day

if TYPE_CHECKING:
    from redress.registers.registry.models import Household
    from redress.relief.models import File

READERS: Final = OFFICERS | {Role.AUDITOR}
_REFUSALS: Final[dict[type[Exception], Words]] = {
    SamePerson: gettext_lazy("You proposed this grant; a second person must decide it."),
    FundTooSmall: gettext_lazy("Nothing was paid: the fund does not hold that much."),
    NotASum: gettext_lazy("Nothing was proposed: the sum must be above zero."),
    AlreadyProposed: gettext_lazy("This grant waits for a decision already; nothing was added."),
    GrantPending: gettext_lazy("The file stays open: a grant still waits for a decision."),
    NoReason: gettext_lazy("Nothing was changed: write down the reason."),
    NotClear: gettext_lazy("Three things must be clear: the situation, the cause, the need."),
}


@desk_page(READERS)
def show_households(request: ActingRequest) -> HttpResponse:
    """List the households that fit the filters, newest first."""
    given = request.GET
    wanted = WantedHouseholds(
        state=given.get("state", "")
        if given.get("state", "") in {*WORDS["file_state"], "open"}
        else "",
        cause=given.get("cause", "") if given.get("cause", "") in WORDS["cause"] else "",
        words=given.get("words", "")[:100].replace("\x00", ""),
    )
    context = {
        "wanted": wanted,
        "page": page_of(wanted_households(wanted, seen_by=request.actor), request),
        "states": [("open", _("File open")), *choices("file_state")],
        "causes": choices("cause", first=_("Any cause")),
        "may_find": request.actor.role in OFFICERS,
    }
    return render(request, "desk/households.html", context)


@desk_page(OFFICERS)
def new_household(request: ActingRequest) -> HttpResponse:
    """Enter a household by hand."""
    data = request.POST if request.method == "POST" else None
    form, members = _household_form(request.actor, data), MemberForms(data, prefix="members")
    if data is None or not (form.is_valid() and members.is_valid()):
        context = {"form": form, "members": members}
        return render(request, "desk/new_household.html", context, status=422 if data else 200)
    household = find_household(
        _new_household(form.cleaned_data, members), by=request.actor, at=timezone.now()
    )
    say_done(request, _("The household is entered. Open its file next."))
    return redirect("household", number=household.pk)


def _household_form(actor: Actor, data: Any) -> HouseholdForm:  # noqa: ANN401 - a posted form or None
    form = HouseholdForm(data)
    offices = list(offices_in(actor.path or ""))
    county = form.fields["county"]
    if isinstance(county, forms.ChoiceField):
        county.choices = [(office.path, str(office)) for office in offices]
    for field in form.fields.values():
        if isinstance(field, MoneyField):
            field.set_currency(currency_of(country_of(actor.path or "")))
    return form


def _new_household(given: dict[str, Any], members: Any) -> NewHousehold:  # noqa: ANN401 - a formset
    path = given["county"]
    today = local_day(timezone.now(), country=country_of(path))
    head = NewMember(
        given["head_name"],
        "head",
        given["sex"] or "unknown",
        given["birth_on"],
        given["national_id"],
    )
    others = tuple(
        NewMember(one["full_name"], one["relation"] or "other", birth_on=one["birth_on"])
        for one in members.cleaned_data
        if one.get("full_name")
    )
    facts = tuple(
        NewFact(name, given[name], today)
        for name in ("income_per_month", "rent_per_month")
        if given[name] is not None
    )
    return NewHousehold(
        path=path,
        head=head,
        phone=given["phone"],
        address=given["address"],
        employer=given["employer"],
        others=others,
        facts=facts,
    )


@desk_page(READERS)
def show_household(request: ActingRequest, number: int) -> HttpResponse:
    """Show one household: who, what is known, its file, what it got, and its story."""
    return _show(request, number)


def _show(
    request: ActingRequest, number: int, *, sent: Sent | None = None, status: int = 200
) -> HttpResponse:
    household, sent = _household(request, number), sent or Sent()
    policy, told = Policy(request.actor), household_story(household)
    file = told.open_file
    may_open = file is None and policy.may_do(OPEN_FILE, household)
    context = {
        "household": household,
        "story": told,
        "file": file,
        "file_form": sent.instead_of(FileForm()) if may_open else None,
        "grant_form": sent.instead_of(_grant_form(file, request.actor))
        if file and policy.may_do(PROPOSE, file)
        else None,
        "exit_form": sent.instead_of(ExitForm()) if file and policy.may_do(EXIT, file) else None,
        "may_decide": policy.may_do(APPROVE, household),
        "sent": sent,
    }
    return render(request, "desk/household.html", context, status=status)


def _household(request: ActingRequest, number: int) -> Household:
    household = household_seen_by(request.actor, number=number)
    if household is None:
        raise Http404
    return household


def _grant_form(file: File, actor: Actor, data: Any = None) -> GrantForm:  # noqa: ANN401 - a posted form
    form = GrantForm(data, initial={"need": file.needs[0]})
    currency = currency_of(country_of(file.path))
    amount, fund = form.fields["amount"], form.fields["fund"]
    if isinstance(amount, MoneyField) and isinstance(fund, forms.ChoiceField):
        amount.set_currency(currency)
        fund.choices = [(one.pk, one.name) for one in funds(seen_by=actor, currency=currency)]
    return form


def done(
    request: ActingRequest, number: int, form: forms.Form | None, do: Callable[[], str]
) -> HttpResponse:
    """Do one thing to a household's file if the form is in order, and show the household again."""
    status = NOT_IN_ORDER
    if form is None or form.is_valid():
        try:
            with transaction.atomic():
                said = do()
        except NotAllowed:
            return not_allowed(request)
        except WrongState as wrong:
            status = ACTED_MEANWHILE
            known = {**WORDS["file_state"], **WORDS["grant_state"]}
            say_acted_meanwhile(request, known.get(wrong.state, wrong.state))
        except tuple(_REFUSALS) as refusal:
            say_refused(request, _REFUSALS[type(refusal)])
        else:
            say_done(request, said)
            return redirect("household", number=number)
    return _show(request, number, sent=Sent(form), status=status)


@require_POST
@desk_page(OFFICERS)
def open_household_file(request: ActingRequest, number: int) -> HttpResponse:
    """Open the file, with situation, cause and need."""
    household, form = _household(request, number), FileForm(request.POST)

    def do() -> str:
        given = form.cleaned_data
        difficulty = Difficulty(
            situation=given["situation"],
            main_cause=Cause(given["main_cause"]),
            needs=tuple(Need(need) for need in given["needs"]),
            further_causes=tuple(Cause(cause) for cause in given["further_causes"]),
        )
        open_file(household, difficulty=difficulty, by=request.actor, at=timezone.now())
        return _("The file is open.")

    return done(request, number, form, do)


def _open_file(household: Household) -> File:
    file = household_story(household).open_file
    if file is None:
        raise Http404
    return file


@require_POST
@desk_page(OFFICERS)
def propose(request: ActingRequest, number: int) -> HttpResponse:
    """Propose a grant."""
    file = _open_file(_household(request, number))
    form = _grant_form(file, request.actor, request.POST)

    def do() -> str:
        given = form.cleaned_data
        fund = funds(seen_by=request.actor).get(pk=given["fund"])
        proposal = Proposal(Need(given["need"]), given["amount"], fund, given["reason"])
        propose_grant(file, proposal=proposal, by=request.actor, at=timezone.now())
        return _("Proposed. A second person decides.")

    return done(request, number, form, do)


@require_POST
@desk_page(OFFICERS)
def leave(request: ActingRequest, number: int) -> HttpResponse:
    """Close the file."""
    file, form = _open_file(_household(request, number)), ExitForm(request.POST)

    def do() -> str:
        kind, why = ExitKind(form.cleaned_data["kind"]), form.cleaned_data["why"]
        exit_file(file, kind=kind, why=why, by=request.actor, at=timezone.now())
        return _("The household has left its file.")

    return done(request, number, form, do)
