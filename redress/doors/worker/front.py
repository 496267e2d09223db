"""The public front page, in the visitor's language or a fixed one."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

_YEAR_SECONDS: Final = 365 * 24 * 60 * 60


def show_front(request: HttpRequest) -> HttpResponse:
    """Show the front page in the visitor's language."""
    return render(request, "worker/front.html")


def show_front_in(request: HttpRequest, language: str) -> HttpResponse:
    """Show the front page in one language and keep to it; with ``next``, go back there."""
    back = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        response: HttpResponse = HttpResponseRedirect(back)
    else:
        with translation.override(language):
            response = render(request, "worker/front.html")
    return keep_language(response, language, request=request)


def keep_language(response: HttpResponse, language: str, *, request: HttpRequest) -> HttpResponse:
    """Keep to a language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response
