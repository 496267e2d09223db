"""Assess all: one scheme for every household of a place, from the copy; what changed since last time."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from redress.registers.accounts.roles import SYSTEM, Actor, NotAllowed
from redress.registers.journal.steps import record, step
from redress.registers.offices.places import county_paths
from redress.registers.offices.scope import WHOLE, within
from redress.relief.copying import present_copy, refresh_copy
from redress.relief.models import Run, SchemeText
from redress.relief.schemes import Scheme, kept_text, scheme_of
from redress.relief.states import RUN, RUN_DONE, RunState, WrongState
from redress.values.days import country_of, local_day
from redress.values.money import Money, Total
from redress.values.places import EVERYWHERE, PathRange, path_below, paths_above
from redress.warehouse.aside import SetAside, TooManyRefused
from redress.warehouse.deciding import (
    Loaded,
    Outcomes,
    decide_households,
    load_households,
    make_screener,
)
from redress.warehouse.runs import Difference, Kept, add_up, compare, keep, read_run, write_run

TASK: Final = "assess_all"  # the task worker's name for carrying a run out
REFUSED_MAX: Final = 100
ROWS_MAX: Final = 5_000
ROWS_SHOWN: Final = 20
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PlaceAsked:
    """The place that a run is asked for."""

    path: str


@step(RUN)
def ask_for_run(place: PlaceAsked, *, scheme: Scheme, by: Actor, at: dt.datetime) -> Run:
    """Ask for a scheme to be decided for all households of a place; the task worker does it.

    A run of the same scheme that waits there is not asked for twice; but the task worker is told
    again, in case it was killed at it.
    """
    # Locked, so that of two people who ask at once the second finds the first's run.
    kept = SchemeText.objects.select_for_update(no_key=True).get(pk=kept_text(scheme).pk)
    run = Run.objects.filter(path=place.path, scheme=kept, state=RunState.WAITING).first()
    if run is None:
        run = Run.objects.create(
            path=place.path,
            scheme=kept,
            on=local_day(at, country=country_of(place.path)),
            asked_at=at,
            by_user_id=by.user_id,
            by_name=by.name,
        )
    number = run.pk
    transaction.on_commit(lambda: _tell_worker(number))
    record(RUN, run, by=by, at=at, detail={"pack": scheme.id})
    return run


def _tell_worker(number: int) -> None:
    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task(TASK, queueing_lock=f"{TASK}/{number}").defer(run=number)


def ask_for_run_of(actor: Actor, *, scheme: Scheme, at: dt.datetime) -> Run:
    """Ask for a run over all of a person's places.

    Raises:
        NotAllowed: they have none.
    """
    if not actor.path:
        raise NotAllowed
    return ask_for_run(PlaceAsked(actor.path), scheme=scheme, by=actor, at=at)


def carry_out_run(number: int, *, at: dt.datetime) -> Run:
    """Carry a run out, as the system, over the copy of the register; one that is done stays."""
    with within(WHOLE):
        run: Run = Run.objects.select_related("scheme").get(pk=number)
        with contextlib.suppress(WrongState):
            run = finish_run(run, by=SYSTEM, at=at)
        return run


@step(RUN_DONE)
def finish_run(run: Run, *, by: Actor, at: dt.datetime) -> Run:
    """Decide for every household of the run's place, and keep outcomes and counts.

    Whatever comes in between, the run does not wait for ever: it is done, or it failed.

    Raises:
        WrongState: it is done already.
    """
    if run.state != RunState.WAITING:
        raise WrongState(run.state)
    refused: list[dict[str, Any]] = []
    run.done_at = at
    detail: dict[str, Any] = {"failed": True}
    try:
        with transaction.atomic():
            detail = {"households": _finish(run, at=at)}
    except TooManyRefused as told:
        refused = _named(told.aside[:ROWS_SHOWN])
    except Exception as wrong:  # noqa: BLE001 - whatever it is, nobody is left waiting
        # Without its words: they may quote a fact.
        where = "".join(traceback.format_tb(wrong.__traceback__))
        _log.error("run %s failed: %s\n%s", run.pk, type(wrong).__name__, where)
    if "failed" in detail:
        run.state, run.counts = RunState.FAILED, {"refused": refused}
    run.save()
    record(RUN_DONE, run, by=by, at=at, detail=detail)
    return run


def _finish(run: Run, *, at: dt.datetime) -> int:
    """Decide, and keep outcomes and counts; give how many households were decided.

    Raises:
        FileNotFoundError: somebody has emptied the folder just now.
    """
    scheme = scheme_of(run.scheme)
    refresh_copy(at=at)
    copy = present_copy()
    if copy is None:
        raise FileNotFoundError
    run.copied_at = copy.made_at
    loaded, outcomes = _decided(scheme, copy.within(path_below(run.path)), on=run.on)
    kept = keep(loaded, outcomes)
    before = _before(run)
    write_run(_folder(), run.pk, kept)
    last = read_run(_folder(), before.pk) if before else None
    run.state = RunState.DONE
    run.before = before if last is not None else None
    run.counts = _counts(scheme, kept, compare(last, kept), last)
    run.counts["refused"] = _named([*loaded.aside, *outcomes.aside])
    return len(kept.households)


def _decided(scheme: Scheme, table: pa.Table, *, on: dt.date) -> tuple[Loaded, Outcomes]:
    """Decide; households for which the rules have no value are set aside.

    Raises:
        TooManyRefused: they are more than ``REFUSED_MAX``: the scheme does not fit.
    """
    screener = make_screener(scheme.pack, settings.REDRESS_COMPILED)
    loaded = load_households(scheme.pack, table, aside_max=REFUSED_MAX)
    left = REFUSED_MAX - len(loaded.aside)
    return loaded, decide_households(screener, loaded, on=on, aside_max=left)


def _named(aside: Sequence[SetAside]) -> list[dict[str, Any]]:
    """Name households that were set aside, with why."""
    return [
        {"household": one.household_id, "code": one.refused.code, "fact": one.refused.fact,
         "said": one.refused.said, "better": one.refused.better}
        for one in aside
    ]  # fmt: skip


def _before(run: Run) -> Run | None:
    done = Run.objects.filter(path=run.path, scheme__pack=run.scheme.pack, state=RunState.DONE)
    return done.exclude(pk=run.pk).order_by("-done_at", "-pk").first()


def _folder() -> Any:  # noqa: ANN401 - a path of the settings
    return settings.REDRESS_WAREHOUSE


def _counts(scheme: Scheme, kept: Kept, change: Difference, last: Kept | None) -> dict[str, Any]:
    """Count a run, in all and by county."""
    counties, places = by_county(kept)
    size = len(counties)
    one = np.ones(len(kept.households), np.int64)

    def count(mask: Any) -> list[int]:  # noqa: ANN401 - an array
        return add_up(places[mask], one[mask], size)

    columns = {
        "households": add_up(places, one, size),
        "granted": count(change.granted),
        "newly": count(change.newly),
        "gone": count(change.gone),
        "changed": count(change.changed),
        "undecided": count(change.undecided),
        "minor": add_up(places, kept.minor, size),
        "minor_before": add_up(places, change.minor_before, size),
    }
    rows = [
        {"path": path, **{name: column[at] for name, column in columns.items()}}
        for at, path in enumerate(counties)
    ]
    total = {name: sum(column) for name, column in columns.items()}
    return {**total, "counties": rows, "currency": scheme.pack.currency, "is_first": last is None}


def by_county(
    kept: Kept | Loaded, *, places: PathRange = EVERYWHERE
) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Give the counties that households of some places lie in, and for each the place of its own.

    What lies in a county beyond those places stands under its own path; elsewhere is -1.
    """
    known = {path for path in county_paths() if path in places}
    names = [
        next((above for above in paths_above(path) if above in known), path)
        for path in kept.county_paths
    ]
    counties = sorted({name for name in names if name in places})
    at = {name: place for place, name in enumerate(counties)}
    found = np.array([at.get(name, -1) for name in names] or [0], np.int64)
    return counties, found[kept.counties] if len(kept.counties) else np.zeros(0, np.int64)


