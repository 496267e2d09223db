"""Change a limit: a new version from a day on, or a version put right; who sees it is told at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Case, IntegerField, Q, QuerySet, When

from redress.registers.accounts.roles import Actor, Deed, Role
from redress.registers.journal.steps import record, step
from redress.registers.limits.deadlines import work_out_anew
from redress.registers.limits.models import Limit, LimitKind
from redress.registers.offices.models import Body
from redress.values.days import LIMIT_MAX, Unit
from redress.values.places import path_below, paths_above

_IN_TURN: Final = (LimitKind.STATUTORY, LimitKind.HOUSE, LimitKind.PROMISED)
CHANGE: Final = Deed("limit.changed", frozenset({Role.ADMINISTRATOR}))


class LimitUnfit(ValueError):
    """A limit of no length, too long, or whose new version begins before the one it follows."""


@dataclass(frozen=True, slots=True)
class NewLength:
    """What a limit is from a day on; ``valid_from`` None puts the present version itself right."""

    count: int
    unit: Unit
    source: str
    valid_from: dt.date | None = None


def limits(*, seen_by: Actor) -> QuerySet[Limit]:
    """List the versions of a person's country: the law's, the house's, then those of their bodies."""
    country = seen_by.country or (seen_by.path or "")[:2]
    found = Limit.objects.filter(country=country).select_related("body_kind")
    near = Q(path=f"{country}.")
    if seen_by.path:
        places = path_below(seen_by.path)
        near |= Q(path__gte=places.lo, path__lt=places.hi) | Q(path__in=paths_above(seen_by.path))
    if seen_by.body_id is not None:
        near |= Q(code=f"body.{seen_by.body_id}")
    in_turn = Case(
        *(When(kind=kind, then=place) for place, kind in enumerate(_IN_TURN)),
        output_field=IntegerField(),
    )
    return found.filter(near).order_by(in_turn, "path", "code", "valid_from")


@step(CHANGE)
def change_limit(limit: Limit, *, to: NewLength, why: str, by: Actor, at: dt.datetime) -> Limit:
    """Change a limit and work out its deadlines; every list that shows them is right from now.

    Raises:
        LimitUnfit: the length, with its lawful extension, is out of range, or the day does not lie
            within the version's own.
    """
    if not 1 <= to.count <= LIMIT_MAX[to.unit]:
        raise LimitUnfit
    before = f"{limit.count} {limit.unit}"
    if to.valid_from is None:
        changed = limit
    else:
        ends = limit.valid_until
        if to.valid_from <= limit.valid_from or (ends is not None and to.valid_from > ends):
            raise LimitUnfit
        Limit.objects.filter(pk=limit.pk).update(valid_until=to.valid_from - dt.timedelta(days=1))
        changed = Limit.objects.get(pk=limit.pk)
        changed.pk = None
        changed.valid_from, changed.valid_until = to.valid_from, ends
    _set_length(changed, to)
    moved = work_out_anew(changed.code, country=changed.country)
    detail = {"code": changed.code, "before": before, "now": f"{to.count} {to.unit}"}
    record(CHANGE, changed, by=by, at=at, why=why, detail={**detail, "deadlines_moved": moved})
    return changed


def _set_length(changed: Limit, to: NewLength) -> None:
    if to.unit != changed.unit:  # ten workdays more are not ten months more
        changed.extension, changed.extendable_to = 0, None
    changed.count, changed.unit, changed.source = to.count, to.unit, to.source
    if changed.count_extended > LIMIT_MAX[to.unit]:
        raise LimitUnfit
    changed.save()


def own_limit_of(body: Body) -> Limit | None:
    """Give the present version of a body's own limit, if it has one."""
    return Limit.objects.filter(code=f"body.{body.pk}").order_by("valid_from").last()
