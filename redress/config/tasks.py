"""The task worker process: procrastinate over the same database."""

from __future__ import annotations

import os

import django

from redress.config.parent import end_with_parent


def main() -> None:
    """Work on tasks until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redress.config.settings")
    django.setup()
    from procrastinate.contrib.django import app  # noqa: PLC0415 - after django.setup()

    # The worker keeps connections of its own, asynchronous ones.
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as worker_app:
        worker_app.run_worker(concurrency=2, install_signal_handlers=True)


if __name__ == "__main__":
    end_with_parent()
    main()
