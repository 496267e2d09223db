"""The machine of states: one table of who may do what to a demand, and what it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from redress.registers.accounts.roles import OF_A_BODY, OFFICERS, Deed, Role


class State(StrEnum):
    """Where a demand stands."""

    HEARD = "heard"
    SORTED = "sorted"
    ROUTED = "routed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Urgency(StrEnum):
    """How soon somebody must act first."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Channel(StrEnum):
    """The way a demand came in."""

    WEB = "web"
    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    OPEN_DOOR = "open_door"
    MEETING = "meeting"
    IMPORT = "import"


class Language(StrEnum):
    """The languages a demand is told in."""

    FA = "fa"
    ZH = "zh"
    EN = "en"


class Said(StrEnum):
    """The worker's verdict on an answer."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"


class CloseKind(StrEnum):
    """How a demand ended."""

    RESOLVED = "resolved"
    NOT_A_WORKERS_MATTER = "not_a_workers_matter"


NOTE_CHARS_MAX: Final = 4_000

# Days until somebody must act first. Illustrative: no source gives a legal figure.
FIRST_ACTION_DAYS: Final = {
    Urgency.CRITICAL: 1,
    Urgency.HIGH: 3,
    Urgency.NORMAL: 10,
    Urgency.LOW: 30,
}

WITH_THE_UNION: Final = frozenset({State.HEARD, State.SORTED, State.RETURNED})
WITH_THE_BODY: Final = frozenset({State.ROUTED, State.ACCEPTED})
WITH_THE_WORKER: Final = frozenset({State.ANSWERED})
OPEN: Final = WITH_THE_UNION | WITH_THE_BODY | WITH_THE_WORKER
ENDED: Final = frozenset(State) - OPEN

_MIDDLE: Final = OFFICERS - {Role.GRASSROOTS_OFFICER}
_WORKER: Final = frozenset({Role.WORKER})

HEAR: Final = Deed("demand.heard", OFFICERS | _WORKER)
IMPORT: Final = Deed("demand.imported", OFFICERS)
CORRECT: Final = Deed("demand.corrected", OFFICERS)
SORT: Final = Deed("demand.sorted", OFFICERS)
SET_ASIDE: Final = Deed("demand.set_aside", _MIDDLE)
ROUTE: Final = Deed("demand.routed", _MIDDLE)
ACCEPT: Final = Deed("demand.accepted", OF_A_BODY)
RETURN: Final = Deed("demand.returned", OF_A_BODY)
ANSWER: Final = Deed("demand.answered", OF_A_BODY)
CONFIRM: Final = Deed("demand.confirmed", _WORKER)
DISPUTE: Final = Deed("demand.disputed", _WORKER)
WITHDRAW: Final = Deed("demand.withdrawn", _WORKER)


@dataclass(frozen=True, slots=True)
class Transition:
    """What a deed makes of a demand that stands in one of some states."""

    deed: Deed
    before: frozenset[State]
    after: State


TRANSITIONS: Final = (
    Transition(SORT, WITH_THE_UNION, State.SORTED),
    Transition(SET_ASIDE, WITH_THE_UNION, State.CLOSED),
    Transition(ROUTE, frozenset({State.SORTED, State.RETURNED}), State.ROUTED),
    Transition(ACCEPT, frozenset({State.ROUTED}), State.ACCEPTED),
    Transition(RETURN, WITH_THE_BODY, State.RETURNED),
    Transition(ANSWER, WITH_THE_BODY, State.ANSWERED),
    Transition(CONFIRM, frozenset({State.ANSWERED}), State.CLOSED),
    Transition(DISPUTE, frozenset({State.ANSWERED, State.CLOSED}), State.ROUTED),
    Transition(WITHDRAW, OPEN, State.WITHDRAWN),
)
_BY_DEED: Final = {transition.deed.name: transition for transition in TRANSITIONS}


class WrongState(Exception):
    """The demand stands where this deed is not possible; somebody may have acted meanwhile."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state


def state_after(deed: Deed, state: State) -> State:
    """Say where a demand stands after a deed.

    Raises:
        WrongState: the deed is not possible in its present state.
    """
    transition = _BY_DEED[deed.name]
    if state not in transition.before:
        raise WrongState(state)
    return transition.after


def is_possible(deed: Deed, state: State) -> bool:
    """Say whether a deed is possible in a state."""
    return state in _BY_DEED[deed.name].before
