"""Who plays, what they play with, and how each deed is tried with luck's own arguments."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from redress.demands import states
from redress.demands.add import add_words
from redress.demands.clarify import ask_worker, clarify_demand, take_question_back
from redress.demands.clock import DayUnfit
from redress.demands.mark import (
    NoMarking,
    agree_with_marking,
    contest_marking,
    mark_demand,
)
from redress.demands.models import Demand, Marking
from redress.demands.pursue import (
    DayNotAhead,
    JointCase,
    NoExtension,
    accept_demand,
    accept_excuse,
    extend_limit,
    promise_day,
    return_demand,
)
from redress.demands.resolve import (
    NotAnEnd,
    ProcedureMissing,
    Reply,
    answer_demand,
    confirm_solved,
    dispute_answer,
    fall_silent,
    leave_it_there,
    withdraw_demand,
)
from redress.demands.route import JointBodyMissing, WrongArea, recall_demand, route_demand
from redress.demands.sort import (
    NotTheSame,
    contest_setting_aside,
    merge_demand,
    release_demand,
    set_demand_aside,
    sort_demand,
    unmerge_demand,
)
from redress.demands.states import Claim, Found, Said, Urgency, WrongState
from redress.demands.verify import SpokeForThem, verify_answer
from redress.formats.attachments import ReadAttachment
from redress.registers.accounts.roles import Actor, Deed, Role, worker_with
from redress.registers.offices.models import Body
from redress.values.spans import Span, SpanKind
from tests.conftest import (
    GOLANDASHT,
    NILKUH,
    WORKS,
    Cast,
    make_account,
    make_body,
    make_office,
    topic,
)

GUANGZHOU = "cn.gd.gz."
PLACES = (NILKUH, NILKUH, NILKUH, WORKS, GOLANDASHT, GUANGZHOU)
# The first sentence is always the demand, so that whoever reads it finds it by "pay".
TEXTS = ("Pay us. The park is dirty.", "Pay us at last! Nobody did since May.", "Pay. 09121234567.")
PAPER = ReadAttachment("slip.pdf", "application/pdf", b"%PDF-1.7")


@dataclass(frozen=True)
class Players:
    """Everybody who acts, by name, and the bodies that demands are sent to."""

    actors: dict[str, Actor]
    bodies: list[Body]


def make_players(cast: Cast) -> Players:
    """Add to the cast whoever stands above, an employer, and a county with limits for accepting."""
    make_office("cn.", "nation", "China")
    make_office(GUANGZHOU, "county", "Guangzhou")
    made = {
        "county_governor": make_body("county_governor", NILKUH, "Governor of the county"),
        "governor": make_body("governor", "ir.sp.", "Governor of the province"),
        "employer": make_body("employer", NILKUH, "Textile works Ltd"),
    }
    inspection = Body.objects.create(
        kind_id="labour_inspection", path=GUANGZHOU, name_en="I", name_fa="I", name_zh="I"
    )
    board = Body.objects.create(
        kind_id="dispute_board", path=GUANGZHOU, name_en="B", name_fa="B", name_zh="B"
    )
    made |= {"inspection": inspection, "board": board}
    cast_bodies = [cast.labour_office, cast.social_security, cast.neighbours_body]
    actors = {name: one for name, one in vars(cast).items() if isinstance(one, Actor)}
    del actors["worker"]  # each demand has a worker of its own
    for name, body in made.items():
        actors[name] = make_account(f"of_{name}", Role.BODY_LIAISON, body=body)
    actors["chinese"] = make_account("chinese", Role.COUNTY_OFFICER, path=GUANGZHOU)
    return Players(actors, [*cast_bodies, *made.values()])


@dataclass(frozen=True)
class Turn:
    """One try: a deed at a demand, by somebody, at a moment."""

    demand: Demand  # its number alone; the step reads it
    path: str
    by: Actor
    at: dt.datetime
    dice: random.Random
    bodies: list[Body]
    others: list[int]

    @property
    def on(self) -> dt.date:
        return self.at.date()

    def some_body(self) -> Body:
        near = [body for body in self.bodies if self.path.startswith(body.path)]
        return self.dice.choice(near if self.dice.random() < 0.9 else self.bodies)

    def act(self, step: Callable[..., object], **given: object) -> None:
        step(self.demand, by=self.by, at=self.at, **given)


def _route(turn: Turn) -> None:
    joint = [turn.some_body() for _ in range(turn.dice.choice((0, 0, 1, 2)))]
    turn.act(route_demand, to=turn.some_body(), joint=joint)


def some_reply(turn: Turn) -> Reply:
    code = "ir.appeal" if turn.path.startswith("ir.") else "cn.arb.sue"
    ago = turn.dice.choice((0, 0, 1, 3, 8))
    return Reply(
        "x",
        turn.dice.choice(list(Claim)),
        procedure=turn.dice.choice(("", code, code)),
        began_on=turn.on,
        on=turn.on - dt.timedelta(days=ago) if ago else None,
        channel="letter" if ago else "desk",
        papers=[PAPER] if turn.dice.random() < 0.2 else (),
    )


def _mark(turn: Turn) -> None:
    spans = [Span(SpanKind.DEMAND, 0, 3)]
    if turn.dice.random() < 0.7:
        kind = turn.dice.choice((SpanKind.NONWORKER, SpanKind.FACT, SpanKind.PERSONAL))
        spans.append(Span(kind, 5, 12))
    turn.act(mark_demand, spans=spans)


def _marking(turn: Turn) -> int:
    known = Marking.objects.filter(demand_id=turn.demand.pk).values_list("pk", flat=True)
    return turn.dice.choice([*known, 0])


# Each deed: how it is tried, and what else it may refuse where the table lets it be.
TRIES: dict[Deed, tuple[Callable[[Turn], None], tuple[type[Exception], ...]]] = {
    states.RELEASE: (lambda t: t.act(release_demand), (WrongState,)),
    states.ADD: (lambda t: t.act(add_words, text=t.dice.choice(("x", "y"))), ()),
    states.MARK: (_mark, ()),
    states.AGREE_MARKING: (lambda t: t.act(agree_with_marking, marking=_marking(t)), (NoMarking,)),
    states.CONTEST_MARKING: (
        lambda t: t.act(contest_marking, marking=_marking(t), text="x"),
        (NoMarking,),
    ),
    states.SORT: (
        lambda t: t.act(sort_demand, topic=topic(), urgency=t.dice.choice(list(Urgency))),
        (),
    ),
    states.SET_ASIDE: (lambda t: t.act(set_demand_aside, why="x"), ()),
    states.ROUTE: (_route, (WrongArea, JointBodyMissing)),
    states.RECALL: (lambda t: t.act(recall_demand, why="x"), ()),
    states.ACCEPT: (lambda t: t.act(accept_demand), ()),
    states.RETURN: (lambda t: t.act(return_demand, why="x", better=t.some_body()), (JointCase,)),
    states.PROMISE: (
        lambda t: t.act(
            promise_day, text="x", by_on=t.on + dt.timedelta(days=t.dice.randint(-1, 9))
        ),
        (DayNotAhead,),
    ),
    states.ASK: (lambda t: t.act(ask_worker, text="x"), (WrongState,)),
    states.TAKE_BACK: (lambda t: t.act(take_question_back), (WrongState,)),
    states.CLARIFY: (lambda t: t.act(clarify_demand, text="x"), ()),
    states.ANSWER: (
        lambda t: t.act(answer_demand, reply=some_reply(t)),
        (DayUnfit, ProcedureMissing, WrongState),
    ),
    states.EXTEND: (lambda t: t.act(extend_limit, why="x"), (NoExtension,)),
    states.EXCUSE: (lambda t: t.act(accept_excuse, why="x"), (WrongState,)),
    states.CONFIRM: (lambda t: t.act(confirm_solved), ()),
    states.LEAVE: (
        lambda t: t.act(leave_it_there, said=t.dice.choice(list(Said))),
        (NotAnEnd,),
    ),
    states.DISPUTE: (
        lambda t: t.act(dispute_answer, said=t.dice.choice((Said.PARTLY, Said.NOT_SOLVED))),
        (WrongState,),
    ),
    states.CONTEST: (lambda t: t.act(contest_setting_aside, text="x"), (WrongState,)),
    states.WITHDRAW: (lambda t: t.act(withdraw_demand), ()),
    states.FALL_SILENT: (lambda t: t.act(fall_silent), (WrongState,)),
    states.VERIFY: (
        lambda t: t.act(verify_answer, found=t.dice.choice(list(Found)), text="x"),
        (WrongState, SpokeForThem),
    ),
    states.MERGE: (
        lambda t: t.act(merge_demand, into=Demand(pk=t.dice.choice(t.others or [0]))),
        (NotTheSame,),
    ),
    states.UNMERGE: (lambda t: t.act(unmerge_demand, why="x"), ()),
}
DEEDS = list(TRIES)


def holder_of(receipt: str | None) -> Actor:
    return worker_with(receipt or "")
