"""Reads of the journal."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from redress.registers.accounts.roles import Actor
from redress.registers.journal.models import Entry
from redress.registers.journal.steps import Row


def story_of(case: Row) -> QuerySet[Entry]:
    """List what was done in one case, first to last. The caller has seen the case already."""
    return Entry.objects.filter(subject_kind=type(case).__name__.lower(), subject_id=case.pk)


def entries(*, seen_by: Actor, deed: str = "", who: str = "") -> QuerySet[Entry]:
    """List entries of a person's places, the latest first.

    Args:
        seen_by: whose places.
        deed: only deeds whose name begins so.
        who: only those by people whose name contains this.
    """
    found = Entry.objects.seen_in(seen_by.scope).order_by("-at", "-id")
    wanted = Q()
    if deed:
        wanted &= Q(deed__startswith=deed)
    if who:
        wanted &= Q(by_name__icontains=who)
    return found.filter(wanted)
