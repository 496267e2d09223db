"""The machine of states: one table of who may do what to a demand, and what it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from redress.registers.accounts.roles import OF_A_BODY, OFFICERS, Deed, Role


class State(StrEnum):
    """Where a demand stands."""

    HEARD = "heard"
    TO_CLARIFY = "to_clarify"
    SORTED = "sorted"
    ROUTED = "routed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    ANSWERED = "answered"
    SILENT = "silent"  # answered, and no word from the worker after all reminders
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Holder(StrEnum):
    """In whose hands a demand lies, and on whose account its days go."""

    UNION = "union"
    BODY = "body"
    WORKER = "worker"
    NOBODY = "nobody"  # it has ended, until it is opened again


class Urgency(StrEnum):
    """How soon somebody must act first."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Channel(StrEnum):
    """The way words came in."""

    WEB = "web"
    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    OPEN_DOOR = "open_door"
    MEETING = "meeting"
    REPRESENTATIVE = "representative"
    IMPORT = "import"


class RaisedBy(StrEnum):
    """From whom the words are."""

    WORKER = "worker"
    GROUP = "group"
    REPRESENTATIVE = "representative"  # an elected one
    COUNCIL = "council"
    UNION = "union"
    OTHER = "other"


class Language(StrEnum):
    """The languages a demand is told in."""

    FA = "fa"
    ZH = "zh"
    EN = "en"


class Claim(StrEnum):
    """What a body says it has done."""

    SOLVED = "solved"
    PARTLY = "partly"
    REFUSED = "refused"
    MOVED = "moved"  # to a procedure of the law, with a next legal day


class Said(StrEnum):
    """The worker's verdict on an answer."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"


class Found(StrEnum):
    """What the union found when it looked itself."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"
    CANNOT_TELL = "cannot_tell"


class CloseKind(StrEnum):
    """How a demand ended."""

    RESOLVED = "resolved"
    PARTLY = "partly"
    REFUSED = "refused"
    MOVED = "moved"
    BY_SAMPLE = "by_sample"  # of a collective demand: a drawn sample said that it is solved
    NOT_A_WORKERS_MATTER = "not_a_workers_matter"


class HeldBack(StrEnum):
    """Why a demand from the public form waits for an officer to let it in."""

    TOO_FAST = "too_fast"
    TOO_MANY = "too_many"
    SAME_TEXT = "same_text"


NOTE_CHARS_MAX: Final = 4_000

WITH_THE_UNION: Final = frozenset({State.HEARD, State.SORTED, State.RETURNED})
WITH_THE_BODY: Final = frozenset({State.ROUTED, State.ACCEPTED})
WITH_THE_WORKER: Final = frozenset({State.TO_CLARIFY, State.ANSWERED})
OPEN: Final = WITH_THE_UNION | WITH_THE_BODY | WITH_THE_WORKER
ENDED: Final = frozenset({State.SILENT, State.CLOSED, State.WITHDRAWN})
# The worker may still say that it is not solved.
AFTER_AN_ANSWER: Final = frozenset({State.ANSWERED, State.SILENT, State.CLOSED})

HOLDERS: Final = {
    **dict.fromkeys(WITH_THE_UNION, Holder.UNION),
    **dict.fromkeys(WITH_THE_BODY, Holder.BODY),
    **dict.fromkeys(WITH_THE_WORKER, Holder.WORKER),
    **dict.fromkeys(ENDED, Holder.NOBODY),
    # A merged one lies with whoever holds the other, and its clock runs on with it.
}

_MIDDLE: Final = OFFICERS - {Role.GRASSROOTS_OFFICER}
_WORKER: Final = frozenset({Role.WORKER})
# An officer may put down what a worker says on the telephone or on a visit, as such.
_WORKER_OR_CALL: Final = _WORKER | OFFICERS
# An officer may put down what a body says in a letter or on the telephone.
_BODY_OR_LETTER: Final = OF_A_BODY | _MIDDLE
_SYSTEM: Final = frozenset({Role.SYSTEM})

HEAR: Final = Deed("demand.heard", OFFICERS | _WORKER)
IMPORT: Final = Deed("demand.imported", OFFICERS)
CORRECT: Final = Deed("demand.corrected", OFFICERS)
RELEASE: Final = Deed("demand.released", OFFICERS)
MARK: Final = Deed("demand.marked", OFFICERS)
AGREE_MARKING: Final = Deed("demand.marking_agreed", _WORKER)
CONTEST_MARKING: Final = Deed("demand.marking_contested", _WORKER)
SORT: Final = Deed("demand.sorted", OFFICERS)
ADD: Final = Deed("demand.added", _WORKER_OR_CALL)
SET_ASIDE: Final = Deed("demand.set_aside", _MIDDLE)
ROUTE: Final = Deed("demand.routed", _MIDDLE)
RECALL: Final = Deed("demand.recalled", _MIDDLE)
ACCEPT: Final = Deed("demand.accepted", OF_A_BODY)
RETURN: Final = Deed("demand.returned", OF_A_BODY)
PROMISE: Final = Deed("demand.promised", OF_A_BODY)
ASK: Final = Deed("demand.asked", OFFICERS | OF_A_BODY)
TAKE_BACK: Final = Deed("demand.question_taken_back", OFFICERS | OF_A_BODY)
CLARIFY: Final = Deed("demand.clarified", _WORKER_OR_CALL)
ANSWER: Final = Deed("demand.answered", _BODY_OR_LETTER)
EXTEND: Final = Deed("demand.extended", _MIDDLE)
EXCUSE: Final = Deed("demand.excused", _MIDDLE)
CONFIRM: Final = Deed("demand.confirmed", _WORKER_OR_CALL)
LEAVE: Final = Deed("demand.left", _WORKER_OR_CALL)
DISPUTE: Final = Deed("demand.disputed", _WORKER_OR_CALL)
CONTEST: Final = Deed("demand.contested", _WORKER_OR_CALL)
WITHDRAW: Final = Deed("demand.withdrawn", _WORKER_OR_CALL)
FALL_SILENT: Final = Deed("demand.fell_silent", _SYSTEM)
CLOSE_BY_SAMPLE: Final = Deed("demand.closed_by_sample", _MIDDLE)
VERIFY: Final = Deed("demand.verified", OFFICERS)
MERGE: Final = Deed("demand.merged", _MIDDLE)
UNMERGE: Final = Deed("demand.unmerged", _MIDDLE | _WORKER)
ESCALATE: Final = Deed("demand.escalated", _SYSTEM)


