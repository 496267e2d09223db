"""What is known before any office has taught anything, learned once and kept beside the code.

``tools/learn_examples.py`` learns it from the installed examples. Where the files are not of these
examples, or not of the embedder that is there, it is learned at the first use, which takes a minute.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from redress.engines.triage.embed import Embedder, embedder
from redress.engines.triage.examples import DATA, examples, fingerprint
from redress.engines.triage.learned import Learned, learn
from redress.engines.triage.store import NotKept, read_kept

Array = npt.NDArray[Any]


def kept_file(what: str, made_by: Embedder | None) -> Path:
    """Name the file of what was learned, with an embedder or without."""
    return DATA / f"{what}-{made_by.name if made_by else 'characters'}.npz"


@lru_cache(maxsize=6)
def installed(what: str, *, with_meaning: bool = True) -> Learned:
    """Give what is known of ``topics``, ``kinds`` or ``urgency``."""
    made_by = embedder() if with_meaning else None
    known = examples(what)
    try:
        learned = read_kept(kept_file(what, made_by).read_bytes(), embedder=made_by)
    except (OSError, NotKept):
        return learn(known, made_by=made_by)
    if learned.version.startswith(fingerprint(known)):
        return learned
    return learn(known, made_by=made_by)


def vectors_file(what: str, made_by: Embedder) -> Path:
    """Name the file of the embedder's vectors of the installed examples."""
    return DATA / f"{what}-vectors-{made_by.name}.npz"


def vectors_of(what: str, made_by: Embedder) -> Array:
    """Give the embedder's vectors of the installed examples: those kept, if they are of these."""
    known = examples(what)
    path = vectors_file(what, made_by)
    if path.exists():
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["of"]) == fingerprint(known):
                found: Array = kept["vectors"].astype(np.float32)
                return found
    return made_by.vectors([one.text for one in known])
