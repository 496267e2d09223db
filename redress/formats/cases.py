"""Cases for the rules: one JSON object, a list of them, or one a line; numbers stay exact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO, Final

LINE_BYTES_MAX: Final = 4 * 1024 * 1024
OBJECT_BYTES_MAX: Final = 64 * 1024 * 1024


class NotCases(ValueError):
    """Text that is no case.

    Attributes:
        code: ``bad_json`` or ``not_a_case`` or ``file_too_large``.
        line: where, from 1.
        said: what was found.
    """

    def __init__(self, code: str, line: int, said: str = "") -> None:
        super().__init__(code)
        self.code, self.line, self.said = code, line, said[:80]


@dataclass(frozen=True, slots=True)
class GivenCase:
    """A case as written: facts by name, its members if it lists any, its day if it names one."""

    line: int
    id: str
    facts: dict[str, Any]
    members: Any = None
    on: str = ""


def read_lines(file: BinaryIO) -> Iterator[GivenCase]:
    """Read a case a line.

    Raises:
        NotCases: at the first line that is none.
    """
    for number, line in enumerate(iter(lambda: file.readline(LINE_BYTES_MAX), b""), start=1):
        if line.strip():
            yield _case(_json(line, number), number)


def read_text(text: bytes) -> list[GivenCase]:
    """Read one object, a list of objects, or one a line.

    Raises:
        NotCases: it is none of those.
    """
    if len(text) > OBJECT_BYTES_MAX:
        raise NotCases("file_too_large", 1)
    try:
        whole = _json(text, 1)
    except NotCases:
        if text.strip().count(b"\n") == 0:
            raise
        return [
            _case(_json(line, number), number)
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip()
        ]
    rows = whole if isinstance(whole, list) else [whole]
    return [_case(row, number) for number, row in enumerate(rows, start=1)]


def _json(text: bytes, line: int) -> Any:  # noqa: ANN401 - any JSON
    try:
        found = json.loads(text.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False, default=str).encode()  # half a character is no text
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise NotCases("bad_json", line, str(error)) from None
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
        if isinstance(found.get(name), dict):
            facts = {**found[name], **{key: found[key] for key in ("given",) if key in found}}
    members = facts.get("members", found.get("members"))
    day = found.get("on") or found.get("at") or ""
    return GivenCase(line, str(found.get("id", line)), facts, members, str(day))
