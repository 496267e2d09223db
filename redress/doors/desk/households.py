"""Households at the desk: the list, one household's page, its file, grants and exit."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from redress.doors.acting import ActingRequest
from redress.doors.desk.assessments import shown_schemes
from redress.doors.desk.forms import (
    ExitForm,
    FileForm,
    GrantForm,
    HouseholdForm,
    MemberForms,
    MoneyField,
)
from redress.doors.desk.pages import (
    RELIEF_READERS,
    Sent,
    desk_page,
    page_of,
    say_done,
)
from redress.doors.look.dates import page_digits, page_language, written_day, written_money
from redress.doors.look.words import WORDS, choices
from redress.registers.accounts.roles import OFFICERS, Actor, Policy
from redress.registers.ledger.accounts import funds
from redress.registers.offices.places import offices_in
from redress.registers.registry.households import NewFact, NewHousehold, NewMember
from redress.relief.assess import assessment_seen_by
from redress.relief.find import find_household
from redress.relief.offer import Offered, offered_by
from redress.relief.progress import (
    WantedHouseholds,
    household_seen_by,
    household_story,
    wanted_households,
)
from redress.relief.schemes import fact_words
from redress.relief.states import (
    APPROVE,
    ASSESS,
    EXIT,
    OPEN_FILE,
    PROPOSE,
)
from redress.values.days import country_of, currency_of, local_day
from redress.values.money import Money

if TYPE_CHECKING:
    from redress.registers.registry.models import Fact, Household
    from redress.relief.models import File
_NUMBER_DIGITS_MAX: Final = 18
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@desk_page(RELIEF_READERS)
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


@desk_page(RELIEF_READERS)
def show_household(request: ActingRequest, number: int) -> HttpResponse:
    """Show one household: who, what is known, its file, what it got, and its story."""
    return household_page(request, number)


def household_page(
    request: ActingRequest, number: int, *, sent: Sent | None = None, status: int = 200
) -> HttpResponse:
    """Show one household, with a form that was sent and not done."""
    household, sent = household_of(request, number), sent or Sent()
    policy, told = Policy(request.actor), household_story(household)
    file = told.open_file
    may_open = file is None and policy.may_do(OPEN_FILE, household)
    context = {
        "household": household,
        "story": told,
        "file": file,
        "file_form": sent.instead_of(FileForm()) if may_open else None,
        "grant_form": sent.instead_of(grant_form(file, request.actor, offered=_offered(request)))
        if file and policy.may_do(PROPOSE, file)
        else None,
        "exit_form": sent.instead_of(ExitForm()) if file and policy.may_do(EXIT, file) else None,
        "may_decide": policy.may_do(APPROVE, household),
        "may_assess": policy.may_do(ASSESS, household),
        "schemes": shown_schemes(household),
        "facts": _known(told.facts),
        "sent": sent,
    }
    return render(request, "desk/household.html", context, status=status)


def household_of(request: ActingRequest, number: int) -> Household:
    """Give a household that is this person's to see.

    Raises:
        Http404: there is none.
    """
    household = household_seen_by(request.actor, number=number)
    if household is None:
        raise Http404
    return household


def grant_form(
    file: File,
    actor: Actor,
    data: Any = None,  # noqa: ANN401 - a posted form
    *,
    offered: Offered | None = None,
) -> GrantForm:
    """Make the form for a grant, filled in with what a scheme grants if that is wanted."""
    initial: dict[str, Any] = {"need": file.needs[0]}
    currency = currency_of(country_of(file.path))
    if offered is not None and (offered.household_id, offered.money.currency) == (
        file.household_id,
        currency,
    ):
        initial |= {
            "need": offered.need,
            "amount": offered.money.decimal(),
            "pack": offered.pack,
            "item": offered.item,
            "reason": _("By the rules of “%(scheme)s”: %(item)s.")
            % {"scheme": offered.title, "item": offered.label},
        }
    form = GrantForm(data, initial=initial)
    amount, fund = form.fields["amount"], form.fields["fund"]
    if isinstance(amount, MoneyField) and isinstance(fund, forms.ChoiceField):
        amount.set_currency(currency)
        fund.choices = [(one.pk, one.name) for one in funds(seen_by=actor, currency=currency)]
    return form


def _offered(request: ActingRequest) -> Offered | None:
    """Give what the reader chose to propose out of a scheme's decision."""
    number, item = request.GET.get("assessment", ""), request.GET.get("item", "")
    if not (number.isascii() and number.isdigit() and len(number) < _NUMBER_DIGITS_MAX):
        return None
    assessment = assessment_seen_by(request.actor, number=int(number))
    if assessment is None:
        return None
    return offered_by(assessment, item, language=page_language())


def _known(facts: list[Fact]) -> list[tuple[str, str, Fact]]:
    """Give each known fact with its words and its value as read."""
    names = {**WORDS["fact"]}
    return [
        (
            str(names.get(fact.name, "")) or fact_words(fact.name, page_language()) or fact.name,
            _value(fact.told),
            fact,
        )
        for fact in facts
    ]


def _value(told: Any) -> str:  # noqa: ANN401 - Money or JSON
    if isinstance(told, Money):
        return written_money(told)
    if isinstance(told, bool):
        return _("Yes") if told else _("No")
    if isinstance(told, list):
        return " · ".join(page_digits(str(one)) for one in told)
    if isinstance(told, str) and _ISO_DAY.fullmatch(told):
        with contextlib.suppress(ValueError):
            return written_day(dt.date.fromisoformat(told))
    return page_digits(str(told))
