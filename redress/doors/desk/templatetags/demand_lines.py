"""The lines of a list of demands, written out before the template lays them out.

The list is an officer's most opened page. Of its time two thirds went into looking the same words up,
filtering them and resolving them thirty times over; a line of plain texts takes a third of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from redress.demands.backlog import is_overdue, must_act
from redress.doors.look.dates import page_digits, written_day
from redress.doors.look.templatetags.look import due_in
from redress.doors.look.words import word

if TYPE_CHECKING:
    from redress.demands.models import Demand

register = template.Library()
WORDS_CHARS: Final = 220
_ELLIPSIS: Final = "…"
Line = dict[str, Any]  # a template finds the parts of a dictionary at once


@register.simple_tag(takes_context=True)
def demand_lines(context: dict[str, Any], rows: Iterable[Demand]) -> list[Line]:
    """Write out the lines of some demands, for who reads the page."""
    today: dt.date = context["today"]
    of_a_body = bool(context.get("of_a_body"))
    return [_line(demand, today=today, of_a_body=of_a_body) for demand in rows]


def _line(demand: Demand, *, today: dt.date, of_a_body: bool) -> Line:
    words = demand.read_by_body if of_a_body else demand.text
    due = demand.due_on if must_act(demand) else None
    return {
        "pk": demand.pk,
        "address": reverse("demand", args=[demand.pk]),
        "number": page_digits(str(demand.pk)),
        "choose": _("Choose demand %(number)s") % {"number": page_digits(str(demand.pk))},
        "language": demand.language,
        "words": words if len(words) <= WORDS_CHARS else words[: WORDS_CHARS - 1] + _ELLIPSIS,
        "topic": str(demand.topic or "–"),
        "state": demand.state,
        "state_word": str(word("state", demand.state)),
        "body": str(demand.body) if demand.body and demand.state != "heard" else "",
        "due": due_in(due, today) if due else "",
        "urge": "late" if is_overdue(demand, today=today) else "soon" if due == today else "",
        "day": written_day(due or demand.heard_on),
    }
