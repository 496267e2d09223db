"""Triage texts: language, topics, urgency, and which part is what, each with how sure that is.

A letter holds greetings, a neighbour's quarrel and the football beside what it demands. So it is read
sentence by sentence, and each speaks for a topic as much as it seems to be a demand or a fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from redress.engines.triage.embed import embedder
from redress.engines.triage.features import see
from redress.engines.triage.installed import installed
from redress.engines.triage.learned import Learned, Likely
from redress.engines.triage.ridge import softmax
from redress.values.personal import personal_parts
from redress.values.spans import SpanKind, sentences
from redress.values.text import guess_language

Array = npt.NDArray[Any]
SENTENCES_MAX: Final = 200  # of one text; what comes after is not told apart
# How much a sentence of each kind speaks for a topic.
_SPEAKS: Final = {SpanKind.DEMAND.value: 1.0, SpanKind.FACT.value: 0.7}
_AT_LEAST: Final = 0.01  # a text of side matter alone still has a topic: that it has none
# A sum over sentences is less extreme than one text: by so much it is drawn apart again, as fits the
# texts of ``bench/labelled/taught.jsonl`` best.
_SHARPER: Final = 0.7
_NOT_MARKED: Final = "none"
_BY_FORM: Final = 1.0  # a number with its check digits is no guess


@dataclass(frozen=True, slots=True)
class LikelySpan:
    """A part of a text and what it seems to be; offsets are code points, the end exclusive."""

    kind: str
    start: int
    end: int
    p: float


@dataclass(frozen=True, slots=True)
class Triaged:
    """What a text seems to be.

    Attributes:
        topics: the likeliest first; at least one.
        is_sure: whether the first is sure enough to be suggested; else it is a question.
    """

    language: str
    topics: tuple[Likely, ...]
    is_sure: bool
    urgency: Likely
    spans: tuple[LikelySpan, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """Sentences of many texts, one after the other; ``of`` says whose each is."""

    of: Array
    places: list[tuple[int, int]]
    said: list[str]
    languages: list[str]


def triage(
    texts: Sequence[str],
    *,
    languages: Sequence[str] = (),
    topics: Learned | None = None,
    with_meaning: bool = True,
) -> list[Triaged]:
    """Triage texts.

    Args:
        texts: as they are.
        languages: of the texts, where they are known; an empty one is guessed.
        topics: what an office has taught; else what is installed.
        with_meaning: whether to use the embedder, if there is one.
    """
    told = languages or [""] * len(texts)
    spoken = [known or guess_language(text) for known, text in zip(told, texts, strict=True)]
    cut = _cut(texts, spoken)
    made_by = embedder() if with_meaning else None
    seen = see(cut.said, vectors=made_by.vectors(cut.said) if made_by else None)

    def scored(learned: Learned) -> Array:
        return learned.scores(learned.reader.weigh(seen, cut.languages))

    kinds = installed("kinds", with_meaning=with_meaning)
    likely = softmax(scored(kinds) / kinds.temperature)
    columns = {label: place for place, label in enumerate(kinds.labels)}
    speaks = np.full(len(cut.said), _AT_LEAST)
    for kind, much in _SPEAKS.items():
        speaks += likely[:, columns[kind]] * much
    by_topic = topics or installed("topics", with_meaning=with_meaning)
    urgent = installed("urgency", with_meaning=with_meaning)
    about = by_topic.suggested(_of_texts(scored(by_topic), speaks, cut.of, len(texts)))
    pressing = urgent.suggested(_of_texts(scored(urgent), speaks, cut.of, len(texts)))
    spans = _spans(texts, cut, likely, kinds.labels)
    return [
        Triaged(language, topic.likely, topic.is_sure, press.likely[0], of_text)
        for language, topic, press, of_text in zip(spoken, about, pressing, spans, strict=True)
    ]


def _cut(texts: Sequence[str], languages: Sequence[str]) -> _Cut:
    of, places, said = [], [], []
    for number, text in enumerate(texts):
        # A text without a letter is one sentence without words.
        for start, end in sentences(text)[:SENTENCES_MAX] or [(0, len(text))]:
            of.append(number)
            places.append((start, end))
            said.append(text[start:end])
    return _Cut(np.array(of, np.int64), places, said, [languages[number] for number in of])


def _of_texts(scores: Array, speaks: Array, of: Array, count: int) -> Array:
    """Add up the sentences' scores by text, each by how much it speaks."""
    total = np.zeros((count, scores.shape[1]))
    np.add.at(total, of, scores * speaks[:, None])
    found: Array = total / (np.bincount(of, speaks, minlength=count)[:, None] * _SHARPER)
    return found


def _spans(
    texts: Sequence[str], cut: _Cut, likely: Array, labels: Sequence[str]
) -> list[tuple[LikelySpan, ...]]:
    found: list[list[LikelySpan]] = [
        [LikelySpan(SpanKind.PERSONAL, start, end, _BY_FORM) for start, end in personal_parts(text)]
        for text in texts
    ]
    for number, (start, end), row in zip(cut.of.tolist(), cut.places, likely, strict=True):
        first = int(np.argmax(row))
        if labels[first] != _NOT_MARKED and start < end:
            p = round(float(row[first]), 4)
            found[number].append(LikelySpan(labels[first], start, end, p))
    return [tuple(sorted(of_text, key=lambda one: (one.start, one.end))) for of_text in found]
