"""What a body reads of a demand: demand and facts, without side matter, and without who it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from redress.demands.models import Demand, Marking
from redress.values.laying import places_of
from redress.values.spans import Span, SpanKind, for_body, personal_data, read_spans

# Letters that a Persian and an Arabic keyboard write differently.
_ALIKE: Final = {"ي": "ی", "ى": "ی", "ك": "ک", "\u200c": " "}


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


def marked_as_personal(demand: Demand) -> list[str]:
    """List the words that any marking of a demand ever covered as personal: names above all."""
    return sorted({
        demand.text[span.start : span.end]
        for marking in demand.markings.all()
        for span in read_spans(marking.spans, text=demand.text)
        if span.kind is SpanKind.PERSONAL
    })


def covered(text: str, names: Sequence[str] = ()) -> str:
    """Cover in a text that nobody marks what is personal by its form, and some names."""
    if not text:
        return text
    whole = Span(SpanKind.DEMAND, 0, len(text))
    named = places_of(_folded(text), [_folded(name) for name in names if name.strip()])
    pieces = for_body(text, (whole, *personal_data(text), *named), mask_personal=True)
    return "".join(piece.text for piece in pieces)


def _folded(text: str) -> str:
    """Write a text in one way, letter by letter, so that places in it stay where they are."""
    return "".join(_ALIKE.get(letter) or _lower(letter) for letter in text)


def _lower(letter: str) -> str:
    low = letter.lower()
    return low if len(low) == 1 else letter
