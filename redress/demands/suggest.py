"""Suggest which demands belong to a collective one: by employer, topic, workplace and words.

Employer, topic and place do not depend on the language a demand is told in; words do, so each language
has words of its own. Nothing is added by it: an officer chooses.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from redress.demands.cause import Cause, Suggestion, is_workplace
from redress.demands.collect import joinable
from redress.demands.models import Collective, Demand, Membership
from redress.demands.search import FOUND_MAX, all_of, quoted
from redress.demands.states import OPEN
from redress.registers.accounts.roles import Actor
from redress.values.search_words import TooShort, query_words
from redress.values.text import to_latin_digits

SUGGESTED_MAX: Final = 50
NUMBERS_MAX: Final = 500
_DIGITS_MAX: Final = 15
# Of each way to find some, so many are looked at, the newest first.
_LOOKED_AT_MAX: Final = 200
_FOUND: Final = (
    "SELECT demands_found((quote_literal('@' || %s) || ' & (' || %s || ')')::tsquery, %s)"
)


def suggest_members(collective: Collective, *, seen_by: Actor) -> list[Suggestion]:
    """Suggest open demands of the place, the likeliest first, at most ``SUGGESTED_MAX``.

    It must fit who it is about (employer or workplace) and what (topic or words), as far as either is
    known of the cause. One sorted to another topic, or naming another employer, is left out.
    """
    cause = Cause.of(collective, seen_by=seen_by)
    open_here = _outside(collective, seen_by=seen_by).filter(state__in=OPEN)
    ways = [
        open_here.filter(pk__in=numbers)
        for numbers in (_by_employer(cause), _by_words(cause))
        if numbers is not None
    ]
    if collective.topic_id:
        ways.append(open_here.filter(topic_id=collective.topic_id))
    if is_workplace(collective.path):
        ways.append(open_here)
    found: dict[int, Demand] = {}
    for way in ways:
        found.update({one.pk: one for one in way.order_by("-pk")[:_LOOKED_AT_MAX]})
    scored = [cause.scored(demand) for demand in found.values()]
    likely = [one for one in scored if cause.fits(one)]
    likely.sort(key=lambda one: (one.was_removed, -one.score, -one.alike, -one.demand.pk))
    return likely[:SUGGESTED_MAX]


def search_members(collective: Collective, written: str, *, seen_by: Actor) -> list[Suggestion]:
    """Find demands of the place by their numbers or their words, open or not, the newest first.

    Raises:
        TooShort: the words are a single Chinese character.
    """
    outside = _outside(collective, seen_by=seen_by)
    found = outside.filter(pk__in=numbers_in(written))
    if not found.exists():
        groups = query_words(written)
        if not groups:
            return []
        found = outside.filter(pk__in=_numbers_with(all_of(groups), path=collective.path))
    cause = Cause.of(collective, seen_by=seen_by)
    return [cause.scored(demand) for demand in found.order_by("-pk")[:SUGGESTED_MAX]]


def numbers_in(written: str) -> list[int]:
    """Read case numbers in any digits, apart by spaces or commas; none if there is anything else."""
    parts = to_latin_digits(written).replace(",", " ").replace("،", " ").replace("、", " ").split()
    if not all(part.isascii() and part.isdigit() and len(part) <= _DIGITS_MAX for part in parts):
        return []
    return [int(part) for part in parts][:NUMBERS_MAX]


def _outside(collective: Collective, *, seen_by: Actor) -> QuerySet[Demand]:
    """List what can be added and is not in it, marked where it was before."""
    ever = Membership.objects.filter(collective=collective)
    # Not by a join: until the table is analysed, the database takes thousands of members for one.
    now = ever.filter(removed_at=None).values("demand_id")
    before = ever.exclude(removed_at=None).filter(demand=OuterRef("pk"))
    found = joinable(collective, seen_by=seen_by).exclude(pk__in=now)
    return (
        found
        .annotate(was_removed=Exists(before))
        .select_related("topic")
        .defer("text_normal", "read_by_body")
    )


def _numbers_with(query: str, *, path: str) -> RawSQL:
    return RawSQL(_FOUND, [path, query, FOUND_MAX])  # noqa: S611 - words are quoted, see quoted


def _by_employer(cause: Cause) -> RawSQL | None:
    if not cause.employers:
        return None
    any_of = " | ".join(f"({all_of(groups)})" for groups in cause.employers)
    return _numbers_with(any_of, path=cause.collective.path)


def _by_words(cause: Cause) -> RawSQL | None:
    """Find what shares two telling words with the cause, or one where there is but one."""
    pairs = []
    for language in cause.words:
        words = [quoted(word) for word in cause.telling_words(language)]
        pairs += [f"({one} & {two})" for one, two in combinations(words, 2)] or words
    return _numbers_with(" | ".join(pairs), path=cause.collective.path) if pairs else None


__all__ = ["SUGGESTED_MAX", "Suggestion", "TooShort", "search_members", "suggest_members"]
