"""The fixed cast: two counties of one province, their officers, a body with its people, a worker."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from redress.demands.hear import HeardWords, hear_demand
from redress.demands.models import Demand
from redress.demands.pursue import accept_demand
from redress.demands.resolve import Reply, answer_demand
from redress.demands.route import route_demand
from redress.demands.sort import sort_demand
from redress.demands.states import Claim, Urgency
from redress.registers.accounts.models import Post, User
from redress.registers.accounts.roles import Actor, Role, worker_with
from redress.registers.accounts.signed_in import actor_of
from redress.registers.ledger.accounts import open_fund
from redress.registers.limits.install import give_body_a_limit
from redress.registers.offices.models import Body, Office, Topic
from redress.registers.offices.scope import WHOLE, within
from redress.registers.registry.households import NewFact, NewHousehold, NewMember
from redress.relief.find import Difficulty, find_household, open_file
from redress.relief.grant import Proposal, propose_grant
from redress.relief.pay import receive_into_fund
from redress.relief.states import Cause, Need
from redress.values.days import Unit
from redress.values.money import Money
from tests.database import committed, django_db_setup
from tests.schemes import small_scheme

# Fixtures of the database; a conftest outranks the plug-ins that bring others of the name.
__all__ = ["committed", "django_db_setup"]

NOON = dt.datetime(2026, 6, 15, 8, 30, tzinfo=dt.UTC)  # Monday; 12:00 in Tehran
DAY = NOON.date()
NILKUH, GOLANDASHT, WORKS = "ir.sp.nk.", "ir.sp.gd.", "ir.sp.nk.tx."
RECEIPT = "f" * 64


@dataclass(frozen=True)
class Cast:
    officer: Actor
    second: Actor
    neighbour: Actor
    grassroots: Actor
    province: Actor
    liaison: Actor
    manager: Actor
    other_liaison: Actor
    auditor: Actor
    admin: Actor
    worker: Actor
    stranger: Actor
    labour_office: Body
    social_security: Body
    neighbours_body: Body

    def everybody(self) -> list[Actor]:
        return [one for one in vars(self).values() if isinstance(one, Actor)]


def make_office(path: str, kind: str, name: str) -> Office:
    return Office.objects.create(path=path, kind=kind, name_en=name, name_fa=name, name_zh=name)


def make_body(kind: str, path: str, name: str, *, limit: int = 20) -> Body:
    body = Body.objects.create(kind_id=kind, path=path, name_en=name, name_fa=name, name_zh=name)
    give_body_a_limit(body, count=limit, unit=Unit.WORKDAY)
    return body


def make_account(username: str, role: Role, *, path: str = "", body: Body | None = None) -> Actor:
    user = User.objects.create_user(username, "correct-horse-battery", full_name=username.title())
    office = Office.objects.get(path=path) if path else None
    Post.objects.create(
        user=user, role=role, office=office, body=body, since_on=dt.date(2020, 1, 1)
    )
    return actor_of(user, at=NOON)


def make_cast() -> Cast:
    make_office("ir.", "nation", "Country")
    make_office("ir.sp.", "province", "Sepidrud")
    make_office(NILKUH, "county", "Nilkuh")
    make_office(GOLANDASHT, "county", "Golandasht")
    make_office(WORKS, "workplace", "Textile works")
    labour = make_body("labour_office", NILKUH, "Labour office, Nilkuh")
    insurance = make_body("social_security", NILKUH, "Social security, Nilkuh", limit=15)
    other = make_body("labour_office", GOLANDASHT, "Labour office, Golandasht")
    return Cast(
        officer=make_account("officer", Role.COUNTY_OFFICER, path=NILKUH),
        second=make_account("second", Role.COUNTY_OFFICER, path=NILKUH),
        neighbour=make_account("neighbour", Role.COUNTY_OFFICER, path=GOLANDASHT),
        grassroots=make_account("grassroots", Role.GRASSROOTS_OFFICER, path=WORKS),
        province=make_account("province", Role.PROVINCIAL_OFFICER, path="ir.sp."),
        liaison=make_account("liaison", Role.BODY_LIAISON, body=labour),
        manager=make_account("manager", Role.MANAGER, body=labour),
        other_liaison=make_account("other_liaison", Role.BODY_LIAISON, body=insurance),
        auditor=make_account("auditor", Role.AUDITOR, path="ir.sp."),
        admin=make_account("admin", Role.ADMINISTRATOR, path="ir.sp."),
        worker=worker_with(RECEIPT),
        stranger=worker_with("0" * 64),
        labour_office=labour,
        social_security=insurance,
        neighbours_body=other,
    )


@contextlib.contextmanager
def open_folder():
    """Make a folder that PostgreSQL's own user can pass through; pytest's are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="redress-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture
