"""Long games without hypothesis: ``play(seed, actions)``."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass

from django.db import connection, transaction

from redress.registers.offices.scope import WHOLE, within
from tests.conftest import make_cast
from tests.flows.game import Game
from tests.flows.players import make_players

_ROUND = 400  # actions on one set of demands


@dataclass(frozen=True)
class Played:
    """What came of a long game."""

    actions: int
    done: Counter[str]
    seconds: float


def play(seed: int, actions: int) -> Played:
    """Play that many actions, in rounds that are taken back; the same seed plays the same game.

    Raises:
        AssertionError: something is not as it should be; seed and round are in its notes.
    """
    began = time.monotonic()
    done: Counter[str] = Counter()
    for number, start in enumerate(range(0, actions, _ROUND)):
        with within(WHOLE):
            game = Game(make_players(make_cast()))
            dice = random.Random(f"{seed}/{number}")
            _play_round(game, dice, min(_ROUND, actions - start), f"{seed}/{number}")
            transaction.set_rollback(True)
        done += game.done
    return Played(actions, done, time.monotonic() - began)


def _play_round(game: Game, dice: random.Random, actions: int, name: str) -> None:
    try:
        for step in range(actions):
            game.turn(dice)
            if step % 20 == 0:
                game.check_readers()
                game.check_overdue()
    except AssertionError as error:
        error.add_note(f"round {name}, action {step}")
        raise
    assert not connection.needs_rollback
