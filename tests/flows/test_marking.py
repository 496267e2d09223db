"""Marking: parts laid over untouched words, what a body reads by them, and the worker's say."""

from __future__ import annotations

import pytest

from redress.demands.mark import (
    NoMarking,
    NothingMarked,
    agree_with_marking,
    contest_marking,
    mark_demand,
    parts,
    personal_in,
)
from redress.demands.models import Demand, Marking
from redress.demands.resolve import withdraw_demand
from redress.demands.sort import ReasonMissing
from redress.demands.states import WrongState
from redress.demands.story import marked
from redress.registers.accounts.roles import NotAllowed
from redress.registers.journal.reads import story_of
from redress.values.spans import MASK, NotSpans, Span, SpanKind
from tests.conftest import NOON, Cast, hear, route

pytestmark = pytest.mark.usefixtures("whole")
TEXT = "Pay us. They owe three months. The street is dirty. I am Maryam, 09123456789."
WAGE, OWED, STREET, WHO = (TEXT.index(word) for word in ("Pay", "They", "The street", "I am"))
SPANS = [
    Span(SpanKind.DEMAND, WAGE, OWED - 1),
    Span(SpanKind.FACT, OWED, STREET - 1),
    Span(SpanKind.NONWORKER, STREET, WHO - 1),
]


def mark(cast: Cast, demand: Demand, spans=SPANS, by=None) -> Marking:
    return mark_demand(demand, spans=spans, by=by or cast.officer, at=NOON).markings.last()


def read_by_body(demand: Demand) -> str:
    return Demand.objects.get(pk=demand.pk).read_by_body


def test_a_marking_lies_over_the_words_and_changes_none(cast: Cast):
    demand = hear(cast, TEXT)

    marking = mark(cast, demand)

    now = Demand.objects.get()
    assert (now.text, now.text_sha256) == (TEXT, demand.text_sha256)
    assert "".join(piece.text for piece in marked(now).pieces) == TEXT
    assert marked(now).pure == "Pay us."
    assert marking.text_sha256 == demand.text_sha256


def test_a_body_reads_demand_and_facts_and_neither_side_matter_nor_what_nobody_marked(cast: Cast):
    demand = route(cast, hear(cast, TEXT))
    mark(cast, demand)

    assert read_by_body(demand) == "Pay us.\nThey owe three months."


def test_before_it_is_marked_a_body_reads_the_whole_but_for_what_is_personal_by_its_form(
    cast: Cast,
):
    demand = route(cast, hear(cast, TEXT))

    assert read_by_body(demand) == TEXT.replace("09123456789", MASK)


def test_what_is_marked_as_personal_is_masked_whatever_else_it_is(cast: Cast):
    name = TEXT.index("Maryam")
    spans = [Span(SpanKind.FACT, WHO, len(TEXT)), Span(SpanKind.PERSONAL, name, name + 6)]
    demand = route(cast, hear(cast, TEXT))

    mark(cast, demand, spans)

    assert read_by_body(demand) == f"I am {MASK}, 09123456789."


def test_the_mask_tells_nothing_of_how_long_a_name_is(cast: Cast):
    read = set()
    for number, name in enumerate(("Li", "Maryam-Sadat Ahmadi")):
        demand = route(cast, hear(cast, f"Pay {name}.", receipt=str(number) * 64))
        spans = [
            Span(SpanKind.DEMAND, 0, len(demand.text)),
            Span(SpanKind.PERSONAL, 4, 4 + len(name)),
        ]
        mark(cast, demand, spans)
        read.add(read_by_body(demand))

    assert read == {f"Pay {MASK}."}


def test_who_lets_the_employer_know_the_name_is_read_unmasked(cast: Cast):
    demand = route(cast, hear(cast, TEXT, keep_name_from_employer=False))

    assert read_by_body(demand) == TEXT


def test_a_marking_made_before_it_is_sent_is_what_the_body_reads_when_it_is(cast: Cast):
    demand = hear(cast, TEXT)
    mark(cast, demand)

    route(cast, demand)

    assert read_by_body(demand) == "Pay us.\nThey owe three months."


