"""Lay markings over one another: parts chosen by hand over sentences, and words to be masked."""

from __future__ import annotations

from collections.abc import Iterable

from redress.values.spans import Span, SpanKind, in_order


def places_of(text: str, words: Iterable[str]) -> list[Span]:
    """Find every place where some words stand, exactly as written, to be masked as personal.

    Where two of them overlap, the place they cover together is one.
    """
    found: list[tuple[int, int]] = []
    for one in {word for word in words if word}:
        start = text.find(one)
        while start >= 0:
            found.append((start, start + len(one)))
            start = text.find(one, start + len(one))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [Span(SpanKind.PERSONAL, start, end) for start, end in joined]


def joined_spans(under: Iterable[Span], over: Iterable[Span]) -> list[Span]:
    """Lay some spans over others: where they meet, those on top hold and the rest is cut around them.

    Personal spans lie over everything and cut nothing; of two that overlap the later is dropped.
    """
    personal: list[Span] = []
    firm: list[Span] = []
    for span in sorted(over, key=in_order):
        layer = personal if span.kind is SpanKind.PERSONAL else firm
        if not layer or layer[-1].end <= span.start:
            layer.append(span)
    rest: list[Span] = []
    for span in under:
        start = span.start
        for top in firm:
            if top.end <= start or top.start >= span.end:
                continue
            if top.start > start:
                rest.append(Span(span.kind, start, top.start))
            start = top.end
        if start < span.end:
            rest.append(Span(span.kind, start, span.end))
    return sorted([*rest, *firm, *personal], key=in_order)
