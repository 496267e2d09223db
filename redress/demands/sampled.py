"""Read drawn samples: the calls to make, who may make them, and what they say so far."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from redress.demands.kinds import Outcome
from redress.demands.models import Collective, Demand, Sample, SampleCall, SealedIdentity
from redress.demands.sample import CALL, DRAW, TO_CALL, handlers
from redress.demands.states import Said
from redress.engines.figures.intervals import finite
from redress.registers.accounts.models import Post
from redress.registers.accounts.roles import Actor, Policy
from redress.registers.journal.reads import story_of
from redress.values.days import country_of, local_day
from redress.values.places import paths_above


@dataclass(frozen=True, slots=True)
class CallToMake:
    """A drawn demand, as somebody sees it.

    Attributes:
        is_open: whether it is still to be made, or to be tried again.
        may_call: whether it is theirs to call: open, and they had no hand in the demand.
        is_own: they had.
        others: names of who may, for a call that is to be made.
        has_contact: whether the worker left one.
    """

    call: SampleCall
    is_open: bool
    may_call: bool
    is_own: bool
    others: list[str]
    has_contact: bool


def samples(*, seen_by: Actor, of: Collective | None = None) -> QuerySet[Sample]:
    """List the samples of a person's places, or of one collective demand, the latest first."""
    found: QuerySet[Sample] = Sample.objects.seen_in(seen_by.scope)
    if of is not None:
        found = found.filter(collective=of)
    return found.select_related("collective").order_by("-pk")


def sample_seen_by(actor: Actor, *, number: int) -> Sample | None:
    """Give one sample if it exists and is this person's to see."""
    found = Sample.objects.seen_in(actor.scope).select_related("collective")
    return found.filter(pk=number).first()


def calls(sample: Sample, *, seen_by: Actor) -> QuerySet[SampleCall]:
    """List the calls of a sample, those to be made first."""
    seen = Demand.objects.seen_in(seen_by.scope).filter(pk=OuterRef("demand_id"))
    left = SealedIdentity.objects.filter(demand=OuterRef("demand_id"))
    found = sample.calls.filter(Exists(seen)).select_related("demand", "demand__topic")
    return found.annotate(
        has_contact=Exists(left.exclude(contact_fingerprint="")),
        is_made=Case(When(outcome=Outcome.WAITING, then=0), default=1),
    ).order_by("is_made", "pk")


def call_seen_by(actor: Actor, sample: Sample, *, number: int) -> SampleCall | None:
    """Give one call of a sample."""
    return calls(sample, seen_by=actor).filter(pk=number).first()


def calls_to_make(
    listed: Iterable[SampleCall], sample: Sample, *, seen_by: Actor, at: dt.datetime
) -> list[CallToMake]:
    """Say of each call who may make it."""
    rows = list(listed)
    had_a_hand = handlers(call.demand_id for call in rows)
    officers = callers(sample, at=at)
    made = []
    for call in rows:
        barred = had_a_hand[call.demand_id]
        is_open, is_own = call.outcome in TO_CALL, seen_by.user_id in barred
        others = [name for user_id, name in officers if user_id not in barred]
        made.append(
            CallToMake(
                call=call,
                is_open=is_open,
                may_call=is_open and not is_own and Policy(seen_by).may_do(CALL, sample),
                is_own=is_own,
                others=others if is_open else [],
                has_contact=bool(getattr(call, "has_contact", False)),
            )
        )
    return made


def callers(sample: Sample, *, at: dt.datetime) -> list[tuple[int, str]]:
    """List who may call for a sample, but for the demands they handled: account and name."""
    today = local_day(at, country=country_of(sample.path))
    posts = Post.objects.filter(
        Q(until_on=None) | Q(until_on__gte=today),
        role__in=CALL.roles,
        office__path__in=paths_above(sample.path),
        since_on__lte=today,
        user__is_active=True,
    )
    # The nearest offices first.
    found = posts.order_by("-office__path", "user__full_name")
    return list(found.values_list("user_id", "user__full_name"))


def numbers_of(sample: Sample) -> tuple[list[int], str]:
    """Give the numbers that a sample was drawn from, and their fingerprint; none kept of very many."""
    entry = story_of(sample).filter(deed=DRAW.name).first()
    detail = entry.detail if entry else {}
    return list(detail.get("numbers", [])), str(detail.get("sha256", ""))


@dataclass(frozen=True, slots=True)
class Result:
    """What a sample says so far. Nobody counts as satisfied who did not say so.

    Attributes:
        low_percent: no less than so many in a hundred of the whole are satisfied, with 95 % certainty,
            if those not reached think as the others; None while nobody was reached.
        high_percent: no more.
    """

    population: int
    drawn: int
    waiting: int
    reached: int
    solved: int
    partly: int
    not_solved: int
    not_reached: int
    no_contact: int
    declined: int
    low_percent: int | None
    high_percent: int | None

    @property
    def is_whole(self) -> bool:
        """Say whether everybody was reached, so that nothing is guessed."""
        return self.reached == self.population


def result(sample: Sample) -> Result:
    """Count what came of a sample's calls."""
    return results_of([sample])[sample.pk]


def results_of(listed: Iterable[Sample]) -> dict[int, Result]:
    """Count what came of the calls of many samples in one query, by their numbers."""
    rows = {sample.pk: sample for sample in listed}
    counted: dict[int, Counter[str]] = {number: Counter() for number in rows}
    found = SampleCall.objects.filter(sample_id__in=list(rows)).values(
        "sample_id", "outcome", "said"
    )
    for row in found.annotate(many=Count("pk")).order_by():
        counted[row["sample_id"]][row["outcome"]] += row["many"]
        counted[row["sample_id"]][row["said"]] += row["many"]
    return {number: _result(sample, counted[number]) for number, sample in rows.items()}


def _result(sample: Sample, counted: Counter[str]) -> Result:
    share = finite(counted[Said.SOLVED], counted[Outcome.REACHED], population=sample.population)
    return Result(
        population=sample.population,
        drawn=sum(counted[outcome] for outcome in Outcome),
        **{outcome.value: counted[outcome] for outcome in Outcome},
        **{said.value: counted[said] for said in Said},
        # Rounded away from each other: never surer than it is.
        low_percent=math.floor(round(100 * share.low, 6)) if share else None,
        high_percent=math.ceil(round(100 * share.high, 6)) if share else None,
    )
