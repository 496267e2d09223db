"""Made demands that walk through the flow by luck, and what became of each, told by other records.

The figures are read from holds. What is told here comes from the journal, the referrals and the
answers, one demand at a time, in the plainest way there is.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from redress.demands.clarify import ask_worker, clarify_demand
from redress.demands.models import Demand
from redress.demands.pursue import accept_demand, accept_excuse, return_demand
from redress.demands.resolve import (
    Reply,
    answer_demand,
    confirm_solved,
    dispute_answer,
    fall_silent,
    leave_it_there,
    withdraw_demand,
)
from redress.demands.route import recall_demand, route_demand
from redress.demands.sort import contest_setting_aside, set_demand_aside, sort_demand
from redress.demands.states import Claim, Found, HeldBack, Said, Urgency
from redress.demands.verify import verify_answer
from redress.registers.accounts.roles import SYSTEM, worker_with
from redress.registers.journal.models import Entry
from redress.registers.offices.models import Topic
from redress.values.days import country_of, local_day
from tests.conftest import NILKUH, WORKS, Cast, hear

TOPICS = ("pay.arrears", "pay.minimum", "job.dismissal", "edu.children")


@dataclass
class Walker:
    """One demand, and the moment it has come to."""

    cast: Cast
    dice: random.Random
    demand: Demand
    at: dt.datetime
    until: dt.datetime

    def later(self, days_max: int, days_min: int = 0) -> dt.datetime:
        self.at += dt.timedelta(days=self.dice.randint(days_min, days_max), minutes=1)
        return self.at

    @property
    def worker(self):
        return worker_with(self.demand.receipt_fingerprint)

    @property
    def liaison(self):
        mine = self.demand.body_id == self.cast.labour_office.pk
        return self.cast.liaison if mine else self.cast.other_liaison

    def walk(self) -> None:
        for _ in range(14):
            if self.at > self.until or self.dice.random() < 0.08:
                return
            step = getattr(self, f"when_{self.demand.state}", None)
            if step is None:
                return
            step()
            self.demand.refresh_from_db()

    def when_heard(self) -> None:
        chance, by = self.dice.random(), self.cast.officer
        if chance < 0.08:
            set_demand_aside(self.demand, why="x", by=by, at=self.later(9))
        elif chance < 0.14:
            withdraw_demand(self.demand, by=self.worker, at=self.later(9))
        elif chance < 0.24:
            ask_worker(self.demand, text="x", by=by, at=self.later(9))
        else:
            code = self.dice.choice(TOPICS)
            topic = Topic.objects.get(pk=code)
            urgency = self.dice.choice(list(Urgency))
            sort_demand(self.demand, topic=topic, urgency=urgency, by=by, at=self.later(9))

    def when_sorted(self) -> None:
        bodies = [self.cast.labour_office, self.cast.social_security]
        self.dice.shuffle(bodies)
        route_demand(
            self.demand, to=bodies[0], joint=bodies[1:], by=self.cast.officer, at=self.later(9)
        )

    when_returned = when_sorted

    def when_routed(self) -> None:
        chance = self.dice.random()
        if chance < 0.5:
            accept_demand(self.demand, by=self.liaison, at=self.later(20))
        else:
            self.when_accepted()

    def when_accepted(self) -> None:
        chance, by = self.dice.random(), self.liaison
        if chance < 0.15 and not self.demand.is_joint:
            return_demand(self.demand, why="x", by=by, at=self.later(40))
        elif chance < 0.3:
            ask_worker(self.demand, text="x", by=by, at=self.later(30))
        elif chance < 0.36:
            recall_demand(self.demand, why="x", by=self.cast.officer, at=self.later(30))
        elif chance < 0.4:
            withdraw_demand(self.demand, by=self.worker, at=self.later(30))
        elif chance < 0.5 and not self.demand.referrals.exclude(excused_at=None).exists():
            accept_excuse(self.demand, why="x", by=self.cast.officer, at=self.later(30))
        else:
            at = self.later(40)
            ago = self.dice.choice((0, 0, 0, 2))
            sent = self.demand.holds.last().since_on
            on = max(sent, local_day(at, country="ir") - dt.timedelta(days=ago))
            claim = self.dice.choice((Claim.SOLVED, Claim.PARTLY, Claim.REFUSED))
            if ago:  # a letter, that the union puts down
                reply, by = Reply("x", claim, on=on), self.cast.officer
            else:
                reply = Reply("x", claim)
            answer_demand(self.demand, reply=reply, by=by, at=at)

    def when_to_clarify(self) -> None:
        clarify_demand(self.demand, text="x", by=self.worker, at=self.later(12))

    def when_answered(self) -> None:
        chance = self.dice.random()
        if chance < 0.3:
            confirm_solved(self.demand, by=self.worker, at=self.later(20))
        elif chance < 0.55:
            said = Said.PARTLY
            leave_it_there(self.demand, said=said, by=self.worker, at=self.later(20))
        elif chance < 0.75:
            self.dispute(20)
        elif chance < 0.9:
            fall_silent(self.demand, by=SYSTEM, at=self.later(40, 32))
        else:
            withdraw_demand(self.demand, by=self.worker, at=self.later(20))

    def when_silent(self) -> None:
        if self.dice.random() < 0.5:
            confirm_solved(self.demand, by=self.worker, at=self.later(60))
        else:
            self.dispute(200)

    def when_closed(self) -> None:
        if self.demand.body_id is None or self.demand.close_kind == "not_a_workers_matter":
            contest_setting_aside(self.demand, text="x", by=self.worker, at=self.later(60))
        elif self.dice.random() < 0.4:
            at = self.later(9)
            found = self.dice.choice(list(Found))
            verify_answer(self.demand, found=found, text="x", by=self.cast.second, at=at)
        else:
            self.dispute(200)

    def dispute(self, days_max: int) -> None:
        dispute_answer(self.demand, said=Said.NOT_SOLVED, by=self.worker, at=self.later(days_max))


def make_history(cast: Cast, many: int, *, seed: int, until: dt.datetime) -> None:
    """Let demands be raised within a year and a half before a moment, and walk."""
    dice = random.Random(seed)
    for number in range(many):
        at = until - dt.timedelta(days=dice.randint(1, 550))
        heard_on = at.date() - dt.timedelta(days=dice.choice((0, 0, 0, 30, 400)))
        demand = hear(
            cast,
            f"Demand {number}.",
            path=dice.choice((NILKUH, WORKS)),
            receipt=f"{number:064x}",
            at=at,
            heard_on=heard_on,
            workers_count=dice.randint(1, 9),
            held_back=dice.choice((*[None] * 15, HeldBack.TOO_FAST)),
        )
        Walker(cast, dice, demand, at, until).walk()


@dataclass
class Holding:
    """One time that a demand lay with a body."""

    demand: Told
    body: int
    since: dt.date
    again: bool
    until: dt.date | None = None
    how: str = "running"
    fate: str = ""
    ended: dt.date | None = None
    opened: dt.date | None = None
    due: dt.date | None = None
    late_on: dt.date | None = None
    excused: bool = False


@dataclass
class Told:
    """What became of a demand up to a day."""

    demand: Demand
    holdings: list[Holding] = field(default_factory=list)
    ends: list[list] = field(default_factory=list)  # the day, how, the day of opening again
    answered_on: dt.date | None = None

    @property
    def is_open(self) -> bool:
        return not self.ends or self.ends[-1][2] is not None


ENDS = {
    "demand.confirmed": "resolved",
    "demand.left": "partly",
    "demand.withdrawn": "withdrawn",
    "demand.fell_silent": "silent",
    "demand.set_aside": "not_a_workers_matter",
}


def told(demand: Demand, until: dt.date) -> Told:
    """Tell what the journal says of a demand, up to a day."""
    found, later = Told(demand), Told(demand)
    answers = iter(demand.answers.order_by("id"))
    for entry in Entry.objects.filter(subject_kind="demand", subject_id=demand.pk).order_by("id"):
        on = local_day(entry.at, country=country_of(demand.path))
        if entry.deed == "demand.answered":
            on = next(answers).answered_on
        note(later, entry, on)
        if on <= until:
            note(found, entry, on)
        elif found.ends and not found.is_open:
            _note_later(found, entry)
    for held, as_now in zip(found.holdings, later.holdings, strict=False):
        held.excused = as_now.excused
    _judge(found, until)
    return found


def _note_later(found: Told, entry: Entry) -> None:
    """As what it ended is known as it is now: what the worker said later counts, if it was said."""
    end, kind = found.ends[-1], ENDS.get(entry.deed, "")
    if entry.deed in {"demand.disputed", "demand.contested"}:
        kind = "opened_again"
    if not kind or end[1] == "opened_again":
        return
    if found.holdings and found.holdings[-1].fate == end[1]:
        found.holdings[-1].fate = kind
    end[1] = kind


def note(found: Told, entry: Entry, on: dt.date) -> None:
    """Go on by one entry of the journal."""
    held = found.holdings[-1] if found.holdings else None
    deed = entry.deed
    if deed in {"demand.disputed", "demand.contested"} and not found.is_open:
        if held is not None and held.ended == found.ends[-1][0]:
            held.opened = on
        found.ends[-1][1:] = ["opened_again", on]
    if deed in {"demand.routed", "demand.disputed"}:
        if held is not None and deed == "demand.disputed":
            held.fate = "disputed"
        found.holdings.append(
            Holding(found, entry.detail["body"], on, again=deed == "demand.disputed")
        )
    elif held is not None:
        _note_holding(found, held, deed, on)
    if deed in ENDS:
        _note_end(found, held, ENDS[deed], on)


def _note_holding(found: Told, held: Holding, deed: str, on: dt.date) -> None:
    if deed == "demand.answered":
        held.until, held.how, held.fate = on, "answered", "waits"
        found.answered_on = found.answered_on or on
    elif deed in {"demand.returned", "demand.recalled"}:
        held.until, held.how = on, deed.removeprefix("demand.")
    elif deed == "demand.asked" and held.how == "running":
        held.how = "asked_back"
    elif deed == "demand.clarified" and held.how == "asked_back":
        held.how = "running"
    elif deed == "demand.excused":
        held.excused = True


def _note_end(found: Told, held: Holding | None, how: str, on: dt.date) -> None:
    if found.is_open:
        found.ends.append([on, how, None])
        if held is not None and held.how == "answered" and held.fate == "waits":
            held.ended = on
    else:  # a word after silence
        found.ends[-1][1] = how
    if held is not None and held.how in {"running", "asked_back"}:
        held.until, held.how = on, "over"
    elif held is not None and held.fate in {"waits", "silent"}:
        held.fate = how


def _judge(found: Told, until: dt.date) -> None:
    """Say which holdings were late: on the day of any change, or today, past the limit that ran."""
    holds = [one for one in found.demand.holds.order_by("id") if one.since_on <= until]
    for held in found.holdings:
        for at, hold in enumerate(holds):
            ends = holds[at + 1].since_on if at + 1 < len(holds) else until
            starts = held.since <= hold.since_on and ends <= (held.until or until)
            if hold.holder != "body" or hold.body_id != held.body or not starts:
                continue
            held.due = hold.deadline.last_on
            if ends > held.due and held.late_on is None:
                held.late_on = held.due + dt.timedelta(days=1)
