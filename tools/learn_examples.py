"""Learn topics, kinds and urgency from the installed examples and keep it beside the code.

python tools/learn_examples.py
"""

from __future__ import annotations

import sys
import time

import numpy as np

from redress.engines.triage.embed import embedder
from redress.engines.triage.examples import examples, fingerprint
from redress.engines.triage.installed import kept_file, vectors_file
from redress.engines.triage.learned import learn
from redress.engines.triage.store import kept


def main() -> int:
    """Learn each with the embedder, if it is there, and without."""
    made_by = embedder()
    if made_by is not None:  # of topics alone more is learned later, beside these
        vectors = made_by.vectors([one.text for one in examples("topics")]).astype(np.float16)
        of = fingerprint(examples("topics"))
        np.savez_compressed(vectors_file("topics", made_by), of=of, vectors=vectors)
    for what in ("topics", "kinds", "urgency"):
        for made_by in dict.fromkeys((None, embedder())):
            began = time.perf_counter()
            learned = learn(examples(what), made_by=made_by)
            path = kept_file(what, made_by)
            path.write_bytes(kept(learned))
            told = f"{len(examples(what))} examples, {time.perf_counter() - began:.0f} s"
            sys.stdout.write(f"{path.name}: {path.stat().st_size // 1024} KB, {told}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
