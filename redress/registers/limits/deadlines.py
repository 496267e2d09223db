"""Work out last days: from the version of a limit that held on the day it began."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

from redress.registers.limits.models import Deadline, Limit, LimitKind, Stage
from redress.registers.offices.models import Body
from redress.values.days import Unit, add_limit, country_of

ANSWER: Final = "body.answer"  # of a body that has no limit of its own

_MOVE: Final = """
    UPDATE limits_deadline d SET last_on = n.last_on
    FROM unnest(%s::bigint[], %s::date[]) AS n(id, last_on)
    WHERE d.id = n.id AND d.last_on <> n.last_on
"""


class NoSuchLimit(LookupError):
    """No limit of that code holds in that country: the installed data are incomplete."""


def versions(code: str, *, country: str) -> list[Limit]:
    """List the versions of a limit, the earliest first."""
    return list(Limit.objects.filter(code=code, country=country).order_by("valid_from"))


def version_on(found: list[Limit], day: dt.date) -> Limit:
    """Choose the version that held on a day; before the first one held, the first.

    Raises:
        NoSuchLimit: there is no version.
    """
    if not found:
        raise NoSuchLimit
    holding = [limit for limit in found if limit.valid_from <= day]
    return holding[-1] if holding else found[0]


def last_day(limit: Limit, *, since_on: dt.date, extended: bool = False) -> dt.date:
    """Give the last day of a version of a limit that began on a day."""
    count = limit.count_extended if extended else limit.count
    return add_limit(since_on, limit=count, unit=Unit(limit.unit), country=limit.country)


def deadline(code: str, *, country: str, since_on: dt.date, extended: bool = False) -> Deadline:
    """Give the deadline of a limit that began on a day; made on first use.

    Raises:
        NoSuchLimit: the country has no limit of that code.
    """
    key = {"code": code, "country": country, "since_on": since_on, "extended": extended}
    known = Deadline.objects.filter(**key).first()
    if known is not None:
        return known
    limit = version_on(versions(code, country=country), since_on)
    last_on = last_day(limit, since_on=since_on, extended=extended)
    # Of two who ask for it first, one makes it and both have it.
    Deadline.objects.bulk_create([Deadline(**key, last_on=last_on)], ignore_conflicts=True)
    return Deadline.objects.get(**key)


def work_out_anew(code: str, *, country: str) -> int:
    """Work out every deadline of a limit from its present versions; give how many moved."""
    found = versions(code, country=country)
    rows = Deadline.objects.filter(code=code, country=country)
    ids: list[int] = []
    days: list[dt.date] = []
    for row in rows.iterator():
        limit = version_on(found, row.since_on)
        ids.append(row.pk)
        days.append(last_day(limit, since_on=row.since_on, extended=row.extended))
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [ids, days])
        return int(cursor.rowcount)


def work_all_out_anew() -> int:
    """Work out all deadlines anew, for holidays that were announced since; give how many moved."""
    known = Deadline.objects.values_list("code", "country").distinct()
    return sum(work_out_anew(code, country=country) for code, country in list(known))


def limit_of_body(body: Body, *, stage: Stage) -> str | None:
    """Name the limit a body works under: its own, else its kind's by law, else the house's.

    Returns:
        The limit's code; None where nothing says by when a body of this kind must accept.
    """
    country = country_of(body.path)
    own = f"body.{body.pk}"
    if stage is Stage.ANSWER and Limit.objects.filter(code=own).exists():
        return own
    of_kind = Limit.objects.filter(country=country, body_kind=body.kind_id, stage=stage)
    code = of_kind.values_list("code", flat=True).first()
    if code is None and stage is Stage.ANSWER:
        return ANSWER
    return code


def limits_of_law(country: str) -> list[Limit]:
    """List the limits of a country's law that run on people rather than on a body's own work."""
    found = Limit.objects.filter(country=country, kind=LimitKind.STATUTORY, body_kind=None)
    return list(found.filter(valid_until=None).order_by("code"))
