"""What is worked out of a text alone, so that another process can do it for many at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from redress.values.search_words import index_words
from redress.values.text import guess_language, normal_form, text_sha256


class TextFacts(NamedTuple):
    """What is kept of a text beside it.

    Attributes:
        sha256: of its characters.
        normal: its ``normal_form``.
        language: the one it seems to be in.
        words: it is found by them, and by those of what is said about it.
    """

    sha256: str
    normal: str
    language: str
    words: list[str]


def text_facts(text: str, *about: str) -> TextFacts:
    """Work out what is kept of a text."""
    return TextFacts(
        text_sha256(text),
        normal_form(text),
        guess_language(text),
        index_words("\n".join((text, *about))),
    )


def facts_of_texts(texts: Iterable[tuple[str, ...]]) -> list[TextFacts]:
    """Work it out for many, each a text with what is said about it."""
    return [text_facts(*one) for one in texts]
