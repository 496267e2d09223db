"""Roles, the people who act in them, and the one policy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from redress.registers.offices.scope import WHOLE, Scope
from redress.values.places import path_below


class Role(StrEnum):
    """What a person is, here and now."""

    WORKER = "worker"  # nobody signed in; holds a receipt, or files a demand
    GRASSROOTS_OFFICER = "grassroots_officer"
    COUNTY_OFFICER = "county_officer"
    PROVINCIAL_OFFICER = "provincial_officer"
    BODY_LIAISON = "body_liaison"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"  # imports, the task worker, the demonstration


POSTS: Final = frozenset(Role) - {Role.WORKER, Role.SYSTEM}
OFFICERS: Final = frozenset({
    Role.GRASSROOTS_OFFICER,
    Role.COUNTY_OFFICER,
    Role.PROVINCIAL_OFFICER,
})
OF_A_BODY: Final = frozenset({Role.BODY_LIAISON, Role.MANAGER})
SECOND_FACTOR: Final = frozenset({Role.PROVINCIAL_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR})
# They look after accounts or nothing at all; cases are not theirs to see.
_WITHOUT_CASES: Final = frozenset({Role.ADMINISTRATOR, Role.WORKER})


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody doing something: a person in a post, a worker with a receipt, or the system.

    Attributes:
        name: as the journal shows it; never a worker's name.
        path: the place whose matters are theirs, None for a body's people and workers.
        country: whose clock they read, ISO 3166; empty where none is known.
        body_id: the body they speak for, if any.
        receipt: fingerprint of the receipt they hold, if any.
    """

    name: str
    role: Role
    user_id: int | None = None
    path: str | None = None
    country: str = ""
    body_id: int | None = None
    receipt: str = ""

    @property
    def scope(self) -> Scope:
        """The rows of people's matters that are theirs to see."""
        if self.role is Role.SYSTEM:
            return WHOLE
        if self.role in OF_A_BODY:
            return Scope(body_id=self.body_id)
        if self.role in _WITHOUT_CASES or self.path is None:
            return Scope(receipt=self.receipt)
        return Scope(path_below(self.path))


SYSTEM: Final = Actor("system", Role.SYSTEM)
NOBODY: Final = Actor("worker", Role.WORKER)


def worker_with(receipt_fingerprint: str) -> Actor:
    """Name the worker who holds a receipt."""
    return Actor("worker", Role.WORKER, receipt=receipt_fingerprint)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done to a row, and the roles that may do it."""

    name: str
    roles: frozenset[Role]


class Placed(Protocol):
    """Anything that lies in a jurisdiction."""

    @property
    def path(self) -> str:
        """The jurisdiction path it lies in."""
        ...


class NotAllowed(Exception):
    """This person may not do this here."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What one person may see and do. Every page and every step asks this, and nothing else."""

    actor: Actor

    def may_see(self, row: Placed) -> bool:
        """Say whether a row is this person's to see: by place, by body or by receipt.

        Rows about staff (``is_about_staff``) are seen by place alone, also by an administrator, who
        sees no cases.
        """
        if getattr(row, "is_about_staff", False):
            if self.actor.role is Role.SYSTEM:
                return True
            return self.actor.path is not None and row.path in path_below(self.actor.path)
        scope = self.actor.scope
        if row.path in scope.places:
            return True
        if scope.body_id is not None and getattr(row, "body_id", None) == scope.body_id:
            return True
        return bool(scope.receipt) and getattr(row, "receipt_fingerprint", None) == scope.receipt

    def may_do(self, deed: Deed, row: Placed) -> bool:
        """Say whether this person may do a deed to a row they may see."""
        return self.may_be(deed.roles) and self.may_see(row)

    def may_be(self, roles: frozenset[Role]) -> bool:
        """Say whether this person is in one of the roles."""
        return self.actor.role in roles or self.actor.role is Role.SYSTEM

    @property
    def needs_second_factor(self) -> bool:
        """Say whether this person must sign in with a second factor."""
        return self.actor.role in SECOND_FACTOR
