"""Whether a text is the one of a fingerprint, though a phone or an editor saved it in its own way."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_MARK: Final = b"\xef\xbb\xbf"


class Change(StrEnum):
    """What saving does to a text without changing a word; each may have come or gone."""

    MARK = "byte_order_mark"
    LAST_LINE_END = "last_line_end"
    LINE_ENDS = "line_ends"


@dataclass(frozen=True, slots=True)
class TextMatch:
    """Whether a text is the one; if so, apart from which changes of saving (none: byte for byte).

    As a truth value: whether it is.
    """

    same: bool
    apart_from: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return self.same


def match_text(text: bytes, sha256: str) -> TextMatch:
    """Look for a text of this SHA-256 among the ways it may have been saved, fewest changes first.

    One byte order mark and one line end at the end of the text may have come or gone, and its line
    ends may all have become CRLF or LF. Any other difference is a difference.
    """
    for count in range(len(Change) + 1):
        for changes in itertools.combinations(Change, count):
            if any(hashlib.sha256(one).hexdigest() == sha256 for one in _undone(text, changes)):
                return TextMatch(same=True, apart_from=changes)
    return TextMatch(same=False)


def _undone(text: bytes, changes: tuple[Change, ...]) -> Iterator[bytes]:
    """Give the texts that these changes may have made this one of."""
    if Change.MARK in changes:
        text = text.removeprefix(_MARK) if text.startswith(_MARK) else _MARK + text
    texts = [text]
    if Change.LAST_LINE_END in changes:
        shorter = text.removesuffix(b"\n").removesuffix(b"\r") if text.endswith(b"\n") else text
        texts = [shorter, text + b"\n"]
    for one in texts:
        if Change.LINE_ENDS in changes:
            lines = one.replace(b"\r\n", b"\n")
            yield lines
            yield lines.replace(b"\n", b"\r\n")
        else:
            yield one
