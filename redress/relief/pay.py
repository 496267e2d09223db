"""Pay: book an approved grant, once and only once, whatever is retried or clicked twice."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, step
from redress.registers.ledger.accounts import open_aid_account, open_outside
from redress.registers.ledger.models import Account
from redress.registers.ledger.posting import Leg, post
from redress.relief.grant import approve_grant
from redress.relief.models import Grant
from redress.relief.states import FUND, PAY, FileState, GrantState, WrongState
from redress.values.money import Money


@step(PAY)
def pay_grant(grant: Grant, *, by: Actor, at: dt.datetime) -> Grant:
    """Book an approved grant from its fund to the household.

    Raises:
        FundTooSmall: the fund does not hold the sum; nothing was booked.
        WrongState: it is not approved, or paid already.
    """
    if grant.state != GrantState.APPROVED:
        raise WrongState(grant.state)
    household = grant.file.household
    aid = open_aid_account(path=household.path, household_id=household.pk, currency=grant.currency)
    post(
        (Leg(aid, grant.money), Leg(grant.fund, -grant.money)),
        key=f"grant/{grant.pk}/1",
        path=household.path,
        why=grant.reason,
        by=by,
        at=at,
        case=household,
    )
    grant.state = GrantState.PAID
    grant.save(update_fields=["state"])
    if grant.file.state == FileState.ON_FILE:
        grant.file.state = FileState.UNDER_MEASURES
        grant.file.save(update_fields=["state"])
    record(PAY, grant, by=by, at=at, case=household)
    return grant


@transaction.atomic
def approve_and_pay_grant(grant: Grant, *, by: Actor, at: dt.datetime) -> Grant:
    """Approve a grant and book it, both or neither."""
    return pay_grant(approve_grant(grant, by=by, at=at), by=by, at=at)


@step(FUND)
def receive_into_fund(
    fund: Account, *, money: Money, key: str, why: str, by: Actor, at: dt.datetime
) -> Account:
    """Book money that came into a fund; ``key`` names the receipt, which is booked once."""
    outside = open_outside(path=fund.path, name="received", currency=fund.currency)
    legs = (Leg(fund, money), Leg(outside, -money))
    post(legs, key=key, path=fund.path, why=why, by=by, at=at)
    record(FUND, fund, by=by, at=at, why=why, detail={"key": key})
    return fund
