"""How sure a share is: 95 % intervals for successes among trials."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

Z95: Final = 1.959963984540054  # 97.5 % of a standard normal lie below
_ROUNDING: Final = 1e-6  # of a count of people


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a share lies, each end from 0 to 1."""

    low: float
    high: float


def wilson(successes: int, trials: int) -> Interval | None:
    """Give the score interval of a share; None without a trial, because then nothing is known.

    Source: E. B. Wilson, 1927; without continuity correction, method 3 of R. G. Newcombe, 1998.

    Raises:
        ValueError: below no successes, or more successes than trials.
    """
    _check(successes, trials)
    return _score(successes / trials, trials) if trials else None


def finite(successes: int, trials: int, *, population: int) -> Interval | None:
    """Give the interval of a population's share from some drawn at random and not put back.

    The variance is that of drawing without replacement, so a sample of everybody gives the share
    itself. The ends are shares that the population can have, given what was seen: as many successes,
    and as many failures, there are at least.

    Args:
        successes: among those drawn.
        trials: how many were drawn; None is given for none, even from nobody.
        population: how many there are to draw from.

    Raises:
        ValueError: as ``wilson``, or more drawn than there are.
    """
    _check(successes, trials)
    if trials > population:
        raise ValueError(f"{trials} drawn from {population}")
    if not trials:
        return None
    share, rest = successes / trials, population - trials
    if not rest:
        return Interval(share, share)
    found = _score(share, trials * (population - 1) / rest)
    least = max(successes, math.floor(found.low * population + _ROUNDING))
    most = min(successes + rest, math.ceil(found.high * population - _ROUNDING))
    return Interval(least / population, most / population)


def _check(successes: int, trials: int) -> None:
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials}")


def _score(share: float, trials: float) -> Interval:
    """Solve ``|p - share| = Z95 * sqrt(p (1 - p) / trials)`` for both p."""
    square = Z95 * Z95
    middle = share + square / (2 * trials)
    reach = Z95 * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    whole = 1 + square / trials
    # at 0 and at 1 the end is the share itself, which rounding must not hide
    low = 0.0 if not share else (middle - reach) / whole
    high = 1.0 if share == 1 else (middle + reach) / whole
    return Interval(low, high)
