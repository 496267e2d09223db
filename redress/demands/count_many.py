"""Count collective demands: how many demands and workers, what the workers say, and which level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection

from redress.demands.ladder import Level, levels
from redress.demands.models import Collective
from redress.registers.accounts.roles import Actor

# One row a collective demand, whatever the number of its members. A merged demand counts with the
# one that it was merged into; who took it back, or was told that it is no worker's matter, does not.
# Each contact counts once, with the largest number of workers that it speaks for.
_COUNT: Final = """
    WITH member AS (
        SELECT m.collective_id AS of_many, m.demand_id FROM demands_membership m
        WHERE m.removed_at IS NULL AND m.collective_id = ANY(%(of)s)
        UNION SELECT %(with_in)s::bigint, unnest(%(with)s::bigint[])
    ), told AS (
        SELECT m.of_many, coalesce(d.merged_into_id, d.id) AS demand, d.workers_count, d.state,
               d.close_kind, coalesce(s.contact_fingerprint, '') AS contact,
               EXISTS (SELECT 1 FROM demands_workerword w
                       WHERE w.demand_id = d.id AND w.goes_on) AS goes_on
        FROM member m JOIN demands_demand d ON d.id = m.demand_id
        LEFT JOIN demands_sealedidentity s ON s.demand_id = d.id
        WHERE d.path >= %(lo)s AND d.path < %(hi)s
    ), counted AS (
        SELECT of_many, demand, max(workers_count) AS workers, max(contact) AS contact
        FROM told WHERE state <> 'withdrawn' AND close_kind <> 'not_a_workers_matter'
        GROUP BY of_many, demand
    ), of_one AS (
        SELECT of_many, contact <> '' AS is_known, count(*) AS demands, max(workers) AS workers
        FROM counted
        GROUP BY of_many, is_known, CASE WHEN contact = '' THEN demand::text ELSE contact END
    ), many AS (
        SELECT of_many, sum(demands) AS demands, sum(workers) AS workers,
               greatest(max(workers), count(*) FILTER (WHERE is_known)) AS least
        FROM of_one GROUP BY of_many
    ), voices AS (
        SELECT of_many, count(*) AS members,
               count(*) FILTER (WHERE state = 'answered') AS waiting,
               count(*) FILTER (WHERE state = 'silent') AS silent,
               count(*) FILTER (WHERE close_kind = 'resolved') AS solved,
               count(*) FILTER (WHERE close_kind = 'by_sample') AS by_sample,
               count(*) FILTER (WHERE close_kind IN ('partly', 'refused', 'moved')) AS left_at_it,
               count(*) FILTER (WHERE goes_on AND state NOT IN
                   ('answered', 'silent', 'closed', 'withdrawn', 'merged')) AS disputed,
               count(*) FILTER (WHERE state IN ('withdrawn', 'merged')
                   OR close_kind = 'not_a_workers_matter') AS apart
        FROM told GROUP BY of_many
    )
    SELECT v.of_many, coalesce(m.demands, 0), coalesce(m.workers, 0), coalesce(m.least, 0),
           v.waiting, v.silent, v.solved, v.by_sample, v.left_at_it, v.disputed, v.apart, v.members
    FROM voices v LEFT JOIN many m USING (of_many)
"""


@dataclass(frozen=True, slots=True)
class Voices:
    """Members by what their workers say.

    Attributes:
        members: all of them.
        waiting: answered, and the worker has still time for a word.
        silent: answered, and no word came.
        solved: the worker said so.
        by_sample: closed because a drawn sample said so.
        left_at_it: not, or not wholly, solved, and the worker leaves it there.
        disputed: the worker goes on.
        apart: taken back, merged or set aside; they stay members.
        without_answer: the rest.
    """

    waiting: int = 0
    silent: int = 0
    solved: int = 0
    by_sample: int = 0
    left_at_it: int = 0
    disputed: int = 0
    apart: int = 0
    members: int = 0

    @property
    def without_answer(self) -> int:
        """How many no body has answered yet."""
        said = self.waiting + self.silent + self.solved + self.by_sample + self.left_at_it
        return self.members - said - self.disputed - self.apart


@dataclass(frozen=True, slots=True)
class Counts:
    """The two counts of a collective demand, and what they make of it.

    Attributes:
        demands: how many demands; a merged one counts with the other, and none counts that was
            taken back or set aside.
        workers: how many workers they speak for: of one contact only the largest number, and each
            demand without a contact by itself, because nobody can tell whether two are of one person.
        workers_least: no fewer: so many left contacts that differ, or so many does one demand alone
            speak for. Those whom several demands speak for may be the same people.
        share_percent: workers in a hundred of the workforce, rounded down; None where that is not
            known.
        level: the highest level that is reached.
        sure_level: the highest that is reached even by the least number of workers.
        next_level: the one after it.
        missing: how many more workers that one needs.
    """

    demands: int = 0
    workers: int = 0
    workers_least: int = 0
    share_percent: int | None = None
    level: Level | None = None
    sure_level: Level | None = None
    next_level: Level | None = None
    missing: int = 0
    voices: Voices = Voices()

    @property
    def is_beyond_workforce(self) -> bool:
        """Say whether more are counted than work there, so that some number must be wrong."""
        return self.share_percent is not None and self.share_percent > _ALL_PERCENT


_ALL_PERCENT: Final = 100


def counts(collective: Collective, *, seen_by: Actor) -> Counts:
    """Count one collective demand; worked out when read, so that it is right after every change."""
    return counts_of([collective], seen_by=seen_by)[collective.pk]


def counts_with(collective: Collective, *, more: Iterable[int], seen_by: Actor) -> Counts:
    """Count a collective demand as it would be with more members."""
    return _counts([collective], seen_by=seen_by, more=list(more))[collective.pk]


def counts_of(listed: Iterable[Collective], *, seen_by: Actor) -> dict[int, Counts]:
    """Count many collective demands in one query, by their numbers."""
    return _counts(list(listed), seen_by=seen_by, more=[])


def _counts(listed: list[Collective], *, seen_by: Actor, more: list[int]) -> dict[int, Counts]:
    given = {
        "of": [one.pk for one in listed],
        "with_in": listed[0].pk if more else None,
        "with": more,
        "lo": seen_by.scope.places.lo,
        "hi": seen_by.scope.places.hi,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, given)
        rows = {row[0]: [int(count) for count in row[1:]] for row in cursor.fetchall()}
    return {one.pk: _standing(one, rows.get(one.pk)) for one in listed}


def _standing(collective: Collective, row: list[int] | None) -> Counts:
    demands, workers, least, *said = row or [0] * 11
    workforce = collective.workforce
    percent = 100 * workers // workforce if workforce else None
    reached, sure = _reached(workers, workforce), _reached(least, workforce)
    ahead = levels()[len(reached)] if workforce and len(reached) < len(levels()) else None
    # Rounded up: a level is reached from its share on.
    needed = -(-ahead.percent * workforce // 100) if ahead and workforce else 0
    return Counts(
        demands=demands,
        workers=workers,
        workers_least=least,
        share_percent=percent,
        level=reached[-1] if reached else None,
        sure_level=sure[-1] if sure else None,
        next_level=ahead,
        missing=needed - workers if ahead else 0,
        voices=Voices(*said),
    )


def _reached(workers: int, workforce: int | None) -> list[Level]:
    return [one for one in levels() if workforce and 100 * workers >= one.percent * workforce]
