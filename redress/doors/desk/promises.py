"""The register of promises at the desk: who promised what by when, and how it came out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from redress.demands.kinds import Kept
from redress.demands.promises import (
    JUDGE,
    JudgedMeanwhile,
    Judgement,
    Standing,
    WantedPromises,
    days_late,
    earlier_judgements,
    judge_promise,
    promise_seen_by,
    promise_tally,
    promises,
    stamp_of,
)
from redress.doors.acting import ActingRequest
from redress.doors.desk.demand_list import READERS
from redress.doors.desk.forms import words_field
from redress.doors.desk.pages import (
    ACTED_MEANWHILE,
    NOT_IN_ORDER,
    desk_page,
    page_of,
    say_acted_meanwhile,
    say_done,
)
from redress.doors.look.refusals import not_allowed
from redress.doors.look.words import Words, choices, word
from redress.registers.accounts.roles import OF_A_BODY, Actor, Policy
from redress.registers.journal.steps import WHY_CHARS_MAX
from redress.registers.offices.places import bodies_in

if TYPE_CHECKING:
    from redress.demands.models import Promise
    from redress.registers.journal.models import Entry

STANDINGS: Final[list[tuple[str, Words]]] = [
    (Standing.OPEN, pgettext_lazy("promise", "Open")),
    (Standing.WEEK, pgettext_lazy("promise", "Due within a week")),
    (Standing.OVERDUE, pgettext_lazy("promise", "Overdue")),
    (Standing.KEPT, pgettext_lazy("promise", "Kept")),
    (Standing.PARTLY, pgettext_lazy("promise", "Kept in part")),
    (Standing.BROKEN, pgettext_lazy("promise", "Broken")),
]
_NUMBER_DIGITS_MAX: Final = 18
_STAMP_CHARS_MAX: Final = 40


class JudgeForm(forms.Form):
    """How a promise came out, and how that is known."""

    kept = forms.ChoiceField(label=gettext_lazy("How did it come out?"))
    why = words_field(gettext_lazy("How do you know?"), rows=2, chars_max=WHY_CHARS_MAX)
    stamp = forms.CharField(max_length=_STAMP_CHARS_MAX, required=False, widget=forms.HiddenInput)

    def __init__(self, promise: Promise, data: QueryDict | None = None) -> None:
        super().__init__(
            data,
            auto_id=f"judge{promise.pk}_%s",
            initial={"kept": promise.kept, "stamp": stamp_of(promise)},
        )
        kept = self.fields["kept"]
        if isinstance(kept, forms.ChoiceField):
            # Back to open only from a judgement: that takes it back.
            listed = [one for one in choices("kept") if promise.judged_at or one[0] != Kept.OPEN]
            kept.choices = listed if promise.judged_at else [("", _("Choose")), *listed]


@dataclass(frozen=True, slots=True)
class Row:
    """A promise on the page."""

    promise: Promise
    is_late: bool
    earlier: list[Entry]
    form: JudgeForm | None
    is_sent: bool  # its form was sent and not done


@desk_page(READERS)
def show_promises(request: ActingRequest) -> HttpResponse:
    """List the promises that fit the filters, those due first."""
    return _show(request)


def _wanted(request: ActingRequest) -> WantedPromises:
    """Give what is asked for; a filter that cannot be read narrows nothing."""
    given = request.GET
    standing = given.get("standing", "")
    return WantedPromises(
        standing if standing in set(Standing) else "",
        _number(given.get("body", "")),
        _number(given.get("hearing", "")),
    )


def _number(written: str) -> int | None:
    if written.isascii() and written.isdigit() and len(written) <= _NUMBER_DIGITS_MAX:
        return int(written)
    return None


def _show(
    request: ActingRequest,
    *,
    sent: tuple[Promise, JudgeForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, today, wanted = request.actor, timezone.localdate(), _wanted(request)
    page = page_of(promises(wanted, seen_by=actor, today=today), request)
    listed = list(page.object_list)
    if sent is not None and sent[0] not in listed:
        listed.insert(0, sent[0])
    count = promise_tally(seen_by=actor, today=today)
    context = {
        "page": page,
        "rows": _rows(listed, actor, today=today, sent=sent),
        "wanted": wanted,
        "standings": [(code, what, getattr(count, code)) for code, what in STANDINGS],
        "bodies": [(one.pk, one) for one in bodies_in(actor.path)] if actor.path else [],
        "of_a_body": actor.role in OF_A_BODY,
        "list_address": reverse("promises"),  # it is shown again at the address of a judgement too
    }
    return render(request, "desk/promises.html", context, status=status)


def _rows(
    listed: list[Promise],
    actor: Actor,
    *,
    today: dt.date,
    sent: tuple[Promise, JudgeForm] | None,
) -> list[Row]:
    earlier = earlier_judgements(listed)
    found = []
    for one in listed:
        is_sent = sent is not None and sent[0] == one
        form = JudgeForm(one) if Policy(actor).may_do(JUDGE, one) else None
        late = days_late(one, today=today) > 0
        found.append(
            Row(one, late, earlier.get(one.pk, []), sent[1] if sent and is_sent else form, is_sent)
        )
    return found


@require_POST
@desk_page(READERS)
def judge(request: ActingRequest, number: int) -> HttpResponse:
    """Put down how a promise came out; a body's people and auditors may only read.

    Raises:
        Http404: there is none that is this person's to see.
    """
    promise = promise_seen_by(request.actor, number=number)
    if promise is None:
        raise Http404
    if not Policy(request.actor).may_do(JUDGE, promise):
        return not_allowed(request)
    form = JudgeForm(promise, request.POST)
    if not form.is_valid():
        return _show(request, sent=(promise, form), status=NOT_IN_ORDER)
    given = form.cleaned_data
    judgement = Judgement(Kept(given["kept"]), given["why"], given["stamp"])
    try:
        judge_promise(promise, judgement=judgement, by=request.actor, at=timezone.now())
    except JudgedMeanwhile:
        return _judged_meanwhile(request, promise, judgement)
    say_done(request, _("Put down; the journal keeps each judgement."))
    return _back(request, number)


def _judged_meanwhile(
    request: ActingRequest, promise: Promise, judgement: Judgement
) -> HttpResponse:
    """Show what was judged meanwhile; pressing again then judges anew, knowingly."""
    now = promise_seen_by(request.actor, number=promise.pk) or promise
    told = (judgement.kept, judgement.why, request.actor.name)
    if (now.kept, now.judged_why, now.judged_by) == told:  # the second of two clicks
        return _back(request, promise.pk)
    say_acted_meanwhile(request, word("kept", now.kept))
    data = request.POST.copy()
    data["stamp"] = stamp_of(now)
    return _show(request, sent=(now, JudgeForm(now, data)), status=ACTED_MEANWHILE)


def _back(request: ActingRequest, number: int) -> HttpResponse:
    query = request.GET.urlencode()
    return redirect(f"{reverse('promises')}{'?' if query else ''}{query}#promise{number}")
