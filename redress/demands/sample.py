"""Draw demands by lot and ask their workers again: by somebody who had no hand in them."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from redress.demands import states
from redress.demands.kinds import Outcome
from redress.demands.models import Collective, Demand, Sample, SampleCall
from redress.demands.models.said import BY_SAMPLE_CALL
from redress.demands.resolve import Spoken, confirm_solved, dispute_answer, leave_it_there
from redress.demands.states import CONFIRM, DISPUTE, LEAVE, CloseKind, Said, State, is_possible
from redress.registers.accounts.roles import OFFICERS, Actor, Deed, Role
from redress.registers.journal.models import Entry
from redress.registers.journal.steps import record, step
from redress.values.days import country_of, time_zone_of
from redress.values.places import path_below

_MIDDLE: Final = OFFICERS - {Role.GRASSROOTS_OFFICER}
DRAW: Final = Deed("sample.drawn", _MIDDLE)
CALL: Final = Deed("sample.called", _MIDDLE)
SAMPLE_MAX: Final = 1_000
# The numbers of so many are kept, so that anybody can draw again; of more, their fingerprint alone.
NUMBERS_KEPT_MAX: Final = 20_000
# Who did one of these had a hand in the demand. Taking a whole list over is none, nor is reading.
HANDLING: Final = frozenset(
    deed.name
    for deed in (
        *(states.HEAR, states.RELEASE, states.MARK, states.SORT, states.SET_ASIDE),
        *(states.ROUTE, states.RECALL, states.ASK, states.CLARIFY, states.ANSWER),
        *(states.EXTEND, states.EXCUSE, states.CONFIRM, states.LEAVE, states.DISPUTE),
        *(states.CONTEST, states.WITHDRAW, states.VERIFY, states.MERGE, states.UNMERGE),
    )
) | {"demand.checked_in", "identity.read", "receipt.replaced"}
# Who was not reached may be tried again.
TO_CALL: Final = (Outcome.WAITING, Outcome.NOT_REACHED)


class OwnCase(Exception):
    """Who handled a demand does not ask the worker whether it was handled well."""


class NothingToDraw(ValueError):
    """No demand fits, or none or too many are wanted."""


class CallDone(Exception):
    """The worker was reached, declined or left no contact; a call is put down once."""


class WordMissing(ValueError):
    """A worker who was reached said something; one who was not said nothing."""


@dataclass(frozen=True, slots=True)
class Lot:
    """What is drawn from: demands of a place that ended in some days, or the members of a group.

    Attributes:
        closed_from: the first day, where the place is; None for all from the beginning.
        closed_until: the last day.
    """

    path: str
    wanted: int
    closed_from: dt.date | None = None
    closed_until: dt.date | None = None
    collective: Collective | None = None


def drawn(numbers: Iterable[int], *, seed: str, wanted: int) -> list[int]:
    """Draw demands by lot: those whose SHA-256 of ``seed/number`` comes first.

    Anybody who knows the seed and the numbers can draw again and compare.
    """

    def place(number: int) -> str:
        return hashlib.sha256(f"{seed}/{number}".encode()).hexdigest()

    return sorted(numbers, key=place)[:wanted]


def numbers_digest(numbers: Iterable[int]) -> str:
    """Fingerprint what is drawn from: SHA-256 of the numbers, rising, one a line."""
    written = "".join(f"{number}\n" for number in sorted(numbers))
    return hashlib.sha256(written.encode()).hexdigest()


def draw_ended(lot: Lot, *, by: Actor, at: dt.datetime) -> Sample:
    """Draw from the demands that were answered and ended in some days.

    Raises:
        NotAllowed: the place is not this person's.
        NothingToDraw: as ``draw_sample``.
    """
    return draw_sample(lot, among=ended_in(lot, seen_by=by), by=by, at=at)


@step(DRAW)
def draw_sample(lot: Lot, *, among: Iterable[int], by: Actor, at: dt.datetime) -> Sample:
    """Draw a sample; each drawn demand becomes a call to make.

    Args:
        lot: what is drawn from.
        among: numbers of the demands that fit it.
        by: who.
        at: when.

    Raises:
        NothingToDraw: none fits, or none or more than ``SAMPLE_MAX`` are wanted.
    """
    numbers = sorted(set(among))
    if not numbers or not 1 <= lot.wanted <= SAMPLE_MAX:
        raise NothingToDraw
    seed = secrets.token_hex(16)
    sample = Sample.objects.create(
        path=lot.path,
        collective=lot.collective,
        drawn_at=at,
        drawn_by=by.name,
        seed=seed,
        closed_from=lot.closed_from,
        closed_until=lot.closed_until,
        population=len(numbers),
        wanted=lot.wanted,
    )
    chosen = drawn(numbers, seed=seed, wanted=lot.wanted)
    SampleCall.objects.bulk_create([
        SampleCall(sample=sample, demand_id=number) for number in chosen
    ])
    detail = {
        "seed": seed,
        "population": len(numbers),
        "drawn": len(chosen),
        "sha256": numbers_digest(numbers),
        "numbers": numbers if len(numbers) <= NUMBERS_KEPT_MAX else [],
    }
    record(DRAW, sample, by=by, at=at, detail=detail)
    return sample


def ended_in(lot: Lot, *, seen_by: Actor) -> list[int]:
    """List the demands of a place that a body answered and that ended in some days, theirs or ours."""
    places = path_below(lot.path)
    zone = ZoneInfo(time_zone_of(country_of(lot.path)))
    found = Demand.objects.seen_in(seen_by.scope).filter(
        path__gte=places.lo,
        path__lt=places.hi,
        state__in=[State.CLOSED, State.SILENT],
        answers__isnull=False,
    )
    if lot.closed_from is not None:
        first = dt.datetime.combine(lot.closed_from, dt.time(), zone)
        found = found.filter(closed_at__gte=first)
    if lot.closed_until is not None:
        after = dt.datetime.combine(lot.closed_until + dt.timedelta(days=1), dt.time(), zone)
        found = found.filter(closed_at__lt=after)
    found = found.exclude(close_kind=CloseKind.NOT_A_WORKERS_MATTER)
    return list(found.distinct().order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call.

    Attributes:
        said: of a worker who was reached, what they say of the answer.
        goes_on: what is not, or not wholly, solved must go on; else they leave it at that.
        text: in their words.
    """

    outcome: Outcome
    said: Said | None = None
    goes_on: bool = True
    text: str = ""


