"""The web application, for a WSGI server, behind a guard for what Django would take on trust."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redress.config.settings")

_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([^\";\s]*)", re.IGNORECASE)
_READABLE: Final = frozenset({"utf-8", "utf8", ""})
StartResponse = Callable[..., Callable[[bytes], object]]


class WholeBody:
    """A request's body that is read to its announced end, or not at all.

    A connection that breaks off in the middle of a form would otherwise be filed as a whole form.
    """

    def __init__(self, body: Any, length: int) -> None:  # noqa: ANN401 - the server's own stream
        self._body, self._left = body, length

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes.

        Raises:
            BadRequest: the body ends before its announced length.
        """
        wanted = self._left if size < 0 else min(size, self._left)
        got: bytes = self._body.read(wanted)
        self._left -= len(got)
        if len(got) < wanted:  # the server waits for all of them, or for the end
            raise BadRequest
        return got

    def readline(self, size: int = -1) -> bytes:
        """Read a line.

        Raises:
            BadRequest: the body ends before its announced length.
        """
        wanted = self._left if size < 0 else min(size, self._left)
        got: bytes = self._body.readline(wanted)
        self._left -= len(got)
        if not got and wanted:
            raise BadRequest
        return got


class Guarded:
    """Refuses encodings that nobody's browser sends, and bodies that break off."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        """Answer 415 to an odd encoding, and hand on all else."""
        content_type = environ.get("CONTENT_TYPE", "")
        charset = _CHARSET.search(content_type)
        if "*" in content_type.replace("*/*", "") or (
            charset and charset[1].lower() not in _READABLE
        ):
            start("415 Unsupported Media Type", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"Send UTF-8.\n"]
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > 0:
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return self._application(environ, start)


application = Guarded(get_wsgi_application())
