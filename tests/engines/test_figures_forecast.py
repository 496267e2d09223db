"""How many cases will be pending, with a band that held in the past as often as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redress.engines.figures.forecast import (
    LEAST_WEEKS,
    NOMINAL,
    Forecast,
    TooShort,
    Way,
    forecast,
    weeks_needed,
)

AHEAD = 8
HISTORIES = 200


def weeks_of(draw, weeks, start, disposed_of):
    """Make weeks of an office: about a hundred cases received, and disposed of as told."""
    rows, pending = [], start
    for _ in range(weeks):
        received = int(draw.poisson(100))
        disposed = min(pending + received, int(disposed_of(pending + received)))
        pending += received - disposed
        rows.append((pending, received, disposed))
    return np.array(rows).T


def steady(draw, weeks):
    """One in seven of those on hand: 600 pending once received and disposed of are equal."""
    return weeks_of(draw, weeks, 600, lambda on_hand: draw.binomial(on_hand, 1 / 7))


def growing(draw, weeks):
    """Six fewer than received each week."""
    return weeks_of(draw, weeks, 300, lambda _: draw.poisson(94))


def shrinking(draw, weeks):
    return weeks_of(draw, weeks, 1500, lambda _: draw.poisson(106))


def wandering(draw, weeks):
    """As many as received, by chance more or fewer: no later week draws back what one added."""
    return weeks_of(draw, weeks, 800, lambda _: draw.poisson(100))


KINDS = [steady, growing, shrinking, wandering]


def looked_ahead(kind, histories=HISTORIES, weeks=104):
    """Give forecasts of made histories, each with the weeks that came after."""
    draw = np.random.default_rng(20)
    for _ in range(histories):
        made = kind(draw, weeks + AHEAD)
        yield forecast(*made[:, :weeks].tolist(), ahead=AHEAD), made[0, weeks:].tolist()


def share_held(looked):
    return np.mean([
        point.low <= came <= point.high
        for found, later in looked
        for point, came in zip(found.points, later, strict=True)
    ])


def flat(count, weeks=52):
    return forecast([count] * weeks, [20] * weeks, [20] * weeks, ahead=4)


# Weeks of one history lie together in the band or out of it. At worst all eight do: then 200
# histories are 200 trials, and three standard deviations are 3 x root(.8 x .2 / 200) = .085.
@pytest.mark.parametrize("kind", KINDS)
def test_the_band_holds_weeks_to_come_as_often_as_it_says(kind):
    assert share_held(looked_ahead(kind)) == pytest.approx(NOMINAL, abs=0.085)


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_history_barely_long_enough_the_band_still_holds(kind):
    looked = looked_ahead(kind, weeks=weeks_needed(AHEAD))

    assert share_held(looked) == pytest.approx(NOMINAL, abs=0.085)


# The mean of 200 replays against the mean of 200 futures: root 2 times as far apart, .12.
@pytest.mark.parametrize("kind", KINDS)
def test_the_coverage_measured_is_that_of_weeks_to_come(kind):
    looked = list(looked_ahead(kind))
    measured = np.mean([found.measured for found, _ in looked])

    assert measured == pytest.approx(share_held(looked), abs=0.12)


# The size of a normal error has a standard deviation of .76 of its mean. With the eight weeks of a
# history taken as one again, 3 x .76 / root 200 = .16; the replays' own spread is less than that.
@pytest.mark.parametrize("kind", KINDS)
def test_the_error_measured_is_that_of_weeks_to_come(kind):
    looked = list(looked_ahead(kind))
    measured = np.mean([found.error for found, _ in looked])
    came = np.mean([
        abs(point.expected - later)
        for found, weeks in looked
        for point, later in zip(found.points, weeks, strict=True)
    ])

    assert measured == pytest.approx(came, rel=0.2)


@pytest.mark.parametrize("kind", [growing, shrinking])
def test_a_trend_is_told_better_than_by_last_week(kind):
    looked = [found for found, _ in looked_ahead(kind, histories=50)]

    errors = sum(found.error for found in looked)
    assert errors < 0.9 * sum(found.error_of_last_week for found in looked)


def test_where_nothing_can_be_told_the_error_is_hardly_more_than_last_weeks():
    looked = [found for found, _ in looked_ahead(wandering, histories=50)]

    errors = sum(found.error for found in looked)
    assert errors == pytest.approx(sum(found.error_of_last_week for found in looked), rel=0.1)


def test_an_office_that_takes_a_share_of_its_cases_is_told_by_that_share():
    ways = [found.way for found, _ in looked_ahead(steady, histories=20)]

    assert ways.count(Way.SHARE) > 10


def test_an_office_that_falls_behind_alike_each_week_goes_on_so():
    # 7 more each week: 52 weeks from 107 to 464, then 471, 478, 485, 492
    found = forecast([100 + 7 * week for week in range(1, 53)], [27] * 52, [20] * 52, ahead=4)

    assert [point.expected for point in found.points] == pytest.approx([471, 478, 485, 492])
    assert (found.way, found.error) == (Way.FLOW, pytest.approx(0))
    # Last week's count is 7, 14, 21 or 28 short. 24 looks ahead know all four weeks that came, the
    # last three know three, two and one: (24 x 70 + 42 + 21 + 7) / (24 x 4 + 6) = 1750 / 102
    assert found.error_of_last_week == pytest.approx(1750 / 102)


def test_a_constant_history_gives_a_flat_forecast_without_width():
    found = flat(80)

    assert {(point.expected, point.low, point.high) for point in found.points} == {(80, 80, 80)}
    assert (found.nominal, found.measured) == (NOMINAL, 1)
    assert (found.error, found.error_of_last_week) == (0, 0)


def test_an_office_without_cases_is_told_none():
    weeks = [0] * 40

    assert {point.high for point in forecast(weeks, weeks, weeks, ahead=4).points} == {0}


def test_points_are_numbered_from_the_first_week_to_come():
    assert [point.week for point in flat(80).points] == [1, 2, 3, 4]


def test_a_replay_looks_ahead_from_each_week_that_has_nine_errors_before_it():
    # 52 weeks: looks ahead from the 13th on, 40 of them. Those from the 13th of these 40 know nine
    # errors four weeks ahead; the last is the forecast itself: 40 - 12 - 1
    assert flat(80).origins == 27


@pytest.mark.parametrize(("ahead", "needed"), [(1, 26), (2, 26), (8, 37), (12, 45)])
def test_a_history_must_be_as_long_as_the_weeks_ahead_ask(ahead, needed):
    # 12 weeks before the first look, 9 errors, and twice the weeks ahead: 12 + 9 + 2 x 8 = 37
    short = [10] * (needed - 1)

    assert forecast(short, short, short, ahead=ahead) == TooShort(needed - 1, needed)
    assert isinstance(forecast(*[[10] * needed] * 3, ahead=ahead), Forecast)


def test_no_history_at_all_is_too_short():
    assert forecast([], [], [], ahead=1) == TooShort(0, LEAST_WEEKS)


def test_weeks_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="inhomogeneous"):
        forecast([1] * 40, [1] * 40, [1] * 39, ahead=4)


@pytest.mark.parametrize(("count", "ahead"), [(-1, 4), (10, 0)])
def test_counts_below_zero_and_no_week_ahead_are_refused(count, ahead):
    weeks = [count] * 40

    with pytest.raises(ValueError, match="below 0"):
        forecast(weeks, weeks, weeks, ahead=ahead)


FLOWS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40)), min_size=37, max_size=70)


@settings(deadline=None)
@given(st.integers(0, 60), FLOWS)
def test_nothing_is_ever_below_zero_and_the_band_holds_what_is_expected(start, flows):
    pending, received, disposed = [], [], []
    for came, went in flows:
        start, went = start + came - min(went, start + came), min(went, start + came)
        pending.append(start)
        received.append(came)
        disposed.append(went)

    for point in forecast(pending, received, disposed, ahead=AHEAD).points:
        assert 0 <= point.low <= point.expected <= point.high


@pytest.mark.parametrize("kind", KINDS)
def test_the_band_never_narrows_with_more_weeks_ahead(kind):
    for found, _ in looked_ahead(kind, histories=20):
        widths = [point.high - point.low for point in found.points]
        assert widths == pytest.approx(sorted(widths))
