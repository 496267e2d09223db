"""Suggest topics and kinds of sentences by words; an officer decides.

The words stand in ``data/keywords.yaml``. They are counted, not understood: "no rent is owed" speaks
of rent here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import yaml

from redress.values.spans import SpanKind
from redress.values.text import normal_form

_FILE: Final = Path(__file__).parent / "data" / "keywords.yaml"
_SIDE_MATTER: Final = "other.nonworker"
_CUES: Final = ("demand", "not_demand", "fact")
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'\u2019\u02bc`"))
_ITEM: Final = re.compile(r"\A\d{1,2}[.)、-]")
_DIGIT: Final = re.compile(r"\d")

# How a phrase may stand in a text, by language: its beginning, its end, a space and a gap within it.
_GAP: Final = "\t"  # sorts behind a space and all letters, so that a gap is tried last
_FEW: Final = "[^.!?;\u061f\u061b。]{0,32}?"
_SHAPES: Final = {
    "fa": (
        r"(?<!\w)",
        r"(?:ها|های|هایی|هایمان|هایشان|ی|ای|م|ام|ات|اش|ش|مان|تان|شان|یم|ید|ند|ن)?(?!\w)()",
        {" ": "(?: ?(?:های|ها|ی) | )?", _GAP: f"(?: {_FEW})??[ -]"},
    ),
    "zh": ("", "()", {_GAP: _FEW}),
    "en": (r"(?<!\w)", r"s?(?!\w)()", {" ": "[ -]", _GAP: f"(?:[ -]{_FEW})??[ -]"}),
}


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a phrase speaks for, and how much: the number of its letters."""

    label: str
    weight: int


@dataclass(frozen=True, slots=True)
class _Finder:
    """Phrases of all languages in one pattern; the nth group is the nth phrase's end."""

    pattern: re.Pattern[str]
    marks: Sequence[_Mark]

    def found_in(self, plain: str) -> Iterator[_Mark]:
        for match in self.pattern.finditer(plain):
            if match.lastindex:
                yield self.marks[match.lastindex - 1]


def suggest_topics(text: str, *, limit: int = 3) -> list[tuple[str, int]]:
    """Give the topics whose words stand in a text, with the letters of those words, most first."""
    return sorted(topic_words(text).items(), key=lambda one: (-one[1], one[0]))[:limit]


def topic_words(text: str) -> dict[str, int]:
    """Say how many letters of a text stand in words of each topic."""
    scores: dict[str, int] = {}
    for mark in _finders().topics.found_in(_plain(text)):
        scores[mark.label] = scores.get(mark.label, 0) + mark.weight
    return scores


def topics_with_words() -> dict[str, dict[str, list[str]]]:
    """Give the words of each topic by language; a star stands for a gap."""
    return dict(_read()["topics"])


def suggest_kinds(text: str, sentences: Iterable[tuple[int, int]]) -> list[SpanKind | None]:
    """Say of each sentence what its words make likely; None where they say nothing."""
    return [_kind_of(_plain(text[start:end])) for start, end in sentences]


def _kind_of(plain: str) -> SpanKind | None:
    if {mark.label for mark in _finders().topics.found_in(plain)} == {_SIDE_MATTER}:
        return SpanKind.NONWORKER
    cues = {mark.label for mark in _finders().cues.found_in(plain)}
    if "demand" in cues:
        return SpanKind.DEMAND
    return SpanKind.FACT if "fact" in cues or _DIGIT.search(_ITEM.sub("", plain)) else None


def _plain(text: str) -> str:
    return normal_form(text).translate(_APOSTROPHES)


@dataclass(frozen=True, slots=True)
class _Finders:
    topics: _Finder
    cues: _Finder


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return read


@lru_cache(maxsize=1)
def _finders() -> _Finders:
    read = _read()
    return _Finders(_finder(read["topics"]), _finder({cue: read[cue] for cue in _CUES}))


def _finder(phrases: Mapping[str, Mapping[str, Sequence[str]]]) -> _Finder:
    marks: list[_Mark] = []
    trees = []
    for language, (begin, end, within) in _SHAPES.items():
        entries = [
            (_plain(written).replace(" * ", _GAP), label)
            for label, by_language in phrases.items()
            for written in by_language[language]
        ]
        labels = dict(sorted(entries, reverse=True))
        marks += [_Mark(labels[one], len(re.sub(r"\s", "", one))) for one in labels]
        trees.append(begin + _tree(list(labels), end, within))
    return _Finder(re.compile("|".join(trees)), marks)


def _tree(phrases: Sequence[str], end: str, within: Mapping[str, str]) -> str:
    """Write phrases as one pattern: a common beginning once, the longer and the surer first."""
    ways = [
        within.get(first, re.escape(first)) + _tree([one[1:] for one in group], end, within)
        if first
        else end
        for first, group in groupby(phrases, key=lambda one: one[:1])
    ]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"
