"""Limits on what comes from outside, before anything reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from redress.doors.look.refusals import bad_request, forged_form, too_large
from redress.formats.attachments import FILE_BYTES_MAX, FILES_MAX
from redress.registers.sealing import fingerprint
from redress.values.networks import network_of

REQUEST_BYTES_MAX: Final = FILE_BYTES_MAX * FILES_MAX + 1024 * 1024
_WINDOW_SECONDS: Final = 60
_HOUR_SECONDS: Final = 60 * 60
_DAY_SECONDS: Final = 24 * 60 * 60
_ADDRESS_CHARS_MAX: Final = 45
# In the cache's table, but not by the cache's own way: that counts by a read and a write, between
# which others count too, and forgets a count five minutes after.
_COUNT: Final = """
    INSERT INTO redress_cache (cache_key, value, expires) VALUES (%s, '1', %s)
    ON CONFLICT (cache_key) DO UPDATE SET value = (redress_cache.value::bigint + 1)::text
    RETURNING value::bigint
"""
_CLEAR: Final = "DELETE FROM redress_cache WHERE expires < %s"


class RefuseUnfitRequests:
    """Refuses what is too large by its own word, what no browser sends, and forms of other sites."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse or pass on."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not announced.isdigit() or int(announced) > REQUEST_BYTES_MAX:
            return too_large(request)
        if any("\x00" in value for value in request.COOKIES.values()):
            return bad_request(request)
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
            return forged_form(request)
        return self._get_response(request)


def is_too_often(request: HttpRequest, *, what: str, times_max: int) -> bool:
    """Count one try from an address, and say whether there were too many in this minute."""
    return _tries(f"{what}/{fingerprint(address_of(request), kind='address')}") > times_max


def is_too_often_for(what: str, *, times_max: int) -> bool:
    """Count one try at something, from whichever address, and say whether there were too many today."""
    return _tries(what, seconds=_DAY_SECONDS) > times_max


def tries_of_network(request: HttpRequest, *, what: str) -> int:
    """Count one try from a network (a /24, or a /64 of IPv6), and give how many there were this hour."""
    network = network_of(address_of(request))
    return _tries(f"{what}/{fingerprint(network, kind='network')}", seconds=_HOUR_SECONDS)


def _tries(what: str, *, seconds: int = _WINDOW_SECONDS) -> int:
    """Count a try within the present span of time; counted in the database, in one statement.

    What is counted stands there as one keyed fingerprint: neither a text nor a network can be looked
    for in the counts, nor the two be brought together.
    """
    span = int(timezone.now().timestamp()) // seconds
    ends = dt.datetime.fromtimestamp((span + 1) * seconds, tz=dt.UTC)
    key = fingerprint(f"{what}/{seconds}/{span}", kind="tries")
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [f"tries/{key}", ends])
        return int(cursor.fetchone()[0])


def clear_ended_counts() -> None:
    """Delete the counts whose span of time is over."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [timezone.now()])


def address_of(request: HttpRequest) -> str:
    """Give the address a request comes from; behind our own proxy, the one the proxy saw."""
    seen_by_proxy = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
    if seen_by_proxy and getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0):
        return str(seen_by_proxy)[:_ADDRESS_CHARS_MAX]
    return str(request.META.get("REMOTE_ADDR", ""))
