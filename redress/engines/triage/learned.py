"""Say what label a text has (topic, kind, urgency), how sure that is, and when it is too unsure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from redress.engines.triage.embed import Embedder
from redress.engines.triage.examples import Example, fingerprint, means_of
from redress.engines.triage.features import (
    WITH_MEANING,
    WITHOUT,
    Features,
    Reader,
    Straight,
    kernel,
    see,
)
from redress.engines.triage.ngrams import rarity
from redress.engines.triage.ridge import Fitted, fit, softmax
from redress.values.text import guess_language

Array = npt.NDArray[Any]
LISTED_MAX: Final = 3
_LISTED_FROM: Final = 0.05
# Of ten suggestions one is withheld: the least sure.
_WITHHELD: Final = 0.1
LEARNED_MAX: Final = 4_000  # the newest count; the time grows with the third power


@dataclass(frozen=True, slots=True)
class Likely:
    """A label and how probable it is."""

    label: str
    p: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What labels a text may have, the likeliest first; ``is_sure`` is false where it abstains."""

    likely: tuple[Likely, ...]
    is_sure: bool


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned of labels.

    Attributes:
        version: tells it from any other: the examples and the embedder.
        labels: in the order of the columns.
        base: of each label, what a text like no example scores.
        temperature: by which scores are divided before they become probabilities.
        threshold: the least probability at which it does not abstain.
    """

    version: str
    reader: Reader
    labels: tuple[str, ...]
    base: Array
    temperature: float
    straight: Straight
    threshold: float

    def suggest(
        self, texts: Sequence[str], languages: Sequence[str] | None = None
    ) -> list[Suggestion]:
        """Suggest labels for texts; ``languages`` are guessed where they are not given."""
        spoken = languages or [guess_language(text) for text in texts]
        return self.suggested(self.scores(self.reader.read(texts, spoken)))

    def scores(self, read: Features) -> Array:
        """Score what was read by this reader, one row a text, one column a label."""
        found: Array = self.straight.scores(read) + self.base
        return found

    def suggested(self, scores: Array) -> list[Suggestion]:
        """Turn scores into suggestions."""
        return [self._one(row) for row in softmax(scores / self.temperature)]

    def _one(self, probabilities: Array) -> Suggestion:
        order = np.argsort(-probabilities, kind="stable")[:LISTED_MAX]
        listed = tuple(
            Likely(self.labels[place], round(float(probabilities[place]), 4))
            for rank, place in enumerate(order)
            if rank == 0 or probabilities[place] >= _LISTED_FROM
        )
        return Suggestion(listed, bool(probabilities[order[0]] >= self.threshold))


def learn(
    known: Sequence[Example], *, made_by: Embedder | None, vectors: Array | None = None
) -> Learned:
    """Learn labels from examples.

    Args:
        known: of at least two labels; of more than ``LEARNED_MAX`` the last count.
        made_by: the embedder; None to do without.
        vectors: the embedder's vectors of the examples, where they are known.

    Raises:
        ValueError: there is only one label.
    """
    known = list(known)[-LEARNED_MAX:]
    texts, languages = [one.text for one in known], [one.language for one in known]
    if made_by is None:
        vectors = None
    elif vectors is None:
        vectors = made_by.vectors(texts)
    vectors = None if vectors is None else vectors[-LEARNED_MAX:]
    means = {} if vectors is None else means_of(known, vectors)
    seen = see(texts, vectors=vectors)
    reader = Reader(rarity(seen.counts), means, made_by)
    read = reader.weigh(seen, languages)
    mix = WITHOUT if made_by is None else WITH_MEANING
    believed = np.array([one.believed for one in known])
    fitted = fit(kernel(read, read, mix), [one.label for one in known], weights=believed)
    return Learned(
        version=f"{fingerprint(known)}-{made_by.name if made_by else 'characters'}",
        reader=reader,
        labels=fitted.labels,
        base=fitted.base,
        temperature=fitted.temperature,
        straight=Straight.of(read, fitted.weights, mix),
        threshold=_threshold(fitted),
    )


def _threshold(fitted: Fitted) -> float:
    """Withhold as many as are to be, by what would be said of each example without itself."""
    sure = softmax(fitted.left_out / fitted.temperature).max(axis=1)
    return float(np.quantile(sure, _WITHHELD))
