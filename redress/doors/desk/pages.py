"""What every page of the desk shares."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, QuerySet, Window
from django.forms import Form, Textarea
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from redress.doors.acting import ActingRequest
from redress.doors.look.refusals import not_allowed
from redress.doors.look.words import Words
from redress.registers.accounts.roles import OFFICERS, Policy, Role

ROWS_A_PAGE: Final = 30
RELIEF_READERS: Final = OFFICERS | {Role.AUDITOR}
P = ParamSpec("P")
M = TypeVar("M", bound=Model)
F = TypeVar("F", bound=Form)


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
    """Cut the wanted page out of a list; a page there is not becomes the nearest.

    One pass over what the order needs counts the rows and finds those of the page; only they are then
    read whole, with all that is joined to them.
    """
    wanted = request.GET.get("page", "1")[:9]
    pages = Paginator(rows, ROWS_A_PAGE)
    number = int(wanted) if wanted.isdecimal() else 0
    if number > 0:
        counted = rows.annotate(rows_in_all=Window(Count("pk"))).values_list("pk", "rows_in_all")
        found = list(counted[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE])
        if found:
            pages.count = found[0][1]
            return Page(rows.filter(pk__in=[key for key, _all in found]), number, pages)
    return pages.get_page(wanted)


def first_of(rows: QuerySet[M], many: int) -> QuerySet[M]:
    """Cut the first rows off a list; as a page, they are found by what the order needs alone."""
    return rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:many]))


def say_done(request: HttpRequest, words: str) -> None:
    """Tell that something was done."""
    messages.success(request, words)


def say_refused(request: HttpRequest, words: Words) -> None:
    """Tell that something was not done, and why."""
    messages.error(request, str(words))


def say_acted_meanwhile(request: HttpRequest, now: Any) -> None:  # noqa: ANN401 - a text, maybe lazy
    """Tell that the case has moved on since the page was shown."""
    say_refused(
        request,
        _("Nothing was changed: somebody has acted meanwhile, and it now stands at “%(state)s”.")
        % {"state": now},
    )


NOT_AN_END: Final = gettext_lazy(
    "Nothing was changed: where nothing was solved and the body neither refused nor moved it, it can"
    " only go on. Tick that it must go on."
)
NOT_IN_ORDER: Final = 422
ACTED_MEANWHILE: Final = 409


@dataclass(slots=True)
class Sent:
    """A form that was sent and not done, so that its page shows it again: nothing typed is lost."""

    form: Form | None = None
    action: str = ""
    _shown: bool = False

    def instead_of(self, fresh: F, *, of: str = "") -> F:
        """Give the sent form in place of a fresh one of its kind, or of the action it was sent to."""
        sent = self.form
        if (
            sent is not None
            and self.action == of
            and type(sent) is type(fresh)
            and sent.prefix == fresh.prefix
        ):
            self._shown = True
            return sent
        return fresh

    def words(self) -> list[str]:
        """Give what was typed, if its form has no place on the page any more."""
        if self.form is None or self._shown:
            return []
        texts = [
            name for name, field in self.form.fields.items() if isinstance(field.widget, Textarea)
        ]
        typed = [str(self.form.data.get(self.form.add_prefix(name), "")) for name in texts]
        return [words for words in typed if words.strip()]
