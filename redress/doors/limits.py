"""Limits on what comes from outside, before anything reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from redress.doors.look.refusals import too_large
from redress.formats.attachments import FILE_BYTES_MAX, FILES_MAX

REQUEST_BYTES_MAX: Final = FILE_BYTES_MAX * FILES_MAX + 1024 * 1024
_WINDOW_SECONDS: Final = 60


class RefuseHugeRequests:
    """Refuses a request by the length it announces; one that announces none has an empty body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse or pass on."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not announced.isdigit() or int(announced) > REQUEST_BYTES_MAX:
            return too_large(request)
        return self._get_response(request)


def is_too_often(request: HttpRequest, *, what: str, times_max: int) -> bool:
    """Count one try from an address, and say whether there were too many within a minute."""
    key = f"tries/{what}/{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, _WINDOW_SECONDS)
    try:
        return cache.incr(key) > times_max
    except ValueError:  # the window ended between the two lines
        return False
