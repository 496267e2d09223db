"""Find households: enter one by hand, import a list, open a file with situation, cause and need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, record_many, step
from redress.registers.registry.households import (
    NewHousehold,
    change_household,
    households,
    write_households,
)
from redress.registers.registry.models import Household
from redress.relief.models import File
from redress.relief.states import (
    CHANGE,
    FIND,
    FURTHER_CAUSES_MAX,
    IMPORT,
    NEEDS_MAX,
    OPEN_FILE,
    OPEN_FILES,
    Cause,
    Need,
    WrongState,
)
from redress.values.places import common_path

BATCH_ROWS: Final = 1000


class NotClear(ValueError):
    """A file needs a situation in words, a cause, and at least one need."""


@dataclass(frozen=True, slots=True)
class Difficulty:
    """The three that must be clear before a file stands."""

    situation: str
    main_cause: Cause
    needs: tuple[Need, ...]
    further_causes: tuple[Cause, ...] = ()


@step(FIND)
def find_household(new: NewHousehold, *, by: Actor, at: dt.datetime) -> Household:
    """Enter a household."""
    household = write_households([new], by=by, at=at)[0]
    record(FIND, household, by=by, at=at, detail={"members": 1 + len(new.others or ())})
    return household


@step(OPEN_FILE)
def open_file(household: Household, *, difficulty: Difficulty, by: Actor, at: dt.datetime) -> File:
    """Open a household's file.

    Raises:
        NotClear: situation, cause or need is missing.
        WrongState: the household has an open file.
    """
    if not difficulty.situation.strip() or not difficulty.needs:
        raise NotClear
    further = tuple(cause for cause in difficulty.further_causes if cause != difficulty.main_cause)
    if len(further) > FURTHER_CAUSES_MAX or len(difficulty.needs) > NEEDS_MAX:
        raise NotClear
    if household.files.filter(state__in=OPEN_FILES).exists():
        raise WrongState("on_file")
    file = File.objects.create(
        household=household,
        path=household.path,
        situation=difficulty.situation,
        main_cause=difficulty.main_cause,
        further_causes=list(further),
        needs=list(difficulty.needs),
        opened_at=at,
    )
    detail = {"cause": difficulty.main_cause.value, "needs": list(difficulty.needs)}
    record(OPEN_FILE, file, by=by, at=at, case=household, detail=detail)
    return file


@dataclass(frozen=True, slots=True)
class ImportedHouseholds:
    """New households of one file; at least one."""

    rows: tuple[NewHousehold, ...]

    @property
    def path(self) -> str:
        """The place that holds all their places."""
        return common_path([new.path for new in self.rows])


@step(IMPORT)
def _enter_batch(batch: ImportedHouseholds, *, by: Actor, at: dt.datetime) -> list[Household]:
    entered = write_households(list(batch.rows), by=by, at=at)
    record_many(IMPORT, [(household, {}) for household in entered], by=by, at=at)
    return entered


@step(CHANGE)
def take_over_changes(
    household: Household, *, new: NewHousehold, by: Actor, at: dt.datetime
) -> Household:
    """Write what a newer row of the household's own source says."""
    change_household(household, new, by=by, at=at)
    record(CHANGE, household, by=by, at=at, detail={"source": new.source})
    return household


def import_households(rows: Iterable[NewHousehold], *, by: Actor, at: dt.datetime) -> list[str]:
    """Enter many households of a file; again with the same file changes nothing.

    Args:
        rows: each with a ``source`` and ``source_id`` of its own; at most ``BATCH_ROWS``.
        by: who imports.
        at: when.

    Returns:
        For each row in order: ``new``, ``same``, ``changed``, or ``moved`` for one that names
        another office than before and is not taken over.
    """
    batch = list(rows)
    known = {
        (household.source, household.source_id): household
        for household in households(seen_by=by).filter(
            source__in={new.source for new in batch}, source_id__in=[new.source_id for new in batch]
        )
    }
    fates: list[str] = []
    fresh: list[NewHousehold] = []
    for new in batch:
        household = known.get((new.source, new.source_id))
        fates.append(_fate(household, new))
        if household is None:
            fresh.append(new)
        elif fates[-1] == "changed":
            take_over_changes(household, new=new, by=by, at=at)
    if fresh:
        _enter_batch(ImportedHouseholds(tuple(fresh)), by=by, at=at)
    return fates


def _fate(household: Household | None, new: NewHousehold) -> str:
    if household is None:
        return "new"
    if household.path != new.path:
        return "moved"
    return "same" if household.source_digest == new.source_digest else "changed"
