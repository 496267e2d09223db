"""Close a collective demand for the members that said nothing: by drawn samples, stated as such."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from redress.demands.collect import Dissolved, members
from redress.demands.kinds import Outcome
from redress.demands.models import (
    Answer,
    Collective,
    Demand,
    Membership,
    Sample,
    SampleCall,
    WorkerWord,
)
from redress.demands.sample import Lot, draw_sample
from redress.demands.sort import end
from redress.demands.states import (
    CLOSE_BY_SAMPLE,
    CloseKind,
    Said,
    State,
    state_after,
)
from redress.registers.accounts.roles import Actor, NotAllowed, Policy
from redress.registers.journal.steps import record, step

# Each is a step of its own; more are closed by doing it again.
CLOSED_AT_ONCE_MAX: Final = 500

_WAITING: Final = (State.ANSWERED, State.SILENT)


@dataclass(frozen=True, slots=True)
class Rule:
    """From when on samples speak for the others: of 45 drawn 30 reached, 27 of them satisfied.

    Attributes:
        reached: so many workers must be reached.
        reached_percent: and so many in a hundred of those drawn.
        solved_percent: so many in a hundred of those reached must say that it is solved.
    """

    reached: int = 30
    reached_percent: int = 66
    solved_percent: int = 90


RULE: Final = Rule()


class SampleTooThin(ValueError):
    """Calls are still to be made, too few were reached, or too few of them said solved."""


class CallsWaiting(Exception):
    """An earlier sample of the collective demand has calls that are still to be made."""


@dataclass(frozen=True, slots=True)
class Carrying:
    """Whether the samples of a collective demand speak for the members that nobody asked.

    All its samples count together, so that nobody draws until the lot is kind; and of each reached
    worker the last word counts, also one said after the call.

    Attributes:
        waiting: calls still to be made.
        drawn: calls in all.
        reached: of these.
        solved: of these, by their last word.
    """

    waiting: int
    drawn: int
    reached: int
    solved: int

    @property
    def is_done(self) -> bool:
        """Say whether every call was made."""
        return self.waiting == 0

    @property
    def are_enough(self) -> bool:
        """Say whether enough were reached, and enough of those drawn."""
        of_drawn = 100 * self.reached >= RULE.reached_percent * self.drawn
        return self.reached >= RULE.reached and of_drawn

    @property
    def are_satisfied(self) -> bool:
        """Say whether enough of those reached are satisfied."""
        return self.reached > 0 and 100 * self.solved >= RULE.solved_percent * self.reached

    @property
    def carries(self) -> bool:
        """Say whether they speak for the others."""
        return self.is_done and self.are_enough and self.are_satisfied


def carrying(collective: Collective) -> Carrying:
    """Weigh the samples of a collective demand."""
    last = WorkerWord.objects.filter(demand=OuterRef("demand_id")).order_by("-at", "-id")
    calls = list(
        SampleCall.objects
        .filter(sample__collective=collective)
        .annotate(last_said=Subquery(last.values("said")[:1]))
        .values_list("outcome", "said", "last_said")
    )
    reached = [
        last_said or said for outcome, said, last_said in calls if outcome == Outcome.REACHED
    ]
    return Carrying(
        waiting=sum(outcome == Outcome.WAITING for outcome, _said, _last in calls),
        drawn=len(calls),
        reached=len(reached),
        solved=sum(said == Said.SOLVED for said in reached),
    )


def waiting_members(collective: Collective, *, seen_by: Actor) -> QuerySet[Demand]:
    """List the members whose answer waits for a word and whom no sample has drawn yet."""
    asked = SampleCall.objects.filter(sample__collective=collective, demand=OuterRef("pk"))
    found = members(collective, seen_by=seen_by).filter(state__in=_WAITING)
    return found.filter(~Exists(asked))


def draw_members(collective: Collective, *, wanted: int, by: Actor, at: dt.datetime) -> Sample:
    """Draw a sample of the members whose answer waits for a word; nobody is drawn twice.

    Raises:
        CallsWaiting: those of an earlier sample come first.
        Dissolved: the collective demand is dissolved.
        NotAllowed: it is not this person's to do.
        NothingToDraw: none waits.
    """
    with transaction.atomic():
        now = _locked(collective)
        if carrying(now).waiting:
            raise CallsWaiting
        numbers = waiting_members(now, seen_by=by).values_list("pk", flat=True)
        lot = Lot(path=now.path, wanted=wanted, collective=now)
        return draw_sample(lot, among=numbers, by=by, at=at)


def _locked(collective: Collective) -> Collective:
    """Lock a collective demand, so that nobody adds, draws or closes at the same time.

    Raises:
        Dissolved: it is dissolved.
        NotAllowed: it is not seen here.
    """
    now: Collective | None = (
        Collective.objects.select_for_update(of=("self",)).filter(pk=collective.pk).first()
    )
    if now is None:
        raise NotAllowed
    if now.dissolved_at is not None:
        raise Dissolved
    return now


def spoken_for(sample: Sample, *, seen_by: Actor) -> QuerySet[Demand]:
    """List the members that a sample can speak for: it was drawn from them, and nobody asked them.

    They were members and waited for a word, on the same answer as now, when the first sample of their
    group was drawn, and have said nothing since: all samples are weighed together, so none of them may
    speak for who came after one of them. Who was drawn and not reached, or declined, is not spoken for.
    """
    if sample.collective is None:
        return Demand.objects.none()
    first_drawn = sample.collective.samples.earliest("drawn_at").drawn_at
    then = Membership.objects.filter(
        collective=sample.collective,
        demand=OuterRef("pk"),
        removed_at=None,
        added_at__lte=first_drawn,
    )
    later = Answer.objects.filter(demand=OuterRef("pk"), at__gt=first_drawn)
    found = waiting_members(sample.collective, seen_by=seen_by)
    return found.filter(Exists(then), ~Exists(later))


def close_by_sample(sample: Sample, *, by: Actor, at: dt.datetime) -> int:
    """Close members that nobody asked, because the drawn ones said that it is solved.

    It stands on each of them that a sample closed it; whoever disagrees opens it again, alone.

    Returns:
        How many were closed; at most ``CLOSED_AT_ONCE_MAX``.

    Raises:
        Dissolved: the collective demand is dissolved.
        NotAllowed: it is not this person's to do.
        SampleTooThin: the samples do not carry it, or are of no collective demand.
    """
    if not Policy(by).may_do(CLOSE_BY_SAMPLE, sample):
        raise NotAllowed
    if sample.collective is None:
        raise SampleTooThin
    with transaction.atomic():
        if not carrying(_locked(sample.collective)).carries:
            raise SampleTooThin
        listed = list(spoken_for(sample, seen_by=by)[:CLOSED_AT_ONCE_MAX])
        for demand in listed:
            _close_one(demand, sample=sample, by=by, at=at)
    return len(listed)


@step(CLOSE_BY_SAMPLE)
def _close_one(demand: Demand, *, sample: Sample, by: Actor, at: dt.datetime) -> Demand:
    """Close one member because samples that carry it speak for it.

    Raises:
        SampleTooThin: the sample does not speak for this one.
        WrongState: it does not wait for a word.
    """
    demand.state = state_after(CLOSE_BY_SAMPLE, State(demand.state))
    if not spoken_for(sample, seen_by=by).filter(pk=demand.pk).exists():
        raise SampleTooThin
    end(demand, CloseKind.BY_SAMPLE, at=at)
    demand.save()
    record(CLOSE_BY_SAMPLE, demand, by=by, at=at, detail={"sample": sample.pk})
    return demand
