"""The quicker fractions are fractions: the standard ones say what must come out."""

from __future__ import annotations

import operator
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from redress.engines.rules.ratio import Ratio, quick, ratio

OPERATIONS = {
    name: getattr(operator, name)
    for name in ("add", "sub", "mul", "truediv", "floordiv", "lt", "le", "gt", "ge", "eq", "ne")
}
NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20),
    st.fractions(max_denominator=10**6),
    st.fractions(max_denominator=10**6).map(quick),
)


@pytest.mark.parametrize("name", OPERATIONS)
@given(left=st.fractions(max_denominator=10**6), right=NUMBERS)
def test_an_operation_gives_what_it_gives_on_standard_fractions(name, left, right):
    operation = OPERATIONS[name]
    assume(left.denominator > 1)  # whole numbers are whole numbers, not fractions
    assume(right != 0 or "div" not in name)

    assert operation(quick(left), right) == operation(left, Fraction(right))
    assert operation(right, quick(left)) == operation(Fraction(right), left)
    assert -quick(left) == -left


@given(st.fractions(max_denominator=10**6))
def test_a_quick_fraction_is_found_where_the_standard_one_was_put(number):
    assert {number: "there"}[quick(number)] == "there"
    assert str(quick(number)) == str(number)


def test_a_division_without_a_remainder_is_a_whole_number():
    assert type(ratio(12, -4)) is int
    assert type(ratio(7, 2) * 2) is int
    assert type(ratio(7, 2)) is Ratio
    assert ratio(3, -6) == Fraction(-1, 2)
