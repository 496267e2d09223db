"""What texts are compared by: their runs of characters, the words that name a topic, their meaning.

The meaning is a vector of the embedder's, less the mean of its language: what is common to all texts
of a language hides what they say, and two languages could not be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from redress.engines.triage.embed import Embedder
from redress.engines.triage.keywords import topic_words, topics_with_words
from redress.engines.triage.ngrams import WIDTH, counted, weighed

Array = npt.NDArray[Any]
NEAR_ZERO: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Mix:
    """How much each side counts; they need not add up to one."""

    grams: float
    words: float
    meaning: float


WITH_MEANING: Final = Mix(grams=1.0, words=0.3, meaning=1.0)
WITHOUT: Final = Mix(grams=1.0, words=0.3, meaning=0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What texts hold, before anything of it is weighed; one row a text.

    Attributes:
        counts: of runs of characters.
        words: that name a topic; rows of length one or zero.
        vectors: of the embedder; None where there is none.
    """

    counts: sparse.csr_array
    words: Array
    vectors: Array | None


def see(texts: Sequence[str], *, vectors: Array | None) -> Seen:
    """Look at texts once, for all that will be asked of them."""
    return Seen(counted(texts), named(texts), vectors)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """One row a text, each side of length one or zero."""

    grams: sparse.csr_array
    words: Array
    meaning: Array  # of no width where there is no embedder

    def __len__(self) -> int:
        return int(self.grams.shape[0])

    def rows(self, places: Array) -> Features:
        """Give some rows."""
        return Features(self.grams[places], self.words[places], self.meaning[places])


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Reads texts in one way, so that what was learned can be held against them.

    Attributes:
        rarity: of runs of characters.
        means: of the meaning in each language.
        embedder: None where there is none.
    """

    rarity: Array
    means: Mapping[str, Array]
    embedder: Embedder | None

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> Features:
        """Read texts."""
        vectors = None if self.embedder is None else self.embedder.vectors(texts)
        return self.weigh(see(texts, vectors=vectors), languages)

    def weigh(self, seen: Seen, languages: Sequence[str]) -> Features:
        """Weigh what was seen; without an embedder the vectors count for nothing."""
        if self.embedder is None or seen.vectors is None:
            meaning = np.zeros((len(languages), 0), np.float32)
        else:
            meaning = self.centred(seen.vectors, languages)
        return Features(weighed(seen.counts, self.rarity), seen.words, meaning)

    def centred(self, vectors: Array, languages: Sequence[str]) -> Array:
        """Take the mean of its language off each vector, and bring it to length one."""
        none = np.zeros(vectors.shape[1], np.float32)
        off = np.array([self.means.get(language, none) for language in languages], np.float32)
        return unit(vectors - off.reshape(vectors.shape))


def named(texts: Sequence[str]) -> Array:
    """Say which topics' words stand in texts, and how much of each; rows of length one or zero."""
    columns = {topic: place for place, topic in enumerate(topics_with_words())}
    found = np.zeros((len(texts), len(columns)), np.float32)
    for row, text in enumerate(texts):
        for topic, letters in topic_words(text).items():
            found[row, columns[topic]] = np.sqrt(letters)
    return unit(found)


def unit(rows: Array) -> Array:
    """Bring each row to length one; a row of nothing stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Array = (rows / np.maximum(lengths, NEAR_ZERO)).astype(np.float32)
    return found


def kernel(left: Features, right: Features, mix: Mix) -> Array:
    """Say how alike each two texts are."""
    found = mix.grams * (left.grams @ right.grams.T).toarray() + mix.words * (
        left.words @ right.words.T
    )
    if mix.meaning and left.meaning.shape[1] and right.meaning.shape[1]:
        found = found + mix.meaning * (left.meaning @ right.meaning.T)
    result: Array = found
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Straight:
    """A kernel times weights of examples, multiplied out once: no example is looked at again."""

    grams: Array
    words: Array
    meaning: Array
    mix: Mix

    @staticmethod
    def of(examples: Features, weights: Array, mix: Mix) -> Straight:
        """Multiply out."""
        grams = np.asarray(examples.grams.T @ weights, np.float32).reshape(WIDTH, -1)
        return Straight(
            grams * mix.grams,
            (examples.words.T @ weights * mix.words).astype(np.float32),
            (examples.meaning.T @ weights * mix.meaning).astype(np.float32),
            mix,
        )

    def scores(self, read: Features) -> Array:
        """Score texts, one row a text."""
        found = read.grams @ self.grams + read.words @ self.words
        if read.meaning.shape[1] == self.meaning.shape[0]:
            found = found + read.meaning @ self.meaning
        result: Array = found
        return result
