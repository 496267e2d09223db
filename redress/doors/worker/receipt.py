"""A worker follows a demand by its receipt code: reads it, answers, agrees, objects, has the last word.

The code travels in the body of a form only: never in an address, a log, a cookie or a history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from redress.demands.hear import demand_with_receipt
from redress.demands.readings import who_has_seen
from redress.demands.resolve import last_claim
from redress.demands.states import (
    ADD,
    CONFIRM,
    CONTEST,
    DISPUTE,
    UNMERGE,
    WITH_THE_BODY,
    WITHDRAW,
    Claim,
    CloseKind,
    State,
    is_possible,
)
from redress.demands.story import clock_of, followed_with, marked, story
from redress.doors.limits import is_too_often
from redress.doors.look.refusals import too_often
from redress.doors.worker.deeds import FORMS, do, form_of
from redress.doors.worker.forms import CodeForm
from redress.doors.worker.front import keep_language
from redress.doors.worker.receipt_file import receipt_file
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
    """Ask for the code; with it show the demand, and take the worker's word.

    With ``language`` it is shown in that one from now on: a code stands in no address.
    """
    if request.method != "POST":
        return render(request, "worker/receipt.html", {"form": CodeForm()})
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return _with_code(request)
    with translation.override(language):
        return keep_language(_with_code(request), language, request=request)


def _with_code(request: HttpRequest) -> HttpResponse:
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
            if request.POST.get("action") == "download":
                return receipt_file(demand)
            return _show_or_do(request, demand, code=code, by=worker)


def _show_or_do(request: HttpRequest, demand: Demand, *, code: str, by: Actor) -> HttpResponse:
    done = do(request, demand, by)
    action, demand = request.POST.get("action", ""), done.demand
    state = State(demand.state)
    # What was not in order is shown again where it was written; nothing typed is lost.
    shown = {name.replace("-", "_"): form_of(name) for name in FORMS}
    if done.form is not None:
        shown[action.replace("-", "_")] = done.form
    may_leave = last_claim(demand) in {Claim.REFUSED, Claim.MOVED}
    context = {
        "demand": demand,
        "code": code,
        "story": story(demand, seen_by=by),
        "marked": marked(demand),
        "clock": clock_of(demand, today=timezone.localdate()),
        "seen": who_has_seen(demand),
        "followed": followed_with(demand),
        "forms": shown,
        "wrong": action if done.form is not None else "",
        "notice": done.notice,
        "new_code": done.new_code,
        "may_say": is_possible(CONFIRM, state),
        "may_leave_unsolved": may_leave,
        "may_reopen": _may_reopen(demand, state),
        "may_contest": is_possible(CONTEST, state)
        and demand.close_kind == CloseKind.NOT_A_WORKERS_MATTER,
        "asked": state is State.TO_CLARIFY,
        "with_the_body": state in WITH_THE_BODY,
        "may_add": is_possible(ADD, state),
        "may_follow_alone": is_possible(UNMERGE, state),
        "may_withdraw": is_possible(WITHDRAW, state),
        "is_open": demand.closed_at is None,
    }
    return render(request, "worker/demand.html", context, status=done.status)


def _may_reopen(demand: Demand, state: State) -> bool:
    aside = demand.close_kind == CloseKind.NOT_A_WORKERS_MATTER
    return state is State.CLOSED and is_possible(DISPUTE, state) and not aside
