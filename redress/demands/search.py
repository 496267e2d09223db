"""Find demands by words, under the jurisdiction lock.

The database does not use a word index under row security, because matching words could leak rows. So
the words lie in a table that nobody reads but one function of the owner's, with the place or the body
as words among them: it gives numbers only, of the places that the transaction may see. The rows
themselves are then read under row security as ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models.expressions import RawSQL

from redress.demands.models import Addition, Demand, Party
from redress.values.places import paths_above
from redress.values.search_words import TooShort, index_words, query_words

# More is no answer but a flood: the reader is told to narrow the search.
FOUND_MAX: Final = 2_000


def note_words(demand: Demand) -> None:
    """Keep the words by which a demand is found, as they are now; by whom the union's are seen."""
    added = Addition.objects.filter(demand=demand).values_list("text", flat=True)
    told = (demand.text, demand.employer, demand.workplace, *added)
    note_words_of([(demand, index_words("\n".join(told)))])


def note_words_of(demands: Sequence[tuple[Demand, Sequence[str]]]) -> None:
    """Keep the words of many demands, given with those of its text and of what is said about it."""
    readers = _readers([demand for demand, _words in demands])
    rows = [
        {
            "id": demand.pk,
            "union": [*(f"@{path}" for path in paths_above(demand.path)), *words],
            "body": _body_words(demand, readers.get(demand.pk, set())),
        }
        for demand, words in demands
    ]
    _note("SELECT demands_note_words(%s)", rows)


def note_readers(demand: Demand) -> None:
    """Keep which bodies find a demand, and by what, as it is now."""
    words = _body_words(demand, _readers([demand]).get(demand.pk, set()))
    _note("SELECT demands_note_readers(%s)", [{"id": demand.pk, "union": [], "body": words}])


def _note(statement: str, rows: list[dict[str, Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(rows, ensure_ascii=False)])


def show_words(numbers: Sequence[int], *, body: int) -> None:
    """Let a further body find demands by what bodies may read of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT demands_show_words(%s, %s)", [list(numbers), body])


def _readers(demands: list[Demand]) -> dict[int, set[int]]:
    """Give the bodies that read each demand: the one it lies with, and those at its table."""
    read_by = {demand.pk: {demand.body_id} for demand in demands if demand.body_id}
    if read_by:
        seats = Party.objects.filter(demand_id__in=read_by, until_at=None)
        for number, body in seats.values_list("demand_id", "body_id"):
            read_by[number].add(body)
    return read_by


def _body_words(demand: Demand, bodies: set[int]) -> list[str]:
    """Give what a body may find it by: no more than it may read, or counts would tell the rest."""
    if not bodies:
        return []
    about = "\n".join((demand.read_by_body, demand.employer, demand.workplace))
    return [*(f"#{body}" for body in sorted(bodies)), *index_words(about)]


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of demands in which some words stand, the newest first.

    Attributes:
        numbers: ``FOUND_MAX`` at most.
        is_cut: there are more, which a further word would have to tell apart.
    """

    numbers: Sequence[int]
    is_cut: bool


def found_by(written: str) -> Found:
    """Find the demands, of those that the transaction may see, in which all of some words stand.

    Args:
        written: as typed; ``normal_form`` makes both yehs, joined and parted words, digits one. Where
            no word is long enough to search by, nothing is found.

    Raises:
        TooShort: there is a single Chinese character.
    """
    groups = query_words(written)
    if not groups:
        return Found((), is_cut=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT demands_found(%s::tsquery, %s)", [all_of(groups), FOUND_MAX + 1])
        numbers = [number for (number,) in cursor.fetchall()]
    return Found(numbers[:FOUND_MAX], is_cut=len(numbers) > FOUND_MAX)


def numbered(numbers: Sequence[int]) -> RawSQL:
    """Give numbers for ``pk__in`` as one array: the database knows how many they are."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(numbers)])


def all_of(groups: Iterable[frozenset[str]]) -> str:
    """Write a query for one word of each group."""
    return " & ".join(f"({' | '.join(sorted(map(quoted, group)))})" for group in groups)


def quoted(word: str) -> str:
    """Write a word into a query as itself."""
    doubled = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


__all__ = [
    "FOUND_MAX",
    "Found",
    "TooShort",
    "all_of",
    "found_by",
    "note_readers",
    "note_words",
    "note_words_of",
    "numbered",
    "quoted",
]
