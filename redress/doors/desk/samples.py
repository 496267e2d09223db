"""Drawn samples at the desk: the list, a new draw, and one with its calls, its result and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from redress.demands.close_many import (
    RULE,
    SampleTooThin,
    carrying,
    close_by_sample,
    spoken_for,
)
from redress.demands.collect import Dissolved
from redress.demands.resolve import NotAnEnd
from redress.demands.sample import (
    DRAW,
    CallDone,
    Lot,
    NothingToDraw,
    OwnCase,
    WordMissing,
    draw_ended,
    note_call,
)
from redress.demands.sampled import (
    call_seen_by,
    calls,
    calls_to_make,
    numbers_of,
    result,
    results_of,
    sample_seen_by,
    samples,
)
from redress.demands.states import CLOSE_BY_SAMPLE, WrongState
from redress.doors.acting import ActingRequest
from redress.doors.desk.collective_forms import CallForm, SampleForm
from redress.doors.desk.pages import (
    ACTED_MEANWHILE,
    NOT_AN_END,
    NOT_IN_ORDER,
    Sent,
    desk_page,
    page_of,
    say_acted_meanwhile,
    say_done,
    say_refused,
)
from redress.doors.look.dates import written_number
from redress.doors.look.refusals import not_allowed
from redress.doors.look.words import Words, word
from redress.registers.accounts.roles import OFFICERS, NotAllowed, Policy, Role
from redress.registers.offices.places import offices_at

if TYPE_CHECKING:
    from redress.demands.models import Sample

READERS: Final = OFFICERS | {Role.AUDITOR}

_REFUSALS: Final[dict[type[Exception], Words]] = {
    CallDone: gettext_lazy("Nothing was changed: this call was put down already."),
    OwnCase: gettext_lazy(
        "Nothing was changed: you handled this demand, so somebody else must ask its worker."
    ),
    NotAnEnd: NOT_AN_END,
    WordMissing: gettext_lazy("Nothing was changed: only who was reached has said something."),
}


@desk_page(READERS)
def show_samples(request: ActingRequest) -> HttpResponse:
    """List the samples of this person's places with what came of them."""
    return _list(request, SampleForm(actor=request.actor))


def _list(request: ActingRequest, form: SampleForm, *, status: int = 200) -> HttpResponse:
    page = page_of(samples(seen_by=request.actor), request)
    results = results_of(page.object_list)
    offices = offices_at(one.path for one in page.object_list)
    context = {
        "page": page,
        "list_address": reverse("samples"),  # it is shown again at the address of a draw too
        "rows": [(one, offices.get(one.path), results[one.pk]) for one in page.object_list],
        "form": form if Policy(request.actor).may_be(DRAW.roles) else None,
    }
    return render(request, "desk/samples.html", context, status=status)


@require_POST
@desk_page(DRAW.roles)
def draw(request: ActingRequest) -> HttpResponse:
    """Draw from the demands of a place that ended in some days."""
    form = SampleForm(request.POST, actor=request.actor)
    if form.is_valid():
        given = form.cleaned_data
        lot = Lot(
            path=given["county"],
            wanted=given["wanted"],
            closed_from=given["closed_from"],
            closed_until=given["closed_until"],
        )
        try:
            sample = draw_ended(lot, by=request.actor, at=timezone.now())
        except NotAllowed:
            return not_allowed(request)
        except NothingToDraw:
            say_refused(
                request, _("Nothing was drawn: no demand a body answered ended in these days.")
            )
        else:
            say_done(request, _("Drawn. Make the calls."))
            return redirect("sample", number=sample.pk)
    return _list(request, form, status=NOT_IN_ORDER)


def seen_sample(request: ActingRequest, number: int) -> Sample:
    """Give a sample that is this person's to see.

    Raises:
        Http404: there is none.
    """
    sample = sample_seen_by(request.actor, number=number)
    if sample is None:
        raise Http404
    return sample


