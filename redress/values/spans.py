"""Spans of a demand's text: what of it is demand, fact, not a worker's matter, or personal.

Offsets count Unicode code points of the text as given; the end is exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from redress.values.personal import personal_parts

SPANS_MAX: Final = 500
MASK: Final = "▇▇▇"


class SpanKind(StrEnum):
    """What a part of a demand's text is; ``personal`` lies over the others."""

    DEMAND = "demand"
    FACT = "fact"
    NONWORKER = "nonworker"
    PERSONAL = "personal"


class SpanFault(StrEnum):
    """Why something is no list of spans."""

    NOT_A_LIST = "not_a_list"
    TOO_MANY = "too_many"
    NOT_A_SPAN = "not_a_span"
    UNKNOWN_KIND = "unknown_kind"
    OUTSIDE = "outside"
    UNSORTED = "unsorted"
    OVERLAP = "overlap"


class NotSpans(ValueError):
    """What was sent is no list of spans of this text."""

    def __init__(self, reason: SpanFault, index: int | None = None) -> None:
        super().__init__(reason, index)
        self.reason: Final = reason
        self.index: Final = index


_KINDS: Final = frozenset[str](SpanKind)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text and what it is."""

    kind: SpanKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Text to show and the kinds that cover it."""

    text: str
    kinds: frozenset[SpanKind]


BREAK: Final = Piece("\n", frozenset())
_READ: Final = (SpanKind.DEMAND, SpanKind.FACT)


def read_spans(raw: object, *, text: str) -> tuple[Span, ...]:
    """Read ``[[kind, start, end], ...]`` as a form sends it, in the order of the text.

    Raises:
        NotSpans: with the reason, and the place in the list where it shows.
    """
    if not isinstance(raw, list):
        raise NotSpans(SpanFault.NOT_A_LIST)
    if len(raw) > SPANS_MAX:
        raise NotSpans(SpanFault.TOO_MANY)
    spans: list[Span] = []
    reached = {"": 0, SpanKind.PERSONAL: 0}  # the end of the last span of each layer
    for index, item in enumerate(raw):
        span = _read_span(item, index=index, length=len(text))
        layer = SpanKind.PERSONAL if span.kind is SpanKind.PERSONAL else ""
        if spans and span.start < spans[-1].start:
            raise NotSpans(SpanFault.UNSORTED, index)
        if span.start < reached[layer]:
            raise NotSpans(SpanFault.OVERLAP, index)
        reached[layer] = span.end
        spans.append(span)
    return tuple(sorted(spans, key=in_order))


def _read_span(item: object, *, index: int, length: int) -> Span:
    match item:
        case [str(kind), int(start), int(end)] if type(start) is type(end) is int:
            pass
        case _:
            raise NotSpans(SpanFault.NOT_A_SPAN, index)
    if kind not in _KINDS:
        raise NotSpans(SpanFault.UNKNOWN_KIND, index)
    if not 0 <= start < end <= length:
        raise NotSpans(SpanFault.OUTSIDE, index)
    return Span(SpanKind(kind), start, end)


def in_order(span: Span) -> tuple[int, int, str]:
    """Give the key by which spans stand in the order of the text."""
    return span.start, span.end, span.kind


def pieces(text: str, spans: Sequence[Span]) -> list[Piece]:
    """Cut the whole text where a span begins or ends; the pieces joined are the text."""
    return [Piece(text[start:end], kinds) for start, end, kinds in _cuts(len(text), spans)]


def _cuts(length: int, spans: Iterable[Span]) -> list[tuple[int, int, frozenset[SpanKind]]]:
    open_kinds: dict[SpanKind, int] = dict.fromkeys(SpanKind, 0)
    changes: dict[int, list[tuple[SpanKind, int]]] = {0: [], length: []}
    for span in spans:
        changes.setdefault(span.start, []).append((span.kind, 1))
        changes.setdefault(span.end, []).append((span.kind, -1))
    found = []
    for start, end in pairwise(sorted(changes)):
        for kind, step in changes[start]:
            open_kinds[kind] += step
        found.append((start, end, frozenset(kind for kind in SpanKind if open_kinds[kind])))
    return found


def pure_demand(text: str, spans: Sequence[Span]) -> str:
    """Give the words of the demand alone, one span a line."""
    return "\n".join(text[one.start : one.end] for one in _of(spans, SpanKind.DEMAND))


def for_body(text: str, spans: Sequence[Span], *, mask_personal: bool) -> list[Piece]:
    """Give what the responsible body reads: demand and facts, ``BREAK`` between two spans.

    Side matter and what nobody has marked are left out. The mask is the same for every length.
    """
    begins = {one.start for one in _of(spans, *_READ)}
    read: list[Piece] = []
    for start, end, kinds in _cuts(len(text), spans):
        if kinds.isdisjoint(_READ):
            continue
        if read and start in begins:
            read.append(BREAK)
        masked = mask_personal and SpanKind.PERSONAL in kinds
        read.append(Piece(MASK if masked else text[start:end], kinds))
    return read