def runs(*, seen_by: Actor) -> QuerySet[Any]:
    """List runs of a person's places, the latest first."""
    return Run.objects.seen_in(seen_by.scope).select_related("scheme")


def run_seen_by(actor: Actor, *, number: int) -> Run | None:
    """Give one run if it is this person's to see."""
    found: Run | None = runs(seen_by=actor).filter(pk=number).first()
    return found


@dataclass(frozen=True, slots=True)
class RunRow:
    """A household in a run's list."""

    household_id: int
    now: Money | None
    before: Money | None
    needs: tuple[str, ...]


LISTS: Final = ("newly", "gone", "changed", "undecided", "granted")


def run_rows(run: Run, wanted: str) -> list[RunRow] | None:
    """List the households of a run that changed in a way, the largest sums first.

    Args:
        run: one that is done.
        wanted: one of ``LISTS``.

    Returns:
        At most ``ROWS_MAX`` rows; None if the run's file is gone.
    """
    kept = read_run(_folder(), run.pk)
    if kept is None:
        return None
    last = read_run(_folder(), run.before_id) if run.before_id else None
    change = compare(last, kept)
    masks = {name: getattr(change, name) for name in LISTS}
    rows = np.flatnonzero(masks[wanted])
    order = np.argsort(-np.maximum(kept.minor[rows], change.minor_before[rows]), kind="stable")
    currency = run.counts["currency"]
    known = last is not None
    return [
        RunRow(
            int(kept.households[row]),
            Total(currency, int(kept.minor[row])),
            Total(currency, int(change.minor_before[row])) if known else None,
            tuple(kept.needs[row].split()),
        )
        for row in rows[order][:ROWS_MAX].tolist()
    ]
