"""Who acts in this request, and the one transaction in which it sees their rows and no others."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from redress.registers.accounts.models import User
from redress.registers.accounts.roles import NOBODY, Actor, Policy
from redress.registers.accounts.second_factor import has_set_up, has_shown
from redress.registers.accounts.signed_in import actor_of
from redress.registers.offices.scope import within
from redress.values.days import time_zone_of

_SERVER_ERROR = 500


class ActingRequest(HttpRequest):
    """A request of somebody known: what the middleware adds."""

    actor: Actor


class ActingMiddleware:
    """Opens the transaction, sets what it sees, and takes everything back if the page fails."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the transaction of whoever asks."""
        user = request.user
        actor = actor_of(user, at=timezone.now()) if isinstance(user, User) else NOBODY
        request.actor = actor  # type: ignore[attr-defined]  # ActingRequest
        led_away = _second_factor_first(request, actor)
        if led_away is not None:
            return led_away
        with timezone.override(time_zone_of(actor.country)), within(actor.scope):
            response = self._get_response(request)
            if response.status_code >= _SERVER_ERROR:
                transaction.set_rollback(True)
        if request.path_info.startswith("/account/"):
            add_never_cache_headers(response)
        return response


def _second_factor_first(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """Lead away from the desk who must show a second factor and has not, in this session."""
    user = request.user
    # path_info: a client can put a prefix before the path, but not before this.
    if not request.path_info.startswith("/desk/") or not isinstance(user, User):
        return None
    if not Policy(actor).needs_second_factor or has_shown(request.session, user):
        return None
    if has_set_up(user):  # set up in another session: this one began with the password alone
        logout(request)
        return redirect("account_login")
    return redirect("mfa_activate_totp")
