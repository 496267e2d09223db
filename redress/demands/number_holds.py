"""Read through the holds of demands up to a day: who had each when, and each holding of a body."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from redress.demands.number_facts import Ending, Ends, Going, Holdings
from redress.demands.number_rows import CLOSE_KINDS, NEVER, NONE, STATES, Hand, Rows
from redress.demands.states import CloseKind, State

Array = npt.NDArray[Any]
_ENDINGS: Final = {
    CloseKind.RESOLVED: Ending.RESOLVED,
    CloseKind.PARTLY: Ending.PARTLY,
    CloseKind.REFUSED: Ending.REFUSED,
    CloseKind.MOVED: Ending.MOVED,
    CloseKind.BY_SAMPLE: Ending.BY_SAMPLE,
    CloseKind.NOT_A_WORKERS_MATTER: Ending.NOT_A_WORKERS_MATTER,
}


class Holds:
    """The holds up to a day, of the demands that count; ``n`` is a demand's place among these."""

    def __init__(self, rows: Rows, kept: Array, day: int) -> None:
        n, over = rows.holds["n"], rows.holds["hand"] == Hand.NOBODY
        # A worker who speaks after falling silent ends it once, on the day that the clock stopped.
        repeats = np.append(False, over[1:] & over[:-1] & (n[1:] == n[:-1]))[: len(n)]
        part = np.flatnonzero(kept[n] & ~repeats)
        # Whether nothing came after it, up to now: then the demand's state tells how it ended.
        last = np.append(n[part][1:] != n[part][:-1], True)[: len(part)]
        within = rows.holds["since"][part] <= day
        chosen = part[within]
        self.day, self.count = day, int(kept.sum())
        self.n = (np.cumsum(kept) - 1)[n[chosen]]
        self.since, self.body, self.due, self.hand = (
            rows.holds[name][chosen] for name in ("since", "body", "due", "hand")
        )
        self.is_present = last[within]
        self.next_since = self.after(self.since, NEVER)
        self.next_hand = self.after(self.hand, NONE)
        self.ending = _endings(rows.demands["state"][kept], rows.demands["close_kind"][kept])

    def after(self, column: Array, absent: int) -> Array:
        """Give what stands in the next hold of the same demand."""
        found = np.full(len(column), absent, column.dtype)
        same = self.n[1:] == self.n[:-1]
        found[:-1][same] = column[1:][same]
        return found

    def before(self, column: Array) -> Array:
        """Give what stands in the hold before of the same demand."""
        found = np.zeros(len(column), column.dtype)
        same = self.n[1:] == self.n[:-1]
        found[1:][same] = column[:-1][same]
        return found

    def ending_at(self, places: Array) -> Array:
        """Say as what a demand ended in some holds with nobody."""
        stays = (self.next_hand[places] == NONE) & self.is_present[places]
        return np.where(stays, self.ending[self.n[places]], Ending.OPENED_AGAIN)

    def ends(self) -> Ends:
        """Find each end of a demand."""
        places = np.flatnonzero(self.hand == Hand.NOBODY)
        opened = self.next_since[places]
        return Ends(self.n[places], self.since[places], opened, self.ending_at(places))

    def first(self, hand: Hand) -> Array:
        """Give the first day on which each demand came into some hands."""
        places = np.flatnonzero(self.hand == hand)
        of, at = np.unique(self.n[places], return_index=True)
        found = np.full(self.count, NEVER, np.int32)
        found[of] = self.since[places[at]]
        return found

    def days(self, *hands: Hand) -> Array:
        """Add up the days of each demand in some hands; an end that stands counts none."""
        stays = (self.hand == Hand.NOBODY) & (self.next_hand == NONE)
        lasts = np.where(stays, self.since, np.minimum(self.next_since, self.day)) - self.since
        chosen = np.isin(self.hand, hands)
        found = np.bincount(self.n[chosen], lasts[chosen], minlength=self.count)
        return found.astype(np.int32)


def _endings(states: Array, kinds: Array) -> Array:
    by_state = np.full(len(STATES) + 1, Ending.OPENED_AGAIN, np.int8)
    by_state[STATES.index(State.SILENT) + 1] = Ending.SILENT
    by_state[STATES.index(State.WITHDRAWN) + 1] = Ending.WITHDRAWN
    by_kind = np.array([Ending.OPENED_AGAIN, *(_ENDINGS[kind] for kind in CLOSE_KINDS)], np.int8)
    closed = states == STATES.index(State.CLOSED) + 1
    found: Array = np.where(closed, by_kind[kinds], by_state[states])
    return found


