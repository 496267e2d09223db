"""Where a file and a grant stand, and who may do what to them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from redress.registers.accounts.roles import OFFICERS, Deed, Role


class FileState(StrEnum):
    """Where a household's file stands."""

    ON_FILE = "on_file"
    UNDER_MEASURES = "under_measures"
    EXITED = "exited"


class GrantState(StrEnum):
    """Where a grant stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"


class Cause(StrEnum):
    """Why a household came into difficulty."""

    ILLNESS = "illness"
    DISABILITY = "disability"
    ACCIDENT = "accident"
    DEATH = "death"
    DISASTER = "disaster"
    UNEMPLOYMENT = "unemployment"
    WAGE_ARREARS = "wage_arrears"
    LOW_PAY = "low_pay"
    SCHOOLING = "schooling"
    HOUSING = "housing"
    CARE = "care"
    OTHER = "other"


class Need(StrEnum):
    """What a household needs, and what a grant is for."""

    LIVING = "living"
    MEDICAL = "medical"
    STUDY = "study"
    WORK = "work"
    HOUSING = "housing"
    OTHER = "other"


class RunState(StrEnum):
    """Where an assessment of all households stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class ExitKind(StrEnum):
    """How a household left its file."""

    OUT = "out"  # out of difficulty (脱困)
    RELIEVED = "relieved"  # still poor, but under the state's safety net (解困)
    WITHDRAWN = "withdrawn"


WORDS_CHARS_MAX: Final = 4_000
PACK_CHARS_MAX: Final = 60  # of names in schemes
FURTHER_CAUSES_MAX: Final = (
    3  # one main cause and up to three secondary: the paper form's code list
)
NEEDS_MAX: Final = 4

OPEN_FILES: Final = (FileState.ON_FILE, FileState.UNDER_MEASURES)
_MIDDLE: Final = OFFICERS - {Role.GRASSROOTS_OFFICER}

FIND: Final = Deed("household.found", OFFICERS)
IMPORT: Final = Deed("household.imported", OFFICERS)
CHANGE: Final = Deed("household.changed", OFFICERS)
OPEN_FILE: Final = Deed("file.opened", OFFICERS)
TELL_FACTS: Final = Deed("household.facts_told", OFFICERS)
ASSESS: Final = Deed("household.assessed", OFFICERS)
RUN: Final = Deed("scheme.run_asked", _MIDDLE)
RUN_DONE: Final = Deed("scheme.run_done", frozenset())  # by the system alone
PROPOSE: Final = Deed("grant.proposed", OFFICERS)
APPROVE: Final = Deed("grant.approved", _MIDDLE)
REFUSE: Final = Deed("grant.refused", _MIDDLE)
PAY: Final = Deed("grant.paid", _MIDDLE)
FUND: Final = Deed("fund.received", _MIDDLE)
EXIT: Final = Deed("file.exited", _MIDDLE)


class WrongState(Exception):
    """The file or grant stands where this deed is not possible; somebody may have acted meanwhile."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state
