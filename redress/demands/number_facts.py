"""What each demand went through up to a day, as columns: its days, its holdings, its ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy.typing as npt

from redress.demands.number_rows import NEVER

Array = npt.NDArray[Any]
_EPOCH: Final = dt.date(1970, 1, 1)


def number_of(day: dt.date) -> int:
    """Give a day as the number of days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> dt.date | None:
    """Give the day of a number; None for one that has not come."""
    return None if number == NEVER else _EPOCH + dt.timedelta(days=int(number))


class Going(IntEnum):
    """How a holding of a body stands or ended."""

    RUNNING = 0
    ASKED_BACK = 1  # the body waits for the worker's answer to a question
    ANSWERED = 2
    RETURNED = 3
    RECALLED = 4  # the union took it back
    OVER = 5  # the worker took the demand back


class Ending(IntEnum):
    """How a demand ended, or what came of an answer."""

    WAITS = 0  # an answer that waits for the worker's word
    RESOLVED = 1  # the worker says that it is solved
    PARTLY = 2
    REFUSED = 3
    MOVED = 4
    BY_SAMPLE = 5
    SILENT = 6
    WITHDRAWN = 7
    NOT_A_WORKERS_MATTER = 8
    DISPUTED = 9  # of an answer: the worker went on
    OPENED_AGAIN = 10  # it has been opened since; as what it had ended is not kept


@dataclass(frozen=True, slots=True, eq=False)
class Demands:
    """Columns, one place a demand.

    Attributes:
        heard: the day it was raised.
        put_down: the day it was put down at the union, which for an old one is later.
        county: see ``Facts.counties``; 0 for none.
        topic: see ``Facts.topics``; 0 for none.
        state: code in ``STATES``.
        workers: how many it speaks for; of merged ones the largest number.
        body: that it was last sent to; 0 for none.
        is_open: whether it is.
        answered: the first day a body answered.
        closed: the first day it ended.
        ended: the day it ended, where it has ended and was not opened again.
        ending: how, as ``Ending``; where it has ended.
        said: the worker's last word, code in ``SAID``.
        found: what the union found last since the last answer, code in ``FOUND``.
        with_union: days, likewise ``with_body``, ``with_worker`` and, between an end and an opening,
            ``with_nobody``; together they are the worker's clock.
    """

    number: Array
    heard: Array
    put_down: Array
    county: Array
    topic: Array
    state: Array
    workers: Array
    body: Array
    is_open: Array
    answered: Array
    closed: Array
    ended: Array
    ending: Array
    said: Array
    found: Array
    with_union: Array
    with_body: Array
    with_worker: Array
    with_nobody: Array


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """Columns, one place for each time that a demand lay with a body; a question parts none.

    Attributes:
        demand: the demand's place.
        since: the day it was sent.
        until: the day it was answered, returned or taken away.
        due: the last day of the limit that ran last; ``NEVER`` for none.
        going: as ``Going``.
        late_on: the first day past a limit on which the body had not acted; ``NEVER`` for none.
        is_excused: the union accepted why it was late.
        is_again: sent because the worker disputed the answer before.
        fate: of one that was answered, as ``Ending``.
        ended: the day on which the demand ended with that answer; ``NEVER`` if it did not.
        opened: the day on which it was opened again after that end.
    """

    demand: Array
    body: Array
    since: Array
    until: Array
    due: Array
    going: Array
    late_on: Array
    is_excused: Array
    is_again: Array
    fate: Array
    ended: Array
    opened: Array


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Columns, one place for each time that a demand ended; ``opened`` is the day it was again."""

    demand: Array
    on: Array
    opened: Array
    ending: Array


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What stood at the end of a day.

    Attributes:
        until: that day.
        counties: paths; ``Demands.county`` is the place here, from 1 on.
        topics: codes; ``Demands.topic`` is the place here, from 1 on.
    """

    until: int
    demands: Demands
    holdings: Holdings
    ends: Ends
    counties: tuple[str, ...]
    topics: tuple[str, ...]
