"""A worker files a demand. One screen, no account, no cookie, no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from redress.demands.hear import HeardWords, hear_demand
from redress.demands.states import HeldBack
from redress.doors.limits import is_too_often
from redress.doors.receipts import code_of_form, file_once
from redress.doors.worker.brakes import brake, new_form_id
from redress.doors.worker.forms import DemandForm
from redress.registers.accounts.roles import worker_with
from redress.registers.offices.scope import within

if TYPE_CHECKING:
    from redress.demands.models import Demand


# An office's computer may stand behind one address with many workers.
DEMANDS_PER_MINUTE_MAX = 60


# Nobody's authority comes with this form, so there is nothing to forge; a cookie less is safer.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_form(request: HttpRequest) -> HttpResponse:
    """Show the form, or take it in and show the receipt."""
    if request.method != "POST":
        form = DemandForm(initial={"form_id": new_form_id(), "workers_count": 1})
        return render(request, "worker/new_demand.html", {"form": form})
    form = DemandForm(request.POST, request.FILES)
    if is_too_often(request, what="demand", times_max=DEMANDS_PER_MINUTE_MAX):
        form.add_error(None, _("Too many demands came from here. Wait a minute, then send again."))
        return render(request, "worker/new_demand.html", {"form": form}, status=429)
    if not form.is_valid():
        return render(request, "worker/new_demand.html", {"form": form}, status=422)
    demand, code = _file(form, held_back=brake(request, form))
    return render(request, "worker/filed.html", {"demand": demand, "code": code}, status=201)


def _file(form: DemandForm, *, held_back: HeldBack | None) -> tuple[Demand, str]:
    """Hear the demand; the same form with the same words and papers again gives the same receipt."""
    given = form.cleaned_data
    code, fingerprint = code_of_form(given, of="public")
    worker = worker_with(fingerprint)
    words = HeardWords(
        text=given["text"],
        path=given["county"],
        receipt_fingerprint=fingerprint,
        workplace=given["workplace"],
        employer=given["employer"],
        workers_count=given["workers_count"] or 1,
        keep_name_from_employer=given["keep_name_from_employer"],
        name=given["name"],
        contact=given["contact"],
        topic_code=given["topic"] or None,
        attachments=given["files"],
        held_back=held_back,
    )
    with within(worker.scope):
        demand = file_once(fingerprint, lambda: hear_demand(words, by=worker, at=timezone.now()))
    return demand, code
