"""What a body reads of a demand: demand and facts, without side matter, and without who it is."""

from __future__ import annotations

from redress.demands.models import Demand, Marking
from redress.values.spans import Span, SpanKind, for_body, personal_data, read_spans


def present_marking(demand: Demand) -> Marking | None:
    """Give the marking that counts: the last one."""
    return demand.markings.last()


def spans_of(demand: Demand, marking: Marking | None) -> tuple[Span, ...]:
    """Give the spans of a marking; of an unmarked text, all of it as the demand.

    In an unmarked text what is personal by its form is covered; a marking names all of it itself.
    """
    if marking is not None:
        return read_spans(marking.spans, text=demand.text)
    whole = Span(SpanKind.DEMAND, 0, len(demand.text))
    return (whole, *personal_data(demand.text))


def body_text(demand: Demand, marking: Marking | None) -> str:
    """Write what a body reads; masked where the worker's name is to be kept from the employer."""
    pieces = for_body(
        demand.text, spans_of(demand, marking), mask_personal=demand.keep_name_from_employer
    )
    return "".join(piece.text for piece in pieces)


def covered(text: str) -> str:
    """Cover in a text that nobody marks what is personal by its form; names are not found."""
    whole = Span(SpanKind.DEMAND, 0, len(text))
    if not text:
        return text
    pieces = for_body(text, (whole, *personal_data(text)), mask_personal=True)
    return "".join(piece.text for piece in pieces)
