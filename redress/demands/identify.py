"""Open who filed a demand: asked for with a reason, granted by a second person, each reading kept."""

from __future__ import annotations

import datetime as dt
import hmac
import json
from dataclasses import dataclass
from typing import Final

from redress.demands.hear import contact_fingerprint
from redress.demands.models import Demand, IdentityDecision, IdentityRequest
from redress.demands.sort import need_reason
from redress.registers.accounts.roles import Actor, Deed, Role
from redress.registers.journal.reads import story_of
from redress.registers.journal.steps import record, step
from redress.registers.sealing import unseal
from redress.values.text import normal_form

_MIDDLE: Final = frozenset({Role.COUNTY_OFFICER, Role.PROVINCIAL_OFFICER})
ASK_IDENTITY: Final = Deed("identity.asked", _MIDDLE)
DECIDE_IDENTITY: Final = Deed("identity.decided", _MIDDLE)
READ_IDENTITY: Final = Deed("identity.read", _MIDDLE)
REPLACE_RECEIPT: Final = Deed("receipt.replaced", _MIDDLE)
NOT_REPLACED: Final = Deed("receipt.not_replaced", frozenset())
OPEN_FOR: Final = dt.timedelta(hours=24)


class NoIdentity(Exception):
    """The worker left neither name nor contact."""


class SamePerson(Exception):
    """Who asked to see an identity cannot grant it."""


class NotOpen(Exception):
    """The request is not granted to this person, or a day has passed since."""


class KnowsTheName(Exception):
    """Who was shown the name does not judge whether a caller knows it, nor holds the new code."""


class Differs(Exception):
    """What the caller says is not what the worker left; the receipt stays as it is."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who filed a demand."""

    name: str
    contact: str


@step(ASK_IDENTITY)
def ask_identity(demand: Demand, *, why: str, by: Actor, at: dt.datetime) -> IdentityRequest:
    """Ask to see who filed a demand.

    Raises:
        NoIdentity: there is none.
        ReasonMissing: ``why`` is empty.
    """
    need_reason(why)
    if not hasattr(demand, "sealed_identity"):
        raise NoIdentity
    asked = IdentityRequest.objects.create(
        demand=demand, at=at, by_user_id=by.user_id or 0, by_name=by.name, why=why
    )
    record(ASK_IDENTITY, demand, by=by, at=at, why=why, detail={"request": asked.pk})
    return asked


@step(DECIDE_IDENTITY)
def decide_identity(
    demand: Demand, *, request: int, granted: bool, why: str = "", by: Actor, at: dt.datetime
) -> IdentityDecision:
    """Grant or refuse a request; a second person's to do, once.

    Raises:
        NotOpen: there is no such request, or it has been decided.
        SamePerson: by whoever asked.
    """
    asked = demand.identity_requests.filter(pk=request, decision=None).first()
    if asked is None:
        raise NotOpen
    if asked.by_user_id == by.user_id:
        raise SamePerson
    decision = IdentityDecision.objects.create(
        request=asked,
        demand=demand,
        at=at,
        by_user_id=by.user_id or 0,
        by_name=by.name,
        granted=granted,
        why=why,
    )
    detail = {"request": request, "granted": granted}
    record(DECIDE_IDENTITY, demand, by=by, at=at, why=why, detail=detail)
    return decision


def may_read_now(asked: IdentityRequest, *, by: Actor, at: dt.datetime) -> bool:
    """Say whether a request lets somebody read the identity at a moment."""
    decision = getattr(asked, "decision", None)
    if decision is None or not decision.granted or asked.by_user_id != by.user_id:
        return False
    return bool(decision.at <= at < decision.at + OPEN_FOR)


@step(READ_IDENTITY)
def read_identity(demand: Demand, *, request: int, by: Actor, at: dt.datetime) -> Identity:
    """Open who filed a demand, for a day after it was granted; the worker is told that it was read.

    Raises:
        NotOpen: it is not granted to this person now.
    """
    asked = demand.identity_requests.filter(pk=request).select_related("decision").first()
    if asked is None or not may_read_now(asked, by=by, at=at):
        raise NotOpen
    record(READ_IDENTITY, demand, by=by, at=at, why=asked.why, detail={"request": request})
    return _opened(demand)


def _opened(demand: Demand) -> Identity:
    told = json.loads(unseal(bytes(demand.sealed_identity.sealed)))
    return Identity(told["name"], told["contact"])


@step(REPLACE_RECEIPT)
def replace_receipt(
    demand: Demand, *, said: Identity, receipt_fingerprint: str, by: Actor, at: dt.datetime
) -> Demand:
    """Give a worker who lost the code a new one, if they say what they left; the old code ends.

    Nothing that was left is shown to the officer: what the worker says is compared.

    Args:
        demand: the demand.
        said: what the worker says; all that was left must be said alike.
        receipt_fingerprint: of the new code.
        by: the officer who speaks to the worker.
        at: when.

    Raises:
        Differs: it is not what was left.
        KnowsTheName: this officer was shown what was left.
        NoIdentity: nothing was left, so nobody can prove whose demand it is.
    """
    if not hasattr(demand, "sealed_identity"):
        raise NoIdentity
    if knows_the_name(demand, by=by):
        raise KnowsTheName
    if not _same(_opened(demand), said):
        raise Differs
    demand.receipt_fingerprint = receipt_fingerprint
    demand.save(update_fields=["receipt_fingerprint"])
    record(REPLACE_RECEIPT, demand, by=by, at=at)
    return demand


def knows_the_name(demand: Demand, *, by: Actor) -> bool:
    """Say whether somebody was shown who filed it."""
    read = story_of(demand).filter(deed=READ_IDENTITY.name)
    return by.user_id is not None and read.filter(by_user_id=by.user_id).exists()


def note_mismatch(demand: Demand, *, by: Actor, at: dt.datetime) -> None:
    """Put down that somebody asked for a new code and did not know what was left."""
    record(NOT_REPLACED, demand, by=by, at=at)


def _same(left: Identity, said: Identity) -> bool:
    pairs = [
        (normal_form(left.name), normal_form(said.name)),
        (contact_fingerprint(left.contact), contact_fingerprint(said.contact)),
    ]
    told = [hmac.compare_digest(one.encode(), two.encode()) for one, two in pairs if one]
    return bool(told) and all(told)