@desk_page(READERS)
def show_sample(request: ActingRequest, number: int) -> HttpResponse:
    """Show one: the calls and who may make them, the result, and how anybody can draw again."""
    return _show(request, seen_sample(request, number))


def _show(
    request: ActingRequest, sample: Sample, *, sent: Sent | None = None, status: int = 200
) -> HttpResponse:
    actor, sent = request.actor, sent or Sent()
    page = page_of(calls(sample, seen_by=actor), request)
    to_make = calls_to_make(page.object_list, sample, seen_by=actor, at=timezone.now())
    numbers, digest = numbers_of(sample)
    context: dict[str, Any] = {
        "sample": sample,
        "page": page,
        "rows": [
            (one, sent.instead_of(_call_form(one.call.pk), of=str(one.call.pk)))
            if one.may_call
            else (one, None)
            for one in to_make
        ],
        "result": result(sample),
        "has_numbers": bool(numbers),
        "digest": digest,
        "rule": RULE,
        "sent": sent,
    }
    if sample.collective is not None:
        context["carrying"] = carrying(sample.collective)
        context["spoken_for"] = spoken_for(sample, seen_by=actor).count()
        is_open = sample.collective.dissolved_at is None
        context["may_close"] = is_open and Policy(actor).may_do(CLOSE_BY_SAMPLE, sample)
    return render(request, "desk/sample.html", context, status=status)


def _call_form(number: int, data: Any = None) -> CallForm:  # noqa: ANN401 - a posted form
    return CallForm(data, auto_id=f"call{number}_%s")


@desk_page(READERS)
def show_numbers(request: ActingRequest, number: int) -> HttpResponse:
    """Give the numbers that a sample was drawn from, one a line, to draw again.

    Raises:
        Http404: there is no such sample, or its numbers were too many to be kept.
    """
    numbers, _digest = numbers_of(seen_sample(request, number))
    if not numbers:
        raise Http404
    lines = "".join(f"{one}\n" for one in numbers)
    response = HttpResponse(lines, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sample-{number}.txt"'
    return response


@require_POST
@desk_page(READERS)
def put_down_call(request: ActingRequest, number: int, call: int) -> HttpResponse:
    """Put down what came of a call; the worker's word counts as any other.

    Raises:
        Http404: there is no such call.
    """
    sample = seen_sample(request, number)
    found = call_seen_by(request.actor, sample, number=call)
    if found is None:
        raise Http404
    form, status = _call_form(call, request.POST), NOT_IN_ORDER
    if form.is_valid():
        try:
            note_call(found, called=form.called(), by=request.actor, at=timezone.now())
        except NotAllowed:
            return not_allowed(request)
        except WrongState as wrong:
            status = ACTED_MEANWHILE
            say_acted_meanwhile(request, word("state", wrong.state))
        except tuple(_REFUSALS) as refused:
            status = ACTED_MEANWHILE
            say_refused(request, _REFUSALS[type(refused)])
        else:
            say_done(request, _("Put down."))
            return redirect("sample", number=number)
    return _show(request, sample, sent=Sent(form, str(call)), status=status)


@require_POST
@desk_page(READERS)
def close(request: ActingRequest, number: int) -> HttpResponse:
    """Close the members that nobody asked, if the stated rule holds."""
    sample = seen_sample(request, number)
    try:
        closed = close_by_sample(sample, by=request.actor, at=timezone.now())
    except NotAllowed:
        return not_allowed(request)
    except (SampleTooThin, Dissolved):
        say_refused(request, _("Nothing was closed: the rule for it does not hold now."))
        return _show(request, sample, status=ACTED_MEANWHILE)
    said = ngettext(
        "Closed %(many)s demand by the sample.", "Closed %(many)s demands by the sample.", closed
    )
    say_done(request, said % {"many": written_number(closed)})
    return redirect("sample", number=number)
