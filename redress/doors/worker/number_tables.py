"""The published figures as lines and tables of a page, and of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from redress.demands.number_groups import topic_group_names
from redress.demands.public_tables import AGAIN, ON_TIME
from redress.doors.look.dates import page_digits, written_number
from redress.doors.look.figures import FigureWords
from redress.doors.look.public_figures import ENDINGS, PUBLIC
from redress.doors.look.shares import written_days, written_share
from redress.doors.look.words import Words
from redress.registers.offices.places import offices_at

if TYPE_CHECKING:
    from redress.demands.public_numbers import Publication

HIDDEN: Final = gettext_lazy("not shown")
OF_A_COUNTRY: Final = (
    *("came", "ended", "clearance", "pending", "pending_workers", "solved_share", "disputed"),
    *("sent", "returned", "returned_share", "due", "on_time_share", "late_excused"),
    *("first_answer", "closing", "answer"),
)
OF_A_COUNTY: Final = (
    *("came", "ended", "clearance", "disputed", "sent", "returned", "returned_share", "due"),
    "on_time_share",
)
IN_COLUMNS: Final = ("came", "ended", "clearance", "on_time_share", "returned_share", "disputed")
_BY_COUNTY: Final = ("came", "ended", "sent", "returned", "due")
_PENDING: Final = {"pending": "demands", "pending_workers": "workers"}
# A figure that is one group of a family: the family, the attribute and the group.
_PARTS: Final = {
    "disputed": ("sent", "again", AGAIN),
    "on_time": ("due", "judged", ON_TIME),
    "late_excused": ("due", "excuse", "late_excused"),
}
_TIMES: Final = ("first_answer", "closing", "answer")
_SHARES: Final = {
    "clearance": ("ended", "came"),
    "solved_share": ("solved", "ended"),
    "returned_share": ("returned", "sent"),
    "on_time_share": ("on_time", "due"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A figure; neither number where it is not shown.

    Attributes:
        count: a count, or days.
        share: from 0 on.
        is_hidden: a small group is in it, or it would tell one.
    """

    count: int | None = None
    share: float | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A figure on the page, with its words."""

    name: str
    words: FigureWords
    text: str


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A group in a table; ``key`` of a county opens its page."""

    key: str
    name: str
    cells: list[str]

    @property
    def labelled(self) -> list[tuple[Words, str]]:
        """Give the cells of a county, each with the name of its figure."""
        return [
            (PUBLIC[name].name, cell) for name, cell in zip(IN_COLUMNS, self.cells, strict=True)
        ]


def value(published: Publication, name: str, *, county: str | None = None) -> Value:
    """Give a figure of the country, or of a county."""
    if name in _SHARES:
        above, below = (_count(published, part, county=county) for part in _SHARES[name])
        if above is None or below is None:
            return Value(is_hidden=True)
        return Value(share=above / below if below else None)
    if name in _TIMES:
        time = published.times.get(name)
        return Value(is_hidden=True) if time is None else Value(count=time["median"])
    count = _count(published, name, county=county)
    return Value(count=count, is_hidden=count is None)


def _count(published: Publication, name: str, *, county: str | None) -> int | None:
    if name in _PENDING:
        return published.pending.get(_PENDING[name])
    if name == "solved":
        return _absent_is_none(published.cells("ended", "how"), "resolved")
    family, *part = _PARTS.get(name, (name,))
    if county is None or name == "late_excused":
        return published.cells(family, *part[:1]).get(tuple(part[1:]))
    return published.cells(family, *part[:1], "county").get((*part[1:], county))


def _absent_is_none(table: dict[tuple[str, ...], int | None], group: str) -> int | None:
    """Give a group's count: 0 of one that never was, and nothing where the table is not shown."""
    return table.get((group,), 0) if table else None


def written(one: Value, name: str) -> str:
    """Write a figure; of days say where it is not reached."""
    if one.is_hidden:
        return str(HIDDEN)
    if name in _TIMES:
        return written_days(one.count)
    return written_share(one.share) if name in _SHARES else written_number(one.count or 0)


def lines(published: Publication, names: Sequence[str], county: str | None) -> list[PublicLine]:
    """Write the figures of a country or a county."""
    return [
        PublicLine(name, PUBLIC[name], written(value(published, name, county=county), name))
        for name in names
    ]


def county_rows(published: Publication) -> list[PublicRow]:
    """Write a row for each county."""
    names = county_names(published)
    return [
        PublicRow(
            path,
            names[path],
            [written(value(published, name, county=path), name) for name in IN_COLUMNS],
        )
        for path in names
    ]


def county_names(published: Publication) -> dict[str, str]:
    """Name the counties that stand in a publication."""
    tables = [published.cells(family, "county") for family in _BY_COUNTY]
    paths = sorted({path for table in tables for (path,) in table})
    offices = offices_at(paths)
    return {path: str(offices.get(path) or path or _("No county")) for path in paths}


def topic_names() -> dict[str, str]:
    """Name the groups of topics."""
    return {"": _("No topic yet"), **topic_group_names()}


def came_and_ended(
    published: Publication, by: str, names: dict[str, str], *, county: str | None = None
) -> list[PublicRow]:
    """Write what came and what ended by topic or by year, of the country or of one county."""
    attributes = (by,) if county is None else ("county", by)
    tables = [published.cells(family, *attributes) for family in ("came", "ended")]
    groups = sorted({group for table in tables for group in table})
    return [
        PublicRow(
            group[-1],
            names.get(group[-1], page_digits(group[-1])),
            [_cell(table, group) for table in tables],
        )
        for group in groups
        if county is None or group[0] == county
    ]


def ending_rows(published: Publication) -> list[PublicRow]:
    """Write how demands ended."""
    table = published.cells("ended", "how")
    words: dict[str, Words] = ENDINGS
    return [
        PublicRow(how, str(words.get(how, how)), [_cell(table, (how,))]) for (how,) in sorted(table)
    ]


def _cell(table: dict[tuple[str, ...], int | None], group: tuple[str, ...]) -> str:
    count = table.get(group)
    return str(HIDDEN) if count is None else written_number(count)
