"""A case with a row in every table of the demand flow."""

from __future__ import annotations

from redress.demands.add import add_words
from redress.demands.clarify import ask_worker, clarify_demand
from redress.demands.escalate import climb_ladder
from redress.demands.hear import HeardWords
from redress.demands.identify import ask_identity, decide_identity
from redress.demands.kinds import HearingKind
from redress.demands.mark import agree_with_marking, mark_demand
from redress.demands.models import Collective, Demand, Hearing, Membership, Sample, SampleCall
from redress.demands.pursue import accept_demand, promise_day
from redress.demands.resolve import Reply, answer_demand, confirm_solved
from redress.demands.retaliate import report_retaliation
from redress.demands.route import route_demand
from redress.demands.states import Found
from redress.demands.verify import verify_answer
from redress.formats.attachments import ReadAttachment
from redress.registers.accounts.roles import worker_with
from redress.values.spans import Span, SpanKind
from tests.conftest import DAY, NILKUH, NOON, Cast, hear, later, sort

PAPER = ReadAttachment("payslip of Maryam.pdf", "application/pdf", b"%PDF-1.7")


def full_case(cast: Cast) -> Demand:
    """Walk a demand through everything, and put it into a meeting, a group and a sample."""
    return fill(cast, hear(cast, name="Maryam", contact="0912", attachments=[PAPER]))


def fill(cast: Cast, demand: Demand) -> Demand:
    """Do to a demand that was heard with a name all that can be done to it."""
    marked = mark_demand(demand, spans=[Span(SpanKind.DEMAND, 0, 6)], by=cast.officer, at=NOON)
    marking = marked.markings.get().pk
    agree_with_marking(demand, marking=marking, by=worker_with(demand.receipt_fingerprint), at=NOON)
    sort(cast, demand)
    together = [cast.social_security]
    route_demand(demand, to=cast.labour_office, joint=together, by=cast.officer, at=NOON)
    accept_demand(demand, by=cast.liaison, at=NOON)
    promise_day(demand, text="On Sunday.", by_on=DAY, by=cast.liaison, at=NOON)
    ask_worker(demand, text="Which months?", by=cast.liaison, at=NOON)
    clarify_demand(demand, text="All.", by=worker_with(demand.receipt_fingerprint), at=NOON)
    add_words(demand, text="And the bonus.", by=worker_with(demand.receipt_fingerprint), at=NOON)
    climb_ladder(at=later(60))
    answer_demand(
        demand, reply=Reply("They are paid.", papers=[PAPER]), by=cast.liaison, at=later(60)
    )
    confirm_solved(demand, by=worker_with(demand.receipt_fingerprint), at=later(61))
    verify_answer(demand, found=Found.SOLVED, text="Bank.", by=cast.officer, at=later(61))
    words = HeardWords(text="They sent me away.", path=NILKUH, receipt_fingerprint="d" * 64)
    report_retaliation(
        demand,
        words=words,
        reported_by=worker_with("d" * 64),
        by=worker_with(demand.receipt_fingerprint),
        at=later(62),
    )
    asked = ask_identity(demand, why="To call.", by=cast.officer, at=NOON)
    decide_identity(demand, request=asked.pk, granted=True, by=cast.second, at=NOON)
    _put_into_groups(demand)
    return Demand.objects.get(pk=demand.pk)


def _put_into_groups(demand: Demand) -> None:
    Hearing.objects.create(
        path=NILKUH,
        kind=HearingKind.MEETING,
        held_on=DAY,
        minutes="x",
        minutes_sha256="x",
        written_at=NOON,
        written_by="Officer",
    )
    group = Collective.objects.create(path=NILKUH, title="Wages", made_at=NOON, made_by="Officer")
    Membership.objects.create(collective=group, demand=demand, added_at=NOON, added_by="Officer")
    sample = Sample.objects.create(
        path=NILKUH, drawn_at=NOON, drawn_by="Officer", seed="x", population=1, wanted=1
    )
    SampleCall.objects.create(sample=sample, demand=demand)
