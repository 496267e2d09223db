"""Many rows at once: what one row holds never reaches its neighbours."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.engines.rules.columns import columns_of
from redress.engines.rules.facts import MEMBERS_MAX, Case
from redress.engines.rules.packs import require_pack
from redress.engines.rules.screen import Screener
from redress.engines.rules.sharing import floor_div
from tests.engines.packs import SMALL, bent

DAY = dt.date(2025, 12, 11)
TOP = 1 << 62
HOUSEHOLD = [1, 0, 0, 1, False, None, None]


@pytest.fixture(scope="module")
def screener(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compiled")
    folder.chmod(0o700)
    return Screener(pack(), folder=folder)


def pack():
    # 940 for each member, 0.01 for each unit earned by those of 18 and more
    amount = "count(members) * LINE + sum(members, earns if age >= 18 else 0) / 100"
    return require_pack(
        bent(
            members={"age": {"type": "int"}, "earns": {"type": "money"}},
            items=[SMALL["items"][0] | {"when": "any(members, age >= 18)", "amount": amount}],
            category=None,
            exclusions=None,
        )
    )


def family(earns=1200):
    return [[40, earns], [18, 0], [17, 99_999]]


def granted(screener, households):
    cases = [Case(list(HOUSEHOLD), members) for members in households]
    found = screener.run(columns_of(screener.pack, cases), on=DAY)
    return found.granted[0].tolist(), found.by_reference


def test_a_row_far_out_leaves_the_sums_of_its_neighbours_alone(screener):
    sums, _ = granted(screener, [family(), family(10**16), family(-(10**16)), family()])

    # 3 x 94000 + 1200 / 100 = 282012; 3 x 94000 + 10^16 / 100 = 100000000282000
    assert sums == [282_012, 100_000_000_282_000, 0, 282_012]


def test_a_household_of_nobody_gets_nothing_between_two_that_do(screener):
    assert granted(screener, [family(), [], family()]) == ([282_012, 0, 282_012], 0)


@pytest.mark.parametrize("count", [1, 127, 128, 129, 1000])
def test_blocks_end_where_they_may(screener, count):
    assert granted(screener, [family(100 * at) for at in range(count)]) == (
        [282_000 + at for at in range(count)],
        0,
    )


@pytest.mark.parametrize("people", [MEMBERS_MAX, MEMBERS_MAX + 1, 255, 256, 257, 1024, 1025, 3000])
def test_a_household_larger_than_any_is_decided_and_so_are_its_neighbours(screener, people):
    crowd = [[40, 100]] * people

    sums, by_reference = granted(screener, [family(), crowd, family()])

    assert sums == [282_012, people * (94000 + 1), 282_012]  # 940 and 0.01 for each
    assert by_reference == (people > MEMBERS_MAX)


@given(st.integers(0, TOP - 1), st.integers(1, TOP - 1))
def test_the_quotient_without_a_division_is_the_quotient(top, down):
    assert floor_div(top, down) == top // down


@given(st.integers(0, TOP - 1), st.integers(1, TOP - 1), st.integers(-1, 1))
def test_the_quotient_is_right_beside_every_multiple(quotient, down, beside):
    top = quotient % (TOP // down) * down + beside

    assert floor_div(max(top, 0), down) == max(top, 0) // down
