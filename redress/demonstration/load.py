"""Load the made province: its demands and households walk through the same steps as real ones."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Final

from django.utils import timezone

from redress.demands.models import Demand
from redress.demonstration.accounts import make_staff
from redress.demonstration.demand_walks import staff, walk_demands
from redress.demonstration.gatherings import make_gatherings
from redress.demonstration.household_walks import walk_households
from redress.demonstration.made import made_demands, made_households, made_names
from redress.demonstration.places import (
    COUNTIES,
    COUNTY_BODIES,
    PROVINCE,
    PROVINCIAL_BODIES,
    MadePlace,
    made_offices,
)
from redress.registers.limits.install import give_body_a_limit
from redress.registers.offices.models import Body, BodyKind, Office, Tenure
from redress.registers.offices.scope import WHOLE, within
from redress.registers.registry.models import Household
from redress.values.days import Unit, local_day

SEED: Final = 1405
DEMANDS: Final = 500
HOUSEHOLDS: Final = 2000
_STAFF: Final = 120


def load_demonstration_once(
    *,
    say: Callable[[str], None],
    demands: int = DEMANDS,
    households: int = HOUSEHOLDS,
) -> bool:
    """Load the demonstration province into an empty database, whole or not at all.

    Args:
        say: told what is going on, in English, for the terminal.
        demands: how many.
        households: how many.

    Returns:
        Whether it was loaded: not if there is any office already.
    """
    if Office.objects.exists():
        return False
    say("Making the demonstration province (this happens once) ...")
    now = timezone.now()
    today = local_day(now, country="ir")
    dice = random.Random(SEED)  # noqa: S311 - not for secrets
    with within(WHOLE):
        _make_places(dice, today)
        make_staff(made_names(_STAFF, seed="staff"), since_on=today - dt.timedelta(days=4 * 365))
        walk_households(made_households(households, seed=SEED, today=today), dice=dice, now=now)
        walk_demands(made_demands(demands, seed=SEED, today=today), dice=dice, now=now)
        make_gatherings(staff(), dice=dice, now=now)
        say(f"  {Household.objects.count()} households, {Demand.objects.count()} demands.")
    return True


def _make_places(dice: random.Random, today: dt.date) -> None:
    offices = made_offices()
    Office.objects.bulk_create([
        Office(path=one.path, kind=one.kind, name_en=one.en, name_fa=one.fa, name_zh=one.zh)
        for one in offices
    ])
    province = next(one for one in offices if one.path == PROVINCE)
    kinds = {kind.code: kind for kind in BodyKind.objects.all()}
    bodies = [_body(kinds[code], province, days) for code, days in PROVINCIAL_BODIES.items()]
    for county in COUNTIES:
        bodies += [_body(kinds[code], county, days) for code, days in COUNTY_BODIES.items()]
    managers = made_names(len(bodies), seed="managers")
    Tenure.objects.bulk_create([
        Tenure(
            body=body,
            person_name=name,
            function=Tenure.Function.MANAGER,
            since_on=today - dt.timedelta(days=dice.randint(100, 1500)),
        )
        for body, name in zip(bodies, managers, strict=True)
    ])


def _body(kind: BodyKind, place: MadePlace, answer_limit: int) -> Body:
    body = Body.objects.create(
        kind=kind,
        path=place.path,
        name_en=f"{kind.name_en}, {place.en}",
        name_fa=f"{kind.name_fa}، {place.fa}",
        name_zh=f"{place.zh}{kind.name_zh}",
    )
    give_body_a_limit(body, count=answer_limit, unit=Unit.WORKDAY)
    return body
