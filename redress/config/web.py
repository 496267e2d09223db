"""The web server process: gunicorn on a socket that the supervisor opened."""

from __future__ import annotations

import os
import sys
from typing import Any, Final

from gunicorn.app.base import BaseApplication

from redress.config.parent import end_with_parent

WORKERS: Final = 2
THREADS: Final = 8
REQUEST_SECONDS_MAX: Final = 60
STOP_SECONDS_MAX: Final = 10


class Web(BaseApplication):
    """Gunicorn, configured here and by nothing else."""

    def __init__(self, listener: int) -> None:
        self._listener = listener
        super().__init__()

    def load_config(self) -> None:
        """Say how to serve."""
        chosen: dict[str, Any] = {
            "bind": f"fd://{self._listener}",
            "workers": WORKERS,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": REQUEST_SECONDS_MAX,
            "graceful_timeout": STOP_SECONDS_MAX,
            "limit_request_line": 4094,
            "limit_request_fields": 60,
            "loglevel": "warning",
            "forwarder_headers": "",  # nobody else says which part of the path is ours
            "proc_name": "redress-web",
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn's own signature
        """Give the application."""
        from django.urls import get_resolver  # noqa: PLC0415 - after the fork

        from redress.config.wsgi import application  # noqa: PLC0415 - after the fork

        # Every page's code now, not when the first visitor waits for it.
        _ = get_resolver().url_patterns
        return application


if __name__ == "__main__":
    end_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redress.config.settings")
    Web(int(sys.argv[1])).run()