def unmarked(text: str, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """List the parts that are neither demand nor fact nor side matter; space alone is no part."""
    marked = _of(spans, *_READ, SpanKind.NONWORKER)
    edges = [0, *(edge for one in marked for edge in (one.start, one.end)), len(text)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return [trimmed for start, end in gaps if (trimmed := _trimmed(text, start, end))]


def personal_data(text: str) -> list[Span]:
    """Find obvious personal data; names are not found, a reader marks them."""
    return [Span(SpanKind.PERSONAL, start, end) for start, end in personal_parts(text)]


def _of(spans: Iterable[Span], *kinds: SpanKind) -> list[Span]:
    return sorted((span for span in spans if span.kind in kinds), key=in_order)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    part = text[start:end]
    end = start + len(part.rstrip())
    start += len(part) - len(part.lstrip())
    return (start, end) if start < end else None


_ITEM_DIGITS_MAX: Final = 2
_ITEM: Final = re.compile(r"(\d{1,2})[.)–-](?=[\s\u0620-\u064a\u066e-\u06d3\u4e00-\u9fff])")
_STOPS: Final = re.compile(
    r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+|[.\uff0e?!؟؛。｡！？；]+"
    rf"|(?<=\s)(?={_ITEM.pattern})"
)
_CLOSING: Final = re.compile(r"(?:[ \t]*[»”’」』》〉）】)\]]|')*")
_SPACE: Final = re.compile(r"\s*")
_ASIDE: Final = re.compile(r"[\s)\]”\"]*")
_SINGLE: Final = frozenset(".\uff0e?!")
_WORD_BEFORE: Final = re.compile(r"[^\W_]+\Z")
_LETTER: Final = re.compile("[a-z\u0620-\u064a\u066e-\u06d3]")
_TITLE: Final = re.compile("mrs?|ms|dr|prof|st|vs|cf|الف")
# These end a sentence too, unless a number or a small letter follows.
_SHORT: Final = re.compile(
    "nos?|art|sec|para|pp|fig|tel|ext|ref|approx|est|etc|co|ltd|inc|dept|govt"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_SHORT_CHARS_MAX: Final = 6


def sentences(text: str) -> list[tuple[int, int]]:
    """Cut a text into trimmed sentences that together hold everything but space."""
    found: list[tuple[int, int]] = []
    start, item, new_line = _past(_SPACE, text, 0), 0, True
    for stop in _STOPS.finditer(text):
        if numbered := _ITEM.match(text, start):
            item = int(numbered[1])
        end = _end_of(text, start, stop, item=item) if stop.start() >= start else None
        if end is not None:
            _add(found, text, (start, end), new_line=new_line)
            start, new_line = _past(_SPACE, text, end), stop[0].isspace()
    _add(found, text, (start, len(text)), new_line=new_line)
    return found


def _past(what: re.Pattern[str], text: str, at: int) -> int:
    passed = what.match(text, at)
    return passed.end() if passed else at


def _add(found: list[tuple[int, int]], text: str, part: tuple[int, int], *, new_line: bool) -> None:
    """Add a sentence; stray marks go to the one before them in their line."""
    trimmed = _trimmed(text, *part)
    if trimmed is None:
        return
    if found and not new_line and not any(map(str.isalnum, text[trimmed[0] : trimmed[1]])):
        trimmed = found.pop()[0], trimmed[1]
    found.append(trimmed)


def _end_of(text: str, start: int, stop: re.Match[str], *, item: int) -> int | None:
    """Say where the sentence ends that a stop may end; None if it goes on."""
    at, end = stop.span()
    if stop[1]:
        return at if at > start and 0 < item == int(stop[1]) - 1 else None
    if stop[0].isspace():
        return at
    if stop[0] in _SINGLE and _goes_on(text, start, stop):
        return None
    end = _past(_CLOSING, text, end)
    quoted = text.startswith('"', end) and text.count('"', start, end) % 2
    return _past(_CLOSING, text, end + 1) if quoted else end


def _goes_on(text: str, start: int, stop: re.Match[str]) -> bool:
    at, end = stop.span()
    before, after = text[max(start, at - 1) : at], text[end : end + 1]
    if before.isdigit() and after.isdigit():
        return True
    if before.isascii() and before.strip() and after.isascii() and after.isalnum():
        return not after.isupper() or before.isupper()  # an address; but "paid.We" is two
    return stop[0] not in "?!" and _is_short(text, start, stop)


def _is_short(text: str, start: int, dot: re.Match[str]) -> bool:
    """Tell whether the word before a dot is the number of an item, a letter or an abbreviation."""
    at = dot.start()
    found = _WORD_BEFORE.search(text, max(start, at - _SHORT_CHARS_MAX - 1), at)
    word = found[0].lower() if found else ""
    if word.isdigit():
        return len(word) <= _ITEM_DIGITS_MAX and at - len(word) == start
    if _LETTER.fullmatch(word):
        return text[at - 1] != "I"
    after = _past(_ASIDE, text, dot.end())
    following = text[after : after + 1]
    goes_on = following.isdigit() or following.islower() or text.startswith("Ltd", after)
    return bool(_TITLE.fullmatch(word) or (goes_on and _SHORT.fullmatch(word)))
