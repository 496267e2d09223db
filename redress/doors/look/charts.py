"""Charts as shapes: where lines, bands and bars lie, with the time running in reading direction.

What they look like is in the style sheet; here are places and texts only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language_bidi

from redress.doors.look.dates import written_number
from redress.doors.look.words import Words

WIDTH: Final = 720
HEIGHT: Final = 240
_LEAD: Final = 64  # for the numbers beside the axis
_END: Final = 24
_TOP: Final = 12
_FOOT: Final = 32  # for the words below the axis
_LINES_MAX: Final = 5
_LABELS_MAX: Final = 6
_ROW: Final = 32
_BAR: Final = 18
_WORD_LEAD: Final = 96


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at an axis, and where it stands."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart; ``kind`` is its class in the style sheet."""

    kind: str
    name: Words
    points: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over weeks, and a band ahead of them."""

    lines: tuple[Line, ...]
    band: str
    across: tuple[Mark, ...]  # at heights
    below: tuple[Mark, ...]  # at places along the axis
    lead: float
    end: float
    width: int = WIDTH
    height: int = HEIGHT
    foot: int = HEIGHT - _FOOT


@dataclass(frozen=True, slots=True)
class Series:
    """Values of successive weeks, the first first."""

    kind: str
    name: Words
    values: Sequence[float]


def chart(
    series: Sequence[Series],
    *,
    labels: Sequence[str],
    band: Sequence[tuple[float, float, float]] = (),
) -> Chart:
    """Lay out lines over the same weeks.

    Args:
        series: lines.
        labels: what stands below the axis at each week; an empty text for nothing.
        band: low, expected and high of the weeks that follow the last one of the first line.
    """
    count = len(labels)
    most = max([
        1.0,
        *(max(one.values, default=0) for one in series),
        *(high for _, _, high in band),
    ])
    step = _step(most)
    top = step * -(-most // step)
    lines = [Line(one.kind, one.name, _points(one.values, 0, count, top)) for one in series]
    shape = ""
    if band and series and series[0].values:
        now = len(series[0].values) - 1
        last = series[0].values[-1]
        middle = [last, *(expected for _, expected, _ in band)]
        lines.append(Line("ahead", "", _points(middle, now, count, top)))
        low = _points([last, *(one for one, _, _ in band)], now, count, top)
        high = _points([last, *(one for _, _, one in band)], now, count, top)
        shape = f"{low} {' '.join(reversed(high.split()))}"
    across = [
        Mark(_height(value, top), written_number(round(value))) for value in _values(top, step)
    ]
    below = [Mark(_along(at, count), labels[at]) for at in _spaced(labels)]
    return Chart(
        tuple(lines), shape, tuple(across), tuple(below), _turned(_LEAD), _turned(WIDTH - _END)
    )


def _spaced(labels: Sequence[str]) -> list[int]:
    """Choose so few of the labels that none runs into the next."""
    room, chosen = len(labels) / _LABELS_MAX, list[int]()
    for at, text in enumerate(labels):
        if text and (not chosen or at - chosen[-1] >= room):
            chosen.append(at)
    return chosen


def _values(top: float, step: float) -> list[float]:
    return [step * at for at in range(round(top / step) + 1)]


def _step(most: float) -> float:
    """Give the distance of the axis's numbers: 1, 2 or 5 and zeros, few of them."""
    step = 1.0
    while most / step > _LINES_MAX:
        step *= 2.5 if str(step).startswith("2") else 2
    return step


def _points(values: Sequence[float], first: int, count: int, top: float) -> str:
    return " ".join(
        f"{_along(first + at, count)},{_height(value, top)}" for at, value in enumerate(values)
    )


def _along(at: int, count: int) -> float:
    """Give the place of a week along the axis, from the side that reading begins at."""
    room = WIDTH - _LEAD - _END
    return _turned(_LEAD + room * at / max(count - 1, 1))


def _turned(place: float) -> float:
    return round(WIDTH - place if get_language_bidi() else place, 1)


def _height(value: float, top: float) -> float:
    room = HEIGHT - _TOP - _FOOT
    return round(_TOP + room * (1 - value / top), 1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its name before and its number behind it."""

    name: str
    text: str
    place: float
    length: float
    top: float
    middle: float
    name_at: float
    text_at: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars one below the other, each beginning where reading begins."""

    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    thick: int = _BAR


def bars(rows: Sequence[tuple[str, int]]) -> Bars:
    """Lay out a bar for each name and count."""
    most = max([1, *(count for _name, count in rows)])
    room = WIDTH - 2 * _WORD_LEAD
    laid = []
    for at, (name, count) in enumerate(rows):
        length = round(room * count / most, 1)
        start = _WORD_LEAD
        top = at * _ROW + (_ROW - _BAR) // 2
        laid.append(
            Bar(
                name=name,
                text=written_number(count),
                place=_turned(start + length) if get_language_bidi() else float(start),
                length=length,
                top=top,
                middle=top + _BAR / 2,
                name_at=_turned(start - 8),
                text_at=_turned(start + length + 8),
            )
        )
    return Bars(tuple(laid), height=max(len(rows), 1) * _ROW)
