"""Receipt codes: sixteen digits that a worker can read aloud in any of the three languages."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from redress.values.text import to_latin_digits

CODE_DIGITS: Final = 16
_WRITTEN_CHARS_MAX: Final = 60

# Totally anti-symmetric quasigroup of order 10. Source: H. M. Damm, 2004: finds every single wrong
# digit and every swap of neighbours.
_DAMM: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


class NotACode(ValueError):
    """What was typed cannot be a receipt code: wrong length or a misheard digit."""


def damm(digits: str) -> int:
    """Fold digits through Damm's table: the check digit to append, or 0 for a whole code."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def receipt_code(*, key: bytes, form_id: str) -> str:
    """Make the code that belongs to one sent form.

    The same form gives the same code, so that a form sent twice shows one receipt; without the
    key nobody can tell the code from the form. 15 digits and a check digit.
    """
    return new_code(hmac.new(key, b"receipt-code\0" + form_id.encode(), hashlib.sha256).digest())


def new_code(random: bytes) -> str:
    """Make a code of at least 16 bytes that nobody can foresee."""
    body = str(int.from_bytes(random) % 10 ** (CODE_DIGITS - 1)).zfill(CODE_DIGITS - 1)
    return body + str(damm(body))


def read_code(written: str) -> str:
    """Read a code as people type it: any digit set, with spaces or dashes.

    Raises:
        NotACode: not sixteen digits, or the check digit says that one was misread.
    """
    kept = to_latin_digits(written[:_WRITTEN_CHARS_MAX])
    digits = "".join(mark for mark in kept if mark in "0123456789")
    if len(written) > _WRITTEN_CHARS_MAX or len(digits) != CODE_DIGITS or damm(digits) != 0:
        raise NotACode
    return digits


def code_fingerprint(code: str, *, key: bytes) -> str:
    """Fingerprint a code for storing: keyed, because 10^15 codes could be tried without a key."""
    return hmac.new(key, b"receipt-fingerprint\0" + code.encode(), hashlib.sha256).hexdigest()


def grouped(code: str) -> str:
    """Write a code in fours, as it is read aloud."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
