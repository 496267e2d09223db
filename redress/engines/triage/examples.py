"""What is known before any office has taught anything: texts that say what each topic sounds like.

``data/topics.jsonl``, ``kinds.jsonl`` and ``urgency.jsonl`` hold invented texts with their labels; the
words of each topic in ``data/keywords.yaml`` are examples too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from redress.engines.triage.keywords import topics_with_words

Array = npt.NDArray[Any]
DATA: Final = Path(__file__).parent / "data"
LANGUAGES: Final = ("fa", "zh", "en")
_JOINED: Final = {"fa": "، ", "zh": "、", "en": ", "}
_WORDS_A_LINE: Final = 6
_WORDS_BELIEVED: Final = 0.5  # a list of words is not what people write


@dataclass(frozen=True, slots=True)
class Example:
    """A text whose label is known; ``believed`` is how much it counts."""

    text: str
    language: str
    label: str
    believed: float = 1.0


@lru_cache(maxsize=3)
def examples(what: str) -> tuple[Example, ...]:
    """Give the installed examples of ``topics``, ``kinds`` or ``urgency``."""
    with (DATA / f"{what}.jsonl").open(encoding="utf-8") as file:
        told = [Example(**json.loads(line)) for line in file]
    return (*told, *(_words() if what == "topics" else ()))


def _words() -> list[Example]:
    found = []
    for topic, by_language in topics_with_words().items():
        for language in LANGUAGES:
            words = [one.replace(" * ", " ") for one in by_language[language]]
            found += [
                Example(
                    _JOINED[language].join(words[first : first + _WORDS_A_LINE]),
                    language,
                    topic,
                    _WORDS_BELIEVED,
                )
                for first in range(0, len(words), _WORDS_A_LINE)
            ]
    return found


def fingerprint(known: Sequence[Example]) -> str:
    """Tell these examples from others."""
    return hashlib.sha256("\x00".join(one.text for one in known).encode()).hexdigest()[:16]


def means_of(known: Sequence[Example], vectors: Array) -> Mapping[str, Array]:
    """Give the mean of each language's vectors, over texts as people write them."""
    languages = np.array([one.language if one.believed == 1 else "" for one in known])
    return {
        language: vectors[languages == language].mean(axis=0)
        for language in LANGUAGES
        if (languages == language).any()
    }