def holdings(rows: Rows, holds: Holds, kept: Array) -> Holdings:
    """Find each time that a demand lay with a body; ``kept`` says which demands count."""
    is_body = holds.hand == Hand.BODY
    before = holds.before(holds.hand)
    goes_on = (before == Hand.QUESTION) | (
        (before == Hand.BODY) & (holds.before(holds.body) == holds.body)
    )
    starts = np.flatnonzero(is_body & ~goes_on)
    if not len(starts):
        return _none()
    # What a demand went through while it was followed with another is the other's.
    paired = _paired(rows, holds, kept, starts)
    is_start = np.zeros(len(holds.n), bool)
    is_start[starts] = True
    parts = is_start | ~np.isin(holds.hand, (Hand.BODY, Hand.QUESTION)) | (before == NONE)
    breaks = np.append(np.flatnonzero(parts), len(holds.n))
    end = breaks[np.searchsorted(breaks, starts, side="right")]
    places = np.arange(len(holds.n))
    last_held = np.maximum.reduceat(np.where(is_body, places, -1), starts)
    going, until = _goings(holds, starts, end, rows.sent["is_returned"][paired] == 1)
    # A letter put down later stopped the clock on its day, whatever was noted in between.
    until_of = np.append(until, NEVER)[np.searchsorted(starts, places, side="right") - 1]
    # A question that its body answered over itself stopped no clock.
    over = (holds.next_hand == Hand.QUESTION) & (holds.after(holds.next_hand, NONE) == Hand.ANSWER)
    ends = np.where(over, holds.after(holds.next_since, NEVER), holds.next_since)
    held_to = np.minimum(np.minimum(ends, until_of), holds.day)
    late = np.where(is_body & (held_to > holds.due), holds.due + 1, NEVER)
    answered = going == Going.ANSWERED
    fate, ended, opened = _outcomes(holds, np.where(answered, end, 0), answered)
    found = Holdings(
        demand=holds.n[starts],
        body=holds.body[starts],
        since=holds.since[starts],
        until=until,
        due=holds.due[last_held],
        going=going,
        late_on=np.minimum.reduceat(late, starts),
        is_excused=rows.sent["is_excused"][paired] == 1,
        is_again=before[starts] != Hand.UNION,
        fate=fate,
        ended=ended,
        opened=opened,
    )
    chosen = paired >= 0
    if rows.of_body is not None:
        chosen &= found.body == rows.of_body
    return Holdings(*(getattr(found, name)[chosen] for name in Holdings.__slots__))


def _none() -> Holdings:
    return Holdings(*(np.zeros(0, np.int32) for _name in Holdings.__slots__))


def _goings(holds: Holds, starts: Array, end: Array, is_returned: Array) -> tuple[Array, Array]:
    """Say how each holding stands or ended, and on which day."""
    inside = np.minimum(end, len(holds.n) - 1)
    has_ended = (end < len(holds.n)) & (holds.n[inside] == holds.n[starts])
    by_hand = np.zeros(len(Hand) + 1, np.int8)
    by_hand[[Hand.UNION, Hand.BODY]] = Going.RECALLED
    by_hand[Hand.ANSWER] = Going.ANSWERED
    by_hand[Hand.NOBODY] = Going.OVER
    ended = np.where(
        is_returned & (holds.hand[inside] == Hand.UNION),
        Going.RETURNED,
        by_hand[holds.hand[inside]],
    )
    asked_back = holds.hand[end - 1] == Hand.QUESTION
    going = np.where(has_ended, ended, np.where(asked_back, Going.ASKED_BACK, Going.RUNNING))
    return going, np.where(has_ended, holds.since[inside], NEVER)


def _outcomes(holds: Holds, places: Array, answered: Array) -> tuple[Array, Array, Array]:
    """Say what came of each answer, from the hold that it put the demand into.

    Returns:
        What; the day on which the demand ended with it; the day on which it was opened again.
    """
    after = holds.next_hand[places]
    over = np.where(after == Hand.NOBODY, places + 1, 0)
    fate = np.where(after == NONE, Ending.WAITS, Ending.OPENED_AGAIN)
    fate = np.where(after == Hand.NOBODY, holds.ending_at(over), fate)
    gone_on = (after == Hand.BODY) | ((after == Hand.NOBODY) & (holds.next_hand[over] == Hand.BODY))
    fate = np.where(answered, np.where(gone_on, Ending.DISPUTED, fate), Ending.WAITS)
    has_ended = answered & (after == Hand.NOBODY)
    return (
        fate,
        np.where(has_ended, holds.since[over], NEVER),
        np.where(has_ended, holds.next_since[over], NEVER),
    )


def _paired(rows: Rows, holds: Holds, kept: Array, starts: Array) -> Array:
    """Give for each holding the place in ``rows.sent`` of its sending; -1 for none."""
    sent = np.flatnonzero(kept[rows.sent["n"]])
    of_sent = (np.cumsum(kept) - 1)[rows.sent["n"][sent]]
    of_start = holds.n[starts]
    sent_many = np.bincount(of_sent, minlength=holds.count)
    first_sent = np.cumsum(sent_many) - sent_many
    many = np.bincount(of_start, minlength=holds.count)
    rank = np.arange(len(starts)) - (np.cumsum(many) - many)[of_start]
    at = np.where(rank < sent_many[of_start], first_sent[of_start] + rank, -1)
    found = np.where(at >= 0, np.append(sent, -1)[at], -1)
    fits = (found >= 0) & (np.append(rows.sent["body"], 0)[found] == holds.body[starts])
    # Sent once for each holding, in the same order, but for what was followed with another meanwhile.
    odd = np.unique(of_start[~fits])
    if len(odd):
        _pair_by_day(rows, holds, (starts, of_start), (sent, of_sent), (odd, found))
    return found


def _pair_by_day(
    rows: Rows,
    holds: Holds,
    begun: tuple[Array, Array],
    sent: tuple[Array, Array],
    odd: tuple[Array, Array],
) -> None:
    """Pair anew, by body and day, the holdings of a few demands."""
    wanted, found = odd
    free: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for place, n in zip(*(side[np.isin(sent[1], wanted)].tolist() for side in sent), strict=True):
        free[n, int(rows.sent["body"][place]), int(rows.sent["on"][place])].append(place)
    for at in np.flatnonzero(np.isin(begun[1], wanted)).tolist():
        start = begun[0][at]
        key = (int(begun[1][at]), int(holds.body[start]), int(holds.since[start]))
        found[at] = free[key].pop(0) if free[key] else -1
