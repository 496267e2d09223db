"""Letters as PDF, in Persian, Chinese and English: words come in, pages go out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

from redress.values.spans import MASK
from redress.values.text import guess_language

Language = Literal["fa", "zh", "en"]
QUOTED_CHARS_MAX: Final = 80_000  # a longest text with each sign of it covered by a longer mark
OTHER_CHARS_MAX: Final = 20_000  # of all other words together
LABELS: Final = ("from", "to", "number", "date", "due", "subject", "quoted", "covered")
_FONTS: Final = Path(__file__).with_name("fonts")
_PAGES: Final = {"fa": "۱/۱", "zh": "1/1", "en": "1/1"}

# The page. Words reach it as data (JSON) and nothing in them is read as Typst.
_TEMPLATE: Final = rb"""
#let letter = json(bytes(sys.inputs.letter))
#let grey = luma(35%)
#let way(line) = if line.from_right { rtl } else { ltr }
#let land(language) = if language == "zh" { "CN" } else { none }
#let beside = if letter.from_right { right } else { left }
#let strong(body) = text(stroke: 0.025em, body)  // no bold Chinese font is at hand

#let laid(line, side: start, shape: par) = {
  set text(lang: line.language, region: land(line.language), dir: way(line))
  set align(side)
  if line.words == "" { v(0.5em) } else { shape(line.words) }
}
#let rows(..fields) = grid(
  columns: (auto, 1fr), column-gutter: 1em, row-gutter: 0.8em,
  ..for (label, line, shape) in fields.pos().filter(field => field.at(1).words != "") {
    (text(fill: grey, label), laid(line, side: beside, shape: shape))
  },
)

#set document(title: letter.title, date: none)
#set text(
  font: ("Vazirmatn Letters", "Letters Han"), fallback: false, size: 11pt,
  hyphenate: false, cjk-latin-spacing: none,
  lang: letter.language, region: land(letter.language), dir: way(letter),
  top-edge: 0.75em, bottom-edge: 0em,  // one height of line for both fonts
)
#set par(leading: 0.85em, spacing: 0.85em, justify: letter.language == "zh")
#set page(
  paper: "a4", margin: (x: 25mm, top: 22mm, bottom: 26mm),
  footer: context {
    set text(size: 9pt, fill: grey)
    grid(
      columns: (1fr, auto), column-gutter: 1em,
      laid(letter.number, side: beside),
      text(dir: ltr, numbering(letter.pages, ..counter(page).get(), ..counter(page).final())),
    )
  },
)
#show heading: it => strong(text(size: 11pt, weight: "regular", it.body))
#show quote: it => block(
  width: 100%, inset: (x: 1em, y: 0.3em), above: 0.9em, below: 1.6em,
  stroke: ((repr(beside)): 1.5pt + luma(60%)), it.body,
)