def test_of_two_who_mark_at_once_both_markings_are_kept_and_the_last_counts(cast: Cast):
    demand = hear(cast, TEXT)
    stale = Demand.objects.get(pk=demand.pk)
    first = mark(cast, demand)

    second = mark(cast, stale, [Span(SpanKind.DEMAND, WAGE, STREET - 1)], by=cast.second)

    assert list(demand.markings.all()) == [first, second]
    assert [one.by_name for one in demand.markings.all()] == ["Officer", "Second"]
    assert marked(demand).marking == second


@pytest.mark.parametrize("kind", [SpanKind.NONWORKER, SpanKind.PERSONAL])
def test_a_marking_names_at_least_one_demand_or_fact(cast: Cast, kind):
    with pytest.raises(NothingMarked):
        mark(cast, hear(cast, TEXT), [Span(kind, 0, 3)])
    assert Marking.objects.count() == 0


@pytest.mark.parametrize(
    "spans",
    [
        [Span(SpanKind.DEMAND, 0, len(TEXT) + 1)],
        [Span(SpanKind.DEMAND, 3, 3)],
        [Span(SpanKind.DEMAND, -1, 3)],
        [Span(SpanKind.DEMAND, 0, 5), Span(SpanKind.FACT, 4, 9)],
        [Span(SpanKind.FACT, 4, 9), Span(SpanKind.DEMAND, 0, 3)],
    ],
)
def test_spans_that_do_not_fit_the_words_are_refused(cast: Cast, spans):
    with pytest.raises(NotSpans):
        mark(cast, hear(cast, TEXT), spans)


def test_what_has_ended_is_marked_no_more(cast: Cast):
    gone = withdraw_demand(hear(cast, TEXT), by=cast.worker, at=NOON)

    with pytest.raises(WrongState):
        mark(cast, gone)


def test_the_worker_agrees_or_contests_and_both_are_kept(cast: Cast):
    demand = hear(cast, TEXT)
    marking = mark(cast, demand)

    agree_with_marking(demand, marking=marking.pk, by=cast.worker, at=NOON)
    contest_marking(demand, marking=marking.pk, text="The street too.", by=cast.worker, at=NOON)

    assert [(one.agrees, one.text) for one in marking.words.all()] == [
        (True, ""),
        (False, "The street too."),
    ]
    assert not marked(demand).word.agrees
    assert story_of(demand).last().why == "The street too."


def test_a_contest_says_what_is_wrong(cast: Cast):
    demand = hear(cast, TEXT)
    marking = mark(cast, demand)

    with pytest.raises(ReasonMissing):
        contest_marking(demand, marking=marking.pk, text=" ", by=cast.worker, at=NOON)


def test_the_worker_says_nothing_of_a_marking_that_was_replaced_or_is_of_another_demand(
    cast: Cast,
):
    demand, other = hear(cast, TEXT), hear(cast, TEXT, receipt="1" * 64)
    first = mark(cast, demand)
    with pytest.raises(NoMarking):
        agree_with_marking(demand, marking=mark(cast, other).pk, by=cast.worker, at=NOON)
    mark(cast, demand)

    with pytest.raises(NoMarking):
        agree_with_marking(demand, marking=first.pk, by=cast.worker, at=NOON)


def test_nobody_agrees_for_the_worker(cast: Cast):
    demand = hear(cast, TEXT)
    marking = mark(cast, demand)

    for by in (cast.officer, cast.liaison, cast.stranger):
        with pytest.raises(NotAllowed):
            agree_with_marking(demand, marking=marking.pk, by=by, at=NOON)


def test_an_officer_starts_from_sentences_with_suggested_kinds_and_found_personal_data(cast: Cast):
    demand = hear(cast, TEXT)

    cut = parts(demand)

    assert "".join(part.text for part in cut).replace(" ", "") == TEXT.replace(" ", "")
    assert all(part.is_suggested for part in cut)
    assert [TEXT[one.start : one.end] for one in personal_in(demand)] == ["09123456789"]


def test_an_officer_goes_on_from_the_last_marking(cast: Cast):
    demand = hear(cast, TEXT)
    mark(cast, demand)

    cut = parts(demand)

    assert [part.kind for part in cut] == [
        SpanKind.DEMAND,
        SpanKind.FACT,
        SpanKind.NONWORKER,
        None,
    ]
    assert not any(part.is_suggested for part in cut)
    assert personal_in(demand) == []
