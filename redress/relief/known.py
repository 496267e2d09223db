"""What a scheme asks for, out of what is known of a household."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Input, Pack
from redress.registers.registry.known import Known, known_of, under_its_name
from redress.registers.registry.models import Household
from redress.relief.models import Grant
from redress.relief.states import GrantState
from redress.values.calendars import Calendar, read_day, write_day
from redress.values.days import country_of, local_day
from redress.warehouse.copy import written

_ROLLING_DAYS: Final = 365
_WEEK_DAYS: Final = 7


def year_began(day: dt.date, *, country: str) -> dt.date:
    """Give the first day of the year a day lies in, by the calendar of a country's offices."""
    calendar = Calendar.SOLAR_HIJRI if country == "ir" else Calendar.GREGORIAN
    return read_day(write_day(day, calendar=calendar).year, 1, 1, calendar=calendar)


def aid_of(households: Iterable[int], *, on: dt.date, country: str) -> dict[int, dict[str, Any]]:
    """Add up the aid some households were paid, as facts.

    Returns:
        By household: ``aid_this_year.CUR``, ``aid_last_12_months.CUR``, ``weeks_since_last_grant``,
        and ``given.PACK.ITEM`` for what was paid this year on a scheme's item. A household without
        any is left out.
    """
    first = year_began(on, country=country)
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    paid = Grant.objects.filter(state=GrantState.PAID, file__household_id__in=list(households))
    for grant in paid.select_related("file"):
        day = local_day(grant.decided_at or grant.proposed_at, country=country)
        facts = found[grant.file.household_id]
        if day > on:
            continue
        weeks = (on - day).days // _WEEK_DAYS
        facts["weeks_since_last_grant"] = min(weeks, facts.get("weeks_since_last_grant", weeks))
        if (on - day).days < _ROLLING_DAYS:
            _add(facts, "aid_last_12_months", grant)
        if day >= first:
            _add(facts, "aid_this_year", grant)
            if grant.item:
                key = f"given.{grant.pack}.{grant.item}"
                facts[key] = facts.get(key, Decimal(0)) + grant.money.decimal()
    return found


def _add(facts: dict[str, Any], name: str, grant: Grant) -> None:
    for key, told in under_its_name(name, grant.money).items():
        facts[key] = facts.get(key, Decimal(0)) + told


def known_with_aid(households: list[Household], *, on: dt.date) -> list[Known]:
    """Give what is known of some households of one country, aid included."""
    if not households:
        return []
    country = country_of(households[0].path)
    aid = aid_of([one.pk for one in households], on=on, country=country)
    found = known_of(households)
    for known in found:
        known.facts.update(aid.get(known.household_id, {}))
    return found


def asked_of(pack: Pack, known: Known) -> dict[str, Any]:
    """Give the facts of a household that a scheme asks for, by the scheme's names.

    Values are as JSON has them, sums and decimals as text: they are kept with the decision.
    """
    asked: dict[str, Any] = {}
    for one in pack.inputs:
        if one.of_member:
            continue
        found = [known.facts[key] for key in one.known_as(pack.currency) if key in known.facts]
        if found:
            asked[one.name] = _as_asked(one, _as_json(found[0]))
    if pack.has_members and known.members:  # none in the register: not known, rather than nobody
        asked["members"] = [_asked_of_member(pack, member) for member in known.members]
    given = {
        item.id: _as_json(known.facts[f"given.{pack.id}.{item.id}"])
        for item in pack.items
        if f"given.{pack.id}.{item.id}" in known.facts
    }
    return asked | ({"given": given} if given else {})


def _asked_of_member(pack: Pack, member: dict[str, Any]) -> dict[str, Any]:
    return {
        one.name: _as_json(member[name])
        for one in pack.inputs
        if one.of_member and (name := one.register or one.name) in member
    }


def _as_asked(one: Input, told: Any) -> Any:  # noqa: ANN401 - JSON
    """Give as text what is told otherwise where a text or list is asked for, as the copy does."""
    if one.base is Base.LIST and isinstance(told, list):
        return [each if each is None else written(each) for each in told]
    return written(told) if one.base in {Base.TEXT, Base.LIST} else told


def _as_json(told: Any) -> Any:  # noqa: ANN401 - what a register holds
    if isinstance(told, Decimal):
        return format(told, "f")
    return told.isoformat() if isinstance(told, dt.date) else told