@dataclass(frozen=True, slots=True)
class Transition:
    """What a deed makes of a demand that stands in one of some states.

    Attributes:
        deed: who may do it stands there.
        before: where it is possible.
        after: what it becomes; None where it stays, or goes back to where a question left it.
    """

    deed: Deed
    before: frozenset[State]
    after: State | None


_ASKABLE: Final = WITH_THE_UNION | WITH_THE_BODY

TRANSITIONS: Final = (
    Transition(RELEASE, frozenset({State.HEARD}), None),
    Transition(ADD, OPEN | {State.MERGED}, None),
    Transition(MARK, OPEN, None),
    Transition(AGREE_MARKING, OPEN, None),
    Transition(CONTEST_MARKING, OPEN, None),
    Transition(SORT, WITH_THE_UNION, State.SORTED),
    Transition(SET_ASIDE, WITH_THE_UNION, State.CLOSED),
    Transition(ROUTE, frozenset({State.SORTED, State.RETURNED}), State.ROUTED),
    Transition(RECALL, WITH_THE_BODY, State.SORTED),
    Transition(ACCEPT, frozenset({State.ROUTED}), State.ACCEPTED),
    Transition(RETURN, WITH_THE_BODY, State.RETURNED),
    Transition(PROMISE, WITH_THE_BODY, None),
    Transition(ASK, _ASKABLE, State.TO_CLARIFY),
    Transition(TAKE_BACK, frozenset({State.TO_CLARIFY}), None),
    Transition(CLARIFY, frozenset({State.TO_CLARIFY}), None),
    Transition(ANSWER, WITH_THE_BODY | {State.TO_CLARIFY}, State.ANSWERED),
    Transition(EXTEND, WITH_THE_BODY, None),
    Transition(EXCUSE, WITH_THE_BODY | AFTER_AN_ANSWER, None),
    Transition(CONFIRM, frozenset({State.ANSWERED, State.SILENT}), State.CLOSED),
    Transition(LEAVE, frozenset({State.ANSWERED, State.SILENT}), State.CLOSED),
    Transition(DISPUTE, AFTER_AN_ANSWER, State.ROUTED),
    Transition(CONTEST, frozenset({State.CLOSED}), State.HEARD),
    Transition(WITHDRAW, OPEN | {State.SILENT, State.MERGED}, State.WITHDRAWN),
    Transition(FALL_SILENT, frozenset({State.ANSWERED}), State.SILENT),
    Transition(CLOSE_BY_SAMPLE, frozenset({State.ANSWERED, State.SILENT}), State.CLOSED),
    Transition(VERIFY, AFTER_AN_ANSWER, None),
    Transition(MERGE, WITH_THE_UNION, State.MERGED),
    Transition(UNMERGE, frozenset({State.MERGED}), State.HEARD),
    Transition(ESCALATE, OPEN, None),
)
_BY_DEED: Final = {transition.deed.name: transition for transition in TRANSITIONS}


class WrongState(Exception):
    """The demand stands where this deed is not possible; somebody may have acted meanwhile."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state


def state_after(deed: Deed, state: State) -> State:
    """Say where a demand stands after a deed; where it stood, for a deed that moves nothing.

    Raises:
        WrongState: the deed is not possible in its present state.
    """
    transition = _BY_DEED[deed.name]
    if state not in transition.before:
        raise WrongState(state)
    return transition.after or state


def is_possible(deed: Deed, state: State) -> bool:
    """Say whether a deed is possible in a state."""
    return state in _BY_DEED[deed.name].before


def ending(claim: Claim | None, said: Said) -> CloseKind | None:
    """Derive how a demand ends when the worker leaves it at an answer: from both their words.

    Args:
        claim: what the body says; None where nobody put it down.
        said: what the worker says.

    Returns:
        None where the worker says that nothing is solved and the body neither refused nor moved it:
        such a demand does not end, it can only be disputed or taken back.
    """
    if said is Said.SOLVED:
        return CloseKind.RESOLVED
    if said is Said.PARTLY:
        return CloseKind.PARTLY
    return {Claim.REFUSED: CloseKind.REFUSED, Claim.MOVED: CloseKind.MOVED}.get(
        claim or Claim.SOLVED
    )
