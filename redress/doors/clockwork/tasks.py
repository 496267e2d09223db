"""What is done by the clock."""

from __future__ import annotations

from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from redress.demands.escalate import climb_ladder, note_silence
from redress.demands.public_numbers import TASK as PUBLISH
from redress.demands.public_numbers import publish_numbers
from redress.doors.clockwork.sending import send_notices
from redress.doors.limits import clear_ended_counts
from redress.registers.limits.deadlines import work_all_out_anew
from redress.relief.assess_all import TASK as ASSESS_ALL
from redress.relief.assess_all import carry_out_run
from redress.relief.what_if import TASK as PREPARE_WHAT_IF
from redress.relief.what_if import copy_register, prepare_what_if


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


@app.periodic(cron="3 * * * *")
@app.task(queueing_lock="clear_counts_of_tries")
def clear_counts_of_tries(timestamp: int) -> None:
    """Delete counts of tries whose span of time is over, every hour."""
    del timestamp
    clear_ended_counts()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="copy_the_register")
def copy_the_register(timestamp: int) -> None:
    """Bring the warehouse's copy up to date, every five minutes, if the register has changed."""
    del timestamp
    copy_register(at=timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="climb_the_ladder")
def climb_the_ladder(timestamp: int) -> None:
    """Send the reminders that are due, bring up what lies too long, note silence; every hour."""
    del timestamp
    now = timezone.now()
    climb_ladder(at=now)
    note_silence(at=now)
    send_notices(at=now)


@app.periodic(cron="47 2 * * *")
@app.task(queueing_lock="work_deadlines_out")
def work_deadlines_out(timestamp: int) -> None:
    """Work all deadlines out anew every night, for holidays that were announced since."""
    del timestamp
    work_all_out_anew()


@app.periodic(cron="37 1 * * *")
@app.task(queueing_lock="publish_closed_months")
def publish_closed_months(timestamp: int) -> None:
    """Publish the figures of the months that have closed, each once; looked for every night."""
    del timestamp
    publish_numbers(at=timezone.now())


@app.task(name=PUBLISH)
def publish() -> None:
    """Publish what somebody asked to read before the night."""
    publish_numbers(at=timezone.now())


@app.task(name=ASSESS_ALL)
def assess_all(run: int) -> None:
    """Carry out an assessment of all households that somebody asked for."""
    carry_out_run(run, at=timezone.now())


@app.task(name=PREPARE_WHAT_IF)
def prepare(digest: str) -> None:
    """Make what the page of what-if waits for: the copy, and the compiled rules."""
    prepare_what_if(digest, at=timezone.now())
