"""Figures as lines of a page: the number, the rows it opens, its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from redress.demands.number_choices import SHARES
from redress.doors.desk.number_span import WantedNumbers
from redress.doors.look.dates import written_number
from redress.doors.look.figures import FIGURES, FigureWords
from redress.doors.look.shares import UNKNOWN, written_days, written_share
from redress.doors.look.words import Words

if TYPE_CHECKING:
    from redress.demands.number_groups import Grouping
    from redress.demands.numbers import Age, Figures

# How old a stock is, and the count of it.
AGES: Final = {"age": "pending", "lying_age": "lying"}
# What stands on the page, in its order; of a body's own page the parts about holdings.
OF_DEMANDS: Final[list[tuple[Words, tuple[str, ...]]]] = [
    (
        gettext_lazy("What came and what ended"),
        ("received", "opened_again", "ended", "clearance", "pending", "age"),
    ),
]
OF_HOLDINGS: Final[list[tuple[Words, tuple[str, ...]]]] = [
    (
        gettext_lazy("With the bodies"),
        (
            *("sent", "returned_share", "handled", "handled_share", "lying", "lying_age"),
            *("lying_late", "on_time_share", "on_time", "late", "excused", "answer"),
        ),
    ),
    (
        gettext_lazy("What the workers say of the answers"),
        (
            *("answers", "judged", "satisfied_share", "left", "disputed_share"),
            *("silent_share", "otherwise", "answers_opened_share"),
        ),
    ),
]
AFTERWARDS: Final[list[tuple[Words, tuple[str, ...]]]] = [
    (gettext_lazy("Whether it lasts"), ("verified_share", "opened_again_share")),
    (gettext_lazy("How long it takes"), ("first_answer", "closing")),
]
# The columns of a breakdown.
BY_DEMANDS: Final = (
    *("received", "ended", "clearance", "pending", "age", "on_time_share", "satisfied_share"),
    *("silent_share", "first_answer"),
)
BY_HOLDINGS: Final = (
    *("sent", "handled", "handled_share", "lying", "lying_age", "lying_late", "on_time_share"),
    *("returned_share", "satisfied_share", "disputed_share", "silent_share"),
    *("answers_opened_share", "answer"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A count that opens its rows."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A figure on the page.

    Attributes:
        value: the count or the share, written.
        address: of the rows behind it; empty where it opens none.
        parts: of a share, the counts above and below the line.
        note: what stands beside it: workers, a band.
    """

    words: FigureWords
    value: str
    address: str = ""
    parts: tuple[Part, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines under a heading."""

    title: Words
    lines: list[NumberLine]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of a breakdown."""

    name: str
    lines: list[NumberLine]


def panels(
    figures: Figures, wanted: WantedNumbers, parts: Sequence[tuple[Words, tuple[str, ...]]]
) -> list[Panel]:
    """Lay out figures by heading."""
    return [
        Panel(title, [number_line(figures, name, wanted) for name in names])
        for title, names in parts
    ]


def group_rows(
    listed: Sequence[Figures], grouping: Grouping, wanted: WantedNumbers, *, nobody: Words
) -> list[GroupRow]:
    """Lay out a breakdown; groups without anything are left out."""
    names = columns(grouping)
    rows = []
    for figures, key, label in zip(listed, grouping.keys, grouping.labels, strict=True):
        if any(figures.counts.values()):
            of = {"by": str(wanted.by.value), "of": key}
            lines = [number_line(figures, name, wanted, of=of) for name in names]
            rows.append(GroupRow(label or str(nobody), lines))
    return rows


def columns(grouping: Grouping) -> tuple[str, ...]:
    """Name the figures of a breakdown's columns."""
    return BY_DEMANDS if grouping.of_demands else BY_HOLDINGS


def number_line(
    figures: Figures, name: str, wanted: WantedNumbers, *, of: dict[str, str] | None = None
) -> NumberLine:
    """Write one figure."""
    words = FIGURES[name]

    def rows(figure: str) -> str:
        return f"{reverse('number_rows')}?{wanted.query(figure=figure, **(of or {}))}"

    if name in SHARES:
        above, below = (
            sum(figures.counts[one] for one in names)
            for names in (SHARES[name].of, SHARES[name].among)
        )
        parts = (
            Part(written_number(above), rows(SHARES[name].of[0])),
            Part(written_number(below), rows(name)),
        )
        return NumberLine(words, written_share(figures.share(name)), parts=parts if below else ())
    if name in figures.times:
        return _time_line(words, figures, name)
    if name in AGES:
        return _age_line(words, figures.ages[AGES[name]], rows(AGES[name]))
    note = _workers(figures.workers[name]) if name in figures.workers else ""
    many = figures.counts[name]
    return NumberLine(words, written_number(many), rows(name) if many else "", note=note)


def _workers(many: int) -> str:
    told = ngettext("%(count)s worker", "%(count)s workers", many)
    return told % {"count": written_number(many)}


def _time_line(words: FigureWords, figures: Figures, name: str) -> NumberLine:
    time = figures.times[name]
    if not time.cases:
        return NumberLine(words, UNKNOWN)
    band = _("%(low)s to %(high)s; %(waiting)s of %(cases)s still wait") % {
        "low": written_days(time.low),
        "high": written_days(time.high),
        "waiting": written_number(time.waiting),
        "cases": written_number(time.cases),
    }
    return NumberLine(words, written_days(time.median), note=band)


def _age_line(words: FigureWords, age: Age | None, address: str) -> NumberLine:
    if age is None:
        return NumberLine(words, UNKNOWN)
    oldest = _("the oldest %(days)s") % {"days": written_days(age.oldest)}
    return NumberLine(words, written_days(age.median), address, note=oldest)
