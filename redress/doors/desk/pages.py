"""What every page of the desk shares."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from redress.doors.acting import ActingRequest
from redress.doors.look.refusals import not_allowed
from redress.registers.accounts.roles import Policy, Role

ROWS_A_PAGE: Final = 50
P = ParamSpec("P")
M = TypeVar("M", bound=Model)


def desk_page(
    roles: frozenset[Role],
) -> Callable[[Callable[Concatenate[ActingRequest, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Let only signed-in people of some roles onto a page; nothing of it is kept in a cache."""

    def make(
        page: Callable[Concatenate[ActingRequest, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @login_required
        @never_cache
        @functools.wraps(page)
        def run(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            acting = cast("ActingRequest", request)
            if not Policy(acting.actor).may_be(roles):
                return not_allowed(request)
            return page(acting, *args, **kwargs)

        return run

    return make


def page_of(rows: QuerySet[M], request: HttpRequest) -> Page[M]:
    """Cut the wanted page out of a list; a page there is not becomes the nearest."""
    return Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page", "1")[:9])


def say_done(request: HttpRequest, words: str) -> None:
    """Tell that something was done."""
    messages.success(request, words)


def say_refused(request: HttpRequest, words: str) -> None:
    """Tell that something was not done, and why."""
    messages.error(request, words)


def say_acted_meanwhile(request: HttpRequest, now: Any) -> None:  # noqa: ANN401 - a text, maybe lazy
    """Tell that the case has moved on since the page was shown."""
    say_refused(
        request,
        _("Nothing was changed: somebody has acted meanwhile, and it now stands at “%(state)s”.")
        % {"state": now},
    )


def say_faults(request: HttpRequest, form: Form) -> None:
    """Tell what is wrong with a short form whose page is shown anew."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        say_refused(request, f"{label}: {' '.join(str(error) for error in errors)}")
