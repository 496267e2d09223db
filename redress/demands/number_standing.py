"""Work out from the holds, which are never changed, what stood at the end of a day.

A demand that is followed together with another counts with that one; one that is held back, and not let
in yet, does not count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from redress.demands.number_facts import Demands, Facts, Going, Holdings, number_of
from redress.demands.number_holds import Holds, holdings
from redress.demands.number_rows import NEVER, NONE, STATES, Hand, Rows
from redress.demands.states import State

Array = npt.NDArray[Any]


def facts(rows: Rows, *, until: dt.date, as_known: bool = False) -> Facts:
    """Work out what stood at the end of a day; states, topics and words are as they are now.

    Args:
        rows: what was read.
        until: the day.
        as_known: leave out what was raised by then but put down later.
    """
    day = number_of(until)
    kept = _kept(rows, day, as_known=as_known)
    holds = Holds(rows, kept, day)
    held = holdings(rows, holds, kept)
    return Facts(
        until=day,
        demands=_demands(rows, holds, held, kept),
        holdings=held,
        ends=holds.ends(),
        counties=rows.counties,
        topics=rows.topics,
    )


def _kept(rows: Rows, day: int, *, as_known: bool) -> Array:
    merged = STATES.index(State.MERGED) + 1
    known = rows.demands["put_down" if as_known else "heard"] <= day
    found: Array = known & (rows.demands["state"] != merged) & (rows.demands["is_held_back"] == 0)
    return found


def _demands(rows: Rows, holds: Holds, held: Holdings, kept: Array) -> Demands:
    last = np.flatnonzero(holds.next_hand == NONE)
    over = last[holds.hand[last] == Hand.NOBODY]
    ended = np.full(holds.count, NEVER, np.int32)
    ended[holds.n[over]] = holds.since[over]
    ending = np.zeros(holds.count, np.int8)
    ending[holds.n[over]] = holds.ending_at(over)
    number, heard, put_down, county, topic, state, body = (
        rows.demands[name][kept]
        for name in ("number", "heard", "put_down", "county", "topic", "state", "body")
    )
    return Demands(
        number=number,
        heard=heard,
        put_down=put_down,
        county=county,
        topic=topic,
        state=state,
        body=body,
        workers=_workers(rows)[kept],
        is_open=ended == NEVER,
        answered=_answered(held, holds.count),
        closed=holds.first(Hand.NOBODY),
        ended=ended,
        ending=ending,
        said=_last(rows.words, "said", len(kept))[kept],
        found=_found(rows, held, kept),
        with_union=holds.days(Hand.UNION),
        with_body=holds.days(Hand.BODY),
        with_worker=holds.days(Hand.QUESTION, Hand.ANSWER),
        with_nobody=holds.days(Hand.NOBODY),
    )


def _answered(held: Holdings, count: int) -> Array:
    """Give the first day of each demand's own answers, not of one that it was followed with."""
    found = np.full(count, NEVER, np.int32)
    answered = held.going == Going.ANSWERED
    np.minimum.at(found, held.demand[answered], held.until[answered])
    return found


def _found(rows: Rows, held: Holdings, kept: Array) -> Array:
    """Give what the union found last, of the answer that stands; of an earlier one it proves nothing."""
    found, on = (_last(rows.findings, name, len(kept))[kept] for name in ("found", "on"))
    last_answer = np.zeros(len(found), np.int32)
    answered = held.going == Going.ANSWERED
    np.maximum.at(last_answer, held.demand[answered], held.until[answered])
    counts: Array = np.where(on >= last_answer, found, NONE)
    return counts


def _workers(rows: Rows) -> Array:
    """Count the workers of each demand: the largest number of those that are followed together."""
    numbers, into = rows.demands["number"], rows.demands["merged_into"]
    found = rows.demands["workers"].copy()
    merged = np.flatnonzero(into != NONE)
    at = np.minimum(np.searchsorted(numbers, into[merged]), max(len(numbers) - 1, 0))
    there = numbers[at] == into[merged]
    np.maximum.at(found, at[there], found[merged[there]])
    return found


def _last(columns: Mapping[str, Array], name: str, count: int) -> Array:
    """Give the last code of each demand; it stands last among the demand's rows."""
    found = np.zeros(count, np.int32)
    found[columns["n"]] = columns[name]  # of several the last is written last
    return found