def whole(db):
    """See all rows, as the system does: for tests that are not about who sees what."""
    with within(WHOLE):
        yield


@pytest.fixture
def small_aid(settings, tmp_path):
    """Put a small scheme in force, alone, over a warehouse of this test's own."""
    settings.REDRESS_SCHEMES = tmp_path / "schemes"
    settings.REDRESS_WAREHOUSE = tmp_path / "warehouse"
    settings.REDRESS_SCHEMES.mkdir()

    def put(**changes):
        (settings.REDRESS_SCHEMES / "small.yaml").write_text(small_scheme(**changes))

    put()
    return put


def hear(
    cast: Cast,
    text: str = "Pay us the three months you owe us.",
    *,
    path: str = NILKUH,
    receipt=RECEIPT,
    at: dt.datetime = NOON,
    **more,
) -> Demand:
    words = HeardWords(text=text, path=path, receipt_fingerprint=receipt, **more)
    return hear_demand(words, by=worker_with(receipt), at=at)


def topic(code: str = "pay.arrears") -> Topic:
    return Topic.objects.get(pk=code)


def sort(
    cast: Cast, demand: Demand, *, code: str = "pay.arrears", at: dt.datetime = NOON
) -> Demand:
    return sort_demand(demand, topic=topic(code), urgency=Urgency.HIGH, by=cast.officer, at=at)


def route(cast: Cast, demand: Demand, *, at: dt.datetime = NOON) -> Demand:
    sorted_one = sort(cast, demand, at=at)
    return route_demand(sorted_one, to=cast.labour_office, by=cast.officer, at=at)


def answer(
    cast: Cast, demand: Demand, *, claim: Claim = Claim.SOLVED, at: dt.datetime = NOON
) -> Demand:
    accepted = accept_demand(route(cast, demand, at=at), by=cast.liaison, at=at)
    reply = Reply("They will be paid on Sunday.", claim)
    return answer_demand(accepted, reply=reply, by=cast.liaison, at=at)


def later(days: int, hours: int = 0) -> dt.datetime:
    return NOON + dt.timedelta(days=days, hours=hours)


def household(cast: Cast, *, path: str = NILKUH, name: str = "Maryam Ahmadi"):
    new = NewHousehold(
        path=path,
        head=NewMember(name, "head", "female", dt.date(1980, 3, 1), "0001234567"),
        phone="09000000000",
        facts=(NewFact("income_per_month", Money("IRR", 90_000_000), DAY),),
        others=(NewMember("Ali Ahmadi", "child"),),
    )
    by = cast.neighbour if path == GOLANDASHT else cast.officer
    return find_household(new, by=by, at=NOON)


DIFFICULTY = Difficulty("The breadwinner fell ill.", Cause.ILLNESS, (Need.MEDICAL,))


def file(cast: Cast, of=None):
    return open_file(of or household(cast), difficulty=DIFFICULTY, by=cast.officer, at=NOON)


def fund(cast: Cast, *, rials: int = 100_000_000):
    opened = open_fund(path=NILKUH, name="dues", currency="IRR")
    return receive_into_fund(
        opened,
        money=Money("IRR", rials),
        key="receipt/1",
        why="dues of June",
        by=cast.officer,
        at=NOON,
    )


def propose(cast: Cast, *, rials: int = 20_000_000, of=None, out_of=None):
    proposal = Proposal(
        Need.MEDICAL, Money("IRR", rials), out_of or fund(cast), "Part of the bill."
    )
    return propose_grant(of or file(cast), proposal=proposal, by=cast.officer, at=NOON)
