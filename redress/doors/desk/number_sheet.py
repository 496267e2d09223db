"""The columns of the figures' sheet: each day for programmes and for the reader, no cell a formula."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from redress.doors.desk.number_span import short_day
from redress.doors.look.sheets import guarded
from redress.doors.look.words import Words

if TYPE_CHECKING:
    from redress.demands.number_sheet import Line

HEADS: Final[tuple[Words, ...]] = (
    _("Number"),
    _("Raised on (ISO)"),
    _("Raised on"),
    _("Put down on (ISO)"),
    _("Put down on"),
    _("County"),
    _("Topic group"),
    _("Topic"),
    _("Workers"),
    _("State"),
    _("Body (number)"),
    _("Body"),
    _("First answered on (ISO)"),
    _("First answered on"),
    _("Ended on (ISO)"),
    _("Ended on"),
    _("Ended as"),
    _("Worker's last word"),
    _("Union's finding"),
    _("Days with the union"),
    _("Days with bodies"),
    _("Days with the worker"),
    _("Days with nobody"),
    _(
        "Holdings: body|since|until|due|how|late on|reason accepted|again|what came of it|ended on"
        "|opened again on"
    ),
    _("Ends: on|how|opened again on"),
)


def cells(line: Line) -> list[str]:
    """Write a demand's cells, in the order of ``HEADS``."""
    told = [
        *(str(line.number), *_day(line.heard_on), *_day(line.put_down_on)),
        *(line.county, line.topic_group, line.topic, str(line.workers), line.state),
        *("" if line.body is None else str(line.body), line.body_name),
        *(*_day(line.answered_on), *_day(line.ended_on), line.ended_as, line.said, line.found),
        *(str(days) for days in line.clock),
        *(line.holdings, line.ends),
    ]
    return [guarded(cell) for cell in told]


def _day(day: dt.date | None) -> tuple[str, str]:
    return ("", "") if day is None else (day.isoformat(), short_day(day))
