import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.values.money import (
    MINOR_DIGITS,
    MINOR_MAX,
    MixedCurrencies,
    Money,
    NotMoney,
    parse_money,
)

SUMS = st.builds(Money, st.sampled_from(sorted(MINOR_DIGITS)), st.integers(-(10**15), 10**15))


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [
        ("12,500.00", "CNY", 1_250_000),  # 12500 x 100
        ("۱۲٬۵۰۰", "IRR", 12_500),
        ("１２５００", "IRR", 12_500),
        ("۱۲٫۵۰", "CNY", 1_250),
        ("-3", "GBP", -300),
        ("0", "IRR", 0),
    ],
)
def test_a_sum_is_read_in_any_of_the_three_digit_sets(written, currency, minor):
    assert parse_money(written, currency=currency) == Money(currency, minor)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "abc",
        "1.5",
        "NaN",
        "Infinity",
        "1e30",
        "9" * 40,
        "12 rials",
        "1e3",
        "1_000",
        "12,50",
        "1,2,3",
    ],
)
def test_what_is_no_sum_of_rials_is_refused(written):
    with pytest.raises(NotMoney):
        parse_money(written, currency="IRR")


def test_a_fraction_below_the_minor_unit_is_refused_not_rounded():
    with pytest.raises(NotMoney):
        parse_money("10.005", currency="CNY")


def test_a_float_is_no_money():
    with pytest.raises(NotMoney):
        Money("IRR", 1.0)


def test_a_sum_beyond_every_ledger_is_refused():
    with pytest.raises(NotMoney):
        Money("IRR", MINOR_MAX + 1)


def test_two_currencies_neither_add_up_nor_compare():
    with pytest.raises(MixedCurrencies):
        Money("IRR", 1) + Money("CNY", 1)
    with pytest.raises(MixedCurrencies):
        assert Money("IRR", 1) < Money("CNY", 1)


@given(SUMS)
def test_a_written_sum_reads_back_as_itself(money):
    assert parse_money(f"{money.decimal():f}", currency=money.currency) == money


@given(SUMS)
def test_a_sum_and_its_opposite_make_zero(money):
    assert money + -money == Money(money.currency, 0)
