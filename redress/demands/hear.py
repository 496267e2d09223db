"""Hear a demand: keep the words as they came, give a receipt, say by when somebody must act."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from redress.demands.models import Attachment, Demand, SealedIdentity
from redress.demands.states import FIRST_ACTION_DAYS, HEAR, IMPORT, Channel, Urgency
from redress.formats.attachments import ReadAttachment
from redress.formats.demands import TEXT_CHARS_MAX, WORKERS_MAX
from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, record_many, step
from redress.registers.sealing import seal
from redress.values.days import Unit, add_limit, country_of, local_day
from redress.values.places import common_path
from redress.values.text import guess_language, normal_form, text_sha256

BATCH_ROWS: Final = 1000


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
    """Hear many demands of a file at once; again with the same file changes nothing.

    Args:
        rows: each with ``source`` and ``source_id``; at most ``BATCH_ROWS`` of them.
        by: who imports; must be allowed to hear demands at every row's place.
        at: when.

    Returns:
        For each row, in order, its fate and for a refused one a reason code
        (``words_differ``: a demand's words are never rewritten; ``twice_in_file``).
    """
    batch = list(rows)
    fates: list[tuple[Fate, str]] = [(Fate.SAME, "")] * len(batch)
    known = _known(batch)
    fresh: dict[tuple[str, str], int] = {}
    for index, words in enumerate(batch):
        key = (words.source, words.source_id)
        if key in known:
            if known[key] != text_sha256(words.text):
                fates[index] = (Fate.REFUSED, "words_differ")
        elif key in fresh:
            fates[index] = (Fate.REFUSED, "twice_in_file")
        else:
            fresh[key] = index
            fates[index] = (Fate.NEW, "")
    if fresh:
        _hear_batch(ImportedBatch(tuple(batch[index] for index in fresh.values())), by=by, at=at)
    return fates


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


def _known(batch: list[HeardWords]) -> dict[tuple[str, str], str]:
    sources = {words.source for words in batch}
    ids = [words.source_id for words in batch]
    found = Demand.objects.filter(source__in=sources, source_id__in=ids)
    return {
        (source, source_id): digest
        for source, source_id, digest in found.values_list("source", "source_id", "text_sha256")
    }


def refuse_nothing_said(text: str) -> None:
    """Refuse what is no text of a demand.

    Raises:
        NothingSaid: empty, longer than ``TEXT_CHARS_MAX``, or with a NUL character.
    """
    if not text.strip() or len(text) > TEXT_CHARS_MAX or "\x00" in text:
        raise NothingSaid


def _demand(words: HeardWords, *, at: dt.datetime) -> Demand:
    refuse_nothing_said(words.text)
    country = country_of(words.path)
    today = local_day(at, country=country)
    first_action = FIRST_ACTION_DAYS[words.urgency]
    return Demand(
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
        # Counted from today also for an old one: what is asked of the office is to act now.
        due_on=add_limit(today, limit=first_action, unit=Unit.DAY, country=country),
    )


def _seal_identity(demand: Demand, words: HeardWords) -> None:
    if words.name or words.contact:
        SealedIdentity.objects.create(demand=demand, sealed=_sealed(words))


def _sealed(words: HeardWords) -> bytes:
    return seal(json.dumps({"name": words.name, "contact": words.contact}, ensure_ascii=False))


def _detail(demand: Demand) -> dict[str, str]:
    return {"channel": demand.channel, "sha256": demand.text_sha256}
