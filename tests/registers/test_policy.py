"""What each of the cast may see and do, asked of the one policy."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from redress.demands import states
from redress.demands.identify import (
    ASK_IDENTITY,
    DECIDE_IDENTITY,
    READ_IDENTITY,
    REPLACE_RECEIPT,
)
from redress.registers.accounts.roles import POSTS, Actor, Policy, Role
from redress.registers.limits.change import CHANGE as CHANGE_LIMIT
from redress.relief import states as relief
from tests.conftest import NILKUH

WORKS, GOLANDASHT = f"{NILKUH}tx.", "ir.sp.gd."


@dataclass(frozen=True)
class Row:
    path: str
    body_id: int | None = None
    receipt_fingerprint: str | None = None


def actor(role: Role, path: str | None = None, **more) -> Actor:
    return Actor("somebody", role, 1, path=path, **more)


COUNTY = actor(Role.COUNTY_OFFICER, NILKUH)
SENT = Row(NILKUH, body_id=7, receipt_fingerprint="f")


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (COUNTY, True),
        (actor(Role.PROVINCIAL_OFFICER, "ir.sp."), True),
        (actor(Role.AUDITOR, "ir."), True),
        (actor(Role.COUNTY_OFFICER, GOLANDASHT), False),
        (actor(Role.GRASSROOTS_OFFICER, WORKS), False),  # the county's demand, not the workplace's
        (actor(Role.BODY_LIAISON, body_id=7), True),
        (actor(Role.BODY_LIAISON, body_id=8), False),
        (actor(Role.MANAGER, body_id=7), True),
        (actor(Role.ADMINISTRATOR, "ir.sp."), False),
        (actor(Role.WORKER, receipt="f"), True),
        (actor(Role.WORKER, receipt="e"), False),
        (actor(Role.WORKER), False),
    ],
)
def test_who_sees_a_demand_of_the_county_that_was_sent_to_body_seven(who, sees):
    assert Policy(who).may_see(SENT) is sees


def test_a_demand_without_receipt_is_not_seen_by_a_worker_without_receipt():
    assert not Policy(actor(Role.WORKER, receipt="")).may_see(Row(NILKUH))


def test_a_body_that_lost_its_number_sees_no_unsent_demand():
    assert not Policy(actor(Role.BODY_LIAISON, body_id=None)).may_see(Row(NILKUH))


# Which roles may do which deed at all; a change here is a decision about people, not about code.
MAY = {
    states.SORT: {"grassroots_officer", "county_officer", "provincial_officer"},
    states.ROUTE: {"county_officer", "provincial_officer"},
    states.SET_ASIDE: {"county_officer", "provincial_officer"},
    states.ACCEPT: {"body_liaison", "manager"},
    states.RETURN: {"body_liaison", "manager"},
    # The union may put down what a body wrote elsewhere, and what a worker said on the telephone.
    states.ANSWER: {"body_liaison", "manager", "county_officer", "provincial_officer"},
    states.CONFIRM: {"grassroots_officer", "county_officer", "provincial_officer"},
    states.DISPUTE: {"grassroots_officer", "county_officer", "provincial_officer"},
    states.CLARIFY: {"grassroots_officer", "county_officer", "provincial_officer"},
    states.AGREE_MARKING: set(),
    states.CONTEST_MARKING: set(),
    states.FALL_SILENT: set(),
    states.ESCALATE: set(),
    states.PROMISE: {"body_liaison", "manager"},
    states.ASK: {
        *("grassroots_officer", "county_officer", "provincial_officer"),
        *("body_liaison", "manager"),
    },
    states.MARK: {"grassroots_officer", "county_officer", "provincial_officer"},
    states.VERIFY: {"grassroots_officer", "county_officer", "provincial_officer"},
    states.MERGE: {"county_officer", "provincial_officer"},
    states.RECALL: {"county_officer", "provincial_officer"},
    states.EXTEND: {"county_officer", "provincial_officer"},
    ASK_IDENTITY: {"county_officer", "provincial_officer"},
    DECIDE_IDENTITY: {"county_officer", "provincial_officer"},
    READ_IDENTITY: {"county_officer", "provincial_officer"},
    REPLACE_RECEIPT: {"county_officer", "provincial_officer"},
    CHANGE_LIMIT: {"administrator"},
    relief.OPEN_FILE: {"grassroots_officer", "county_officer", "provincial_officer"},
    relief.PROPOSE: {"grassroots_officer", "county_officer", "provincial_officer"},
    relief.APPROVE: {"county_officer", "provincial_officer"},
    relief.PAY: {"county_officer", "provincial_officer"},
    relief.EXIT: {"county_officer", "provincial_officer"},
}


@pytest.mark.parametrize("deed", MAY, ids=lambda deed: deed.name)
def test_a_deed_is_done_by_its_roles_and_no_others(deed):
    allowed = {role.value for role in POSTS if Policy(actor(role)).may_be(deed.roles)}

    assert allowed == MAY[deed]


def test_an_officer_may_not_act_in_the_next_county_though_the_role_fits():
    assert not Policy(COUNTY).may_do(states.SORT, Row(GOLANDASHT))


def test_nobody_but_the_three_named_roles_needs_a_second_factor():
    assert {role for role in POSTS if Policy(actor(role)).needs_second_factor} == {
        Role.PROVINCIAL_OFFICER,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    }
