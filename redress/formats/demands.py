"""Demands in a table: one a row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from redress.formats.rows import Cells, Fault
from redress.formats.tables import TableRow

TEXT_CHARS_MAX: Final = 20_000
NAME_CHARS_MAX: Final = 200
SOURCE_CHARS_MAX: Final = 100
WORKERS_MAX: Final = 10_000_000
_LANGUAGES: Final = frozenset({"fa", "zh", "en"})
_URGENCIES: Final = frozenset({"critical", "high", "normal", "low"})
_CHANNELS: Final = frozenset({
    "web",
    "phone",
    "visit",
    "letter",
    "open_door",
    "meeting",
    "import",
})


@dataclass(frozen=True, slots=True)
class DemandRow:
    """A demand as a file has it; the place and topic are still as written."""

    number: int
    source: str
    source_id: str
    text: str
    place: str
    workplace: str
    employer: str
    topic: str
    name: str
    contact: str
    workers_count: int
    keep_name_from_employer: bool
    heard_on: dt.date | None
    language: str
    urgency: str
    channel: str


def read_demand(row: TableRow, *, source: str) -> DemandRow | list[Fault]:
    """Read one demand.

    Args:
        row: needs ``text`` and ``county``; may have ``source_id`` (or ``id``), ``source``,
            ``workplace``, ``employer``, ``topic``, ``name``, ``contact``, ``workers_count``,
            ``keep_name_from_employer``, ``heard_on``, ``lang``, ``urgency``, ``channel``.
        source: for rows that name none. Without an id the row's own fingerprint is its id.

    Returns:
        The demand, or all that is wrong with the row.
    """
    cells = Cells(row)
    read = DemandRow(
        number=row.number,
        source=cells.text("source", chars_max=SOURCE_CHARS_MAX) or source,
        source_id=cells.text("source_id", "id", chars_max=SOURCE_CHARS_MAX) or cells.digest(),
        text=cells.text("text", chars_max=TEXT_CHARS_MAX, required=True),
        place=cells.text("office", "county", chars_max=NAME_CHARS_MAX, required=True),
        workplace=cells.text("workplace", chars_max=NAME_CHARS_MAX),
        employer=cells.text("employer", chars_max=NAME_CHARS_MAX),
        topic=cells.text("topic", chars_max=NAME_CHARS_MAX),
        name=cells.text("name", chars_max=NAME_CHARS_MAX),
        contact=cells.text("contact", "phone", chars_max=NAME_CHARS_MAX),
        workers_count=cells.count("workers_count", "workers", default=1, at_most=WORKERS_MAX),
        keep_name_from_employer=cells.yes("keep_name_from_employer", default=True),
        heard_on=cells.day("heard_on", "date"),
        language=cells.one_of("lang", "language", known=_LANGUAGES, default=""),
        urgency=cells.one_of("urgency", known=_URGENCIES, default="normal"),
        channel=cells.one_of("channel", known=_CHANNELS, default="import"),
    )
    return cells.faults or read
