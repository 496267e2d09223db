"""Add to a demand: the worker says more, or brings more papers; what was said first stays as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from redress.demands.clock import TWO_CLICKS
from redress.demands.hear import NothingSaid
from redress.demands.models import Addition, Demand
from redress.demands.models.said import BY_RECEIPT
from redress.demands.papers import are_kept, keep_papers
from redress.demands.search import note_words
from redress.demands.states import ADD, NOTE_CHARS_MAX, Holder, State, state_after
from redress.formats.attachments import ReadAttachment
from redress.registers.accounts.roles import Actor, Role
from redress.registers.journal.steps import record, step

ADDITIONS_MAX: Final = 50
PAPERS_MAX: Final = 30


class TooMuchAdded(ValueError):
    """A demand has as many additions or papers as it may."""


@step(ADD)
def add_words(
    demand: Demand,
    *,
    text: str,
    papers: Sequence[ReadAttachment] = (),
    channel: str = BY_RECEIPT,
    by: Actor,
    at: dt.datetime,
) -> Demand:
    """Put down what a worker adds. The same again within minutes is added once.

    Raises:
        NothingSaid: neither words nor papers, or too many words.
        TooMuchAdded: there are ``ADDITIONS_MAX`` already, or more than ``PAPERS_MAX`` papers.
        WrongState: the demand has ended; it is opened again with a word on the answer.
    """
    state_after(ADD, State(demand.state))
    if not (text.strip() or papers) or len(text) > NOTE_CHARS_MAX or "\x00" in text:
        raise NothingSaid
    last = demand.additions.last()
    again = last is not None and at - last.at < TWO_CLICKS and _is_same(last, text, papers)
    if not again:
        held = demand.attachments.filter(brought_by=Holder.WORKER).count()
        if demand.additions.count() >= ADDITIONS_MAX or held + len(papers) > PAPERS_MAX:
            raise TooMuchAdded
        addition = Addition.objects.create(
            demand=demand,
            at=at,
            text=text,
            channel=channel,
            put_down_by="" if by.role is Role.WORKER else by.name,
        )
        keep_papers(demand, papers, brought_by=Holder.WORKER, addition=addition)
        note_words(demand)
    detail = {"channel": channel, "papers": len(papers), "again": again}
    record(ADD, demand, by=by, at=at, detail=detail)
    return demand


def _is_same(last: Addition, text: str, papers: Sequence[ReadAttachment]) -> bool:
    return last.text == text and are_kept(last.attachments.all(), papers)
