"""How long cases take, the open ones counted for as long as they have been watched."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.engines.figures.survival import DAYS_MAX, Curve, Stay, survival, survival_of

# Weeks of remission under 6-MP; + still in remission. Source: E. J. Freireich and others, 1963.
REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
STAYS = st.lists(st.builds(Stay, st.integers(0, 12), st.booleans()), max_size=30)


def stays(text):
    return [Stay(int(word.rstrip("+")), not word.endswith("+")) for word in text.split()]


def by_hand(cases, day):
    """Multiply, day by day, the share of those at risk that stay open."""
    share = Fraction(1)
    for each in range(day + 1):
        at_risk = sum(one.days >= each for one in cases)
        ended = sum(one.days == each and one.ended for one in cases)
        share *= Fraction(at_risk - ended, at_risk) if at_risk else 1
    return share


def median(cases):
    found = survival(cases).days_until(0.5)
    return float("inf") if found is None else found


def test_remissions_leave_the_shares_of_the_textbook():
    steps = survival(stays(REMISSION)).steps

    assert [(step.day, step.at_risk, step.ended) for step in steps] == [
        (6, 21, 3), (7, 17, 1), (10, 15, 1), (13, 12, 1), (16, 11, 1), (22, 7, 1), (23, 6, 1),
    ]  # fmt: skip
    # 18/21 = .857; x 16/17 = .807; x 14/15 = .753; x 11/12 = .690;
    # x 10/11 = .627; x 6/7 = .538; x 5/6 = .448
    assert [round(step.share_open, 3) for step in steps] == [
        0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448,
    ]  # fmt: skip


def test_remissions_have_the_band_of_the_textbook():
    bands = [(step.low, step.high) for step in survival(stays(REMISSION)).steps]

    # After week 6: ln(.857) = -.1542, variance 3/(21 x 18) = .00794, its root / .1542 = .578;
    # .857^(e^(1.96 x .578)) = .857^3.104 = .620 and .857^(1/3.104) = .952. The others as R's survfit.
    assert [(round(low, 3), round(high, 3)) for low, high in bands] == [
        (0.620, 0.952), (0.563, 0.923), (0.503, 0.889), (0.432, 0.849),
        (0.368, 0.805), (0.268, 0.747), (0.188, 0.680),
    ]  # fmt: skip


def test_half_the_remissions_ended_by_week_23():
    assert survival(stays(REMISSION)).days_until(0.5) == 23


def test_a_median_not_reached_is_none():
    assert survival(stays("5 9+ 9+ 9+")).days_until(0.5) is None


@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_share_reached_exactly_is_reached(tenths):
    # 9/10 x 8/9 x 7/8 x ... and 1 - .9 are in floats a little more or less than tenths
    assert survival(stays("1 2 3 4 5 6 7 8 9 10")).days_until(tenths / 10) == tenths


def test_all_have_ended_by_the_last_day_where_none_is_open():
    assert survival(stays("3 8 30")).days_until(1) == 30


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_days_until_no_share_are_refused(share):
    with pytest.raises(ValueError, match=str(share)):
        survival([]).days_until(share)


def test_a_share_is_not_known_past_the_last_case_watched():
    curve = survival(stays("5 9+"))

    assert (curve.share_open_after(9), curve.share_open_after(10)) == (0.5, None)


def test_none_is_open_past_the_last_day_where_all_ended():
    assert survival(stays("5 9")).share_open_after(10) == 0


def test_before_the_first_ending_all_are_open():
    assert survival(stays("5 9")).share_open_after(4) == 1


def test_a_case_that_ends_on_its_first_day_counts():
    assert survival(stays("0 4")).share_open_after(0) == 0.5


def test_a_case_last_seen_open_on_a_day_is_at_risk_on_it():
    assert survival(stays("5 5+")).steps[0].at_risk == 2


def test_without_an_open_case_left_there_is_no_band():
    last = survival(stays("5 9")).steps[-1]

    assert (last.share_open, last.low, last.high) == (0, None, None)


def test_no_cases_give_no_share():
    curve = survival([])

    assert curve == Curve((), 0, None)
    assert curve.share_open_after(0) is None


def test_a_weight_stands_for_as_many_cases():
    weighted = [Stay(5, ended=True, weight=3), Stay(7, ended=False, weight=2), Stay(9, ended=True)]

    assert survival(weighted) == survival(stays("5 5 5 7+ 7+ 9"))


def test_a_weight_of_none_is_no_case():
    assert survival([Stay(5, ended=True, weight=0)]) == survival([])


@pytest.mark.parametrize(
    "bad",
    [
        Stay(-1, ended=True),
        Stay(DAYS_MAX + 1, ended=True),
        Stay(1, ended=True, weight=-1),
    ],
)
def test_days_and_weights_out_of_range_are_refused(bad):
    with pytest.raises(ValueError, match="outside"):
        survival([bad])


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="one place each"):
        survival_of(np.array([1, 2]), np.array([True]))


@given(STAYS)
def test_columns_give_the_curve_of_the_stays(cases):
    days = np.array([one.days for one in cases], np.int64)
    ended = np.array([one.ended for one in cases], np.bool_)

    assert survival_of(days, ended) == survival(cases)


@given(STAYS.filter(bool), st.integers(0, 12))
def test_a_share_is_the_product_of_every_day_before(cases, day):
    share = survival(cases).share_open_after(day)

    assert share is None or share == pytest.approx(float(by_hand(cases, day)), abs=1e-12)


@given(STAYS.filter(bool), st.integers(0, 12))
def test_without_open_cases_the_share_is_that_of_the_longer_ones(cases, day):
    closed = [Stay(one.days, ended=True) for one in cases]
    longer = sum(one.days > day for one in closed) / len(closed)

    assert survival(closed).share_open_after(day) == pytest.approx(longer, abs=1e-12)


@given(STAYS)
def test_the_share_open_only_falls(cases):
    shares = [1.0, *(step.share_open for step in survival(cases).steps)]

    assert all(after < before for before, after in pairwise(shares))


@given(STAYS)
def test_the_band_holds_the_share(cases):
    assert all(
        0 <= step.low <= step.share_open <= step.high <= 1
        for step in survival(cases).steps
        if step.low is not None
    )


@given(STAYS, st.integers(0, 12))
def test_one_more_open_case_never_shortens_the_median(cases, days):
    assert median([*cases, Stay(days, ended=False)]) >= median(cases)


@given(STAYS, st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_larger_share_takes_no_less_days(cases, one, other):
    curve = survival(cases)
    less, more = (curve.days_until(share) for share in sorted((one, other)))

    assert more is None or less <= more