#grid(
  columns: (1fr, 62mm), column-gutter: 1.5em,
  rows(
    (letter.labels.from, letter.sender, strong),
    ("", letter.written_by, text.with(fill: grey)),
  ),
  rows(
    (letter.labels.number, letter.number, par),
    (letter.labels.date, letter.date, par),
    (letter.labels.due, letter.due, par),
  ),
)
#line(length: 100%, stroke: 0.5pt + luma(60%))
#v(0.5em)
#rows(
  (letter.labels.to, letter.recipient, par), (letter.labels.subject, letter.subject, heading),
  ..letter.about.map(((label, line)) => (label, line, par)),
)
#v(1em)
#for line in letter.opening { laid(line) }
#if letter.quoted != () {
  block(sticky: true, above: 1.8em, below: 0em, text(fill: grey, letter.labels.quoted))
  quote(block: true, for line in letter.quoted { laid(line) })
}
#for line in letter.closing { laid(line) }
"""

# Marks that order letters by force come to set their words apart instead, which reaches no further.
_OPENING: Final = {
    **dict.fromkeys("\u202a\u202d\u2066", "\u2066"),  # from left to right
    **dict.fromkeys("\u202b\u202e\u2067", "\u2067"),  # from right to left
    "\u2068": "\u2068",  # as the first letter goes
}
_CLOSING: Final = {"\u202c": "\u202a\u202b\u202d\u202e", "\u2069": "\u2066\u2067\u2068"}
_LINE_END: Final = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_NO_CHARACTER: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_HALF_CHARACTER: Final = re.compile("[\ud800-\udfff]")
_BLANK_LINES: Final = re.compile(r"\n(?:[^\S\n]*\n){2,}")
# Without a space, as a web address: it may be broken after so many characters.
_LONG_RUN: Final = re.compile(r"[^\s\u200b-\u200d\u2e80-\uffef]{28}(?=[^\s\u200b-\u200d])")
_FROM_RIGHT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


class LetterTooLong(ValueError):
    """More than ``QUOTED_CHARS_MAX`` characters quoted, or ``OTHER_CHARS_MAX`` around them."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter whose words are all written; an empty field is left out with its label.

    Attributes:
        written_by: who of the sender's sends it.
        language: of the letter: which way its pages go, and its digits of page numbers.
        quoted: a worker's words, in any of the three languages; each line goes its own way.
        opening: paragraphs before them, the salutation first.
        closing: paragraphs after them, down to who signs.
        about: label and words of what is known of the demand: employer, workplace, how many.
        labels: what stands before ``from``, ``to``, ``number``, ``date``, ``due``, ``subject``, above
            the words ``quoted``, and in place of what is ``covered`` in them.
    """

    language: Language
    sender: str
    recipient: str
    written_by: str
    number: str
    day_written: str
    due_written: str
    subject: str
    opening: tuple[str, ...]
    quoted: str
    closing: tuple[str, ...]
    labels: Mapping[str, str]
    about: tuple[tuple[str, str], ...] = ()


def letter_pdf(letter: Letter) -> bytes:
    """Lay out a letter on A4; the same letter gives the same bytes.

    Words are shown as typed: markup stays markup, control characters are left out, half a
    character becomes U+FFFD, and a mark of direction reaches no further than its line.

    Raises:
        LetterTooLong: above the limits.
        KeyError: a label is missing.
    """
    _refuse_too_long(letter)
    words = json.dumps(_as_data(letter), ensure_ascii=False)
    try:
        return _typeset(words, standard="ua-1")
    except typst.TypstError:  # the standard for all readers takes no sign that the fonts lack
        return _typeset(words, standard=None)


def _typeset(words: str, *, standard: Literal["ua-1"] | None) -> bytes:
    compiler = typst.Compiler(_TEMPLATE, root=str(_FONTS), font_paths=_fonts())
    pages = compiler.compile(
        format="pdf", sys_inputs={"letter": words}, pdf_standards=standard, timestamp=0
    )
    if not isinstance(pages, bytes):
        raise TypeError("one file was asked for")
    return pages


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)]
    )


def _refuse_too_long(letter: Letter) -> None:
    others = (letter.sender, letter.recipient, letter.written_by, letter.number, letter.subject)
    dates = (letter.day_written, letter.due_written, *letter.labels.values())
    about = [words for pair in letter.about for words in pair]
    around = sum(map(len, (*others, *dates, *about, *letter.opening, *letter.closing)))
    if len(letter.quoted) > QUOTED_CHARS_MAX or around > OTHER_CHARS_MAX:
        raise LetterTooLong


def _as_data(letter: Letter) -> dict[str, Any]:
    language = letter.language
    fields = {
        "sender": letter.sender,
        "recipient": letter.recipient,
        "written_by": letter.written_by,
        "number": letter.number,
        "date": letter.day_written,
        "due": letter.due_written,
        "subject": letter.subject,
    }
    lines = {name: _line(_in_one_line(text), language) for name, text in fields.items()}
    return {
        **lines,
        "language": language,
        "from_right": language == "fa",
        "pages": _PAGES[language],
        "title": " ".join(_in_one_line(text) for text in (letter.subject, letter.number) if text),
        "labels": {name: _in_one_line(letter.labels[name]) for name in LABELS},
        "about": [
            (_in_one_line(label), _line(_in_one_line(words), language))
            for label, words in letter.about
        ],
        "opening": _lines(letter.opening, language),
        "quoted": _lines(
            [letter.quoted.replace(MASK, letter.labels["covered"])],  # no font has the bars
            _language(letter.quoted, otherwise=language),
        ),
        "closing": _lines(letter.closing, language),
    }


def _lines(paragraphs: Iterable[str], language: str) -> list[dict[str, Any]]:
    text = "\n\n".join(_clean(paragraph).strip("\n") for paragraph in paragraphs).strip("\n")
    lines = _BLANK_LINES.sub("\n\n", text).split("\n")
    return [_line(_paired(line), language) for line in lines if text]


def _line(words: str, around: str) -> dict[str, Any]:
    """Say which way a line goes: that of the text around it, if it holds a letter of that."""
    ways = {bool(_FROM_RIGHT.match(char)) for char in words if char.isalpha()}
    from_right = around == "fa" if len(ways) != 1 else True in ways
    return {
        "words": _LONG_RUN.sub("\\g<0>\u200b", words).strip(),
        "language": _language(words, otherwise=around),
        "from_right": from_right,
    }


def _language(text: str, *, otherwise: str) -> str:
    return guess_language(text) if any(map(str.isalpha, text)) else otherwise


def _in_one_line(text: str) -> str:
    return _paired(" ".join(_clean(text).split("\n"))).strip()


def _clean(text: str) -> str:
    whole = _HALF_CHARACTER.sub("\ufffd", _LINE_END.sub("\n", text)).replace("\t", "    ")
    return _NO_CHARACTER.sub("", whole)


def _paired(line: str) -> str:
    """Leave out marks of direction that have no partner in the line, and make the others mild."""
    kept = dict.fromkeys(_OPENING, "") | dict.fromkeys(_CLOSING, "")
    return "".join(
        mark if mark is not None else kept.get(char, char)
        for char, mark in zip(line, _partners(line), strict=True)
    )


def _partners(line: str) -> list[str | None]:
    """Give, for each character, what it becomes as one of a pair; None if it is none."""
    found: list[str | None] = [None] * len(line)
    waiting: list[int] = []
    for at, char in enumerate(line):
        if char in _OPENING:
            waiting.append(at)
        elif char in _CLOSING and (start := _opened_at(line, waiting, char)) is not None:
            found[start], found[at] = _OPENING[line[start]], "\u2069"
            del waiting[waiting.index(start) :]
    return found


def _opened_at(line: str, waiting: list[int], closing: str) -> int | None:
    """Find what a closing mark closes: an embedding only if it was opened last."""
    within = waiting if closing == "\u2069" else waiting[-1:]
    return next((at for at in reversed(within) if line[at] in _CLOSING[closing]), None)
