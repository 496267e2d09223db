"""`redress verify RECEIPT`: whether a receipt file is what an office signed, by itself alone.

No database, no network, no data folder. Words are in `verify_words`; nothing here loads Django.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from redress.doors.commands.verify_words import WORDS
from redress.formats.receipt_keys import (
    KEY_FILE_BYTES_MAX,
    NotAKey,
    key_fingerprint,
    read_public_key,
)
from redress.formats.receipts import (
    RECEIPT_BYTES_MAX,
    NotAReceipt,
    Receipt,
    check_receipt,
    matches_text,
    read_receipt,
)
from redress.values.text import to_persian_digits

_BAD_INPUT: Final = 2
_TEXT_BYTES_MAX: Final = 1 << 20
_STDIN: Final = "-"
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class _Refused(Exception):
    """Something asked for does not hold, or a file cannot be read: where, and which sentence."""

    def __init__(self, where: str, code: str, **said: str) -> None:
        super().__init__(code)
        self.where, self.code, self.said = where, code, said


def run(chosen: argparse.Namespace, *, known: Path) -> int:
    """Verify a receipt; 0 if all that was asked holds.

    Args:
        chosen: ``receipt``, ``text``, ``key`` and ``lang``.
        known: file of the public key that is taken for the office's unless another is given; it
            need not be there.
    """
    try:
        lines = list(_verify(chosen, known))
    except _Refused as refused:
        told = _tell(f"error_{refused.code}", chosen.lang, **refused.said)
        sys.stderr.write(_CONTROLS.sub(" ", f"{refused.where}: {told}") + "\n")
        return _BAD_INPUT
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _verify(chosen: argparse.Namespace, known: Path) -> Iterator[str]:
    if [chosen.receipt, chosen.text, chosen.key].count(_STDIN) > 1:
        raise _Refused(_STDIN, "two_inputs")
    receipt = _genuine(chosen.receipt)
    key_file = _compare_key(chosen, receipt, known)
    yield from _facts(receipt, chosen.lang)
    fingerprint = key_fingerprint(receipt.key)
    yield _tell("holds", chosen.lang)
    yield f"  {fingerprint}"
    if key_file:
        yield _tell("known", chosen.lang, file=key_file)
    else:
        yield _tell("unknown", chosen.lang)
    if chosen.text is not None:
        yield _compare_text(chosen.text, receipt, chosen.lang)


def _genuine(name: str) -> Receipt:
    """Read a receipt whose signature holds.

    Raises:
        _Refused: it does not, or there is no receipt.
    """
    try:
        receipt = read_receipt(_read(name, RECEIPT_BYTES_MAX))
    except NotAReceipt as bad:
        raise _Refused(name, bad.reason, said=bad.said) from None
    flaw = check_receipt(receipt)
    if flaw is not None:
        raise _Refused(name, flaw.value)
    return receipt


def _compare_key(chosen: argparse.Namespace, receipt: Receipt, known: Path) -> str:
    """Give the name of the file that holds the receipt's key; empty if no key is known here.

    Raises:
        _Refused: it holds another key, or none.
    """
    if chosen.key is None:
        name, text = str(known), _known_text(known)
    else:
        name, text = chosen.key, _read(chosen.key, KEY_FILE_BYTES_MAX)
    if text is None:
        return ""
    try:
        key = read_public_key(text)
    except NotAKey:
        raise _Refused(name, "not_a_key") from None
    if key != receipt.key:
        raise _Refused(
            chosen.receipt,
            "other_key",
            said=key_fingerprint(receipt.key),
            better=key_fingerprint(key),
            file=name,
        )
    return name


def _known_text(known: Path) -> bytes | None:
    try:
        with known.open("rb") as file:
            return file.read(KEY_FILE_BYTES_MAX + 1)
    except OSError:  # nobody asked for it: it is known or it is not
        return None


def _compare_text(name: str, receipt: Receipt, language: str) -> str:
    text = _read(name, _TEXT_BYTES_MAX)
    if len(text) > _TEXT_BYTES_MAX:
        raise _Refused(name, "text_too_large")
    match = matches_text(receipt, text)
    if not match:
        raise _Refused(name, "text_differs", better=receipt.filed.text_sha256)
    if not match.apart_from:
        return _tell("same", language)
    changes = [WORDS[change.value][language] for change in match.apart_from]
    return _tell("same_but", language, changes=WORDS["separator"][language].join(changes))


def _facts(receipt: Receipt, language: str) -> Iterator[str]:
    filed = receipt.filed
    at = filed.filed_at.strftime("%Y-%m-%d %H:%M:%S UTC")
    number, day = str(filed.demand), filed.heard_on.isoformat()
    if language == "fa":
        number, day = to_persian_digits(number), f"{_solar(filed.heard_on)} ({day})"
    yield _tell("demand", language, demand=number)
    yield _tell("office", language, office=filed.office)
    yield _tell("filed", language, at=at)
    yield _tell("day", language, day=day)
    yield _tell("text", language, sha=filed.text_sha256)
    for sha in filed.attachments:
        yield _tell("attachment", language, sha=sha)


def _solar(day: dt.date) -> str:
    from redress.values.calendars import Calendar, write_day  # noqa: PLC0415 - takes time to load

    solar = write_day(day, calendar=Calendar.SOLAR_HIJRI)
    return to_persian_digits(f"{solar.year}/{solar.month:02}/{solar.day:02}")


def _read(name: str, bytes_max: int) -> bytes:
    """Read a file or the standard input, at most one byte more than there may be.

    Raises:
        _Refused: there is none, or it cannot be read.
    """
    try:
        if name != _STDIN:
            with Path(name).open("rb") as file:
                return file.read(bytes_max + 1)
        if sys.stdin is not None:
            return sys.stdin.buffer.read(bytes_max + 1)
    except FileNotFoundError:
        raise _Refused(name, "not_found") from None
    except (OSError, ValueError) as error:
        raise _Refused(name, "not_readable", said=_reason(error)) from None
    raise _Refused(name, "not_readable", said="closed")


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _tell(name: str, language: str, **said: str) -> str:
    """Put words into a sentence; in Persian each of them keeps its own direction."""
    text = WORDS[name][language]
    for key, value in said.items():
        shown = f"\u2068{value}\u2069" if language == "fa" else value
        text = text.replace("{" + key + "}", shown)
    return text
