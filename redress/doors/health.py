"""`/healthz`: is the database there, and has the task worker been heard of lately?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

ADDRESS: Final = "/healthz"
SILENT_SECONDS_MAX: Final = 60
_HEARD: Final = (
    "SELECT coalesce(max(last_heartbeat) > now() - make_interval(secs => %s), false)"
    " FROM procrastinate_workers"
)


class HealthMiddleware:
    """Answers before sessions and sign-in, which need the database themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the one address, pass on all others."""
        return health() if request.path == ADDRESS else self._get_response(request)


def health() -> JsonResponse:
    """Say how the parts are: 200 when both are up, 503 when either is down."""
    database, worker = "up", "down"
    try:
        with connection.cursor() as cursor:
            cursor.execute(_HEARD, [SILENT_SECONDS_MAX])
            row = cursor.fetchone()
            worker = "up" if row and row[0] else "down"
    except DatabaseError:
        database = "down"
    status = 200 if (database, worker) == ("up", "up") else 503
    return JsonResponse({"database": database, "worker": worker}, status=status)
