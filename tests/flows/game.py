"""A game of the whole cast on several demands: each acts as at its own desk, and each try is checked."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field

from redress.demands import states
from redress.demands.backlog import Wanted, wanted_demands
from redress.demands.escalate import climb_ladder, note_silence
from redress.demands.hear import HeardWords, hear_demand
from redress.demands.ladder import ahead
from redress.demands.models import Demand, Notice
from redress.demands.states import (
    ANSWER,
    CLARIFY,
    HOLDERS,
    TAKE_BACK,
    TRANSITIONS,
    UNMERGE,
    WITH_THE_BODY,
    WITH_THE_UNION,
    HeldBack,
    Holder,
    State,
    WrongState,
)
from redress.registers.accounts.roles import SYSTEM, Actor, Deed, NotAllowed, Role
from redress.registers.limits.change import NewLength, change_limit
from redress.registers.limits.deadlines import last_day, version_on, versions
from redress.registers.limits.models import Limit
from redress.registers.offices.scope import Scope, within
from redress.values.days import Unit
from tests.conftest import NOON
from tests.flows.players import (
    DEEDS,
    PLACES,
    TEXTS,
    TRIES,
    Players,
    Turn,
    holder_of,
)
from tests.flows.watching import Days, Look, check_days, check_row, look_at, visible_to

_AFTER = {one.deed: one for one in TRANSITIONS}
_ADMIN = Actor("admin", Role.ADMINISTRATOR, 0, path="ir.", country="ir")
# So that demands live long enough for much to be done to them.
RARELY = {
    states.WITHDRAW: 0.04,
    states.SET_ASIDE: 0.1,
    states.MARK: 0.3,
    states.AGREE_MARKING: 0.2,
    states.CONTEST_MARKING: 0.2,
    states.RELEASE: 0.2,
    states.SORT: 0.6,
    states.RECALL: 0.3,
    states.ASK: 0.5,
    states.ROUTE: 6.0,
    states.ACCEPT: 4.0,
    states.RETURN: 2.0,
    states.ANSWER: 6.0,
}
_DEMANDS_MAX = 8


def may_touch(by: Actor, seen: Look) -> bool:
    """Say who may act on a demand, in the plainest way there is."""
    if by.role is Role.WORKER:
        return by.receipt == seen.receipt
    if by.body_id is not None:
        return by.body_id == seen.body
    return by.role is not Role.ADMINISTRATOR and seen.path.startswith(by.path or "-")


@dataclass
class Game:
    """Some demands, everybody who acts on them, and what they should look like by now."""

    players: Players
    at: dt.datetime = NOON
    seen: dict[int, Look] = field(default_factory=dict)
    days: dict[int, Days] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def hear(self, dice: random.Random) -> None:
        """Let another worker raise a demand."""
        receipt = f"{len(self.seen):064x}"
        words = HeardWords(
            text=dice.choice(TEXTS),
            path=dice.choice(PLACES),
            receipt_fingerprint=receipt,
            contact=dice.choice(("", "0912 000 00 00", "0912 111 11 11")),
            heard_on=self.at.date() - dt.timedelta(days=dice.choice((0, 0, 30))),
            held_back=dice.choice((None, None, None, HeldBack.TOO_FAST)),
        )
        with within(holder_of(receipt).scope):
            demand = hear_demand(words, by=holder_of(receipt), at=self.at)
        new = self.seen[demand.pk] = look_at(demand.pk)
        before = (self.at.date() - new.heard_on).days
        days = Days(Holder.UNION, None, new.heard_on, stay=before, clock=before)
        days.counted[Holder.UNION, None] = before
        self.days[demand.pk] = days

    def try_deed(self, number: int, deed: Deed, who: str, dice: random.Random) -> None:
        """Let somebody try a deed; what comes of it is what the table says, or nothing."""
        before = self.seen[number]
        by = self._actor(who, before)
        twins = [one.number for one in self.seen.values() if self._are_twins(one, before)]
        others = twins if dice.random() < 0.8 else list(self.seen)
        turn = Turn(Demand(pk=number), before.path, by, self.at, dice, self.players.bodies, others)
        do, may_refuse = TRIES[deed]
        lawful = self._lawful(before, deed, by)
        refusal: Exception | None = None
        try:
            with within(by.scope):
                do(turn)
        except (NotAllowed, WrongState, *may_refuse) as error:
            refusal = error
        told = (deed.name, by, before, refusal)
        if refusal is None:
            assert lawful is None, told
            self.done[deed.name] += 1
            self._check_done(before, deed)
            return
        # Whoever may not is told so first; what was given is looked at before the state.
        assert isinstance(refusal, NotAllowed) == (lawful is NotAllowed), told
        assert isinstance(refusal, (*may_refuse, lawful or NotAllowed)), told
        assert look_at(number) == before
        self.done[f"{type(refusal).__name__} {deed.name}"] += 1

    @staticmethod
    def _are_twins(one: Look, two: Look) -> bool:
        return (
            one.path == two.path and one.number != two.number and one.contact == two.contact != ""
        )

    @staticmethod
    def _lawful(before: Look, deed: Deed, by: Actor) -> type[Exception] | None:
        if by.role not in deed.roles or not may_touch(by, before):
            return NotAllowed
        return None if before.state in _AFTER[deed].before else WrongState

    def _check_done(self, before: Look, deed: Deed) -> None:
        number = before.number
        now = self.seen[number] = look_at(number)
        goes_back = deed in {CLARIFY, TAKE_BACK}
        stays = State(before.asked_from) if goes_back else before.state
        assert now.state is (_AFTER[deed].after or stays)
        assert (now.text, now.sha256, now.heard_on) == (before.text, before.sha256, before.heard_on)
        assert now.counts[-1] == before.counts[-1] + 1, "one deed, one entry"
        ago = (self.at.date() - now.since[-1]).days if deed is ANSWER else 0
        self._count_on(number, ago=ago)
        if deed is UNMERGE:
            assert now.state is State.HEARD

    def _count_on(self, number: int, *, ago: int) -> None:
        """Move a demand's days into its new hands, and those of what was merged into it."""
        now = self.seen[number]
        for other, seen in list(self.seen.items()):
            if seen.into == number:
                self.seen[other] = look_at(other)
        into = now if now.into is None else self.seen[now.into]
        holder = HOLDERS[into.state]
        body = into.body if holder is Holder.BODY else None
        moved = [number, *(other for other, seen in self.seen.items() if seen.into == number)]
        for one in moved:
            self.days[one].move(holder, body, today=self.at.date(), ago=ago)
        for one in moved:
            self.check(one)

    def check(self, number: int) -> None:
        """Check one demand against what it should be."""
        seen = self.seen[number]
        check_row(seen, None if seen.into is None else self.seen[seen.into])
        check_days(seen, self.days[number], today=self.at.date())

    def pass_days(self, count: int) -> None:
        """Let days pass with the ladder's pass on each; it does what was shown in advance."""
        last = Notice.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        until = self.at.date() + dt.timedelta(days=count)
        awaited = set()
        for demand in Demand.objects.filter(pk__in=self.seen).select_related("deadline", "body"):
            for one in ahead(demand, today=self.at.date()):
                if one.on <= until:
                    body = one.body.pk if one.body else None
                    awaited.add((demand.pk, one.rung.code, body, one.on))
        for day in range(count + 1):
            if day:
                self._pass_one_day()
            climb_ladder(at=self.at)
            if note_silence(at=self.at):
                self._note_silence()
        assert not any(climb_ladder(at=self.at).values()), "a second pass sends nothing"
        self._look_again()
        sent = Notice.objects.filter(pk__gt=last)
        came = {(one.demand_id, one.rung, one.body_id, one.at.date()) for one in sent}
        assert came == awaited, (came - awaited, awaited - came)
        for one in sent:
            self.done[f"rung {one.rung}"] += 1
            assert self.seen[one.demand_id].state not in {
                State.MERGED,
                State.WITHDRAWN,
                State.CLOSED,
            }
        self.done["day"] += count

    def _pass_one_day(self) -> None:
        self.at += dt.timedelta(days=1)
        for days in self.days.values():
            days.pass_one(self.at.date())

    def _note_silence(self) -> None:
        for number, before in list(self.seen.items()):
            if before.state is State.ANSWERED:
                now = self.seen[number] = look_at(number)
                if now.state is State.SILENT:
                    self.done["silence"] += 1
                    self._count_on(number, ago=0)

    def _look_again(self) -> None:
        for number, before in list(self.seen.items()):
            now = self.seen[number] = look_at(number)
            assert now.state is before.state
            self.check(number)

    def change_limit(self, dice: random.Random) -> None:
        """Change how long a limit is; days that stand are worked out anew."""
        known = list(Limit.objects.filter(country="ir", kind="house", valid_until=None))
        to = NewLength(dice.randint(1, 40), Unit.DAY, "x")
        change_limit(dice.choice(known), to=to, why="x", by=_ADMIN, at=self.at)
        for number in self.seen:
            self.seen[number] = look_at(number)
        self.done["limit"] += 1

    def check_readers(self) -> None:
        """Check that each body sees, and finds, what it holds or sits at the table of; no more."""
        numbers = list(self.seen)
        for body in self.players.bodies:
            reads = {number for number, seen in self.seen.items() if body.pk in seen.reads}
            assert visible_to(Scope(body_id=body.pk), numbers) == (reads, reads), body
        officer = self.players.actors["officer"]
        here = {number for number, seen in self.seen.items() if seen.path.startswith(officer.path)}
        assert visible_to(officer.scope, numbers) == (here, here)

    def check_overdue(self) -> None:
        """Check the list of what is overdue against each limit, counted out anew."""
        late = {number for number, seen in self.seen.items() if self._is_late(seen)}
        found = wanted_demands(Wanted(due="overdue"), seen_by=SYSTEM, today=self.at.date())
        assert set(found.filter(pk__in=self.seen).values_list("pk", flat=True)) == late

    def _is_late(self, seen: Look) -> bool:
        if seen.state not in WITH_THE_BODY | WITH_THE_UNION or seen.held_back:
            return False
        until = Demand.objects.select_related("deadline").get(pk=seen.number).deadline
        limit = version_on(versions(until.code, country=until.country), until.since_on)
        on = last_day(limit, since_on=until.since_on, extended=until.extended)
        return on < self.at.date()

    def likely(self, dice: random.Random) -> tuple[int, Deed, str]:
        """Choose a demand, mostly a deed that is possible there, and mostly somebody who may."""
        number = dice.choice(list(self.seen))
        seen = self.seen[number]
        deed = dice.choice(DEEDS)
        if dice.random() < 0.85:
            possible = [one for one in DEEDS if seen.state in _AFTER[one].before]
            weights = [RARELY.get(one, 1.0) for one in possible]
            deed = dice.choices(possible, weights)[0] if possible else deed
        who = dice.choice(self.everybody)
        if dice.random() < 0.85:
            allowed = [one for one in self.everybody if self._may(one, deed, seen)]
            who = dice.choice(allowed) if allowed else who
        return number, deed, who

    def _may(self, who: str, deed: Deed, seen: Look) -> bool:
        by = self._actor(who, seen)
        return by.role in deed.roles and may_touch(by, seen)

    def _actor(self, who: str, seen: Look) -> Actor:
        return holder_of(seen.receipt) if who == "worker" else self.players.actors[who]

    @property
    def everybody(self) -> list[str]:
        return ["worker", *self.players.actors]

    def turn(self, dice: random.Random) -> None:
        """Let one thing happen."""
        chance = dice.random()
        if not self.seen or (chance < 0.08 and len(self.seen) < _DEMANDS_MAX):
            self.hear(dice)
        elif chance > 0.96:
            self.pass_days(dice.choice((1, 1, 3, 7, 25)))
        elif chance > 0.95:
            self.change_limit(dice)
        else:
            number, deed, who = self.likely(dice)
            self.try_deed(number, deed, who, dice)
