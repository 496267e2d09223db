"""Keep what was learned in one file of plain arrays: nothing in it is ever run."""

from __future__ import annotations

import io
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from redress.engines.triage.embed import Embedder
from redress.engines.triage.features import Mix, Reader, Straight
from redress.engines.triage.learned import Learned
from redress.engines.triage.ngrams import WIDTH

Array = npt.NDArray[Any]
_MIX: Final = ("grams", "words", "meaning")


class NotKept(ValueError):
    """The file holds nothing that was learned, or needs an embedder that is not there."""


def kept(learned: Learned) -> bytes:
    """Write down what was learned; runs of characters that stand in no example are left out."""
    grams, rarity = learned.straight.grams, learned.reader.rarity
    used = np.flatnonzero(np.any(grams != 0, axis=1)).astype(np.int32)
    languages = sorted(learned.reader.means)
    means = [learned.reader.means[language] for language in languages]
    file = io.BytesIO()
    np.savez_compressed(
        file,
        version=learned.version,
        embedder=learned.reader.embedder.name if learned.reader.embedder else "",
        labels=np.array(learned.labels),
        base=learned.base,
        temperature=learned.temperature,
        threshold=learned.threshold,
        mix=np.array([getattr(learned.straight.mix, name) for name in _MIX]),
        used=used,
        grams=grams[used].astype(np.float16),
        rarity=rarity[used].astype(np.float32),
        rarity_else=float(rarity.max(initial=1.0)),
        words=learned.straight.words,
        meaning=learned.straight.meaning.astype(np.float16),
        languages=np.array(languages),
        means=np.array(means, np.float32),
    )
    return file.getvalue()


def read_kept(content: bytes, *, embedder: Embedder | None) -> Learned:
    """Read what was learned.

    Raises:
        NotKept: it is no such file, or was learned with another embedder than the one given.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as told:
            arrays = {name: told[name] for name in told.files}
        is_same = str(arrays["embedder"]) == (embedder.name if embedder else "")
        learned = _learned(arrays, embedder)
    except (KeyError, OSError, EOFError, ValueError, BadZipFile) as error:
        raise NotKept(str(error)) from error
    if not is_same:
        raise NotKept("another embedder")
    return learned


def _learned(arrays: dict[str, Array], embedder: Embedder | None) -> Learned:
    labels = tuple(str(label) for label in arrays["labels"])
    grams = np.zeros((WIDTH, len(labels)), np.float32)
    grams[arrays["used"]] = arrays["grams"]
    rarity = np.full(WIDTH, float(arrays["rarity_else"]), np.float32)
    rarity[arrays["used"]] = arrays["rarity"]
    means = dict(zip(map(str, arrays["languages"]), arrays["means"], strict=True))
    mix = Mix(*(float(part) for part in arrays["mix"]))
    return Learned(
        version=str(arrays["version"]),
        reader=Reader(rarity, means, embedder),
        labels=labels,
        base=arrays["base"],
        temperature=float(arrays["temperature"]),
        straight=Straight(grams, arrays["words"], arrays["meaning"].astype(np.float32), mix),
        threshold=float(arrays["threshold"]),
    )
