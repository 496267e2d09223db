"""The demonstration's accounts: one of each role to sign in with, and the rest of the staff."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.contrib.auth.hashers import make_password

from redress.demonstration.places import COUNTIES, PROVINCE
from redress.registers.accounts.models import Post, User
from redress.registers.accounts.roles import Role
from redress.registers.offices.models import Body, Office

PASSWORD: Final = "demonstration-only"  # noqa: S105 - printed on purpose; the data are made
_HOME: Final = COUNTIES[0].path

# user name, role, place (a path, or a kind of body in the home county), what it is
_SIGN_IN: Final = (
    ("officer", Role.COUNTY_OFFICER, _HOME, "county officer of Nilkuh"),
    ("second", Role.COUNTY_OFFICER, _HOME, "second county officer of Nilkuh, approves grants"),
    ("neighbour", Role.COUNTY_OFFICER, COUNTIES[1].path, "county officer of Golandasht"),
    ("grassroots", Role.GRASSROOTS_OFFICER, f"{_HOME}tx.", "workplace union officer in Nilkuh"),
    ("liaison", Role.BODY_LIAISON, "labour_office", "liaison of the labour office of Nilkuh"),
    ("manager", Role.MANAGER, "labour_office", "manager of the labour office of Nilkuh"),
    (
        "province",
        Role.PROVINCIAL_OFFICER,
        PROVINCE,
        "provincial officer (sets up a second factor)",
    ),
    ("auditor", Role.AUDITOR, PROVINCE, "auditor (sets up a second factor)"),
    ("admin", Role.ADMINISTRATOR, PROVINCE, "administrator (sets up a second factor)"),
)


def demonstration_accounts() -> list[tuple[str, str]]:
    """List user names and what they are, for those that are there."""
    there = set(
        User.objects.filter(username__in=[name for name, *_ in _SIGN_IN]).values_list(
            "username", flat=True
        )
    )
    return [(name, what) for name, _, _, what in _SIGN_IN if name in there]


def make_staff(names: list[str], *, since_on: dt.date) -> None:
    """Open the accounts one can sign in with, and staff for every county and body besides.

    Args:
        names: invented names, enough of them: one for each account.
        since_on: the day their posts began.
    """
    password = make_password(PASSWORD)
    supply = iter(names)
    for username, role, place, _ in _SIGN_IN:
        _open(username, next(supply), password, role, place, since_on)
    for county in COUNTIES[1:]:
        for username in (f"officer-{county.path[-3:-1]}", f"second-{county.path[-3:-1]}"):
            unusable = make_password(None)
            _open(username, next(supply), unusable, Role.COUNTY_OFFICER, county.path, since_on)
    for body in Body.objects.exclude(post__role=Role.BODY_LIAISON):
        user = _user(f"liaison-{body.pk}", next(supply), make_password(None))
        Post.objects.create(user=user, role=Role.BODY_LIAISON, body=body, since_on=since_on)


def _user(username: str, full_name: str, password: str) -> User:
    return User.objects.create(username=username, full_name=full_name, password=password)


def _open(
    username: str, full_name: str, password: str, role: Role, place: str, since_on: dt.date
) -> None:
    at_a_body = role in {Role.BODY_LIAISON, Role.MANAGER}
    Post.objects.create(
        user=_user(username, full_name, password),
        role=role,
        office=None if at_a_body else Office.objects.get(path=place),
        body=Body.objects.get(kind_id=place, path=_HOME) if at_a_body else None,
        since_on=since_on,
    )
