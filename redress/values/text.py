"""The normal form of text, for comparing and searching only; the original always stays as given."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

_DIGITS: Final = {
    **{0x06F0 + value: str(value) for value in range(10)},  # Persian
    **{0x0660 + value: str(value) for value in range(10)},  # Arabic
    **{0xFF10 + value: str(value) for value in range(10)},  # full width
}
_PERSIAN_DIGITS: Final = {0x30 + value: chr(0x06F0 + value) for value in range(10)}

# Letters that one Persian word is typed with on different keyboards.
_PERSIAN_LETTERS: Final = {
    0x064A: "ی",  # Arabic yeh
    0x0649: "ی",  # alef maksura
    0x0643: "ک",  # Arabic kaf
    0x0629: "ه",  # teh marbuta
    0x06C0: "ه",  # heh with yeh above
    0x0623: "ا",
    0x0625: "ا",
    0x0671: "ا",
    0x0624: "و",
    0x0640: None,  # tatweel
}
_JOINERS_TO_SPACE: Final = {0x200C: " ", 0x200D: None, 0x00AD: None, 0x00A0: " "}
# All at once: none of them makes what another one folds.
_FOLDED: Final = {**_PERSIAN_LETTERS, **_JOINERS_TO_SPACE, **_DIGITS}
_HIDDEN: Final = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00]")
_HARAKAT: Final = re.compile("[\u064b-\u065f\u0670]")
_SPACES: Final = re.compile(r"\s+")
_ARABIC: Final = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")


def normal_form(text: str) -> str:
    """Fold a text so that the same words typed on different keyboards become equal.

    Folds compatibility and full-width forms, Arabic and Persian letters, digits, vowel marks, the
    zero-width non-joiner, hidden direction marks, letter case and runs of space. Idempotent.
    """
    if text.isascii():  # nothing to fold but letter case; what follows would say the same
        return " ".join(text.replace("\x00", "").casefold().split())
    folded = _HIDDEN.sub("", unicodedata.normalize("NFKC", text).translate(_FOLDED))
    folded = unicodedata.normalize("NFC", _HARAKAT.sub("", unicodedata.normalize("NFD", folded)))
    folded = unicodedata.normalize("NFKC", folded.casefold()).translate(_PERSIAN_LETTERS)
    return _SPACES.sub(" ", folded).strip()


def to_latin_digits(text: str) -> str:
    """Write Persian, Arabic and full-width digits as 0-9; change nothing else."""
    return text.translate(_DIGITS)


def to_persian_digits(text: str) -> str:
    """Write 0-9 as Persian digits; change nothing else."""
    return text.translate(_PERSIAN_DIGITS)


def guess_language(text: str) -> str:
    """Say in which of the three languages most letters stand: ``fa``, ``zh`` or ``en``.

    A Han character counts for three letters, being about as much of a word.
    """
    counts = {
        "fa": len(_ARABIC.findall(text)),
        "zh": 3 * len(_HAN.findall(text)),
        "en": len(_LATIN.findall(text)),
    }
    return max(counts, key=lambda language: (counts[language], language == "en"))


def text_sha256(text: str) -> str:
    """Fingerprint the exact words: SHA-256 of their UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
