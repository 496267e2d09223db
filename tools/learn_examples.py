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
    for what in ("topics", "kinds", "urgency"):
        known = examples(what)
        for made_by in dict.fromkeys((None, embedder())):
            began = time.perf_counter()
            vectors = made_by.vectors([one.text for one in known]) if made_by else None
            learned = learn(known, made_by=made_by, vectors=vectors)
            if made_by is not None and vectors is not None and what == "topics":
                # Of topics alone more is learned later, beside these.
                np.savez_compressed(
                    vectors_file(what, made_by),
                    of=fingerprint(known),
                    vectors=vectors.astype(np.float16),
                )
            path = kept_file(what, made_by)
            path.write_bytes(kept(learned))
            told = f"{len(known)} examples, {time.perf_counter() - began:.0f} s"
            sys.stdout.write(f"{path.name}: {path.stat().st_size // 1024} KB, {told}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
