"""What a worker says later is covered too when a body reads it."""

from __future__ import annotations

from redress.demands.clarify import ask_worker, clarify_demand
from redress.demands.resolve import Spoken, dispute_answer
from redress.demands.states import Said
from redress.demands.story import story
from tests.conftest import NOON, Cast, answer, hear, route

NUMBER = "09123456789"


def test_a_number_in_an_answer_to_a_question_is_covered_for_a_body(cast: Cast, whole):
    asked = ask_worker(route(cast, hear(cast)), text="Which month?", by=cast.liaison, at=NOON)
    told = clarify_demand(asked, text=f"May. Call {NUMBER}.", by=cast.worker, at=NOON)

    for_body = story(told, seen_by=cast.liaison).questions[0].answer
    for_union = story(told, seen_by=cast.officer).questions[0].answer

    assert NUMBER not in for_body
    assert for_body.startswith("May. Call ")
    assert NUMBER in for_union


def test_a_number_in_an_objection_is_covered_for_a_body(cast: Cast, whole):
    answered = answer(cast, hear(cast))
    spoken = Spoken(f"Nothing came. My number is {NUMBER}.")
    disputed = dispute_answer(
        answered, said=Said.NOT_SOLVED, spoken=spoken, by=cast.worker, at=NOON
    )

    assert NUMBER not in story(disputed, seen_by=cast.liaison).worker_words[0].text
    assert NUMBER in story(disputed, seen_by=cast.officer).worker_words[0].text
