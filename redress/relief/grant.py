"""Grant: one person proposes a sum with a reason, another decides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from redress.registers.accounts.roles import Actor, NotAllowed
from redress.registers.journal.steps import record, step
from redress.registers.ledger.accounts import funds
from redress.registers.ledger.models import Account
from redress.relief.models import File, Grant
from redress.relief.offer import granted_now
from redress.relief.states import (
    APPROVE,
    OPEN_FILES,
    PROPOSE,
    REFUSE,
    GrantState,
    Need,
    WrongState,
)
from redress.values.money import Money

GRANT_MINOR_MAX: Final = 10**13


class NoReason(ValueError):
    """A grant, a refusal or an exit needs a reason in words."""


class NotASum(ValueError):
    """A grant is of a sum above zero, in its fund's currency."""


class AlreadyProposed(Exception):
    """The same sum for the same need waits for a decision: a second click, most likely."""


class NotDecided(Exception):
    """No decision of the scheme that still stands grants the household so much of this item."""


class SamePerson(Exception):
    """Whoever proposed a grant cannot decide it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sum for a need, out of a fund, with the reason; with the item of a scheme it rests on."""

    need: Need
    money: Money
    fund: Account
    reason: str
    pack: str = ""
    item: str = ""


@step(PROPOSE)
def propose_grant(file: File, *, proposal: Proposal, by: Actor, at: dt.datetime) -> Grant:
    """Propose a grant to the household of a file.

    Raises:
        WrongState: the file is closed.
        NoReason: no reason was given.
        NotASum: zero or less, or another currency than the fund's.
        NotAllowed: the system, not a person, proposes; or the fund is not theirs to draw on.
        AlreadyProposed: the same sum for the same need waits for a decision.
        NotDecided: it names an item of a scheme, and no decision that stands grants so much of it.
    """
    if file.state not in OPEN_FILES:
        raise WrongState(file.state)
    if not proposal.reason.strip():
        raise NoReason
    if by.user_id is None:
        raise NotAllowed  # a grant has a person's name on it
    if not funds(seen_by=by).filter(pk=proposal.fund.pk).exists():
        raise NotAllowed  # not a fund, or not one of theirs
    fits = proposal.money.currency == proposal.fund.currency
    if not fits or not 0 < proposal.money.minor <= GRANT_MINOR_MAX:
        raise NotASum
    if proposal.item:
        _check_item(file, proposal)
    waiting = file.grants.filter(
        state=GrantState.PROPOSED, need=proposal.need, minor=proposal.money.minor
    )
    if waiting.exists():  # the file is locked, so of two clicks the second sees the first
        raise AlreadyProposed
    grant = Grant.objects.create(
        file=file,
        path=file.path,
        need=proposal.need,
        minor=proposal.money.minor,
        currency=proposal.money.currency,
        fund=proposal.fund,
        reason=proposal.reason,
        pack=proposal.pack,
        item=proposal.item,
        proposed_at=at,
        proposed_by_user_id=by.user_id,
        proposed_by_name=by.name,
    )
    detail = {"need": proposal.need.value}
    detail |= {"pack": proposal.pack, "item": proposal.item} if proposal.item else {}
    record(PROPOSE, grant, by=by, at=at, case=file.household, detail=detail)
    return grant


def _check_item(file: File, proposal: Proposal) -> None:
    """Hold a grant by the rules to the rules: no more than is granted, and no second time meanwhile.

    Raises:
        NotDecided: no decision that stands grants so much of the item.
        AlreadyProposed: a grant on the item waits for a decision or its payment.
    """
    granted = granted_now(file.household, proposal.pack, proposal.item)
    if granted is None or granted.currency != proposal.money.currency or granted < proposal.money:
        raise NotDecided
    open_ones = (GrantState.PROPOSED, GrantState.APPROVED)
    on_item = Grant.objects.filter(pack=proposal.pack, item=proposal.item, state__in=open_ones)
    if on_item.filter(file__household=file.household_id).exists():
        raise AlreadyProposed


@step(APPROVE)
def approve_grant(grant: Grant, *, by: Actor, at: dt.datetime) -> Grant:
    """Approve a proposed grant.

    Raises:
        SamePerson: whoever proposed it.
        WrongState: it has been decided.
    """
    _decide(grant, GrantState.APPROVED, reason="", by=by, at=at)
    record(APPROVE, grant, by=by, at=at, case=grant.file.household)
    return grant


@step(REFUSE)
def refuse_grant(grant: Grant, *, why: str, by: Actor, at: dt.datetime) -> Grant:
    """Refuse a proposed grant, with the reason.

    Raises:
        NoReason: no reason was given.
        SamePerson: whoever proposed it.
        WrongState: it has been decided.
    """
    if not why.strip():
        raise NoReason
    _decide(grant, GrantState.REFUSED, reason=why, by=by, at=at)
    record(REFUSE, grant, by=by, at=at, case=grant.file.household, why=why)
    return grant


def _decide(grant: Grant, state: GrantState, *, reason: str, by: Actor, at: dt.datetime) -> None:
    if grant.state != GrantState.PROPOSED:
        raise WrongState(grant.state)
    if by.user_id is None or by.user_id == grant.proposed_by_user_id:
        raise SamePerson
    grant.state = state
    grant.decided_at, grant.decision_reason = at, reason
    grant.decided_by_user_id, grant.decided_by_name = by.user_id, by.name
    grant.save()
