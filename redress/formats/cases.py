"""Cases for the rules: one JSON object, a list of them, or one a line; numbers stay exact."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO, Final

LINE_BYTES_MAX: Final = 4 * 1024 * 1024
OBJECT_BYTES_MAX: Final = 64 * 1024 * 1024
FACTS_MAX: Final = 1000


class NotCases(ValueError):
    """Text that is no case.

    Attributes:
        code: of the sentence that tells it.
        line: where, from 1.
        said: what was found.
        better: what would be taken.
    """

    def __init__(self, code: str, line: int, said: str = "", better: str = "") -> None:
        super().__init__(code)
        self.code, self.line, self.said, self.better = code, line, said[:80], better


@dataclass(frozen=True, slots=True)
class GivenCase:
    """A case as written: facts by name, its members if it lists any, its day if it names one."""

    line: int
    id: str
    facts: dict[str, Any]
    members: Any = None
    on: str = ""


_BESIDE: Final = ("members", "given")


def read_lines(file: BinaryIO) -> Iterator[GivenCase]:
    """Read a case a line.

    Raises:
        NotCases: at the first line that is none.
    """
    for number, line in enumerate(iter(lambda: file.readline(LINE_BYTES_MAX + 1), b""), start=1):
        if line.strip():
            yield _case(_line(line, number), number)


def _whole(text: bytes, lines: list[tuple[int, bytes]]) -> Any:  # noqa: ANN401 - any JSON
    """Read the text as one; what is a single line is held to the length of a line."""
    return _line(text, 1) if len(lines) == 1 and text.lstrip()[:1] == b"{" else _json(text, 1)


def _line(line: bytes, number: int) -> Any:  # noqa: ANN401 - any JSON
    if len(line) > LINE_BYTES_MAX:
        raise NotCases("line_too_long", number, better=f"{LINE_BYTES_MAX >> 20} MB")
    return _json(line, number)


def read_text(text: bytes) -> list[GivenCase]:
    """Read one object, a list of objects, or one a line.

    Raises:
        NotCases: it is none of those.
    """
    if len(text) > OBJECT_BYTES_MAX:
        raise NotCases("file_too_large", 1, better=f"{OBJECT_BYTES_MAX >> 20} MB")
    lines = [
        (number, line) for number, line in enumerate(text.split(b"\n"), start=1) if line.strip()
    ]
    try:
        whole = _whole(text, lines) if lines else []
    except NotCases:
        if len(lines) == 1:
            raise
        return [_case(_line(line, number), number) for number, line in lines]
    rows = whole if isinstance(whole, list) else [whole]
    return [_case(row, number) for number, row in enumerate(rows, start=1)]


def _json(text: bytes, line: int) -> Any:  # noqa: ANN401 - any JSON
    try:
        found = json.loads(
            text.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number,
            object_pairs_hook=_once,
        )  # fmt: skip
        json.dumps(found, ensure_ascii=False, default=str).encode()  # half a character is no text
    except _Twice as twice:
        raise NotCases("twice", line, str(twice)) from None
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise NotCases("bad_json", line, str(error)) from None
    return found


class _Twice(Exception):
    """A name that stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise _Twice(name)
    return found


def _no_number(said: str) -> None:
    raise ValueError(said)


def _case(found: Any, line: int) -> GivenCase:  # noqa: ANN401 - any JSON
    """Take facts from the object itself, or from its ``input`` or ``facts``.

    Raises:
        NotCases: it is no object.
    """
    if not isinstance(found, dict):
        raise NotCases("not_a_case", line, json.dumps(found, ensure_ascii=False, default=str))
    facts = found
    for name in ("input", "facts"):
        inner = found.get(name)
        if isinstance(inner, dict):
            facts = {**inner, **{key: found[key] for key in _BESIDE if found.get(key) is not None}}
        elif inner is not None:
            raise NotCases("not_a_case", line, json.dumps(inner, ensure_ascii=False, default=str))
    if len(facts) > FACTS_MAX:
        raise NotCases("too_many_facts", line, str(len(facts)), str(FACTS_MAX))
    id_ = found.get("id")
    day = next((str(found[key]) for key in ("on", "at") if found.get(key) is not None), "")
    return GivenCase(line, str(line if id_ is None else id_), facts, facts.get("members"), day)
