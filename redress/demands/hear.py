"""Hear a demand: keep the words as they came, give a receipt, say by when somebody must act."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from redress.demands.models import Attachment, Demand, SealedIdentity
from redress.demands.states import CORRECT, FIRST_ACTION_DAYS, HEAR, IMPORT, Channel, Urgency
from redress.formats.attachments import ReadAttachment
from redress.formats.demands import TEXT_CHARS_MAX, WORKERS_MAX
from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, record_many, step
from redress.registers.sealing import seal
from redress.values.days import Unit, add_limit, country_of, local_day
from redress.values.places import common_path
from redress.values.text import guess_language, normal_form, text_sha256

BATCH_ROWS: Final = 1000
# What a newer row of the same list may correct.
_ABOUT: Final = {"workplace", "employer", "workers_count", "keep_name_from_employer"}


class NothingSaid(ValueError):
    """There are no words, or too many, or they hold a character no text has (NUL)."""


@dataclass(frozen=True, slots=True)
class HeardWords:
    """A demand as it came in.

    Attributes:
        text: the worker's words, exactly.
        path: jurisdiction of the office that hears it.
        receipt_fingerprint: of the worker's receipt code; None where no code is given out.
        name: only if the worker gave it; stored sealed.
        contact: likewise.
        topic_code: the worker's own choice, if any.
        heard_on: the day it was first raised, if earlier than today (the backlog of past years).
    """

    text: str
    path: str
    channel: str = Channel.WEB
    receipt_fingerprint: str | None = None
    workplace: str = ""
    employer: str = ""
    workers_count: int = 1
    keep_name_from_employer: bool = True
    name: str = ""
    contact: str = ""
    topic_code: str | None = None
    heard_on: dt.date | None = None
    language: str = ""
    urgency: Urgency = Urgency.NORMAL
    source: str = ""
    source_id: str = ""
    attachments: Sequence[ReadAttachment] = field(default=())


@step(HEAR)
def hear_demand(words: HeardWords, *, by: Actor, at: dt.datetime) -> Demand:
    """Store a new demand.

    Raises:
        NothingSaid: no words, too many, or a NUL character among them.
    """
    demand = _demand(words, at=at)
    demand.save(force_insert=True)
    _seal_identity(demand, words)
    for attachment in words.attachments:
        Attachment.objects.create(
            demand=demand,
            name=attachment.name,
            media_type=attachment.media_type,
            size_bytes=len(attachment.content),
            sha256=hashlib.sha256(attachment.content).hexdigest(),
            content=attachment.content,
        )
    record(HEAR, demand, by=by, at=at, detail=_detail(demand))
    return demand


def demand_with_receipt(receipt_fingerprint: str) -> Demand | None:
    """Find the demand of a receipt, within the present scope."""
    return (
        Demand.objects
        .filter(receipt_fingerprint=receipt_fingerprint)
        .select_related("topic", "body", "body__kind")
        .first()
    )


class Fate(StrEnum):
    """What became of one imported row."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    REFUSED = "refused"


def import_demands(
    rows: Iterable[HeardWords], *, by: Actor, at: dt.datetime
) -> list[tuple[Fate, str]]:
    """Hear many demands of a file at once; again with the same rows changes nothing.

    Args:
        rows: each with a ``source`` and ``source_id`` of its own; at most ``BATCH_ROWS`` of them.
        by: who imports; must be allowed to hear demands at every row's place.
        at: when.

    Returns:
        For each row, in order, its fate, and for a refused one a reason code: ``words_differ`` (a
        demand's words are never rewritten) or ``moved`` (nor is it moved to another office).
    """
    batch = list(rows)
    known = _known(batch)
    fates: list[tuple[Fate, str]] = []
    fresh: list[HeardWords] = []
    for words in batch:
        demand = known.get((words.source, words.source_id))
        if demand is None:
            fresh.append(words)
            fates.append((Fate.NEW, ""))
        else:
            fates.append(_take_over(demand, words, by=by, at=at))
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
    demand.save(update_fields=sorted(_ABOUT & changed.keys()))
    record(CORRECT, demand, by=by, at=at, detail={"fields": ",".join(sorted(changed))})
    return demand


@dataclass(frozen=True, slots=True)
class ImportedBatch:
    """New demands of one file; at least one."""

    rows: tuple[HeardWords, ...]

    @property
    def path(self) -> str:
        """The place that holds all their places."""
        return common_path([words.path for words in self.rows])


@step(IMPORT)
def _hear_batch(batch: ImportedBatch, *, by: Actor, at: dt.datetime) -> None:
    demands = Demand.objects.bulk_create([_demand(words, at=at) for words in batch.rows])
    SealedIdentity.objects.bulk_create([
        SealedIdentity(demand=demand, sealed=_sealed(words))
        for demand, words in zip(demands, batch.rows, strict=True)
        if words.name or words.contact
    ])
    record_many(IMPORT, [(demand, _detail(demand)) for demand in demands], by=by, at=at)


def _known(batch: list[HeardWords]) -> dict[tuple[str, str], Demand]:
    sources = {words.source for words in batch}
    ids = [words.source_id for words in batch]
    found = Demand.objects.filter(source__in=sources, source_id__in=ids)
    return {(demand.source, demand.source_id): demand for demand in found}


def refuse_nothing_said(text: str) -> None:
    """Refuse what is no text of a demand.

    Raises:
        NothingSaid: empty, longer than ``TEXT_CHARS_MAX``, or with a NUL character.
    """
    if not text.strip() or len(text) > TEXT_CHARS_MAX or "\x00" in text:
        raise NothingSaid


def _demand(words: HeardWords, *, at: dt.datetime) -> Demand:
    refuse_nothing_said(words.text)
    today = local_day(at, country=country_of(words.path))
    demand = Demand(
        path=words.path,
        text=words.text,
        text_sha256=text_sha256(words.text),
        text_normal=normal_form(words.text),
        language=words.language or guess_language(words.text),
        channel=words.channel,
        heard_at=at,
        heard_on=min(words.heard_on or today, today),
        workplace=words.workplace,
        employer=words.employer,
        workers_count=min(max(words.workers_count, 1), WORKERS_MAX),
        keep_name_from_employer=words.keep_name_from_employer,
        receipt_fingerprint=words.receipt_fingerprint,
        source=words.source,
        source_id=words.source_id,
        topic_id=words.topic_code,
        urgency=words.urgency,
    )
    # Counted from now also for an old one: what is asked of the office is to act now.
    demand.due_on = first_action_due(demand, since=at)
    return demand


def first_action_due(demand: Demand, *, since: dt.datetime) -> dt.date:
    """Give the day by which the office must act on a demand that came to it at a moment."""
    country = country_of(demand.path)
    limit = FIRST_ACTION_DAYS[Urgency(demand.urgency)]
    return add_limit(local_day(since, country=country), limit=limit, unit=Unit.DAY, country=country)


def _seal_identity(demand: Demand, words: HeardWords) -> None:
    if words.name or words.contact:
        SealedIdentity.objects.create(demand=demand, sealed=_sealed(words))


def _sealed(words: HeardWords) -> bytes:
    return seal(json.dumps({"name": words.name, "contact": words.contact}, ensure_ascii=False))


def _detail(demand: Demand) -> dict[str, str]:
    return {"channel": demand.channel, "sha256": demand.text_sha256}
