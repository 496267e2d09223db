"""The backlog's charts, each with its table and with a sentence that says the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from redress.doors.desk.number_lines import NumberLine, number_line
from redress.doors.desk.number_span import WantedNumbers
from redress.doors.look.charts import Bars, Chart, Series, bars, chart
from redress.doors.look.dates import page_digits, written_day, written_month, written_number
from redress.doors.look.shares import written_share

if TYPE_CHECKING:
    from redress.demands.number_groups import Grouping
    from redress.demands.number_weeks import Backlog, Week
    from redress.demands.numbers import Figures

WEEKS_SHOWN: Final = 52
_WEEK: Final = dt.timedelta(days=7)
_PENDING: Final = gettext_lazy("Pending")
_CAME: Final = gettext_lazy("Received or opened again")
_WENT: Final = gettext_lazy("Disposed of")


@dataclass(frozen=True, slots=True)
class AheadRow:
    """What may be pending at the end of a coming week."""

    ends_on: dt.date
    expected: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class BacklogChart:
    """The backlog by week.

    Attributes:
        pending: its chart, with the band ahead; None without a whole week.
        flows: the chart of what came and what ended.
        told: what the charts say, in a sentence.
        trust: what forecasts like this one were worth, or why there is none.
    """

    pending: Chart | None
    flows: Chart | None
    weeks: Sequence[Week]
    ahead: Sequence[AheadRow]
    told: str
    trust: str


def backlog_chart(found: Backlog) -> BacklogChart:
    """Draw the last year of weeks and the weeks ahead."""
    weeks = found.weeks[-WEEKS_SHOWN:]
    if not weeks:
        return BacklogChart(None, None, (), (), "", _trust(found))
    coming = found.ahead.points if found.ahead else ()
    days = [week.ends_on for week in weeks]
    days += [days[-1] + _WEEK * point.week for point in coming]
    labels = _labels(days)
    pending = Series("pending", _PENDING, [week.pending for week in weeks])
    band = [(point.low, point.expected, point.high) for point in coming]
    flows = [
        Series("came", _CAME, [week.received for week in weeks]),
        Series("went", _WENT, [week.ended for week in weeks]),
    ]
    return BacklogChart(
        pending=chart([pending], labels=labels, band=band),
        flows=chart(flows, labels=labels[: len(weeks)]),
        weeks=weeks[::-1],
        ahead=[
            AheadRow(
                days[-1] - _WEEK * (len(coming) - point.week),
                *(round(value) for value in (point.expected, point.low, point.high)),
            )
            for point in coming
        ],
        told=_told(weeks),
        trust=_trust(found),
    )


def _labels(days: Sequence[dt.date]) -> list[str]:
    """Name a month at the first week that ends in it."""
    months = [written_month(day) for day in days]
    firsts = zip(months, ["", *months], strict=False)
    return [month if month != before else "" for month, before in firsts]


def _told(weeks: Sequence[Week]) -> str:
    return _(
        "From %(since)s to %(until)s the backlog went from %(before)s to %(now)s pending demands;"
        " %(came)s came in and %(went)s were disposed of. The week that still runs is not counted here."
    ) % {
        "since": written_day(weeks[0].ends_on),
        "until": written_day(weeks[-1].ends_on),
        "before": written_number(weeks[0].pending),
        "now": written_number(weeks[-1].pending),
        "came": written_number(sum(week.received for week in weeks[1:])),
        "went": written_number(sum(week.ended for week in weeks[1:])),
    }


def _trust(found: Backlog) -> str:
    if found.ahead is None:
        return _(
            "There is no forecast: it takes %(needed)s whole weeks to make one and try it out, and"
            " there are %(there)s."
        ) % {
            "needed": written_number(found.needed),
            "there": written_number(len(found.weeks)),
        }
    told = _(
        "The band is made to hold 8 weeks in 10. Tried out from %(origins)s past weeks, with what was"
        " known then, it held %(measured)s. Such forecasts were wrong by %(error)s demands on"
        " average; to say “as last week” would have been wrong by %(last)s."
    ) % {
        "origins": written_number(found.ahead.origins),
        "measured": written_share(found.ahead.measured),
        "error": written_number(round(found.ahead.error)),
        "last": written_number(round(found.ahead.error_of_last_week)),
    }
    if found.ahead.error >= found.ahead.error_of_last_week:
        told += " " + _("So it tells no more than the last count.")
    return told


@dataclass(frozen=True, slots=True)
class AgeChart:
    """What is pending, by the year in which it was raised."""

    bars: Bars | None
    rows: list[tuple[str, NumberLine]]
    told: str


def age_chart(listed: Sequence[Figures], years: Grouping, wanted: WantedNumbers) -> AgeChart:
    """Draw what is pending by year, the oldest first."""
    found = [
        (page_digits(label), one, key)
        for one, label, key in zip(listed, years.labels, years.keys, strict=True)
        if one.counts["pending"]
    ]
    if not found:
        return AgeChart(None, [], "")
    counts = [(name, one.counts["pending"]) for name, one, _key in found]
    of_years = "، " if page_digits("0") != "0" else ", "
    told = of_years.join(f"{name}: {written_number(count)}" for name, count in counts)
    rows = [
        (name, number_line(one, "pending", wanted, of={"by": "year", "of": key}))
        for name, one, key in found
    ]
    return AgeChart(bars(counts), rows, told)
