"""A step: one deed, allowed, in one transaction with its journal entry.

``@step(DEED)`` makes sure of all three for every door: it asks the policy, locks the row afresh, opens
the transaction, and fails if the deed wrote no entry.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final, ParamSpec, Protocol, TypeVar

from django.db import connection, models, transaction

from redress.registers.accounts.roles import Actor, Deed, NotAllowed, Policy

_COLUMNS: Final = (
    *("at", "deed", "by_user_id", "by_name", "by_role", "path"),
    *("subject_kind", "subject_id", "row_kind", "row_id", "why", "detail"),
)
_INSERT: Final = f"""
    INSERT INTO journal_entry ({", ".join(_COLUMNS)})
    VALUES ({", ".join(["%s"] * len(_COLUMNS))})
"""  # noqa: S608 - our own names
_INSERT_MANY: Final = f"""
    INSERT INTO journal_entry ({", ".join(_COLUMNS)})
    SELECT {", ".join(_COLUMNS)} FROM json_populate_recordset(NULL::journal_entry, %s)
"""  # noqa: S608 - our own names
WHY_CHARS_MAX: Final = 2000
_recorded: ContextVar[list[str] | None] = ContextVar("recorded", default=None)

# Every step there is, by the name of its deed; the tests walk them all.
STEPS: Final[dict[str, Callable[..., Any]]] = {}

P = ParamSpec("P")
T = TypeVar("T")


class NothingRecorded(RuntimeError):
    """A step changed something and wrote no journal entry: a fault of the programme."""


class NaiveTime(ValueError):
    """A step was given a time without a zone."""


class WhyTooLong(ValueError):
    """A reason of more than ``WHY_CHARS_MAX`` characters; it is refused, never cut."""


class Row(Protocol):
    """A stored row in a jurisdiction."""

    pk: Any

    @property
    def path(self) -> str:
        """The jurisdiction path it lies in."""
        ...


def record(  # noqa: PLR0913 - who, what, which row, when, why: an entry has that many sides
    deed: Deed,
    row: Row,
    *,
    by: Actor,
    at: dt.datetime,
    case: Row | None = None,
    why: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one entry.

    Args:
        deed: what was done.
        row: the row it was done to.
        by: who did it.
        at: when; aware.
        case: the demand or household it belongs to, if that is not the row itself.
        why: the reason given.
        detail: codes, ids and days; Money and words do not belong here.

    Raises:
        WhyTooLong: the reason is longer than an entry holds.
    """
    if len(why) > WHY_CHARS_MAX:
        raise WhyTooLong
    *values, told = _values(deed, row, by=by, at=at, case=case, why=why, detail=detail)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*values, json.dumps(told)])
    _note(deed)


def record_many(
    deed: Deed, entries: list[tuple[Row, dict[str, Any]]], *, by: Actor, at: dt.datetime
) -> None:
    """Append an entry for each of many rows that one deed made; rows with their details."""
    values = (
        _values(deed, row, by=by, at=at, case=None, why="", detail=detail)
        for row, detail in entries
    )
    told = [dict(zip(_COLUMNS, one, strict=True)) for one in values]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_MANY, [json.dumps(told, ensure_ascii=False, default=str)])
    _note(deed)


def _note(deed: Deed) -> None:
    noted = _recorded.get()
    if noted is not None:
        noted.append(deed.name)


def _values(  # noqa: PLR0913 - as record
    deed: Deed,
    row: Row,
    *,
    by: Actor,
    at: dt.datetime,
    case: Row | None,
    why: str,
    detail: dict[str, Any] | None,
) -> list[Any]:
    subject = row if case is None else case
    return [
        *(at, deed.name, by.user_id, by.name, by.role.value, subject.path),
        *(_kind(subject), subject.pk, _kind(row), row.pk, why, detail or {}),
    ]


def _kind(row: Row) -> str:
    return type(row).__name__.lower()


def step(deed: Deed) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Make a function the step of a deed.

    The function's first argument is the row, or for a new row anything with a ``path``; it takes
    ``by`` and ``at`` by keyword. A stored row is read again and locked, so that of two people who
    act at once the second sees what the first did.
    """

    def make(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            by, at = kwargs["by"], kwargs["at"]
            if not isinstance(at, dt.datetime) or at.tzinfo is None:
                raise NaiveTime
            if not isinstance(by, Actor):
                raise NotAllowed
            with transaction.atomic():
                row = _fresh(args[0])
                if not Policy(by).may_do(deed, row):
                    raise NotAllowed
                return _recording(deed, function, row, *args[1:], **kwargs)

        STEPS[deed.name] = run
        return run

    return make


def _fresh(given: Any) -> Any:  # noqa: ANN401 - a model row or a plain value with a path
    if not isinstance(given, models.Model):
        return given
    fresh = type(given)._default_manager.select_for_update(of=("self",)).filter(pk=given.pk).first()
    if fresh is None:
        raise NotAllowed
    return fresh


def _recording(deed: Deed, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:  # noqa: ANN401
    token = _recorded.set([])
    try:
        result = function(*args, **kwargs)
        if deed.name not in (_recorded.get() or ()):
            raise NothingRecorded(deed.name)
    finally:
        _recorded.reset(token)
    return result
