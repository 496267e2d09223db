"""`redress rotate-keys`: a new key for what is sealed, and everything sealed anew by it.

Everything goes on meanwhile. The new key is laid beside the old one, and from that moment every process
seals by the new one and opens what either has sealed. Then rows are sealed anew, batch by batch. Two
kinds of transaction can still write an old seal: those begun before the new key, and those that read
an old seal before it was sealed anew. So each look at all rows first waits for the transactions
that are open, and only when a look finds nothing old is the old key taken away. After a kill at any
point, the old key lies there still, and the next run goes on.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from redress.doors.commands.intake import LANGUAGES
from redress.registers.accounts.roles import SYSTEM, Actor, Deed
from redress.registers.journal.reads import entries
from redress.registers.journal.steps import record, step
from redress.registers.offices.places import county_paths
from redress.registers.offices.scope import WHOLE, within
from redress.registers.sealing import (
    SEALED_COLUMNS,
    SealedColumn,
    begin_change,
    end_change,
    is_changing,
    look_at_batch,
    name_of_change,
    open_transactions,
)
from redress.values.places import common_path

SEAL_ANEW: Final = Deed("identity.sealed_anew", frozenset())  # the system's alone
_BAD_INPUT: Final = 2
_POLL_SECONDS: Final = 0.2
_SILENT_SECONDS: Final = 2.0
_ROWS_SHOWN: Final = 20


class _Refused(Exception):
    """The keys cannot be changed now; the text says why and what to do."""


@dataclass(slots=True)
class Look:
    """What a look at all sealed rows found."""

    sealed: dict[str, int] = field(default_factory=dict)
    stale: int = 0
    unreadable: list[tuple[SealedColumn, int]] = field(default_factory=list)


@dataclass(slots=True)
class KeyChange:
    """A change of keys: its name, the place that holds all that is sealed, and what it sealed."""

    name: str
    path: str
    look: Look
    pk: int = 0


def run(chosen: argparse.Namespace, *, write: Callable[[Path, str], None]) -> int:
    """Change the key of seals; 0 when nothing needs the old one any more and it is gone.

    Args:
        chosen: ``lang`` and ``leave_unreadable``.
        write: writes a secret whole or not at all.
    """
    folder: Path = settings.REDRESS_KEYS
    with translation.override(LANGUAGES[chosen.lang]):
        try:
            with _alone(folder):
                look = change_keys(folder, write=write, leave_unreadable=chosen.leave_unreadable)
        except _Refused as refused:
            sys.stderr.write(f"{refused}\n")
            return _BAD_INPUT
    for name, count in look.sealed.items():
        sys.stdout.write(f"{name} {count}\n")
    sys.stdout.write(f"unreadable {len(look.unreadable)}\n")
    return 0


def change_keys(
    folder: Path, *, write: Callable[[Path, str], None], leave_unreadable: bool = False
) -> Look:
    """Change the key of seals, or finish a change that was cut off.

    Raises:
        _Refused: something sealed opens with no key, and is not to be left; nothing is changed.
    """
    broken = look_at_all(reseal=False).unreadable
    if broken and not leave_unreadable:
        raise _Refused(_unreadable(broken, folder))
    if is_changing(folder):
        _say(_("An earlier change of keys was not finished; this finishes it."))
    begin_change(folder, name=f"{timezone.now():%Y%m%dT%H%M%SZ}", write=write)
    while True:
        _wait_for(open_transactions())
        look = look_at_all(reseal=True)
        if not look.stale:
            break
        time.sleep(_POLL_SECONDS)  # somebody may hold a row for long
    with within(WHOLE):
        change = KeyChange(name_of_change(folder), common_path(county_paths()), look)
        if not _is_noted(change):
            note_change(change, by=SYSTEM, at=timezone.now())
    end_change(folder)
    return look


def look_at_all(*, reseal: bool) -> Look:
    """Look at everything sealed, a transaction a batch; seal anew what an older key sealed."""
    look = Look()
    for place in SEALED_COLUMNS:
        look.sealed[place.holds], after = 0, 0
        while True:
            with within(WHOLE):
                batch = look_at_batch(place, after=after, reseal=reseal)
            if batch.last is None:
                break
            after = batch.last
            look.sealed[place.holds] += batch.sealed
            look.stale += batch.stale
            look.unreadable += [(place, number) for number in batch.unreadable]
    return look


@step(SEAL_ANEW)
def note_change(change: KeyChange, *, by: Actor, at: dt.datetime) -> None:
    """Write into the journal that everything is sealed by a new key."""
    counts = {**change.look.sealed, "unreadable": len(change.look.unreadable)}
    record(SEAL_ANEW, change, by=by, at=at, detail={"change": change.name, **counts})


def _is_noted(change: KeyChange) -> bool:
    """Say whether a run that was killed before it took the old key away has noted it already."""
    noted = entries(seen_by=SYSTEM, deed=SEAL_ANEW.name)
    return noted.filter(detail__change=change.name).exists()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder of keys; whoever is killed lets go of it.

    Raises:
        _Refused: another process holds it.
    """
    number = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            words = _("The keys in %(folder)s are being changed by another process; wait for it.")
            raise _Refused(words % {"folder": folder}) from None
        yield
    finally:
        os.close(number)


def _wait_for(running: set[str]) -> None:
    """Wait until these transactions have ended; say so if it takes a while."""
    told, since = False, time.monotonic()
    while running & open_transactions():
        if not told and time.monotonic() - since > _SILENT_SECONDS:
            _say(_("Waiting for what was begun before, such as an import, to finish ..."))
            told = True
        time.sleep(_POLL_SECONDS)


def _unreadable(broken: list[tuple[SealedColumn, int]], folder: Path) -> str:
    shown = ", ".join(f"{place.table} {number}" for place, number in broken[:_ROWS_SHOWN])
    return _(
        "Nothing was changed: %(count)s sealed rows open with no key in %(folder)s (%(rows)s). Put the"
        " key they were sealed with there as identity-seal.old.1 and run this again, or leave them as"
        " they are with --leave-unreadable."
    ) % {
        "count": len(broken),
        "folder": folder,
        "rows": shown + (" …" if len(broken) > _ROWS_SHOWN else ""),
    }


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
