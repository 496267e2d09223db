"""How sure a share is, from few or many trials."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.engines.figures.intervals import Interval, finite, wilson

TALLIES = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def rounded(interval):
    return (round(interval.low, 4), round(interval.high, 4))


def chance(successes, trials, share):
    return comb(trials, successes) * share**successes * (1 - share) ** (trials - successes)


def chance_drawn(successes, trials, good, population):
    bad = population - good
    return comb(good, successes) * comb(bad, trials - successes) / comb(population, trials)


# Source: R. G. Newcombe, Statistics in Medicine 17, 1998, table I, method 3.
@pytest.mark.parametrize(
    ("successes", "trials", "interval"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_intervals_are_those_of_the_textbook(successes, trials, interval):
    assert rounded(wilson(successes, trials)) == interval


def test_half_of_four_is_worked_out_by_hand():
    # 1.96^2 = 3.8415; middle (.5 + 3.8415/8) / (1 + 3.8415/4) = .9802/1.9604 = .5;
    # reach 1.96 x root(.25/4 + 3.8415/64) / 1.9604 = 1.96 x .35000 / 1.9604 = .3500
    assert rounded(wilson(2, 4)) == (0.15, 0.85)


def test_without_a_trial_nothing_is_known():
    assert wilson(0, 0) is None
    assert finite(0, 0, population=40) is None


def test_nothing_drawn_from_nobody_is_nothing_known():
    assert finite(0, 0, population=0) is None


@pytest.mark.parametrize(("successes", "trials"), [(-1, 5), (6, 5), (0, -1)])
def test_more_successes_than_trials_are_refused(successes, trials):
    with pytest.raises(ValueError, match=f"{successes} of {trials}"):
        wilson(successes, trials)


def test_more_drawn_than_there_are_is_refused():
    with pytest.raises(ValueError, match="6 drawn from 5"):
        finite(1, 6, population=5)


@given(TALLIES)
def test_the_share_lies_within(tally):
    successes, trials = tally
    interval = wilson(successes, trials)

    assert 0 <= interval.low <= successes / trials <= interval.high <= 1


@given(TALLIES)
def test_failures_have_the_mirror_of_successes(tally):
    successes, trials = tally
    one, other = wilson(successes, trials), wilson(trials - successes, trials)

    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low))


@given(TALLIES)
def test_ten_times_as_many_trials_narrow_it(tally):
    successes, trials = tally
    one, ten = wilson(successes, trials), wilson(10 * successes, 10 * trials)

    assert ten.high - ten.low < one.high - one.low


@pytest.mark.parametrize("trials", [10, 30, 100])
def test_it_holds_the_true_share_95_times_in_100(trials):
    # summed over every outcome, no chance involved: a mean over 99 shares; single shares swing
    shares = [at / 100 for at in range(1, 100)]
    intervals = [wilson(at, trials) for at in range(trials + 1)]
    held = [
        sum(
            chance(at, trials, share)
            for at, one in enumerate(intervals)
            if one.low <= share <= one.high
        )
        for share in shares
    ]

    assert sum(held) / len(held) == pytest.approx(0.95, abs=0.01)


def test_a_sample_of_everybody_gives_the_share_itself():
    assert finite(3, 12, population=12) == Interval(0.25, 0.25)


def test_a_sample_of_a_multitude_is_as_trials_without_end():
    near = finite(15, 148, population=10**9)

    assert rounded(near) == rounded(wilson(15, 148))


def test_half_of_everybody_narrows_it_as_worked_out_by_hand():
    # 20 of 40: as 20 x 39 / 20 = 39 trials: wilson(10 of 20 at 39) = .5 -+ 1.96 x root(.25/39 +
    # 3.8415/6084) / (1 + 3.8415/39) = 1.96 x .08391 / 1.0985 = .1497: 14.01 to 25.99 of 40
    assert rounded(finite(10, 20, population=40)) == (14 / 40, 26 / 40)


def test_what_was_seen_bounds_a_small_population():
    # 9 of 9 seen, one left: 9 of 10 or all. Were it 9, nine would be drawn without the tenth once in ten
    assert finite(9, 9, population=10) == Interval(0.9, 1.0)
    assert finite(0, 9, population=10) == Interval(0.0, 0.1)


@given(TALLIES, st.integers(0, 1000))
def test_a_known_population_widens_it_by_no_more_than_one_of_it(tally, rest):
    successes, trials = tally
    one, without = finite(successes, trials, population=trials + rest), wilson(successes, trials)

    assert without.low - one.low < 1 / (trials + rest) > one.high - without.high


@given(TALLIES, st.integers(0, 1000))
def test_its_ends_leave_room_for_what_was_seen(tally, rest):
    successes, trials = tally
    interval = finite(successes, trials, population=trials + rest)

    assert successes <= round(interval.low * (trials + rest))
    assert round(interval.high * (trials + rest)) <= successes + rest


@pytest.mark.parametrize(("trials", "population"), [(10, 30), (30, 60), (40, 200)])
def test_a_sample_holds_the_true_share_at_least_95_times_in_100(trials, population):
    # summed over every outcome; a mean over every population that has some and not all. More than
    # 95 because the ends are shares that the population can have, few of them where it is small
    intervals = [finite(at, trials, population=population) for at in range(trials + 1)]
    held = [
        sum(
            chance_drawn(at, trials, good, population)
            for at, one in enumerate(intervals)
            if one.low <= good / population <= one.high
        )
        for good in range(1, population)
    ]

    assert 0.95 <= sum(held) / len(held) < 0.99
