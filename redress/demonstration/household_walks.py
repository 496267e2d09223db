"""Made households are entered, and some get files, grants and exits, through the same steps."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from typing import Any, Final

from redress.demonstration.demand_walks import Days, staff
from redress.demonstration.facts import SUMS_TOLD
from redress.demonstration.made import MadeHousehold, MadeMember, answers
from redress.demonstration.places import COUNTIES, county_path
from redress.formats.tables import in_batches
from redress.registers.accounts.roles import SYSTEM, Actor
from redress.registers.ledger.accounts import open_fund
from redress.registers.ledger.models import Account
from redress.registers.registry.households import NewFact, NewHousehold, NewMember
from redress.registers.registry.models import Household
from redress.relief.find import BATCH_ROWS, Difficulty, import_households, open_file
from redress.relief.grant import Proposal, propose_grant, refuse_grant
from redress.relief.models import File
from redress.relief.pay import approve_and_pay_grant, receive_into_fund
from redress.relief.states import Cause, ExitKind, Need
from redress.relief.verify import exit_file
from redress.values.money import Money

_FILE_SHARE: Final = 0.15
_GRANT_SHARE: Final = 0.6
_EXIT_SHARE: Final = 0.25
_NEED_OF: Final = {
    Cause.ILLNESS: Need.MEDICAL,
    Cause.SCHOOLING: Need.STUDY,
    Cause.UNEMPLOYMENT: Need.WORK,
    Cause.HOUSING: Need.HOUSING,
}
_FUND_RIALS: Final = 60_000_000_000


def walk_households(
    made: Iterable[MadeHousehold], *, dice: random.Random, now: dt.datetime
) -> None:
    """Enter the made households and walk some of them as far as the dice say."""
    began = now - dt.timedelta(days=700)
    for batch in in_batches(made, size=BATCH_ROWS):
        import_households([_new(one, on=began.date()) for one in batch], by=SYSTEM, at=began)
    people = staff()
    funds = {
        county.path: _fund(county.path, people.officers[county.path][0], began)
        for county in COUNTIES
    }
    for household in Household.objects.filter(source="demonstration").order_by("id"):
        if dice.random() >= _FILE_SHARE:
            continue
        county = county_path(household.path)
        days = Days(began + dt.timedelta(days=dice.random() * 690), now, dice)
        _walk(household, officers=people.officers[county], fund=funds[county], days=days)


def _new(one: MadeHousehold, *, on: dt.date) -> NewHousehold:
    facts = (("income_per_month", one.income_per_month), ("rent_per_month", one.rent_per_month))
    return NewHousehold(
        path=one.path,
        head=_member(one.members[0]),
        phone=one.phone,
        address=one.address,
        employer=one.employer,
        others=tuple(_member(member) for member in one.members[1:]),
        facts=(
            *(NewFact(name, Money("IRR", rials), on) for name, rials in facts if rials),
            *(_told(name, what, on) for name, what in one.told.items()),
        ),
        source="demonstration",
        source_id=one.source_id,
    )


def _told(name: str, what: Any, on: dt.date) -> NewFact:  # noqa: ANN401 - a made fact
    return NewFact(name, Money("IRR", what) if name in SUMS_TOLD else what, on)


def _member(made: MadeMember) -> NewMember:
    return NewMember(made.full_name, made.relation, made.sex, made.birth_on, made.national_id)


def _fund(path: str, officer: Actor, at: dt.datetime) -> Account:
    fund = open_fund(path=path, name="صندوق حق عضویت · dues · 会费", currency="IRR")
    money, key = Money("IRR", _FUND_RIALS), f"demonstration/{path}"
    return receive_into_fund(fund, money=money, key=key, why="dues", by=officer, at=at)


def _walk(household: Household, *, officers: list[Actor], fund: Account, days: Days) -> None:
    dice = days.dice
    told = answers(dice.choices(["fa", "zh", "en"], (8, 1, 1))[0])
    cause = dice.choice(list(Cause))
    need = _NEED_OF.get(cause, Need.LIVING)
    difficulty = Difficulty(dice.choice(told["situations"]), cause, (need,))
    file = open_file(household, difficulty=difficulty, by=officers[0], at=days.later(days_max=5))
    granted = dice.random() < _GRANT_SHARE
    if granted:
        pending = _grant(file, told, officers=officers, fund=fund, days=days)
        if pending:
            return
    if granted and dice.random() < _EXIT_SHARE:
        kind, why = dice.choice(list(ExitKind)), dice.choice(told["exit_reasons"])
        exit_file(file, kind=kind, why=why, by=officers[0], at=days.later(days_max=120))


def _grant(
    file: File, told: dict[str, list[str]], *, officers: list[Actor], fund: Account, days: Days
) -> bool:
    """Propose a grant and have most decided; say whether it still waits."""
    dice = days.dice
    money = Money("IRR", dice.randint(5, 60) * 1_000_000)
    proposal = Proposal(Need(file.needs[0]), money, fund, dice.choice(told["grant_reasons"]))
    grant = propose_grant(file, proposal=proposal, by=officers[0], at=days.later(days_max=20))
    decided = dice.random()
    if decided < 0.1:
        return True
    at = days.later(days_max=10)
    if decided < 0.2:
        refuse_grant(grant, why=dice.choice(told["grant_reasons"]), by=officers[1], at=at)
    else:
        approve_and_pay_grant(grant, by=officers[1], at=at)
    return False
