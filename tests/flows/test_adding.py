"""What a worker adds: once, within limits, and never in place of the first words."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands import add
from redress.demands.add import TooMuchAdded, add_words
from redress.demands.hear import NothingSaid
from redress.demands.resolve import withdraw_demand
from redress.demands.states import WrongState
from tests.conftest import NOON, Cast, hear, later

pytestmark = pytest.mark.usefixtures("whole")


def test_the_same_words_a_month_later_are_new_words(cast: Cast):
    demand = hear(cast)
    for at in (NOON, NOON + dt.timedelta(minutes=1), later(30)):
        add_words(demand, text="Still not paid.", by=cast.worker, at=at)

    assert [one.at for one in demand.additions.all()] == [NOON, later(30)]


def test_so_much_is_added_and_no_more(cast: Cast, monkeypatch):
    monkeypatch.setattr(add, "ADDITIONS_MAX", 2)
    demand = hear(cast)
    for text in ("one", "two"):
        add_words(demand, text=text, by=cast.worker, at=NOON)

    with pytest.raises(TooMuchAdded):
        add_words(demand, text="three", by=cast.worker, at=NOON)


@pytest.mark.parametrize("text", ["", " \n", "x" * 4_001, "a\x00b"])
def test_what_says_nothing_or_too_much_is_not_added(cast: Cast, text):
    with pytest.raises(NothingSaid):
        add_words(hear(cast), text=text, by=cast.worker, at=NOON)


def test_nothing_is_added_to_what_was_taken_back(cast: Cast):
    gone = withdraw_demand(hear(cast), by=cast.worker, at=NOON)

    with pytest.raises(WrongState):
        add_words(gone, text="x", by=cast.worker, at=NOON)
