"""Mark a demand: which of its words are the demand, which are facts, side matter or personal data.

The words stay as they are; a marking is laid over them, and the worker agrees with it or contests it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from redress.demands.models import Demand, Marking, MarkingWord
from redress.demands.reading import body_text, present_marking
from redress.demands.search import note_readers
from redress.demands.sort import need_reason
from redress.demands.states import AGREE_MARKING, CONTEST_MARKING, MARK, State, state_after
from redress.engines.triage.keywords import suggest_kinds
from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, step
from redress.values.spans import Span, SpanKind, personal_data, read_spans, sentences


class NothingMarked(ValueError):
    """A marking must say of at least one part that it is the demand or a fact."""


class NoMarking(Exception):
    """There is no marking to say anything of, or a newer one than the worker has read."""


@step(MARK)
def mark_demand(demand: Demand, *, spans: Sequence[Span], by: Actor, at: dt.datetime) -> Demand:
    """Lay a marking over the words; a body that reads them reads by the new one from now.

    Raises:
        NothingMarked: no part is a demand or a fact.
        NotSpans: the spans do not fit the text.
        WrongState: the demand has ended.
    """
    state_after(MARK, State(demand.state))
    raw = [[span.kind.value, span.start, span.end] for span in spans]
    read = read_spans(raw, text=demand.text)
    if not any(span.kind in {SpanKind.DEMAND, SpanKind.FACT} for span in read):
        raise NothingMarked
    marking = Marking.objects.create(
        demand=demand, at=at, by_name=by.name, spans=raw, text_sha256=demand.text_sha256
    )
    show_to_body(demand, marking)
    counts = {kind.value: sum(span.kind is kind for span in read) for kind in SpanKind}
    record(MARK, demand, by=by, at=at, detail={"marking": marking.pk, **counts})
    return demand


def show_to_body(demand: Demand, marking: Marking | None = None) -> None:
    """Write down anew what a body reads of a demand, and what it may find it by; saves it."""
    demand.read_by_body = body_text(demand, marking or present_marking(demand))
    demand.save(update_fields=["read_by_body"])
    note_readers(demand)


@step(AGREE_MARKING)
def agree_with_marking(demand: Demand, *, marking: int, by: Actor, at: dt.datetime) -> Demand:
    """Put down that the worker agrees with a marking.

    Raises:
        NoMarking: it is not the one that counts now.
        WrongState: the demand has ended.
    """
    state_after(AGREE_MARKING, State(demand.state))
    MarkingWord.objects.create(marking=_present(demand, marking), at=at, agrees=True)
    record(AGREE_MARKING, demand, by=by, at=at, detail={"marking": marking})
    return demand


@step(CONTEST_MARKING)
def contest_marking(
    demand: Demand, *, marking: int, text: str, by: Actor, at: dt.datetime
) -> Demand:
    """Put down that the worker says a marking is wrong, and how; an officer marks it anew.

    Raises:
        NoMarking: it is not the one that counts now.
        ReasonMissing: it is not said what is wrong.
        WrongState: the demand has ended.
    """
    need_reason(text)
    state_after(CONTEST_MARKING, State(demand.state))
    MarkingWord.objects.create(marking=_present(demand, marking), at=at, agrees=False, text=text)
    record(CONTEST_MARKING, demand, by=by, at=at, why=text, detail={"marking": marking})
    return demand


def _present(demand: Demand, marking: int) -> Marking:
    now = present_marking(demand)
    if now is None or now.pk != marking:
        raise NoMarking
    return now


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a demand, and what it is, or is taken to be, as long as nobody has said so."""

    start: int
    end: int
    text: str
    kind: SpanKind | None
    is_suggested: bool


def parts(demand: Demand) -> list[Part]:
    """Cut a demand into the sentences that an officer marks, with what each is so far."""
    marking = present_marking(demand)
    cut = sentences(demand.text)
    if marking is None:
        kinds = suggest_kinds(demand.text, cut)
        return [
            Part(start, end, demand.text[start:end], kind, is_suggested=True)
            for (start, end), kind in zip(cut, kinds, strict=True)
        ]
    spans = read_spans(marking.spans, text=demand.text)
    return [
        Part(start, end, demand.text[start:end], _kind_at(spans, start, end), is_suggested=False)
        for start, end in cut
    ]


def _kind_at(spans: Sequence[Span], start: int, end: int) -> SpanKind | None:
    """Give the kind that covers most of a sentence."""
    covered: dict[SpanKind, int] = {}
    for span in spans:
        common = min(end, span.end) - max(start, span.start)
        if common > 0 and span.kind is not SpanKind.PERSONAL:
            covered[span.kind] = covered.get(span.kind, 0) + common
    return max(covered, key=lambda kind: covered[kind]) if covered else None


def personal_in(demand: Demand) -> list[Span]:
    """Give what is marked as personal, or found by its form where nothing is marked yet."""
    marking = present_marking(demand)
    if marking is None:
        return personal_data(demand.text)
    spans = read_spans(marking.spans, text=demand.text)
    return [span for span in spans if span.kind is SpanKind.PERSONAL]
