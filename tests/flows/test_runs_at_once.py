"""Runs asked for and carried out at once, killed in the middle, and asked for again."""

from __future__ import annotations

import os
import threading

import pytest
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from redress.registers.accounts.roles import SYSTEM
from redress.registers.journal.models import Entry
from redress.registers.offices.scope import WHOLE, within
from redress.relief import assess_all
from redress.relief.assess import assess_household
from redress.relief.assess_all import ask_for_run_of, carry_out_run, finish_run
from redress.relief.copying import refresh_copy
from redress.relief.models import Assessment, Run
from redress.relief.schemes import scheme_named
from redress.relief.states import RunState
from tests.conftest import DAY, NOON, household, make_cast

pytestmark = [
    pytest.mark.usefixtures("committed", "small_aid"),
    pytest.mark.xdist_group("committed"),
]


def at_once(times, do):
    """Do something in several threads, each in a transaction of its own; give what went wrong."""
    start, wrong = threading.Barrier(times), []

    def one():
        try:
            start.wait()
            with within(WHOLE):
                do()
        except Exception as told:  # noqa: BLE001 - looked at by the test
            wrong.append(told)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def seen(find):
    with within(WHOLE):
        return find()


def jobs():
    return ProcrastinateJob.objects.filter(task_name=assess_all.TASK)


def test_two_clicks_at_once_ask_for_one_run_and_one_task():
    cast = seen(make_cast)

    wrong = at_once(
        5, lambda: ask_for_run_of(cast.officer, scheme=scheme_named("small-aid"), at=NOON)
    )

    assert wrong == []
    assert seen(Run.objects.count) == jobs().count() == 1


def test_two_workers_at_once_carry_a_run_out_once():
    cast = seen(make_cast)
    seen(lambda: household(cast))
    run = seen(lambda: ask_for_run_of(cast.officer, scheme=scheme_named("small-aid"), at=NOON))

    wrong = at_once(3, lambda: carry_out_run(run.pk, at=NOON))

    assert wrong == []
    assert seen(lambda: Run.objects.get().state) == RunState.DONE
    assert seen(lambda: Entry.objects.filter(deed="scheme.run_done").count()) == 1


def test_clicks_at_once_keep_one_assessment():
    cast = seen(make_cast)
    home = seen(lambda: household(cast))
    scheme = scheme_named("small-aid")

    wrong = at_once(
        4, lambda: assess_household(home, scheme=scheme, on=DAY, by=cast.officer, at=NOON)
    )

    assert wrong == []
    assert seen(Assessment.objects.count) == 1


def test_a_run_whose_worker_was_killed_is_carried_out_when_it_is_asked_for_again():
    cast = seen(make_cast)
    scheme = scheme_named("small-aid")
    seen(lambda: ask_for_run_of(cast.officer, scheme=scheme, at=NOON))
    jobs().update(status="doing")  # as a killed worker leaves it

    seen(lambda: ask_for_run_of(cast.second, scheme=scheme, at=NOON))

    assert seen(Run.objects.count) == 1
    assert jobs().filter(status="todo").count() == 1


def test_a_run_that_breaks_has_failed_and_can_be_asked_for_anew(monkeypatch, caplog):
    cast = seen(make_cast)
    scheme = scheme_named("small-aid")
    run = seen(lambda: ask_for_run_of(cast.officer, scheme=scheme, at=NOON))

    words = "Maryam earns 5"

    def breaks(*_args, **_names):
        raise OSError(words)

    monkeypatch.setattr(assess_all, "keep", breaks)
    failed = seen(lambda: finish_run(run, by=SYSTEM, at=NOON))
    again = seen(lambda: ask_for_run_of(cast.officer, scheme=scheme, at=NOON))

    assert failed.state == RunState.FAILED
    assert again.pk != run.pk
    assert "OSError" in caplog.text
    assert "Maryam" not in caplog.text


def test_what_a_killed_process_left_half_written_is_swept_away(settings):
    folder = settings.REDRESS_WAREHOUSE
    folder.mkdir()
    dead = folder / f".households.parquet.{2**22 + 1}.7"
    mine = folder / f".run-3.{os.getpid()}"
    for one in (dead, mine, folder / "run-2.parquet"):
        one.touch()

    seen(lambda: refresh_copy(at=NOON))

    assert sorted(one.name for one in folder.iterdir()) == [
        mine.name, "households.parquet", "run-2.parquet",
    ]  # fmt: skip
