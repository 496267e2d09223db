"""An officer marks a demand: sentence by sentence, with keys or without script."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from redress.demands.mark import NothingMarked, mark_demand, parts, personal_in
from redress.demands.readings import note_reading
from redress.demands.states import MARK, State, WrongState, is_possible
from redress.demands.story import marked
from redress.doors.acting import ActingRequest
from redress.doors.desk.demand_case import seen_demand
from redress.doors.desk.pages import (
    ACTED_MEANWHILE,
    NOT_IN_ORDER,
    desk_page,
    say_acted_meanwhile,
    say_done,
    say_refused,
)
from redress.doors.look.dates import written_number
from redress.doors.look.refusals import not_allowed
from redress.doors.look.words import choices, word
from redress.registers.accounts.roles import OFFICERS, NotAllowed, Policy
from redress.values.laying import joined_spans, places_of
from redress.values.spans import NotSpans, Span, SpanKind, read_spans

if TYPE_CHECKING:
    from redress.demands.models import Demand

WORDS_TO_MASK_MAX: Final = 500
_EXTRA_CHARS_MAX: Final = 20_000
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_SHOWN_MAX, _SHOWN_CHARS_MAX = 5, 60


class NotInText(ValueError):
    """What is to be covered does not stand in the words, letter by letter; or it is too much."""

    def __init__(self, words: list[str]) -> None:
        super().__init__()
        self.words = words


def _say_absent(absent: NotInText) -> str:
    if not absent.words:
        return _("Too much is to be covered; cover %(count)s parts at most.") % {
            "count": written_number(WORDS_TO_MASK_MAX)
        }
    return _("Nothing was marked: “%(words)s” does not stand in the text, letter by letter.") % {
        "words": "”, “".join(one[:_SHOWN_CHARS_MAX] for one in absent.words[:_SHOWN_MAX])
    }


@desk_page(OFFICERS)
def show_marking(request: ActingRequest, number: int) -> HttpResponse:
    """Show the sentences with what each is, or take the marking."""
    demand = seen_demand(request, number)
    may = is_possible(MARK, State(demand.state)) and Policy(request.actor).may_do(MARK, demand)
    if not may:
        return not_allowed(request)
    if request.method != "POST":
        note_reading(demand, by=request.actor, at=timezone.now())
        return _show(request, demand)
    try:
        mark_demand(demand, spans=_spans(request, demand), by=request.actor, at=timezone.now())
    except NotAllowed:
        return not_allowed(request)
    except WrongState as wrong:
        say_acted_meanwhile(request, word("state", wrong.state))
        return _show(request, demand, status=ACTED_MEANWHILE)
    except NothingMarked:
        say_refused(request, _("Mark at least one sentence as the demand or as a fact."))
        return _show(request, demand, status=NOT_IN_ORDER)
    except NotInText as absent:
        say_refused(request, _say_absent(absent))
        return _show(request, demand, status=NOT_IN_ORDER)
    except (NotSpans, ValueError):
        say_refused(request, _("That marking does not fit the words; mark them again."))
        return _show(request, demand, status=NOT_IN_ORDER)
    say_done(request, _("Marked; the worker reads it with the receipt."))
    return redirect("demand", number=number)


def _show(request: ActingRequest, demand: Demand, *, status: int = 200) -> HttpResponse:
    masked = [demand.text[span.start : span.end] for span in personal_in(demand)]
    cut = [
        (place, part, request.POST.get(f"kind_{place}", part.kind or ""))
        for place, part in enumerate(parts(demand))
    ]
    context = {
        "demand": demand,
        "parts": cut,
        "kinds": [one for one in choices("span_kind") if one[0] != SpanKind.PERSONAL],
        "mask": request.POST.get("mask", "\n".join(dict.fromkeys(masked))),
        "extra": request.POST.get("extra", ""),
        "marked": marked(demand),
        # A page holds every line's end as one character; of the text some may be two.
        "line_ends": "".join(str(len(end)) for end in _LINE_END.findall(demand.text)),
    }
    return render(request, "desk/marking.html", context, status=status)


def _spans(request: ActingRequest, demand: Demand) -> list[Span]:
    """Read the marking out of the form: kinds of sentences, parts chosen by hand, words to mask.

    Raises:
        NotInText: something to cover is not in the text, or there is too much of it: it would be
            left readable without a word.
        NotSpans: a part does not fit the text.
        ValueError: what a script sent is no list.
    """
    by_sentence = [
        Span(SpanKind(kind), part.start, part.end)
        for place, part in enumerate(parts(demand))
        if (kind := request.POST.get(f"kind_{place}", "")) in set(SpanKind) - {SpanKind.PERSONAL}
    ]
    raw = request.POST.get("extra", "")[:_EXTRA_CHARS_MAX]
    try:
        by_hand = read_spans(json.loads(raw), text=demand.text) if raw else ()
    except RecursionError as deep:
        raise ValueError from deep
    words = [one.strip() for one in request.POST.get("mask", "").split("\n") if one.strip()]
    if len(words) > WORDS_TO_MASK_MAX or any(one not in demand.text for one in words):
        raise NotInText([one for one in words if one not in demand.text])
    personal = places_of(demand.text, words)
    return joined_spans(by_sentence, [*by_hand, *personal])
