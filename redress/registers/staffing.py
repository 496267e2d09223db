"""Open accounts and end posts; an administrator's deeds, within the administrator's places."""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata
from dataclasses import dataclass
from typing import ClassVar, Final

from allauth.mfa.models import Authenticator
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from redress.registers.accounts.models import USERNAME_CHARS_MAX, Post, User
from redress.registers.accounts.roles import OF_A_BODY, POSTS, Actor, Deed, Role
from redress.registers.journal.steps import record, step
from redress.registers.offices.models import Body, Office
from redress.values.days import country_of, local_day
from redress.values.places import path_below

OPEN: Final = Deed("account.opened", frozenset({Role.ADMINISTRATOR}))
END: Final = Deed("account.ended", frozenset({Role.ADMINISTRATOR}))
RESET: Final = Deed("account.reset", frozenset({Role.ADMINISTRATOR}))
_KINDS: Final = {
    Role.GRASSROOTS_OFFICER: frozenset({Office.Kind.WORKPLACE}),
    Role.COUNTY_OFFICER: frozenset({Office.Kind.COUNTY}),
    Role.PROVINCIAL_OFFICER: frozenset({Office.Kind.PROVINCE, Office.Kind.NATION}),
}
_PASSWORD_BYTES: Final = 12


class NameTaken(ValueError):
    """Somebody has this user name."""


class NameUnfit(ValueError):
    """A user name is of letters, digits and @ . + - _ only."""


class RoleDoesNotFit(ValueError):
    """A body's role needs a body, any other an office."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A person with a post to be opened."""

    username: str
    full_name: str
    role: Role
    office: Office | None = None
    body: Body | None = None

    is_about_staff: ClassVar[bool] = True

    @property
    def path(self) -> str:
        """Where the post is."""
        place = self.office or self.body
        return place.path if place else ""


@step(OPEN)
def open_account(new: NewAccount, *, by: Actor, at: dt.datetime) -> tuple[User, str]:
    """Open an account with its first post.

    Returns:
        The account and its first password, which is shown once and stored nowhere.

    Raises:
        NameTaken: the user name is in use.
        NameUnfit: it has a character that user names do not have.
        RoleDoesNotFit: role and place do not go together.
    """
    if not _role_fits(new):
        raise RoleDoesNotFit
    username = user_name(new.username)
    if User.objects.filter(username=username).exists():
        raise NameTaken
    password = _new_password()
    user = User.objects.create_user(username, password, full_name=new.full_name)
    post = Post.objects.create(
        user=user,
        role=new.role,
        office=None if new.body else new.office,
        body=new.body,
        since_on=local_day(at, country=country_of(new.path)),
    )
    record(OPEN, post, by=by, at=at, detail={"user": user.pk, "role": new.role.value})
    return user, password


@step(END)
def end_post(post: Post, *, by: Actor, at: dt.datetime) -> Post:
    """End a post, so that the account may nothing from now on; the account itself stays."""
    if post.until_on is None:
        today = local_day(at, country=country_of(post.path))
        post.until_on = max(post.since_on, today - dt.timedelta(days=1))
        post.save(update_fields=["until_on"])
        post.user.is_active = False
        post.user.save(update_fields=["is_active"])
    record(END, post, by=by, at=at, detail={"user": post.user_id})
    return post


@step(RESET)
def reset_sign_in(post: Post, *, by: Actor, at: dt.datetime) -> str:
    """Give the person of a post a new first password and take their second factor off.

    Returns:
        The password, which is shown once and stored nowhere.
    """
    password = _new_password()
    post.user.set_password(password)
    post.user.save(update_fields=["password"])
    Authenticator.objects.filter(user=post.user).delete()
    record(RESET, post, by=by, at=at, detail={"user": post.user_id})
    return password


def _role_fits(new: NewAccount) -> bool:
    """Say whether a role goes with the place: an officer's with an office of its own width."""
    if new.role in OF_A_BODY:
        return new.body is not None
    kinds = _KINDS.get(new.role, frozenset(Office.Kind))
    return new.role in POSTS and new.office is not None and new.office.kind in kinds


def user_name(written: str) -> str:
    """Bring a user name into the one form it is stored and looked up in.

    Raises:
        NameUnfit: it has a character that user names do not have.
    """
    folded = unicodedata.normalize("NFKC", written).strip().lower()
    if len(folded) > USERNAME_CHARS_MAX:
        raise NameUnfit
    try:
        ASCIIUsernameValidator()(folded)
    except ValidationError:
        raise NameUnfit from None
    return folded


def _new_password() -> str:
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def posts(*, seen_by: Actor) -> QuerySet[Post]:
    """List the posts of an administrator's places, those that stand first."""
    if seen_by.path is None:
        return Post.objects.none()
    places = path_below(seen_by.path)
    at_offices = Post.objects.filter(office__path__gte=places.lo, office__path__lt=places.hi)
    at_bodies = Post.objects.filter(body__path__gte=places.lo, body__path__lt=places.hi)
    found = (at_offices | at_bodies).select_related("user", "office", "body__kind")
    return found.order_by("until_on", "role", "user__full_name")
