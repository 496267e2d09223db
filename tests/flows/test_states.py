"""The machine of states: its table, and games the whole cast plays on several demands."""

from __future__ import annotations

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from redress.demands.states import (
    HOLDERS,
    TRANSITIONS,
    Claim,
    CloseKind,
    Holder,
    Said,
    State,
    WrongState,
    ending,
    is_possible,
    state_after,
)
from tests.conftest import Cast
from tests.flows.game import Game
from tests.flows.players import DEEDS, make_players
from tests.flows.playing import play

# Written down here once more, by hand: a change of the table is a decision about people.
UNION = {State.HEARD, State.SORTED, State.RETURNED}
BODY = {State.ROUTED, State.ACCEPTED}
OPEN = UNION | BODY | {State.TO_CLARIFY, State.ANSWERED}
ANSWERED = {State.ANSWERED, State.SILENT, State.CLOSED}
TABLE = {
    "demand.released": ({State.HEARD}, None),
    "demand.added": (OPEN | {State.MERGED}, None),
    "demand.marked": (OPEN, None),
    "demand.marking_agreed": (OPEN, None),
    "demand.marking_contested": (OPEN, None),
    "demand.sorted": (UNION, State.SORTED),
    "demand.set_aside": (UNION, State.CLOSED),
    "demand.routed": ({State.SORTED, State.RETURNED}, State.ROUTED),
    "demand.recalled": (BODY, State.SORTED),
    "demand.accepted": ({State.ROUTED}, State.ACCEPTED),
    "demand.returned": (BODY, State.RETURNED),
    "demand.promised": (BODY, None),
    "demand.asked": (UNION | BODY, State.TO_CLARIFY),
    "demand.question_taken_back": ({State.TO_CLARIFY}, None),
    "demand.clarified": ({State.TO_CLARIFY}, None),
    "demand.answered": (BODY | {State.TO_CLARIFY}, State.ANSWERED),
    "demand.extended": (BODY, None),
    "demand.excused": (BODY | ANSWERED, None),
    "demand.confirmed": ({State.ANSWERED, State.SILENT}, State.CLOSED),
    "demand.left": ({State.ANSWERED, State.SILENT}, State.CLOSED),
    "demand.disputed": (ANSWERED, State.ROUTED),
    "demand.contested": ({State.CLOSED}, State.HEARD),
    "demand.withdrawn": (OPEN | {State.SILENT, State.MERGED}, State.WITHDRAWN),
    "demand.fell_silent": ({State.ANSWERED}, State.SILENT),
    "demand.closed_by_sample": ({State.ANSWERED, State.SILENT}, State.CLOSED),
    "demand.verified": (ANSWERED, None),
    "demand.merged": (UNION, State.MERGED),
    "demand.unmerged": ({State.MERGED}, State.HEARD),
    "demand.escalated": (OPEN, None),
}


def test_the_table_is_the_one_that_was_decided():
    assert {one.deed.name: (set(one.before), one.after) for one in TRANSITIONS} == TABLE


def test_every_state_can_be_reached_from_the_first():
    reached = {State.HEARD}
    for _ in State:
        reached |= {t.after for t in TRANSITIONS if t.after and t.before & reached}

    assert reached == set(State)


def test_out_of_every_state_but_taken_back_there_is_a_way():
    stuck = {state for state in State if not any(state in t.before for t in TRANSITIONS)}

    assert stuck == {State.WITHDRAWN}


@pytest.mark.parametrize("transition", TRANSITIONS, ids=lambda t: t.deed.name)
@pytest.mark.parametrize("state", State)
def test_a_deed_is_possible_in_its_states_and_in_no_other(transition, state):
    possible = state in transition.before

    assert is_possible(transition.deed, state) is possible
    if possible:
        assert state_after(transition.deed, state) is (transition.after or state)
    else:
        with pytest.raises(WrongState) as told:
            state_after(transition.deed, state)
        assert told.value.state is state


def test_every_state_but_merged_has_one_holder():
    assert HOLDERS.keys() == set(State) - {State.MERGED}
    assert {state for state, holder in HOLDERS.items() if holder is Holder.NOBODY} == {
        State.SILENT,
        State.CLOSED,
        State.WITHDRAWN,
    }


@pytest.mark.parametrize(
    ("claim", "said", "kind"),
    [
        (Claim.SOLVED, Said.SOLVED, CloseKind.RESOLVED),
        (
            Claim.REFUSED,
            Said.SOLVED,
            CloseKind.RESOLVED,
        ),  # solved meanwhile, whatever the body says
        (None, Said.SOLVED, CloseKind.RESOLVED),
        (Claim.SOLVED, Said.PARTLY, CloseKind.PARTLY),
        (Claim.REFUSED, Said.PARTLY, CloseKind.PARTLY),
        (Claim.MOVED, Said.PARTLY, CloseKind.PARTLY),
        (Claim.REFUSED, Said.NOT_SOLVED, CloseKind.REFUSED),
        (Claim.MOVED, Said.NOT_SOLVED, CloseKind.MOVED),
        (Claim.SOLVED, Said.NOT_SOLVED, None),
        (Claim.PARTLY, Said.NOT_SOLVED, None),
        (None, Said.NOT_SOLVED, None),
    ],
)
def test_how_a_demand_ends_follows_from_both_voices(claim, said, kind):
    assert ending(claim, said) is kind


def test_no_bodys_claim_alone_makes_a_demand_resolved():
    unsolved = [Said.PARTLY, Said.NOT_SOLVED]

    assert CloseKind.RESOLVED not in {ending(claim, said) for claim in Claim for said in unsolved}


class WholeCast(RuleBasedStateMachine):
    """Everybody tries whatever the dice say; ``Game`` looks after each try."""

    players = None  # set by the test, whose transaction this plays in

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.game = Game(self.players)

    @initialize(luck=st.integers(0, 2**32))
    def begin(self, luck):
        for number in range(3):
            self.game.hear(random.Random(f"{luck}/{number}"))

    @rule(luck=st.integers(0, 2**32))
    def somebody_does_something(self, luck):
        self.game.turn(random.Random(luck))

    @rule(luck=st.integers(0, 2**32))
    def somebody_does_what_is_likely(self, luck):
        dice = random.Random(luck)
        self.game.try_deed(*self.game.likely(dice), dice)

    @rule(deed=st.sampled_from(DEEDS), luck=st.integers(0, 2**32))
    def somebody_tries_a_deed(self, deed, luck):
        dice = random.Random(luck)
        self.game.try_deed(
            dice.choice(list(self.game.seen)), deed, dice.choice(self.game.everybody), dice
        )

    @rule(days=st.sampled_from((1, 6)))
    def days_pass(self, days):
        self.game.pass_days(days)

    def teardown(self):
        try:
            self.game.check_readers()
            self.game.check_overdue()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)


def test_whatever_anybody_tries_every_demand_stays_lawful(cast: Cast, whole):
    played = type("Played", (WholeCast,), {"players": make_players(cast)})

    run_state_machine_as_test(
        played,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert transaction.get_connection().in_atomic_block


def test_a_long_game_reaches_every_deed_and_keeps_every_rule(db):
    played = play(seed=11, actions=250)

    assert played.actions == 250
    assert len([name for name in played.done if name.startswith("demand.")]) > 12
