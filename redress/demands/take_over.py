"""Take demands of an earlier list over: the backlog of past years, with the day each was raised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db import connection

from redress.demands.clock import union_limit
from redress.demands.hear import (
    HeardWords,
    Ready,
    heard_detail,
    sealed_identities,
)
from redress.demands.models import Demand
from redress.demands.reading import body_text, present_marking
from redress.demands.search import note_words, note_words_of
from redress.demands.states import CORRECT, IMPORT
from redress.registers.accounts.roles import Actor
from redress.registers.bulk import insert_many
from redress.registers.journal.steps import record, record_many, step
from redress.registers.limits.deadlines import deadline
from redress.registers.limits.models import Deadline
from redress.values.days import country_of, local_day
from redress.values.places import common_path
from redress.values.text import text_sha256

# What a newer row of the same list may correct.
_ABOUT: Final = {"workplace", "employer", "workers_count", "keep_name_from_employer"}


# Where each lay from the day it was raised, out of the rows that were just written.
_HOLDS: Final = """
    INSERT INTO demands_hold (demand_id, since_on, at, holder, deadline_id)
    SELECT id, heard_on, %(at)s, 'union', deadline_id FROM demands_demand
    WHERE id = ANY(%(numbers)s) ORDER BY id
"""


class Fate(StrEnum):
    """What became of one imported row."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    REFUSED = "refused"


def import_demands(rows: Sequence[Ready], *, by: Actor, at: dt.datetime) -> list[tuple[Fate, str]]:
    """Hear many demands of a file at once; again with the same rows changes nothing.

    Args:
        rows: made ready with the same ``by`` and ``at``, each with a ``source`` and ``source_id`` of
            its own; some thousands at most.
        by: who imports; must be allowed to hear demands at every row's place.
        at: when.

    Returns:
        For each row, in order, its fate, and for a refused one a reason code: ``words_differ`` (a
        demand's words are never rewritten) or ``moved`` (nor is it moved to another office).
    """
    known = _known([row.heard for row in rows])
    fates: list[tuple[Fate, str]] = []
    fresh: list[Ready] = []
    for row in rows:
        demand = known.get((row.heard.source, row.heard.source_id))
        if demand is None:
            fresh.append(row)
            fates.append((Fate.NEW, ""))
        else:
            fates.append(_take_over(demand, row.heard, by=by, at=at))
    if fresh:
        _hear_batch(ImportedBatch(tuple(fresh)), by=by, at=at)
    return fates


def _take_over(
    demand: Demand, words: HeardWords, *, by: Actor, at: dt.datetime
) -> tuple[Fate, str]:
    if demand.text_sha256 != text_sha256(words.text):
        return Fate.REFUSED, "words_differ"
    if demand.path != words.path:
        return Fate.REFUSED, "moved"
    changed = {
        name: getattr(words, name)
        for name in _ABOUT
        if getattr(demand, name) != getattr(words, name)
    }
    if not changed:
        return Fate.SAME, ""
    correct_demand(demand, changed=changed, by=by, at=at)
    return Fate.CHANGED, ""


@step(CORRECT)
def correct_demand(
    demand: Demand, *, changed: dict[str, Any], by: Actor, at: dt.datetime
) -> Demand:
    """Write what a newer row of the demand's own list says about it; its words stay.

    Args:
        demand: the demand.
        changed: new values by name, out of workplace, employer, workers_count and
            keep_name_from_employer.
        by: who.
        at: when.
    """
    for name in _ABOUT & changed.keys():
        setattr(demand, name, changed[name])
    demand.read_by_body = body_text(demand, present_marking(demand))
    demand.save(update_fields=[*sorted(_ABOUT & changed.keys()), "read_by_body"])
    note_words(demand)
    record(CORRECT, demand, by=by, at=at, detail={"fields": ",".join(sorted(changed))})
    return demand


@dataclass(frozen=True, slots=True)
class ImportedBatch:
    """New demands of one file; at least one."""

    rows: tuple[Ready, ...]

    @property
    def path(self) -> str:
        """The place that holds all their places."""
        return common_path([row.demand.path for row in self.rows])


@step(IMPORT)
def _hear_batch(batch: ImportedBatch, *, by: Actor, at: dt.datetime) -> None:
    demands = [row.demand for row in batch.rows]
    for demand, until in zip(demands, _deadlines(demands, at=at), strict=True):
        demand.deadline = until
    insert_many(demands)
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS, {"at": at, "numbers": [demand.pk for demand in demands]})
    insert_many(sealed_identities((row.demand, row.heard) for row in batch.rows))
    note_words_of([(row.demand, row.found_by) for row in batch.rows])
    record_many(IMPORT, [(demand, heard_detail(demand)) for demand in demands], by=by, at=at)


def _deadlines(demands: list[Demand], *, at: dt.datetime) -> list[Deadline]:
    """Find what runs from today for each; the few that there are, once."""
    keys = [(union_limit(demand), country_of(demand.path)) for demand in demands]
    found: dict[tuple[str, str], Deadline] = {}
    for code, country in set(keys):
        today = local_day(at, country=country)
        found[code, country] = deadline(code, country=country, since_on=today)
    return [found[key] for key in keys]


def _known(batch: Sequence[HeardWords]) -> dict[tuple[str, str], Demand]:
    sources = {words.source for words in batch}
    ids = [words.source_id for words in batch]
    # The index holds only named rows, which the database does not conclude from a long list of names.
    found = Demand.objects.filter(source__in=sources, source_id__in=ids).exclude(source_id="")
    return {(demand.source, demand.source_id): demand for demand in found}