@step(CALL)
def note_call(call: SampleCall, *, called: Called, by: Actor, at: dt.datetime) -> SampleCall:
    """Put down a call. A worker who says that it must go on has the demand opened again.

    Raises:
        CallDone: it was made already.
        OwnCase: by somebody who handled the demand.
        WordMissing: a reached worker without a word, or a word of one who was not.
        NotAnEnd: nothing was solved, and only who was refused or moved on can leave it at that.
    """
    if call.outcome not in TO_CALL:
        raise CallDone
    if by.user_id is not None and by.user_id in handlers([call.demand_id])[call.demand_id]:
        raise OwnCase
    if (called.outcome is Outcome.REACHED) != (called.said is not None):
        raise WordMissing
    if called.outcome is Outcome.WAITING:
        raise WordMissing
    call.outcome, call.said = called.outcome, called.said.value if called.said else ""
    call.called_at, call.called_by = at, by.name
    call.save(update_fields=["outcome", "said", "called_at", "called_by"])
    is_taken = called.said is not None and _take_word(call.demand, called, by=by, at=at)
    # Words that the demand has no place for stand in the journal, so that none are lost.
    why = "" if is_taken else called.text
    detail = {"outcome": called.outcome.value, "said": call.said, "sample": call.sample_id}
    record(CALL, call, by=by, at=at, case=call.demand, why=why, detail=detail)
    return call


def _take_word(demand: Demand, called: Called, *, by: Actor, at: dt.datetime) -> bool:
    """Let the word of a call count as any other word of the worker's, if the demand waits for one."""
    state, spoken = State(demand.state), Spoken(called.text, BY_SAMPLE_CALL)
    if called.said is None or demand.close_kind == CloseKind.NOT_A_WORKERS_MATTER:
        return False
    if called.said is Said.SOLVED:
        if is_possible(CONFIRM, state):
            confirm_solved(demand, spoken=spoken, by=by, at=at)
        return is_possible(CONFIRM, state)
    if called.goes_on and is_possible(DISPUTE, state) and demand.body_id is not None:
        dispute_answer(demand, said=called.said, spoken=spoken, by=by, at=at)
        return True
    if not called.goes_on and is_possible(LEAVE, state):
        leave_it_there(demand, said=called.said, spoken=spoken, by=by, at=at)
        return True
    return False


def handlers(numbers: Iterable[int]) -> dict[int, set[int]]:
    """Name the accounts that had a hand in each of some demands."""
    found: dict[int, set[int]] = {number: set() for number in numbers}
    done = Entry.objects.filter(
        subject_kind="demand",
        subject_id__in=list(found),
        deed__in=HANDLING,
        by_user_id__isnull=False,
    )
    for number, user_id in done.values_list("subject_id", "by_user_id"):
        found[number].add(user_id)
    return found
