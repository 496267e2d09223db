"""The second lock: which rows the database itself shows to the present transaction.

Every table with people's matters carries a row-level policy that compares the row with four settings
of the transaction. Nothing set means no rows, so a query that forgot its scope returns nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, models, transaction
from django.db.models import Q

from redress.values.places import EVERYWHERE, NOWHERE, PathRange

_SET: Final = (
    "SELECT set_config('app.lo', %s, true), set_config('app.hi', %s, true),"
    " set_config('app.body', %s, true), set_config('app.receipt', %s, true)"
)
_READ: Final = (
    "SELECT coalesce(current_setting('app.lo', true), ''),"
    " coalesce(current_setting('app.hi', true), ''),"
    " coalesce(current_setting('app.body', true), ''),"
    " coalesce(current_setting('app.receipt', true), '')"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be seen: a place and all below it, what one body holds, or one receipt."""

    places: PathRange = NOWHERE
    body_id: int | None = None
    receipt: str = ""


WHOLE: Final = Scope(EVERYWHERE)


class NoTransaction(RuntimeError):
    """A scope holds for one transaction, and none is open."""


@contextlib.contextmanager
def within(scope: Scope) -> Iterator[None]:
    """Open a transaction that sees only this scope; the scope before it comes back afterwards."""
    outermost = not connection.in_atomic_block  # its settings begin and end with the transaction
    with transaction.atomic():
        before = None if outermost else _present()
        enter(scope)
        yield
        # What is rolled back takes its settings along.
        if before is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(_SET, before)


def _present() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        found: tuple[str, ...] = cursor.fetchone()
    return found


def enter(scope: Scope) -> None:
    """Set what the rest of the present transaction sees.

    Raises:
        NoTransaction: outside a transaction the setting would vanish at once.
    """
    if not connection.in_atomic_block:
        raise NoTransaction
    body = "" if scope.body_id is None else str(scope.body_id)
    with connection.cursor() as cursor:
        cursor.execute(_SET, [scope.places.lo, scope.places.hi, body, scope.receipt])


class PlacedQuerySet(models.QuerySet[Any]):
    """Rows of a table with a ``path`` column; the first lock."""

    def seen_in(self, scope: Scope) -> PlacedQuerySet:
        """Keep the rows of a scope's places."""
        return self.filter(path__gte=scope.places.lo, path__lt=scope.places.hi)


class HeldQuerySet(PlacedQuerySet):
    """Rows that also a body may hold, or a receipt open (``body_id`` and ``receipt_fingerprint``)."""

    def seen_in(self, scope: Scope) -> HeldQuerySet:
        """Keep the rows of a scope's places, body or receipt."""
        seen = Q(path__gte=scope.places.lo, path__lt=scope.places.hi)
        if scope.body_id is not None:
            seen |= Q(body_id=scope.body_id)
        if scope.receipt:
            seen |= Q(receipt_fingerprint=scope.receipt)
        return self.filter(seen)
