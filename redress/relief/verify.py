"""Verify: a household leaves its file, with the kind of exit and the reason."""

from __future__ import annotations

import datetime as dt

from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, step
from redress.relief.grant import NoReason
from redress.relief.models import File
from redress.relief.states import EXIT, OPEN_FILES, ExitKind, FileState, GrantState, WrongState


class GrantPending(Exception):
    """A grant of the file waits for a decision or for its payment."""


@step(EXIT)
def exit_file(file: File, *, kind: ExitKind, why: str, by: Actor, at: dt.datetime) -> File:
    """Close a household's file.

    Raises:
        GrantPending: a grant is still proposed or approved but unpaid.
        NoReason: no reason was given.
        WrongState: it is closed already.
    """
    if file.state not in OPEN_FILES:
        raise WrongState(file.state)
    if not why.strip():
        raise NoReason
    if file.grants.filter(state__in=[GrantState.PROPOSED, GrantState.APPROVED]).exists():
        raise GrantPending
    file.state = FileState.EXITED
    file.exit_kind, file.exited_at = kind, at
    file.save(update_fields=["state", "exit_kind", "exited_at"])
    record(EXIT, file, by=by, at=at, case=file.household, why=why, detail={"kind": kind.value})
    return file
