"""`redress import`: take demands or households of a file into the registers.

All or nothing: a file that cannot be read to its end changes nothing. Single rows that are refused
are written beside the file with their reasons; the others are taken in.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from redress.doors.commands.demand_rows import DemandIntake
from redress.doors.commands.household_rows import HouseholdIntake
from redress.doors.commands.intake import LANGUAGES, read_ahead
from redress.doors.look.words import word
from redress.formats.rows import Fault
from redress.formats.tables import TableRow, UnreadableTable, in_batches, read_table, write_jsonl
from redress.registers.accounts.roles import SYSTEM
from redress.registers.offices.scope import WHOLE, within

BATCH_ROWS: Final = 1000
_FATES: Final = ("new", "same", "changed", "refused")


def run(chosen: argparse.Namespace) -> int:
    """Import one file; 0 when done, 2 when it cannot be read, in which case nothing is changed."""
    path = Path(chosen.file)
    source = chosen.source or path.stem
    with translation.override(LANGUAGES[chosen.lang]):
        try:
            with within(WHOLE), _intake(chosen, source) as intake:
                refused, counts = take_file(path, intake)
        except UnreadableTable as unreadable:
            _complain(unreadable.path or path, unreadable)
            return 2
        _write_refused(path, refused)
        for fate in _FATES:
            sys.stdout.write(f"{fate} {counts[fate]}\n")
    return 0


@contextmanager
def _intake(chosen: argparse.Namespace, source: str) -> Iterator[DemandIntake | HouseholdIntake]:
    if chosen.kind == "demands":
        with DemandIntake(source=source, by=SYSTEM, at=timezone.now()) as demands:
            yield demands
        return
    members = read_table(Path(chosen.members)) if chosen.members else None
    yield HouseholdIntake(source=source, by=SYSTEM, at=timezone.now(), members=members)


def take_file(
    path: Path, intake: DemandIntake | HouseholdIntake
) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Take one file in; give the refused rows with their reasons, and how many had which fate.

    Raises:
        UnreadableTable: it cannot be read to its end.
    """
    gc.freeze()  # what is loaded by now stays; it need not be looked through again and again
    counts: Counter[str] = Counter()
    refused: list[dict[str, Any]] = []
    bar = _bar()
    read: Callable[[list[TableRow]], Any] = intake.read
    for batch in read_ahead(in_batches(read_table(path), size=BATCH_ROWS), read):
        for row, fate, faults in intake.take_in(batch):
            counts[fate] += 1
            if fate == "refused":
                refused.append(_refusal(row, faults))
        bar(sum(counts.values()))
    for row, faults in intake.left_over():
        counts["refused"] += 1
        refused.append(_refusal(row, faults))
    return refused, counts


def _bar() -> Callable[[int], None]:
    """Count on a terminal, and be silent in a pipe."""
    if not sys.stderr.isatty():
        return lambda _count: None

    def show(count: int) -> None:
        sys.stderr.write(f"\r{count:,} ")
        sys.stderr.flush()

    return show


def _refusal(row: TableRow, faults: list[Fault]) -> dict[str, Any]:
    reasons = [
        {
            "column": fault.column,
            "reason": fault.reason,
            "words": f"{fault.column} {word('fault', fault.reason)}".strip(),
            "said": fault.said,
        }
        for fault in faults
    ]
    return {"row": row.number, "reasons": reasons, "cells": row.cells}


def _write_refused(path: Path, refused: list[dict[str, Any]]) -> None:
    beside = path.with_name(f"{path.name}.refused.jsonl")
    if not refused:
        beside.unlink(missing_ok=True)
        return
    write_jsonl(beside, refused)
    words = _("Refused rows with their reasons are in %(file)s.") % {"file": beside}
    sys.stderr.write(f"{words}\n")


def _complain(path: Path, unreadable: UnreadableTable) -> None:
    where = str(path)
    if unreadable.row:
        where = _("%(file)s, row %(row)s") % {"file": path, "row": unreadable.row}
    said = f" ({unreadable.said})" if unreadable.said else ""
    nothing = _("Nothing was imported.")
    sys.stderr.write(f"{where}: {word('unreadable', unreadable.reason)}{said}. {nothing}\n")
