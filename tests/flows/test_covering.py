"""What a worker says later is covered too when a body reads it."""

from __future__ import annotations

import pytest

from redress.demands.clarify import (
    ask_worker,
    clarify_demand,
    is_own_question,
    take_question_back,
)
from redress.demands.mark import mark_demand
from redress.demands.models import Demand, Question
from redress.demands.models.said import BY_SAMPLE_CALL
from redress.demands.pursue import return_demand
from redress.demands.resolve import (
    Reply,
    Spoken,
    answer_demand,
    confirm_solved,
    dispute_answer,
    withdraw_demand,
)
from redress.demands.route import recall_demand, route_demand
from redress.demands.sort import contest_setting_aside, set_demand_aside
from redress.demands.states import Said, WrongState
from redress.demands.story import story
from redress.registers.accounts.roles import Actor
from redress.registers.offices.scope import within
from redress.values.spans import MASK, Span, SpanKind
from tests.conftest import NOON, Cast, answer, hear, later, route

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


def test_what_was_ever_marked_as_a_name_is_covered_in_later_words_however_it_is_written(
    cast: Cast, whole
):
    demand = hear(cast, "Pay me. کریم آزادی")
    mark_demand(
        demand,
        spans=[Span(SpanKind.DEMAND, 0, 7), Span(SpanKind.PERSONAL, 8, 18)],
        by=cast.officer,
        at=NOON,
    )
    asked = ask_worker(route(cast, demand), text="Who?", by=cast.liaison, at=NOON)
    told = clarify_demand(asked, text="I, كريم آزادي of hall 3.", by=cast.worker, at=NOON)

    assert story(told, seen_by=cast.liaison).questions[0].answer == f"I, {MASK} of hall 3."


def test_a_body_reads_its_own_questions_and_the_answers_to_them_and_no_other(cast: Cast, whole):
    demand = hear(cast)
    ask_worker(demand, text="The union asks.", by=cast.officer, at=NOON)
    clarify_demand(demand, text="I am Karim.", by=cast.worker, at=NOON)
    ask_worker(route(cast, demand), text="The office asks.", by=cast.liaison, at=NOON)
    clarify_demand(demand, text="Hall 3.", by=cast.worker, at=NOON)
    return_demand(demand, why="Not ours.", by=cast.liaison, at=NOON)

    def read_by(actor: Actor) -> tuple[list[str], list[str]]:
        with within(actor.scope):
            read = [one.text for one in story(demand, seen_by=actor).questions]
            return read, [one.text for one in Question.objects.all()]

    assert read_by(cast.liaison) == (["The office asks."],) * 2
    route_demand(demand, to=cast.social_security, by=cast.officer, at=NOON)
    assert read_by(cast.other_liaison) == ([],) * 2
    assert len(story(demand, seen_by=cast.officer).questions) == 2


def test_what_was_said_to_the_union_alone_is_in_no_bodys_story(cast: Cast, whole):
    demand = hear(cast)
    set_demand_aside(demand, why="SECRET reason.", by=cast.officer, at=NOON)
    contest_setting_aside(demand, text="SECRET: I am Karim.", by=cast.worker, at=NOON)
    routed = route(cast, demand)
    recall_demand(routed, why="SECRET: the worker asks.", by=cast.officer, at=NOON)
    note = "For you: by Sunday."
    route_demand(demand, to=cast.labour_office, note=note, by=cast.officer, at=NOON)
    withdraw_demand(demand, spoken=Spoken("SECRET: I fear him."), by=cast.officer, at=NOON)

    whys = [one.why for one in story(demand, seen_by=cast.liaison).entries]

    assert "SECRET" not in " ".join(whys)
    assert note in whys
    assert (
        " ".join(one.why for one in story(demand, seen_by=cast.officer).entries).count("SECRET")
        == 4
    )


def test_a_body_that_asked_before_cannot_take_back_what_the_union_asks_now(cast: Cast, whole):
    demand = ask_worker(route(cast, hear(cast)), text="Which?", by=cast.liaison, at=NOON)
    clarify_demand(demand, text="May.", by=cast.worker, at=NOON)
    ask_worker(demand, text="The union asks.", by=cast.officer, at=NOON)

    with within(cast.liaison.scope):
        assert not is_own_question(Demand.objects.get(pk=demand.pk))
        with pytest.raises(WrongState):
            take_question_back(demand, by=cast.liaison, at=NOON)


def test_a_body_that_answered_over_its_own_question_has_no_hand_in_what_the_union_asks(
    cast: Cast, whole
):
    asked = ask_worker(route(cast, hear(cast)), text="Which?", by=cast.liaison, at=NOON)
    answer_demand(asked, reply=Reply("x"), by=cast.liaison, at=NOON)
    dispute_answer(asked, said=Said.PARTLY, by=cast.worker, at=NOON)
    return_demand(asked, why="Not ours.", by=cast.liaison, at=NOON)
    ask_worker(asked, text="The union asks.", by=cast.officer, at=later(1))

    with within(cast.liaison.scope):
        demand = Demand.objects.get(pk=asked.pk)
        with pytest.raises(WrongState):
            answer_demand(demand, reply=Reply("y"), by=cast.liaison, at=later(2))
        with pytest.raises(WrongState):
            take_question_back(demand, by=cast.liaison, at=later(2))
    assert demand.questions.first().taken_back_at == NOON  # it went without what it had asked


def test_what_is_still_missing_by_a_call_reaches_the_body_and_other_words_do_not(cast: Cast, whole):
    demand = answer(cast, hear(cast))
    spoken = Spoken(f"Half is missing. {NUMBER}", BY_SAMPLE_CALL)
    dispute_answer(demand, said=Said.PARTLY, spoken=spoken, by=cast.officer, at=NOON)
    answer_demand(demand, reply=Reply("y"), by=cast.liaison, at=NOON)
    confirm_solved(demand, spoken=Spoken("I am Karim.", BY_SAMPLE_CALL), by=cast.officer, at=NOON)

    read = [one.text for one in story(demand, seen_by=cast.liaison).worker_words]
    assert read == [f"Half is missing. {MASK}", ""]
