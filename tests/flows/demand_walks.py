"""For each deed of the demand flow: make what it is done to; give the doing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from redress.demands.add import add_words
from redress.demands.clarify import ask_worker, clarify_demand, take_question_back
from redress.demands.hear import HeardWords, hear_demand, make_ready
from redress.demands.identify import (
    Identity,
    ask_identity,
    decide_identity,
    read_identity,
    replace_receipt,
)
from redress.demands.kinds import Wellbeing
from redress.demands.mark import agree_with_marking, contest_marking, mark_demand
from redress.demands.models import Demand
from redress.demands.pursue import (
    accept_demand,
    accept_excuse,
    extend_limit,
    promise_day,
    return_demand,
)
from redress.demands.resolve import (
    Reply,
    answer_demand,
    confirm_solved,
    dispute_answer,
    fall_silent,
    leave_it_there,
    withdraw_demand,
)
from redress.demands.retaliate import check_in, link_retaliation, report_retaliation
from redress.demands.route import recall_demand, route_demand
from redress.demands.sort import (
    contest_setting_aside,
    merge_demand,
    release_demand,
    set_demand_aside,
    sort_demand,
    unmerge_demand,
)
from redress.demands.states import Found, HeldBack, Said, Urgency
from redress.demands.take_over import correct_demand, import_demands
from redress.demands.verify import verify_answer
from redress.registers.accounts.roles import SYSTEM, Actor, Role
from redress.registers.limits.change import NewLength, change_limit
from redress.registers.limits.models import Limit
from redress.values.days import Unit
from redress.values.spans import Span, SpanKind
from tests.conftest import DAY, NILKUH, NOON, Cast, answer, hear, later, route, sort, topic

WORDS = HeardWords(text="x", path=NILKUH, source="l", source_id="1")
SPANS = [Span(SpanKind.DEMAND, 0, 3)]
NATION = Actor("nation", Role.ADMINISTRATOR, 0, path="ir.", country="ir")

Walk = Callable[[Cast], Callable[[], Any]]


def walk(made: Callable[[Cast], Any], step: Callable[..., Any], by: str, **given: Any) -> Walk:
    """Let somebody of the cast do a step, at noon unless told otherwise, to what is made first."""

    def of(cast: Cast) -> Callable[[], Any]:
        row = made(cast)
        told = {name: one(cast, row) if callable(one) else one for name, one in given.items()}
        who = SYSTEM if by == "system" else getattr(cast, by)
        return lambda: step(row, **{"by": who, "at": NOON, **told})

    return of


def sent(cast: Cast) -> Demand:
    return route(cast, hear(cast))


def extendable(cast: Cast) -> Demand:
    Limit.objects.filter(code=f"body.{cast.labour_office.pk}").update(extension=5)
    return sent(cast)


def asked(cast: Cast) -> Demand:
    return ask_worker(hear(cast), text="x", by=cast.officer, at=NOON)


def answered(cast: Cast) -> Demand:
    return answer(cast, hear(cast))


def set_aside(cast: Cast) -> Demand:
    return set_demand_aside(hear(cast), why="x", by=cast.officer, at=NOON)


def marked(cast: Cast) -> Demand:
    return mark_demand(hear(cast), spans=SPANS, by=cast.officer, at=NOON)


def merged(cast: Cast) -> Demand:
    return merge_demand(left(cast), into=twin(cast), by=cast.officer, at=NOON)


def twin(cast: Cast, _row: Demand | None = None) -> Demand:
    return hear(cast, receipt="1" * 64, contact="0912")


def left(cast: Cast) -> Demand:
    return hear(cast, contact="0912")


def punished(cast: Cast) -> Demand:
    return report_retaliation(
        hear(cast), words=WORDS, reported_by=cast.officer, by=cast.officer, at=NOON
    )


def named(cast: Cast) -> Demand:
    return hear(cast, name="Maryam")


def ask(cast: Cast, row: Demand) -> int:
    return ask_identity(row, why="x", by=cast.officer, at=NOON).pk


def granted(cast: Cast, row: Demand) -> int:
    request = ask(cast, row)
    decide_identity(row, request=request, granted=True, by=cast.second, at=NOON)
    return request


def last_marking(_cast: Cast, row: Demand) -> int:
    return row.markings.get().pk


WALKS: dict[str, Walk] = {
    "demand.heard": lambda c: lambda: hear_demand(WORDS, by=c.officer, at=NOON),
    "demand.imported": lambda c: (
        lambda: import_demands([make_ready(WORDS, by=c.officer, at=NOON)], by=c.officer, at=NOON)
    ),
    "demand.corrected": walk(hear, correct_demand, "officer", changed={"employer": "x"}),
    "demand.released": walk(
        lambda c: hear(c, held_back=HeldBack.TOO_FAST), release_demand, "officer"
    ),
    "demand.marked": walk(hear, mark_demand, "officer", spans=SPANS),
    "demand.marking_agreed": walk(marked, agree_with_marking, "worker", marking=last_marking),
    "demand.marking_contested": walk(
        marked, contest_marking, "worker", marking=last_marking, text="x"
    ),
    "demand.sorted": walk(
        hear, sort_demand, "officer", topic=lambda c, d: topic(), urgency=Urgency.LOW
    ),
    "demand.set_aside": walk(hear, set_demand_aside, "officer", why="x"),
    "demand.contested": walk(set_aside, contest_setting_aside, "worker", text="x"),
    "demand.merged": walk(left, merge_demand, "officer", into=twin),
    "demand.unmerged": walk(merged, unmerge_demand, "officer", why="x"),
    "demand.routed": walk(
        lambda c: sort(c, hear(c)), route_demand, "officer", to=lambda c, d: c.labour_office
    ),
    "demand.recalled": walk(sent, recall_demand, "officer", why="x"),
    "demand.accepted": walk(sent, accept_demand, "liaison"),
    "demand.returned": walk(sent, return_demand, "liaison", why="x"),
    "demand.promised": walk(sent, promise_day, "liaison", text="x", by_on=DAY),
    "demand.asked": walk(sent, ask_worker, "liaison", text="x"),
    "demand.question_taken_back": walk(asked, take_question_back, "officer"),
    "demand.added": walk(hear, add_words, "worker", text="x"),
    "demand.clarified": walk(asked, clarify_demand, "worker", text="x"),
    "demand.extended": walk(extendable, extend_limit, "officer", why="x"),
    "demand.excused": walk(sent, accept_excuse, "officer", why="x"),
    "demand.answered": walk(sent, answer_demand, "liaison", reply=Reply("x")),
    "demand.confirmed": walk(answered, confirm_solved, "worker"),
    "demand.left": walk(answered, leave_it_there, "worker", said=Said.PARTLY),
    "demand.disputed": walk(answered, dispute_answer, "worker", said=Said.PARTLY),
    "demand.withdrawn": walk(hear, withdraw_demand, "worker"),
    "demand.fell_silent": walk(answered, fall_silent, "system", at=later(31)),
    "demand.verified": walk(answered, verify_answer, "officer", found=Found.SOLVED, text="x"),
    "demand.retaliation_reported": walk(hear, link_retaliation, "worker", case=1),
    "demand.checked_in": walk(
        punished,
        check_in,
        "officer",
        which=lambda c, d: d.check_ins.first().pk,
        how=Wellbeing.SAFE,
        at=later(14),
    ),
    "identity.asked": walk(named, ask_identity, "officer", why="x"),
    "identity.decided": walk(named, decide_identity, "second", request=ask, granted=True),
    "identity.read": walk(named, read_identity, "officer", request=granted),
    "receipt.replaced": walk(
        named,
        replace_receipt,
        "officer",
        said=Identity("Maryam", ""),
        receipt_fingerprint="e" * 64,
    ),
    "limit.changed": lambda c: (
        lambda: change_limit(
            Limit.objects.get(code="union.low", country="ir"),
            to=NewLength(5, Unit.DAY, "x"),
            why="x",
            by=NATION,
            at=NOON,
        )
    ),
}
