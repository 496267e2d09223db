"""`redress triage TEXTS --out FILE`: language, topics, body, urgency and spans of each text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from redress.doors.commands.text_words import told
from redress.formats.taxonomy import responsible, taxonomy
from redress.formats.texts import ENDINGS, GivenText, NotTexts, read_texts

if TYPE_CHECKING:
    import pyarrow as pa

    from redress.engines.triage.learned import Learned
    from redress.engines.triage.triage import Triaged

BAD_INPUT: Final = 2
_AT_ONCE: Final = 256
_LANGUAGES: Final = frozenset({"fa", "zh", "en"})
_COUNTRIES: Final = {"fa": "ir", "zh": "cn", "en": "gb"}


def run(chosen: argparse.Namespace) -> int:
    """Triage each text; nothing is written if any row is bad.

    Returns:
        0 when done, 2 for bad input, with one clear line on standard error.
    """
    try:
        _refuse_early(chosen)
        learned = _learned(chosen.learn) if chosen.learn else None
    except NotTexts as bad:
        return _refused(chosen.learn or chosen.texts, bad, chosen.lang)
    from redress.doors.commands.decision_files import Sink, ended_with  # noqa: PLC0415 - as late

    with ended_with() as hold:
        try:
            sink = hold(Sink, chosen.out)
        except OSError as error:
            unfit = NotTexts("not_writable", said=str(error.strerror or error))
            return _refused(chosen.out, unfit, chosen.lang)
        try:
            for batch in _batches(read_texts(chosen.texts)):
                sink.write(_rows(batch, learned))
                if sys.stderr.isatty():
                    sys.stderr.write(f"\r{sink.count:,} ")
            sink.finish(_rows([], learned))
        except NotTexts as bad:
            return _refused(chosen.texts, bad, chosen.lang)
    return 0


def _refuse_early(chosen: argparse.Namespace) -> None:
    if chosen.out != "-" and Path(chosen.out).suffix.lower() not in ENDINGS:
        raise NotTexts("unknown_ending", said=Path(chosen.out).suffix, field="--out")


def _refused(name: str, bad: NotTexts, language: str) -> int:
    sys.stderr.write(f"{told(name, bad, language)}\n")
    return BAD_INPUT


def _batches(given: Iterable[GivenText]) -> Iterator[list[GivenText]]:
    rows = iter(given)
    while batch := list(islice(rows, _AT_ONCE)):
        yield batch


def _language(one: GivenText) -> str:
    told_as = one.beside.get("lang", "").split("-")[0].lower()
    return told_as if told_as in _LANGUAGES else ""


def _learned(name: str) -> Learned:
    """Learn from rows with topics, beside what is installed.

    Raises:
        NotTexts: a row has no topic, or one that is not known.
    """
    import numpy as np  # noqa: PLC0415

    from redress.engines.triage.embed import embedder  # noqa: PLC0415
    from redress.engines.triage.examples import Example, examples  # noqa: PLC0415
    from redress.engines.triage.installed import vectors_of  # noqa: PLC0415
    from redress.engines.triage.learned import learn  # noqa: PLC0415
    from redress.values.text import guess_language  # noqa: PLC0415

    known = taxonomy()["topics"]
    taught = []
    for one in read_texts(name):
        if not one.topics:
            raise NotTexts("no_label", one.row, "topics")
        if one.topics[0] not in known:
            raise NotTexts("unknown_topic", one.row, "topics", one.topics[0])
        taught.append(Example(one.text, _language(one) or guess_language(one.text), one.topics[0]))
    made_by, vectors = embedder(), None
    if made_by is not None:  # only what is new is looked at
        new = made_by.vectors([one.text for one in taught])
        vectors = np.vstack([vectors_of("topics", made_by), new])
    return learn([*examples("topics"), *taught], made_by=made_by, vectors=vectors)


def _rows(batch: Sequence[GivenText], learned: Learned | None) -> pa.RecordBatch:
    import pyarrow as pa  # noqa: PLC0415

    from redress.engines.triage.triage import triage  # noqa: PLC0415

    found = triage(
        [one.text for one in batch], languages=[_language(one) for one in batch], topics=learned
    )
    rows = [_row(one, triaged) for one, triaged in zip(batch, found, strict=True)]
    span = pa.struct([
        ("kind", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("p", pa.float64()),
    ])
    topic = pa.struct([("topic", pa.string()), ("p", pa.float64())])
    schema = pa.schema([
        ("id", pa.string()),
        ("lang", pa.string()),
        ("topics", pa.list_(topic)),
        ("sure", pa.bool_()),
        ("body", pa.string()),
        ("urgency", pa.string()),
        ("spans", pa.list_(span)),
    ])
    return pa.RecordBatch.from_pylist(rows, schema=schema)


def _row(one: GivenText, found: Triaged) -> dict[str, Any]:
    county = one.beside.get("county", "")
    country = county[:2] if county[2:3] == "." else _COUNTRIES[found.language]
    return {
        "id": one.id,
        "lang": found.language,
        "topics": [{"topic": likely.label, "p": likely.p} for likely in found.topics],
        "sure": found.is_sure,
        "body": responsible(found.topics[0].label, country),
        "urgency": found.urgency.label,
        "spans": [
            {"kind": span.kind, "start": span.start, "end": span.end, "p": span.p}
            for span in found.spans
        ],
    }
