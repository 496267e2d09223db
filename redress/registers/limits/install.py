"""Write limits: those that come with every installation, and a body's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Final

from redress.formats.limits import EVERY, LimitLine, read_limits
from redress.registers.limits.models import Limit, LimitKind
from redress.registers.offices.models import Body, Office
from redress.registers.offices.taxonomy import install_taxonomy
from redress.values.days import COUNTRIES, Unit, country_of

_FILE: Final = Path(__file__).parent / "data" / "limits.yaml"
ALWAYS: Final = dt.date(1900, 1, 1)


def install_data() -> None:
    """Write the data that every installation has: topics, kinds of body, routes and limits."""
    install_taxonomy()
    install_limits()


def install_limits() -> None:
    """Write the installed limits where there are none of their code yet.

    What an administrator has changed stays: a code that is known is left alone. The house's own are
    written for each country that has an office too, so that in none a demand is without its clock.
    """
    known = set(Limit.objects.values_list("code", "country"))
    lines = read_limits(_FILE.read_text(encoding="utf-8"))
    everywhere = sorted({
        *COUNTRIES,
        *map(country_of, Office.objects.values_list("path", flat=True)),
    })
    meant = [
        replace(line, country=country)
        for line in lines
        for country in ([line.country] if line.country != EVERY else everywhere)
    ]
    Limit.objects.bulk_create(
        [_limit(line) for line in meant if (line.code, line.country) not in known],
        ignore_conflicts=True,
    )


def _limit(line: LimitLine) -> Limit:
    return Limit(
        code=line.code,
        country=line.country,
        path=f"{line.country}.",
        kind=line.kind,
        name_en=line.name.en,
        name_fa=line.name.fa,
        name_zh=line.name.zh,
        start_en=line.start.en,
        start_fa=line.start.fa,
        start_zh=line.start.zh,
        count=line.limit,
        unit=line.unit,
        extension=line.extension,
        extendable_to=line.extendable_to,
        extension_condition=line.extension_condition,
        at_least=line.at_least,
        source=line.source,
        note=line.note,
        status=line.status,
        body_kind_id=line.body_kind or None,
        stage=line.stage,
        valid_from=ALWAYS,
    )


def give_body_a_limit(body: Body, *, count: int, unit: Unit) -> Limit:
    """Write down how long a body says it takes for an answer, from its service card."""
    return Limit.objects.create(
        code=f"body.{body.pk}",
        country=country_of(body.path),
        path=body.path,
        kind=LimitKind.PROMISED,
        name_en=body.name_en,
        name_fa=body.name_fa,
        name_zh=body.name_zh,
        count=count,
        unit=unit,
        valid_from=ALWAYS,
    )
