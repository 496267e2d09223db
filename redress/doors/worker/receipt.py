"""A worker follows a demand by its receipt code, and says whether it is solved.

The code travels in the body of a form only: never in an address, a log, a cookie or a history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from redress.demands.backlog import story
from redress.demands.hear import demand_with_receipt
from redress.demands.resolve import confirm_solved, dispute_answer, withdraw_demand
from redress.demands.states import (
    CONFIRM,
    WITH_THE_BODY,
    WITHDRAW,
    CloseKind,
    Said,
    State,
    WrongState,
    is_possible,
)
from redress.doors.limits import is_too_often
from redress.doors.look.refusals import too_often
from redress.doors.worker.forms import CodeForm, WordForm
from redress.registers.accounts.roles import Actor, worker_with
from redress.registers.offices.scope import within
from redress.values.codes import NotACode, code_fingerprint, read_code
from redress.values.days import country_of, time_zone_of

if TYPE_CHECKING:
    from redress.demands.models import Demand

TRIES_PER_MINUTE_MAX = 30


# The code in the form is the authority; without it a forged form can do nothing.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_receipt(request: HttpRequest) -> HttpResponse:
    """Ask for the code; with it show the demand, and take the worker's word."""
    if request.method != "POST":
        return render(request, "worker/receipt.html", {"form": CodeForm()})
    if is_too_often(request, what="receipt", times_max=TRIES_PER_MINUTE_MAX):
        return too_often(request)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return render(request, "worker/receipt.html", {"form": form}, status=422)
    try:
        code = read_code(form.cleaned_data["code"])
    except NotACode:
        form.add_error("code", _("That is not a receipt code: check the digits one by one."))
        return render(request, "worker/receipt.html", {"form": form}, status=422)
    fingerprint = code_fingerprint(code, key=settings.REDRESS_FINGERPRINT_KEY)
    worker = worker_with(fingerprint)
    with within(worker.scope):
        demand = demand_with_receipt(fingerprint)
        if demand is None:
            form.add_error("code", _("No demand has this code."))
            return render(request, "worker/receipt.html", {"form": form}, status=404)
        with timezone.override(time_zone_of(country_of(demand.path))):
            return _show_or_do(request, demand, code=code, by=worker)


def _show_or_do(request: HttpRequest, demand: Demand, *, code: str, by: Actor) -> HttpResponse:
    action = request.POST.get("action", "")
    word_form, notice, status = WordForm(), "", 200
    if action == "word":
        word_form = WordForm(request.POST)
        if word_form.is_valid():
            demand, notice = _take_word(demand, word_form, by=by)
        else:
            status = 422
    elif action == "withdraw":
        try:
            demand = withdraw_demand(demand, by=by, at=timezone.now())
            notice = _("You have taken your demand back.")
        except WrongState:
            notice = _("This demand has ended already.")
    state = State(demand.state)
    context = {
        "demand": demand,
        "code": code,
        "story": story(demand, seen_by=by),
        "word_form": word_form,
        "notice": notice,
        "may_say": is_possible(CONFIRM, state),
        "may_reopen": state is State.CLOSED and demand.close_kind == CloseKind.RESOLVED,
        "with_the_body": state in WITH_THE_BODY,
        "may_withdraw": is_possible(WITHDRAW, state),
    }
    return render(request, "worker/demand.html", context, status=status)


def _take_word(demand: Demand, form: WordForm, *, by: Actor) -> tuple[Demand, str]:
    said, text, at = form.verdict(), form.cleaned_data["text"], timezone.now()
    try:
        if said is Said.SOLVED:
            return confirm_solved(demand, text=text, by=by, at=at), _(
                "Thank you. The demand is closed."
            )
        reopened = dispute_answer(demand, said=said, text=text, by=by, at=at)
    except WrongState:
        return demand, _("This has been said already, or nothing waits for your word.")
    return reopened, _("It is open again and lies with the body.")
