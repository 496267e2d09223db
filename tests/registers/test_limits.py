"""Time limits: which version holds, what it leads to, and that a change is right at once everywhere."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml

from redress.demands.backlog import Wanted, is_overdue, wanted_demands
from redress.demands.clarify import ask_worker
from redress.demands.models import Demand
from redress.demands.pursue import accept_demand, extend_limit
from redress.demands.resolve import Reply, answer_demand
from redress.demands.route import answer_limit, route_demand
from redress.demands.sort import sort_demand
from redress.demands.states import Urgency
from redress.registers.accounts.roles import Actor, NotAllowed, Role
from redress.registers.journal.models import Entry
from redress.registers.limits import install
from redress.registers.limits.change import (
    LimitUnfit,
    NewLength,
    change_limit,
    limits,
    own_limit_of,
)
from redress.registers.limits.deadlines import (
    NoSuchLimit,
    deadline,
    last_day,
    limit_of_body,
    version_on,
    versions,
    work_all_out_anew,
)
from redress.registers.limits.install import give_body_a_limit, install_limits
from redress.registers.limits.models import Deadline, Limit, Stage
from redress.registers.offices.models import Body
from redress.values.days import Unit
from tests.conftest import DAY, NILKUH, NOON, Cast, hear, later, make_account, make_office, topic

pytestmark = pytest.mark.usefixtures("whole")
ONE_DAY = dt.timedelta(days=1)
NATION = Actor("nation", Role.ADMINISTRATOR, 1, path="ir.", country="ir")


def limit_named(code: str, country: str = "ir") -> Limit:
    return Limit.objects.get(code=code, country=country)


def change(limit: Limit, count: int, unit: Unit = Unit.DAY, *, from_day=None, by=NATION) -> Limit:
    to = NewLength(count, unit, "The minister's circular", from_day)
    return change_limit(limit, to=to, why="Circular", by=by, at=NOON)


def overdue(cast: Cast, *, day: int) -> list[int]:
    found = wanted_demands(Wanted(due="overdue"), seen_by=cast.officer, today=DAY + day * ONE_DAY)
    return [one.pk for one in found]


def test_a_shorter_limit_makes_overdue_at_once_what_it_makes_overdue(cast: Cast):
    demand = hear(cast)
    assert overdue(cast, day=6) == []

    change(limit_named("union.normal"), 5)

    assert overdue(cast, day=6) == [demand.pk]
    assert is_overdue(Demand.objects.get(), today=DAY + 6 * ONE_DAY)


def test_a_longer_limit_makes_overdue_no_more_what_was(cast: Cast):
    demand = hear(cast)
    assert overdue(cast, day=11) == [demand.pk]

    change(limit_named("union.normal"), 40)

    assert overdue(cast, day=11) == overdue(cast, day=40) == []
    assert overdue(cast, day=41) == [demand.pk]


def test_a_new_version_holds_for_what_began_from_its_day_on_and_for_nothing_earlier(cast: Cast):
    hear(cast)
    hear(cast, receipt="1" * 64, at=later(3))

    change(limit_named("union.normal"), 5, from_day=DAY + 3 * ONE_DAY)

    days = Demand.objects.order_by("pk").values_list("deadline__last_on", flat=True)
    assert list(days) == [DAY + 10 * ONE_DAY, DAY + 8 * ONE_DAY]
    after = hear(cast, receipt="2" * 64, at=later(4))
    assert after.due_on == DAY + 9 * ONE_DAY


def test_the_versions_of_a_limit_follow_one_another_without_gap_or_overlap(cast: Cast):
    first = limit_named("union.normal")
    second = change(first, 5, from_day=DAY)
    change(second, 6, from_day=DAY + 10 * ONE_DAY)
    change(Limit.objects.get(pk=first.pk), 7, from_day=DAY - 10 * ONE_DAY)

    found = versions("union.normal", country="ir")

    assert [one.count for one in found] == [10, 7, 5, 6]
    assert [one.valid_until for one in found] == [
        *(one.valid_from - ONE_DAY for one in found[1:]),
        None,
    ]


@pytest.mark.parametrize("day", [-1, 0, 11])
def test_a_new_version_begins_within_the_one_it_follows(cast: Cast, day):
    first = change(limit_named("union.normal"), 5, from_day=DAY)
    change(first, 6, from_day=DAY + 11 * ONE_DAY)

    with pytest.raises(LimitUnfit):
        change(Limit.objects.get(pk=first.pk), 7, from_day=DAY + day * ONE_DAY)


def test_what_began_before_every_version_has_the_first(cast: Cast):
    found = [Limit(count=1, valid_from=DAY), Limit(count=2, valid_from=DAY + 5 * ONE_DAY)]

    counts = [version_on(found, DAY + day * ONE_DAY).count for day in (-9, 0, 4, 5, 99)]

    assert counts == [1, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("count", "unit"), [(0, Unit.DAY), (3661, Unit.WORKDAY), (121, Unit.MONTH), (11, Unit.YEAR)]
)
def test_a_limit_of_no_length_or_beyond_all_bounds_is_refused(cast: Cast, count, unit):
    with pytest.raises(LimitUnfit):
        change(limit_named("union.normal"), count, unit)


def test_a_change_stands_in_the_journal_with_what_it_was_and_how_much_it_moved(cast: Cast):
    hear(cast)

    change(limit_named("union.normal"), 5)

    entry = Entry.objects.get(deed="limit.changed")
    assert (entry.why, entry.detail) == (
        "Circular",
        {"code": "union.normal", "before": "10 day", "now": "5 day", "deadlines_moved": 1},
    )


def test_only_an_administrator_of_the_nation_changes_the_nations_limits(cast: Cast):
    limit = limit_named("union.normal")

    for by in [*cast.everybody(), Actor("x", Role.ADMINISTRATOR, 2, path="cn.", country="cn")]:
        with pytest.raises(NotAllowed):
            change(limit, 5, by=by)
    assert limit_named("union.normal").count == 10


def test_a_provinces_administrator_changes_the_limits_of_its_own_bodies_and_of_no_others(
    cast: Cast,
):
    elsewhere = make_account(
        "x", Role.ADMINISTRATOR, path=make_office("ir.xx.", "province", "X").path
    )
    own = own_limit_of(cast.labour_office)

    assert change(own, 9, by=cast.admin).count == 9
    with pytest.raises(NotAllowed):
        change(own, 8, by=elsewhere)


def test_a_persons_list_holds_the_countrys_limits_and_those_of_their_own_bodies(cast: Cast):
    codes = set(limits(seen_by=cast.officer).values_list("code", flat=True))

    assert {"union.normal", "ir.appeal", f"body.{cast.labour_office.pk}"} <= codes
    assert f"body.{cast.neighbours_body.pk}" not in codes
    assert not any(code.startswith("cn.") for code in codes)


def test_a_code_that_nobody_installed_is_no_limit(db):
    with pytest.raises(NoSuchLimit):
        deadline("union.none", country="ir", since_on=DAY)
    with pytest.raises(NoSuchLimit):
        deadline("ir.appeal", country="cn", since_on=DAY)
    assert Deadline.objects.count() == 0


def test_cases_that_share_limit_and_start_share_one_deadline(cast: Cast):
    first, second = hear(cast), hear(cast, receipt="1" * 64)

    assert first.deadline == second.deadline
    assert Deadline.objects.count() == 1


def test_ten_thousand_deadlines_are_worked_out_anew(db):
    limit = limit_named("body.answer")
    Deadline.objects.bulk_create([
        Deadline(code="body.answer", country="ir", since_on=day, extended=extended, last_on=day)
        for number in range(5_000)
        for extended in (False, True)
        if (day := dt.date(2015, 1, 1) + number * ONE_DAY)
    ])
    changed = change(limit, 25, Unit.WORKDAY)

    assert all(
        one.last_on == last_day(changed, since_on=one.since_on, extended=one.extended)
        for one in Deadline.objects.all()
    )


def test_days_that_were_closed_by_decree_move_the_deadlines_when_they_are_known(db):
    Deadline.objects.create(code="body.answer", country="ir", since_on=DAY, last_on=DAY + ONE_DAY)

    assert [work_all_out_anew(), work_all_out_anew()] == [1, 0]
    assert Deadline.objects.get().last_on > DAY + 20 * ONE_DAY


def test_a_body_works_under_its_own_limit_else_its_kinds_by_law_else_the_houses(cast: Cast):
    def body(kind: str, path: str) -> Body:
        return Body.objects.create(kind_id=kind, path=path, name_en=kind, name_fa="x", name_zh="x")

    board = body("dispute_board", "cn.gd.")

    assert limit_of_body(cast.labour_office, stage=Stage.ANSWER) == f"body.{cast.labour_office.pk}"
    assert limit_of_body(cast.labour_office, stage=Stage.ACCEPT) is None
    assert limit_of_body(board, stage=Stage.ANSWER) == "cn.arb.award"
    assert limit_of_body(board, stage=Stage.ACCEPT) == "cn.arb.accept"
    assert answer_limit(body("bank", NILKUH)) == "body.answer"
    give_body_a_limit(board, count=3, unit=Unit.DAY)
    assert limit_of_body(board, stage=Stage.ANSWER) == f"body.{board.pk}"
    # The same kind of body in Iran knows no such law.
    assert answer_limit(body("dispute_board", NILKUH)) == "body.answer"


def installed(**wanted) -> list[dict]:
    lines = yaml.safe_load(install._FILE.read_text(encoding="utf-8"))["limits"]
    return [line for line in lines if all(line.get(key) for key in wanted)]


@pytest.mark.parametrize(
    "line", installed(body_kind=True, stage=True), ids=lambda line: line["code"]
)
def test_every_installed_limit_on_a_bodys_work_is_used_by_sending_and_accepting(cast: Cast, line):
    make_office(place := f"{line['country']}.x.", "county", "X")
    body = Body.objects.create(
        kind_id=line["body_kind"], path=place, name_en="B", name_fa="B", name_zh="B"
    )
    officer = make_account("x", Role.COUNTY_OFFICER, path=place)
    clerk = make_account("y", Role.BODY_LIAISON, body=body)
    demand = hear(cast, path=place)
    sort_demand(demand, topic=topic(), urgency=Urgency.LOW, by=officer, at=NOON)
    sent = route_demand(demand, to=body, by=officer, at=NOON)
    taken = accept_demand(sent, by=clerk, at=later(1))

    used = sent if line["stage"] == "accept" else taken
    assert used.deadline.code == line["code"]
    limit = limit_named(line["code"], line["country"])
    assert used.due_on == last_day(limit, since_on=used.deadline.since_on)
    if limit.may_be_extended:
        longer = extend_limit(taken, why="x", by=officer, at=later(2))
        assert longer.due_on == last_day(limit, since_on=later(1).date(), extended=True)


def test_every_limit_of_the_house_is_used_somewhere_in_the_flow(cast: Cast):
    used = set()

    def note(demand: Demand) -> Demand:
        used.add(demand.deadline.code)
        return demand

    bank = Body.objects.create(kind_id="bank", path=NILKUH, name_en="B", name_fa="B", name_zh="B")
    demand = hear(cast)
    for urgency in Urgency:
        note(sort_demand(demand, topic=topic(), urgency=urgency, by=cast.officer, at=NOON))
    note(hear(cast, receipt="1" * 64, linked_to_id=demand.pk))
    note(ask_worker(hear(cast, receipt="2" * 64), text="x", by=cast.officer, at=NOON))
    sent = note(route_demand(demand, to=bank, by=cast.officer, at=NOON))
    note(answer_demand(sent, reply=Reply("x"), by=cast.officer, at=NOON))

    house = set(Limit.objects.filter(country="ir", kind="house").values_list("code", flat=True))
    assert used == house


def test_the_installed_data_leave_alone_what_an_administrator_changed(db):
    change(limit_named("union.normal"), 5, from_day=DAY)
    many = Limit.objects.count()

    install_limits()

    assert Limit.objects.count() == many
    assert [one.count for one in versions("union.normal", country="ir")] == [10, 5]


def test_an_extension_never_shortens_a_limit(db):
    limit = limit_named("ir.unemployment")
    assert (limit.count, limit.count_extended, limit.may_be_extended) == (30, 90, True)

    longer = change(limit, 120)

    assert (longer.count_extended, longer.may_be_extended) == (120, False)
