"""Hear a demand: keep the words as they came, give a receipt, say by when somebody must act."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from redress.demands.clock import hand_to, limit_from, union_limit
from redress.demands.models import Demand, SealedIdentity
from redress.demands.papers import keep_papers
from redress.demands.search import note_words_of
from redress.demands.states import (
    HEAR,
    Channel,
    HeldBack,
    Holder,
    RaisedBy,
    Urgency,
)
from redress.formats.attachments import ReadAttachment
from redress.formats.demands import TEXT_CHARS_MAX, WORKERS_MAX
from redress.registers.accounts.roles import Actor, Role
from redress.registers.journal.steps import record, step
from redress.registers.sealing import fingerprint, seal_many
from redress.values.days import country_of, local_day
from redress.values.text import normal_form, to_latin_digits
from redress.values.text_facts import TextFacts, text_facts

_CONTACT_MARKS: Final = " -()\u200c"


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
        hearing_id: the meeting in whose minutes it stands.
        linked_to_id: the demand for which the worker was punished.
        held_back: why it must be let in by an officer first, if it must.
    """

    text: str
    path: str
    channel: str = Channel.WEB
    raised_by: str = RaisedBy.WORKER
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
    hearing_id: int | None = None
    linked_to_id: int | None = None
    held_back: HeldBack | None = None
    attachments: Sequence[ReadAttachment] = field(default=())


@step(HEAR)
def hear_demand(words: HeardWords, *, by: Actor, at: dt.datetime) -> Demand:
    """Store a new demand.

    Raises:
        NothingSaid: no words, too many, or a NUL character among them.
    """
    ready = make_ready(words, by=by, at=at)
    demand = ready.demand
    demand.save(force_insert=True)
    today = local_day(at, country=country_of(demand.path))
    # Counted from now also for an old one: what is asked of the office is to act now.
    until = limit_from(demand, union_limit(demand), since_on=today)
    hand_to(demand, Holder.UNION, on=demand.heard_on, at=at, until=until)
    demand.save(update_fields=["deadline"])
    SealedIdentity.objects.bulk_create(sealed_identities([(demand, words)]))
    keep_papers(demand, words.attachments, brought_by=Holder.WORKER)
    note_words_of([(demand, ready.found_by)])
    record(HEAR, demand, by=by, at=at, detail=heard_detail(demand))
    return demand


def demand_with_receipt(receipt_fingerprint: str) -> Demand | None:
    """Find the demand of a receipt, within the present scope."""
    return (
        Demand.objects
        .filter(receipt_fingerprint=receipt_fingerprint)
        .select_related("topic", "body", "body__kind", "deadline")
        .first()
    )


def refuse_nothing_said(text: str) -> None:
    """Refuse what is no text of a demand.

    Raises:
        NothingSaid: empty, longer than ``TEXT_CHARS_MAX``, or with a NUL character.
    """
    if not text.strip() or len(text) > TEXT_CHARS_MAX or "\x00" in text:
        raise NothingSaid


def new_demand(words: HeardWords, *, facts: TextFacts, by: Actor, at: dt.datetime) -> Demand:
    """Make the row of a demand, unsaved and without its deadline.

    Raises:
        NothingSaid: as ``refuse_nothing_said``.
    """
    refuse_nothing_said(words.text)
    today = local_day(at, country=country_of(words.path))
    return Demand(
        path=words.path,
        text=words.text,
        text_sha256=facts.sha256,
        text_normal=facts.normal,
        language=words.language or facts.language,
        channel=words.channel,
        raised_by=words.raised_by,
        written_by="" if by.role is Role.WORKER else by.name,
        heard_at=at,
        heard_on=min(words.heard_on or today, today),
        workplace=words.workplace,
        employer=words.employer,
        workers_count=min(max(words.workers_count, 1), WORKERS_MAX),
        keep_name_from_employer=words.keep_name_from_employer,
        receipt_fingerprint=words.receipt_fingerprint,
        source=words.source,
        source_id=words.source_id,
        hearing_id=words.hearing_id,
        linked_to_id=words.linked_to_id,
        held_back=words.held_back or "",
        topic_id=words.topic_code,
        urgency=words.urgency,
    )


@dataclass(frozen=True, slots=True)
class Ready:
    """What of a demand is worked out without the database, ahead of the others' storing.

    Attributes:
        heard: as it came in.
        demand: unsaved, without its deadline.
        found_by: the words it is found by.
    """

    heard: HeardWords
    demand: Demand
    found_by: Sequence[str]


def make_ready(
    words: HeardWords, *, facts: TextFacts | None = None, by: Actor, at: dt.datetime
) -> Ready:
    """Work out what needs no database.

    Raises:
        NothingSaid: as ``refuse_nothing_said``.
    """
    known = facts or text_facts(*texts_of(words))
    return Ready(words, new_demand(words, facts=known, by=by, at=at), known.words)


def texts_of(words: HeardWords) -> tuple[str, ...]:
    """Give the text of a demand and what is said about it, for ``text_facts``."""
    return words.text, words.employer, words.workplace


def sealed_identities(heard: Iterable[tuple[Demand, HeardWords]]) -> list[SealedIdentity]:
    """Seal who asks, of those who say so; unsaved."""
    named = [(demand, words) for demand, words in heard if words.name or words.contact]
    told = (
        json.dumps({"name": words.name, "contact": words.contact}, ensure_ascii=False)
        for _, words in named
    )
    return [
        SealedIdentity(
            demand=demand,
            sealed=sealed,
            contact_fingerprint=contact_fingerprint(words.contact),
        )
        for (demand, words), sealed in zip(named, seal_many(told), strict=True)
    ]


def contact_fingerprint(contact: str) -> str:
    """Give the keyed fingerprint of a phone number or address, however it is written; empty for none."""
    plain = normal_form(to_latin_digits(contact)).translate(dict.fromkeys(map(ord, _CONTACT_MARKS)))
    return fingerprint(plain, kind="contact") if plain else ""


def heard_detail(demand: Demand) -> dict[str, str]:
    """Give what the journal keeps of a demand that was heard."""
    detail = {"channel": demand.channel, "sha256": demand.text_sha256}
    return {**detail, "held_back": demand.held_back} if demand.held_back else detail
