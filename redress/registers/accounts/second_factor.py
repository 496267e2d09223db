"""Which sessions have shown a second factor: a session begun with the password alone has not."""

from __future__ import annotations

from allauth.mfa.signals import authenticator_added, authenticator_used
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest

from redress.registers.accounts.models import User

_SHOWN = "second_factor_shown_by"


# The sign-in library's own hooks: it tells of a shown or new factor in no other way.
@receiver([authenticator_added, authenticator_used])
def remember_shown(request: HttpRequest, user: User, **_rest: object) -> None:
    """Mark a session in which the second factor was shown or set up."""
    request.session[_SHOWN] = user.pk


def has_shown(session: SessionBase, user: User) -> bool:
    """Say whether this session has shown this account's second factor."""
    return bool(session.get(_SHOWN) == user.pk)


def has_set_up(user: User) -> bool:
    """Say whether an account has a second factor at all."""
    return bool(is_mfa_enabled(user))
