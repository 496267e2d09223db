"""Texts from outside, exactly as they are: CSV, JSONL and Parquet, with limits."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow.parquet as pq

ENDINGS: Final = (".csv", ".jsonl", ".parquet")
TEXT_CHARS_MAX: Final = 200_000
FIELD_CHARS_MAX: Final = 1_000
LINE_BYTES_MAX: Final = 4 * 1024 * 1024
_BESIDE: Final = ("lang", "county", "employer", "channel", "heard_on", "body")
_ROWS_AT_ONCE: Final = 1_024


class NotTexts(ValueError):
    """A file that holds no texts, or a row that is none.

    Attributes:
        reason: a code: ``not_found``, ``unknown_ending``, ``not_utf8``, ``bad_csv``, ``bad_json``,
            ``bad_parquet``, ``no_column``, ``no_text``, ``too_long``, ``no_label``.
        row: which, from 1, the header of a CSV counted; 0 for the whole file.
        field: the column that is meant, if one is.
    """

    def __init__(self, reason: str, row: int = 0, field: str = "", said: str = "") -> None:
        super().__init__(reason)
        self.reason, self.row, self.field, self.said = reason, row, field, said[:80]


@dataclass(frozen=True, slots=True)
class GivenText:
    """A text with what is said about it.

    Attributes:
        row: where it stands.
        id: as given; the row's number where none is.
        beside: ``lang``, ``county``, ``employer`` and the like, those that are given.
        topics: labels, where it has some.
    """

    row: int
    id: str
    text: str
    beside: dict[str, str]
    topics: tuple[str, ...] = ()


def read_texts(name: str) -> Iterator[GivenText]:
    """Read the texts of a file; ``-`` is standard input, as JSONL.

    Raises:
        NotTexts: at the first thing that is wrong.
    """
    if name == "-":
        yield from _given(_lines(sys.stdin.buffer))
        return
    path = Path(name)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise NotTexts("unknown_ending", said=ending)
    if not path.is_file():
        raise NotTexts("not_found")
    if ending == ".parquet":
        yield from _given(_parquet(path))
    elif ending == ".csv":
        yield from _given(_csv(path))
    else:
        with path.open("rb") as file:
            yield from _given(_lines(file))


def _lines(file: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = iter(lambda: file.readline(LINE_BYTES_MAX + 1), b"")
    for number, line in enumerate(lines, start=1):
        if len(line) > LINE_BYTES_MAX:
            raise NotTexts("too_long", number)
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except UnicodeDecodeError:
            raise NotTexts("not_utf8", number) from None
        except (ValueError, RecursionError):
            raise NotTexts("bad_json", number) from None
        if not isinstance(found, dict):
            raise NotTexts("bad_json", number)
        yield number, found


def _csv(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(LINE_BYTES_MAX)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if "text" not in (reader.fieldnames or []):
                raise NotTexts("no_column", 1, "text")
            for row in reader:
                yield reader.line_num, row
    except UnicodeDecodeError:
        raise NotTexts("not_utf8") from None
    except csv.Error as error:
        raise NotTexts("bad_csv", said=str(error)) from None


def _parquet(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with pq.ParquetFile(path) as file:
            if "text" not in file.schema_arrow.names:
                raise NotTexts("no_column", 0, "text")
            number = 0
            for batch in file.iter_batches(_ROWS_AT_ONCE):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (OSError, ValueError) as error:
        if isinstance(error, NotTexts):
            raise
        raise NotTexts("bad_parquet", said=str(error)) from None


def _given(rows: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[GivenText]:
    for number, row in rows:
        text = row.get("text")
        if not isinstance(text, str):
            raise NotTexts("no_text", number, "text")
        if len(text) > TEXT_CHARS_MAX:
            raise NotTexts("too_long", number, "text")
        beside = {name: _short(row[name], number, name) for name in _BESIDE if row.get(name)}
        told = row.get("id")
        given = str(number) if told is None or told == "" else _short(told, number, "id")
        yield GivenText(number, given, text, beside, _topics(row.get("topics"), number))


def _short(value: object, number: int, field: str) -> str:
    written = str(value)
    if len(written) > FIELD_CHARS_MAX:
        raise NotTexts("too_long", number, field)
    return written


def _topics(value: object, number: int) -> tuple[str, ...]:
    """Read labels: a list, or in a CSV a text parted by semicolons.

    Raises:
        NotTexts: neither.
    """
    if value is None or value == "":
        return ()
    listed = value.split(";") if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise NotTexts("no_label", number, "topics")
    return tuple(_short(one.strip(), number, "topics") for one in listed if one.strip())
