"""What is done by the clock."""

from __future__ import annotations

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="clear_ended_sessions")
def clear_ended_sessions(timestamp: int) -> None:
    """Delete sessions that have run out, every night."""
    del timestamp
    call_command("clearsessions")


@app.periodic(cron="27 3 * * *")
@app.task(queueing_lock="clear_finished_tasks")
def clear_finished_tasks(timestamp: int) -> None:
    """Delete the records of tasks finished over a month ago, every night."""
    del timestamp
    app.job_manager.delete_old_jobs_sync(nb_hours=30 * 24)  # type: ignore[attr-defined]
