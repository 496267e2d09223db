"""How often triage is right, how sure it is, and how fast, beside a linear classifier of TF-IDF.

python bench/triage.py

The texts are ``labelled/taught.jsonl`` and ``labelled/unseen.jsonl``: 504 invented texts over 33 topics
in three languages, told by workers, representatives, officials and reporters, with side matter and
personal data among them. Each topic has two issues of different firms; all tellings of an issue are in
one file. Nothing was tuned on the unseen ones. The installed examples of topics are other texts; those
of kinds and urgency are the taught ones.
"""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redress.engines.triage.learned import Learned

HERE = Path(__file__).parent
PEER = HERE.parent / ".venv" / "peer" / "bin" / "python"


def rows(name: str) -> list[dict[str, Any]]:
    """Read labelled texts."""
    listed = [
        json.loads(line) for line in (HERE / "labelled" / f"{name}.jsonl").open(encoding="utf-8")
    ]
    return [{**row, "text": "".join(text for _kind, text in row["parts"])} for row in listed]


def f1_of(truth: Sequence[str], told: Sequence[str], label: str) -> float:
    """Give the F1 of one label."""
    right = sum(one == two == label for one, two in zip(truth, told, strict=True))
    named = sum(one == label for one in told) + sum(one == label for one in truth)
    return 2 * right / named if named else 0.0


def macro_f1(truth: Sequence[str], told: Sequence[str]) -> float:
    """Average the F1 of all labels there are."""
    labels = sorted(set(truth))
    return sum(f1_of(truth, told, label) for label in labels) / len(labels)


def groups(topics: Sequence[str]) -> list[str]:
    """Give the groups that topics belong to."""
    return [topic.split(".", 1)[0] for topic in topics]


def topics_of(
    unseen: list[dict[str, Any]], *, taught: Learned | None, with_meaning: bool, name: str
) -> None:
    """Print how well topics are told."""
    from redress.engines.triage.triage import triage

    began = time.perf_counter()
    found = triage([row["text"] for row in unseen], topics=taught, with_meaning=with_meaning)
    seconds = time.perf_counter() - began
    truth = [row["topic"] for row in unseen]
    told = [one.topics[0].label for one in found]
    sure = [one.topics[0].p for one in found]
    right = [one == two for one, two in zip(truth, told, strict=True)]
    off = 0.0
    for low in range(10):
        here = [
            place for place, p in enumerate(sure) if low / 10 <= p < (low + 1) / 10 + (low == 9)
        ]
        if here:
            gap = sum(right[place] for place in here) - sum(sure[place] for place in here)
            off += abs(gap) / len(sure)
    kept = sorted(range(len(sure)), key=lambda place: -sure[place])[: round(len(sure) * 0.9)]
    wrong = 1 - sum(right[place] for place in kept) / len(kept)
    print(
        f"{name}: macro-F1 of topic groups {macro_f1(groups(truth), groups(told)):.3f}, of topics"
        f" {macro_f1(truth, told):.3f}; calibration error {off:.3f}; error at 10 % abstention"
        f" {wrong:.3f}; {len(found) / seconds:,.0f} texts a second"
    )


def learned_from(labels: int, taught: list[dict[str, Any]], *, with_meaning: bool) -> Learned:
    """Learn from the words of the topics and some labelled texts, without the installed examples."""
    from redress.engines.triage.embed import embedder
    from redress.engines.triage.examples import Example, examples
    from redress.engines.triage.learned import learn

    dice = random.Random(labels)
    chosen = dice.sample(taught, min(labels, len(taught)))
    words = [one for one in examples("topics") if one.believed < 1]
    told = [Example(row["text"], row["language"], row["topic"]) for row in chosen]
    return learn([*words, *told], made_by=embedder() if with_meaning else None)


def peer(taught: list[dict[str, Any]], unseen: list[dict[str, Any]]) -> None:
    """Let scikit-learn learn the same texts: character TF-IDF under a linear support vector machine."""
    given = {
        name: [[row["text"], row["topic"]] for row in listed]
        for name, listed in (("taught", taught), ("unseen", unseen))
    }
    code = (HERE / "peers" / "linear_svc.py").read_text(encoding="utf-8")
    done = subprocess.run(
        [PEER, "-c", code], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    truth = [row["topic"] for row in unseen]
    print(
        f"peer, TF-IDF and linear SVC, {len(taught)} labels: macro-F1 of topic groups"
        f" {macro_f1(groups(truth), groups(told)):.3f}, of topics {macro_f1(truth, told):.3f}"
    )


def kinds_of(unseen: list[dict[str, Any]], *, with_meaning: bool, name: str) -> None:
    """Print how well kinds of sentences are told, by the characters that they cover."""
    from redress.engines.triage.triage import triage

    found = triage([row["text"] for row in unseen], with_meaning=with_meaning)
    truth: list[str] = []
    told: list[str] = []
    for row, one in zip(unseen, found, strict=True):
        here = ["none"] * len(row["text"])
        for span in one.spans:
            if span.kind != "personal":
                here[span.start : span.end] = [span.kind] * (span.end - span.start)
        at = 0
        for kind, text in row["parts"]:
            for place in range(at, at + len(text.rstrip())):
                truth.append(kind)
                told.append(here[place])
            at += len(text)
    scores = ", ".join(
        f"{kind} {f1_of(truth, told, kind):.3f}" for kind in ("demand", "fact", "nonworker")
    )
    pressing = [row["urgency"] for row in unseen]
    urgency = sum(one.urgency.label == two for one, two in zip(found, pressing, strict=True))
    print(f"{name}: F1 of kinds by character: {scores}; urgency right {urgency / len(found):.3f}")


def speed() -> None:
    """Print how many short texts a second are triaged."""
    from redress.engines.triage.embed import embedder
    from redress.engines.triage.examples import examples
    from redress.engines.triage.triage import triage

    texts = [one.text for one in examples("topics") if one.believed == 1]
    for with_meaning, many in ((False, texts * 3), (True, texts[:400])):
        if with_meaning and embedder() is None:
            continue
        triage(many[:8], with_meaning=with_meaning)
        began = time.perf_counter()
        triage(many, with_meaning=with_meaning)
        rate = len(many) / (time.perf_counter() - began)
        print(
            f"short texts a second, {'with' if with_meaning else 'without'} the embedder: {rate:,.0f}"
        )


def main() -> None:
    """Measure."""
    from redress.engines.triage.embed import embedder

    taught, unseen = rows("taught"), rows("unseen")
    print(f"{len(taught)} texts to learn from, {len(unseen)} unseen, of other issues")
    for with_meaning in (True, False) if embedder() else (False,):
        way = "with e5" if with_meaning else "characters alone"
        for labels in (0, 20, 100, len(taught)):
            model = learned_from(labels, taught, with_meaning=with_meaning)
            name = f"{way}, words of the topics and {labels} labels"
            topics_of(unseen, taught=model, with_meaning=with_meaning, name=name)
        topics_of(unseen, taught=None, with_meaning=with_meaning, name=f"{way}, as installed")
        kinds_of(unseen, with_meaning=with_meaning, name=way)
    if PEER.exists():
        peer(taught, unseen)
    speed()


if __name__ == "__main__":
    main()
