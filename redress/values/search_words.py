"""Words to find a text by, in Persian, Chinese and English; for an index of whole words.

A Persian word may be written in one, with a zero-width non-joiner, or with its ending apart; a
number with or without its commas. Parts so bound are indexed alone and joined, and asked for so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from redress.values.text import normal_form

WORD_CHARS_MAX: Final = 40
WORDS_MAX: Final = 2_000
QUERY_WORDS_MAX: Final = 64
_JOINED_PARTS_MAX: Final = 4

_ZWNJ: Final = "\u200c"
_JOINT: Final = "\ue000"  # stands for the non-joiner through the normal form, which drops it

_HAN: Final = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ARABIC: Final = (
    r"\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9"
)
_RUN: Final = re.compile(
    rf"(?P<han>[{_HAN}]+)|(?P<arabic>[{_ARABIC}]+)|(?P<digits>\d+)"
    rf"|(?:(?![{_HAN}{_ARABIC}])[^\W\d_])+"
)
_HAN_RUN: Final = re.compile(rf"[{_HAN}]")
_BINDING: Final = frozenset(["arabic", "digits"])
_COMMAS: Final = re.compile(r"(?:(?<=\d)|\A)[,٬](?=\d{3}(?!\d))")
_BEFORE: Final = frozenset(["می", "نمی"])
_AFTER: Final = frozenset([
    *("ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان", "هاست"),
    *("ی", "ای", "تر", "تری", "ترین", "ام", "ات", "اش", "ایم", "اید", "اند", "مان", "تان", "شان"),
])


class TooShort(ValueError):
    """One Chinese character alone finds nothing: the index holds pairs."""


def index_words(text: str) -> list[str]:
    """List the words of a text, each once, as an index keeps them; the first ``WORDS_MAX``."""
    found: dict[str, None] = {}
    for chain in _chains(text):
        if _HAN_RUN.match(chain[0]):
            found.update(dict.fromkeys(_pairs(chain[0])))
        elif len(chain) == 1:
            found[chain[0][:WORD_CHARS_MAX]] = None
        else:
            found.update(dict.fromkeys(_joined(chain)))
        if len(found) >= WORDS_MAX:
            break
    return list(found)[:WORDS_MAX]


def query_words(written: str) -> list[frozenset[str]]:
    """Read a query: of every set one word must be in the index; empty if it has no word.

    The index finds candidates: Chinese pairs may stand apart, which ``contains_words`` rules out.
    Of a longer query the first ``QUERY_WORDS_MAX`` sets count.

    Raises:
        TooShort: nothing but single Chinese characters; beside other words they are left out.
    """
    wanted: dict[frozenset[str], None] = {}
    chains = list(_chains(written))
    for chain in chains:
        if _HAN_RUN.match(chain[0]):
            wanted.update({frozenset([pair]): None for pair in _pairs(chain[0])})
        else:
            wanted.update(dict.fromkeys(_alternatives(chain[:QUERY_WORDS_MAX])))
    if chains and not wanted:
        raise TooShort(written[:WORD_CHARS_MAX])
    return list(wanted)[:QUERY_WORDS_MAX]


def contains_words(text: str, query: str) -> bool:
    """Tell whether the words of a query stand in a text, spaces and commas within them aside."""
    close = _close(text).replace(" ", "")
    return all(run[0] in close for run in _RUN.finditer(_close(query)))


def chinese_runs(written: str) -> list[str]:
    """List the runs of three or more Chinese characters of a query, which must stand as they are.

    Their pairs find candidates alone: the pairs of one run may stand apart in a text.
    """
    runs = [run["han"] for run in _RUN.finditer(_close(written)) if run["han"]]
    return [run for run in runs if len(run) > 2][:QUERY_WORDS_MAX]  # noqa: PLR2004 - a pair is exact


def _close(text: str) -> str:
    return _COMMAS.sub("", normal_form(text))


def _chains(text: str) -> Iterator[list[str]]:
    """Cut a text into runs of one script; those that may be written in one stand in one chain."""
    marked = normal_form(text.replace(_JOINT, " ").replace(_ZWNJ, _JOINT))
    chain: list[str] = []
    script, end = None, 0
    for run in _RUN.finditer(marked):
        word, start = run[0], run.start()
        # Only Persian words and numbers are ever bound to the one before.
        if chain and not (
            script is not None
            and script in _BINDING
            and script == run.lastgroup
            and _is_bound(chain[-1], word, gap=marked[end:start], script=script)
        ):
            yield chain
            chain = []
        chain.append(word)
        script, end = run.lastgroup, run.end()
    if chain:
        yield chain


def _is_bound(left: str, right: str, *, gap: str, script: str) -> bool:
    if script == "digits":
        return _COMMAS.match(gap + right) is not None
    between = gap.replace(_JOINT, "")
    return not between or (between.isspace() and (left in _BEFORE or right in _AFTER))


def _pairs(han: str) -> Iterator[str]:
    return map("".join, pairwise(han))


def _windows(chain: Sequence[str], size: int) -> Iterator[tuple[range, str]]:
    """Join every so many neighbours of a chain."""
    for start in range(len(chain) - size + 1):
        where = range(start, start + size)
        yield where, "".join(chain[start : start + size])[:WORD_CHARS_MAX]


def _joined(chain: Sequence[str]) -> Iterator[str]:
    for size in range(1, min(len(chain), _JOINED_PARTS_MAX) + 1):
        yield from (word for _where, word in _windows(chain, size))


def _alternatives(chain: Sequence[str]) -> Iterator[frozenset[str]]:
    """Ask for every part of a chain, alone or joined; an ending or a number's part only joined."""
    longest = min(len(chain), _JOINED_PARTS_MAX)
    if longest == 1 or chain[0].isdecimal():
        yield from (frozenset([word]) for _where, word in _windows(chain, longest))
        return
    joined = [one for size in range(1, longest + 1) for one in _windows(chain, size)]
    sets = []
    for place, part in enumerate(chain):
        shortest = 2 if part in _BEFORE | _AFTER else 1
        over = [(len(where), word) for where, word in joined if place in where]
        sets.append(frozenset(word for length, word in over if length >= shortest))
    yield from (one for one in sets if not any(other < one for other in sets))
