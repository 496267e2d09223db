"""Rows of a file become demands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Final, Self

from redress.demands.hear import HeardWords, Ready, make_ready, texts_of
from redress.demands.states import Urgency
from redress.demands.take_over import import_demands
from redress.doors.commands.intake import RowReader, Taken
from redress.formats.demands import DemandRow, read_demand
from redress.formats.rows import Fault
from redress.formats.tables import TableRow
from redress.registers.accounts.roles import Actor
from redress.registers.offices.places import Places, topics
from redress.values.text_facts import TextFacts, facts_of_texts

# A helper takes half a second to begin.
ROWS_ALONE: Final = 1_000
# The rows that can be taken in, made ready, and the refused ones.
ReadDemands = tuple[list[tuple[TableRow, Ready]], list[Taken]]


@dataclass(slots=True)
class DemandIntake:
    """Takes in rows of demands, batch by batch; as a context, it ends the process that helps it."""

    source: str
    by: Actor
    at: dt.datetime
    _places: Places = field(default_factory=Places)
    _topics: dict[str, str] = field(default_factory=dict)
    _reader: RowReader[HeardWords] = field(init=False)
    _helper: ProcessPoolExecutor | None = None
    _read_so_far: int = 0

    def __post_init__(self) -> None:
        self._reader = RowReader(self._read)
        for topic in topics():
            names = (topic.code, topic.name_en.lower(), topic.name_fa, topic.name_zh)
            self._topics.update(dict.fromkeys(names, topic.code))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._helper is not None:
            self._helper.shutdown()

    def read(self, rows: list[TableRow]) -> ReadDemands:
        """Read a batch; asks no database, so the next can be read while this one is stored."""
        good, refused = self._reader.read_batch(rows)
        self._read_so_far += len(rows)
        facts = self._facts([texts_of(words) for _, words in good])
        ready = [
            (row, make_ready(words, facts=one, by=self.by, at=self.at))
            for (row, words), one in zip(good, facts, strict=True)
        ]
        return ready, refused

    def _facts(self, texts: list[tuple[str, ...]]) -> list[TextFacts]:
        """Let another process work out what is kept of the texts, if there are so many."""
        if self._read_so_far <= ROWS_ALONE:
            return facts_of_texts(texts)
        if self._helper is None:
            self._helper = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
        return self._helper.submit(facts_of_texts, texts).result()

    def take_in(self, batch: ReadDemands) -> Iterator[Taken]:
        """Import a batch; yield each row with its fate and what is wrong with it."""
        ready, refused = batch
        yield from refused
        fates = import_demands([one for _, one in ready], by=self.by, at=self.at)
        for (row, _), (fate, reason) in zip(ready, fates, strict=True):
            yield row, fate.value, [Fault(row.number, "", reason)] if reason else []

    def left_over(self) -> Iterator[tuple[TableRow, list[Fault]]]:
        """Yield nothing: demands stand in one file alone."""
        return iter(())

    def _read(self, row: TableRow) -> HeardWords | list[Fault]:
        read = read_demand(row, source=self.source)
        if isinstance(read, list):
            return read
        path = self._places.path_of(read.place)
        if path is None:
            return [Fault(row.number, "county", "unknown_place", read.place[:80])]
        topic = self._topics.get(read.topic.lower())
        if read.topic and topic is None:
            return [Fault(row.number, "topic", "not_one_of", read.topic[:80])]
        return _words(read, path=path, topic=topic)


def _words(read: DemandRow, *, path: str, topic: str | None) -> HeardWords:
    return HeardWords(
        text=read.text,
        path=path,
        channel=read.channel,
        workplace=read.workplace,
        employer=read.employer,
        workers_count=read.workers_count,
        keep_name_from_employer=read.keep_name_from_employer,
        name=read.name,
        contact=read.contact,
        topic_code=topic,
        heard_on=read.heard_on,
        language=read.language,
        urgency=Urgency(read.urgency),
        source=read.source,
        source_id=read.source_id,
    )
