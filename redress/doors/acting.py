"""Who acts in this request, and the one transaction in which it sees their rows and no others."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from redress.registers.accounts.models import User
from redress.registers.accounts.roles import NOBODY, Actor
from redress.registers.accounts.signed_in import actor_of, lacks_second_factor
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
        if _must_set_up_second_factor(request, actor):
            return redirect("mfa_activate_totp")
        with timezone.override(time_zone_of(actor.country)), within(actor.scope):
            response = self._get_response(request)
            if response.status_code >= _SERVER_ERROR:
                transaction.set_rollback(True)
        return response


def _must_set_up_second_factor(request: HttpRequest, actor: Actor) -> bool:
    user = request.user
    at_desk = request.path.startswith("/desk/")
    return at_desk and isinstance(user, User) and lacks_second_factor(user, actor)
