"""No group of fewer than ten cases is shown, and none can be worked out from all that is."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redress.engines.figures.disclosure import disclose
from redress.engines.figures.linked import PLACES_MAX

CUBE = [positions for size in range(4) for positions in combinations(range(3), size)]
OF_PLACES = [(), (0,), (1,)]  # province and county
SMALL = st.sampled_from([0, 0, 1, 2, 3, 5, 8])


def shown(cells, *tables):
    return [dict(table.counts) for table in disclose(cells, tables)]


def known(cells, tables, least=10):
    """Give what a reader has: shown groups with their counts, and the names of the hidden."""
    told, hidden = {}, []
    for table in disclose(cells, tables, least=least):
        for group, count in table.counts.items():
            if count is None:
                hidden.append((table.positions, group))
            else:
                told[table.positions, group] = count
    return told, hidden


def within(cell, positions):
    return tuple(cell[at] for at in positions)


def span(cells, told, of, floor=0):
    """Find the least and the most a group can hold, trying every collection that fits what is told.

    Cells are filled one after the other, each with every count that the told groups have room for. What
    is left of those groups is all that the remaining cells depend on, so nothing is tried twice.
    """
    order = sorted(cells)
    held_by = [
        [at for at, (positions, group) in enumerate(told) if within(cell, positions) == group]
        for cell in order
    ]
    last = [max(at for at, held in enumerate(held_by) if one in held) for one in range(len(told))]

    @cache
    def rest(at, left):
        if at == len(order):
            return (0, 0)
        inside = within(order[at], of[0]) == of[1]
        if not held_by[at]:
            found = rest(at + 1, left)
            return found and ((found[0] + floor, math.inf) if inside else found)
        low, high = math.inf, -math.inf
        for count in range(floor, min(left[one] for one in held_by[at]) + 1):
            after = tuple(had - count * (one in held_by[at]) for one, had in enumerate(left))
            if any(after[one] for one in held_by[at] if last[one] == at):
                continue
            if found := rest(at + 1, after):
                low = min(low, found[0] + count * inside)
                high = max(high, found[1] + count * inside)
        return None if low == math.inf else (low, high)

    return rest(0, tuple(told.values()))


def narrowest(cells, tables, least=10):
    """Find the narrowest range of a hidden group; infinite where none is hidden."""
    told, hidden = known(cells, tables, least)
    floor = int(min(cells.values()) > 0)  # with no empty cell given, each is known to have a case
    spans = [span(cells, told, one, floor) for one in hidden]
    return min((high - low for low, high in spans), default=math.inf)


def test_the_auditor_works_out_a_small_group_left_alone():
    cells = {("A",): 25, ("B",): 7}
    told = {((), ()): 32, ((0,), ("A",)): 25}

    assert span(cells, told, ((0,), ("B",))) == (7, 7)


def test_groups_of_ten_and_more_are_all_shown():
    cells = {("A",): 10, ("B",): 25}

    assert shown(cells, (0,), ()) == [{("A",): 10, ("B",): 25}, {(): 35}]


@pytest.mark.parametrize("count", [0, 1, 9])
def test_a_group_below_ten_is_hidden_and_so_is_an_empty_one(count):
    assert shown({("A",): 25, ("B",): count}, (0,)) == [{("A",): 25, ("B",): None}]


def test_a_small_group_is_not_the_total_less_the_other():
    # B = 32 - 25, so A is hidden too: 25 cases fewer are taken away than with the total
    assert shown({("A",): 25, ("B",): 7}, (0,), ()) == [
        {("A",): None, ("B",): None},
        {(): 32},
    ]


def test_the_cover_is_the_smallest_group_that_will_do():
    [counties, total] = shown({("A",): 100, ("B",): 12, ("C",): 30, ("D",): 4}, (0,), ())

    assert counties == {("A",): 100, ("B",): None, ("C",): 30, ("D",): None}
    assert total == {(): 146}


def test_small_groups_that_cover_one_another_need_no_large_one():
    cells = {("A",): 100, ("B",): 4, ("C",): 9}

    # B and C together 13: each from 0 to 13
    assert shown(cells, (0,), ()) == [{("A",): 100, ("B",): None, ("C",): None}, {(): 113}]


def test_two_small_groups_with_little_between_them_are_covered_by_a_third():
    cells = {("A",): 100, ("B",): 1, ("C",): 1}

    # B + C = 102 - 100 = 2, and each is known to have a case: both would be 1
    assert shown(cells, (0,), ())[0] == {("A",): None, ("B",): None, ("C",): None}


def test_a_hidden_range_is_half_of_ten_wide_at_least():
    cells = {("A",): 100, ("B",): 2, ("C",): 2, ("D",): 0}

    # B + C + D = 4 would leave each from 0 to 4
    assert shown(cells, (0,), ())[0][("A",)] is None


def test_a_county_is_not_the_province_less_its_other_counties():
    cells = {("North", "A"): 40, ("North", "B"): 3, ("South", "C"): 50, ("South", "D"): 60}
    _, provinces, counties = shown(cells, *OF_PLACES)

    assert counties == {("A",): None, ("B",): None, ("C",): 50, ("D",): 60}
    assert provinces == {("North",): 43, ("South",): 110}


def test_a_province_of_one_small_county_is_covered_as_a_province():
    cells = {("North", "A"): 4, ("South", "B"): 50, ("South", "C"): 60}
    total, provinces, _ = shown(cells, *OF_PLACES)

    # A = North = all - South. Hiding South and B would take 110 + 50 away, hiding the total 114
    assert (total, provinces) == ({(): None}, {("North",): None, ("South",): 110})


def test_a_topic_is_not_its_group_less_the_other_topics():
    cells = {("water", "pipes"): 44, ("water", "wells"): 6, ("roads", "bridges"): 20}
    groups, topics = shown(cells, (0,), (1,))

    assert groups == {("water",): 50, ("roads",): 20}
    assert topics == {("pipes",): None, ("wells",): None, ("bridges",): 20}


def test_a_group_is_not_what_two_tables_differ_by():
    # counties with topics add up to the county, so B's roads are 35 - 31 unless covered in both ways
    cells = {("A", "roads"): 20, ("A", "water"): 30, ("B", "roads"): 4, ("B", "water"): 31}
    both, *_ = shown(cells, (0, 1), (0,), (1,), ())

    assert list(both.values()) == [None] * 4
    assert narrowest(cells, [(0, 1), (0,), (1,), ()]) >= 5


def test_where_nothing_else_will_do_the_total_is_hidden():
    assert shown({("A",): 7}, (0,), ()) == [{("A",): None}, {(): None}]


def test_a_large_group_under_a_hidden_total_is_still_shown():
    cells = {("A",): 7, ("B",): 500}

    # hiding B would leave A = 507 - B as open as hiding the total, and takes less away
    assert shown(cells, (), (0,)) == [{(): 507}, {("A",): None, ("B",): None}]
    assert shown(cells, (0,)) == [{("A",): None, ("B",): 500}]


def test_a_group_not_given_is_not_in_the_table():
    assert shown({("A", 2024): 30, ("B", 2025): 40}, (0, 1))[0].keys() == {
        ("A", 2024),
        ("B", 2025),
    }


def test_a_table_names_attributes_in_its_own_order():
    assert shown({("A", 2024): 30}, (1, 0)) == [{(2024, "A"): 30}]


def test_no_cells_give_empty_tables():
    assert shown({}, (0,), ()) == [{}, {}]


def test_cells_without_attributes_are_a_total():
    assert [shown({(): count}, ()) for count in (9, 10)] == [[{(): None}], [{(): 10}]]


def test_the_order_of_cells_decides_nothing():
    cells = {("A", 1): 12, ("A", 2): 3, ("B", 1): 12, ("B", 2): 14}
    tables = [(0, 1), (0,), (1,), ()]
    orders = [dict(order) for order in permutations(cells.items())]

    assert all(disclose(order, tables) == disclose(cells, tables) for order in orders)


@pytest.mark.parametrize(
    ("cells", "table", "why"),
    [
        ({("A",): -1}, (0,), "below 0"),
        ({("A",): 1, ("A", "B"): 1}, (0,), "lengths"),
        ({("A",): 1}, (1,), "position"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(cells, table, why):
    with pytest.raises(ValueError, match=why):
        disclose(cells, [table])


def test_more_combinations_than_fit_are_refused():
    many = math.isqrt(PLACES_MAX) + 1
    # two attributes that each go round at their own pace, so that neither follows from the other
    cells = {(at % many, at % (many + 1)): 1 for at in range(2 * many)}

    with pytest.raises(ValueError, match="combinations"):
        disclose(cells, [(0,)])


@st.composite
def collections(draw, attributes):
    """Draw some cells of some attributes, and some tables over them."""
    positions = range(len(attributes[0]))
    cells = {cell: draw(SMALL) for cell in attributes}
    left_out = draw(st.sets(st.sampled_from(attributes), max_size=2))
    kept = {cell: count for cell, count in cells.items() if cell not in left_out}
    tables = [table for size in range(4) for table in combinations(positions, size)]
    return kept, draw(st.lists(st.sampled_from(tables), min_size=1, unique=True))


@settings(max_examples=60, deadline=None)
@given(collections(list(product(range(2), range(3)))))
def test_no_range_is_narrow_in_tables_of_two_attributes(made):
    assert narrowest(*made, least=4) >= 2


@settings(max_examples=40, deadline=None)
@given(collections(list(product(range(2), repeat=3))))
def test_no_range_is_narrow_in_tables_of_three_attributes(made):
    assert narrowest(*made, least=4) >= 2


@settings(max_examples=40, deadline=None)
@given(collections([(county // 2, county, topic) for county in range(4) for topic in range(2)]))
def test_no_range_is_narrow_in_tables_of_nested_places(made):
    assert narrowest(*made, least=4) >= 2


@settings(max_examples=60, deadline=None)
@given(collections(list(product(range(2), range(3)))))
def test_what_is_shown_is_true_and_at_least_the_least(made):
    cells, tables = made
    told, _ = known(cells, tables, least=4)

    for (positions, group), count in told.items():
        assert count == sum(cells[cell] for cell in cells if within(cell, positions) == group) >= 4


def cube(shape, cases, seed):
    """Spread cases over a grid as unevenly as counties, topics and years are."""
    draw = np.random.default_rng(seed)
    rate = draw.gamma(1.5, 1, shape)
    for axis, size in enumerate(shape[:2]):
        weights = draw.permutation(1 / np.arange(1, size + 1))
        rate *= weights.reshape([-1 if axis == other else 1 for other in range(3)])
    return draw.poisson(rate / rate.sum() * cases)


def narrowest_by_sums(counts):
    """Narrow the range of every group by every sum it is in or of, until none changes."""
    shape, cells = counts.shape, {tuple(cell): int(count) for cell, count in np.ndenumerate(counts)}
    low, high, hidden = {}, {}, {}
    for table in disclose(cells, CUBE):
        size = [shape[axis] if axis in table.positions else 1 for axis in range(3)]
        values = [
            table.counts[group] for group in product(*(range(shape[at]) for at in table.positions))
        ]
        told = np.array([-1 if value is None else value for value in values]).reshape(size)
        hidden[table.positions] = told < 0
        low[table.positions] = np.maximum(told, 0)
        high[table.positions] = np.where(told < 0, counts.sum() * 2, told)
    before = None
    while before != (before := sum(int((high[one] - low[one]).sum()) for one in CUBE)):
        for part, axis in product(CUBE, range(3)):
            if axis not in part:
                continue
            whole = tuple(at for at in part if at != axis)
            least, most = (each[part].sum(axis=axis, keepdims=True) for each in (low, high))
            low[whole] = np.maximum(low[whole], least)
            high[whole] = np.minimum(high[whole], most)
            low[part], high[part] = (
                np.maximum(low[part], low[whole] - (most - high[part])),
                np.minimum(high[part], high[whole] - (least - low[part])),
            )
    return min(int((high[one] - low[one])[hidden[one]].min(initial=99)) for one in CUBE)


@pytest.mark.parametrize(
    ("shape", "cases"),
    [((60, 12, 15), 300_000), ((12, 6, 5), 300), ((12, 6, 5), 3_000), ((12, 6, 5), 30_000)],
)
def test_sums_of_sums_narrow_no_group_of_a_whole_country(shape, cases):
    assert narrowest_by_sums(cube(shape, cases, seed=1)) >= 5


def test_of_a_country_with_few_small_groups_little_more_is_hidden():
    counts = cube((60, 12, 15), 300_000, seed=1)
    cells = {tuple(cell): int(count) for cell, count in np.ndenumerate(counts)}
    pairs = [table for table in disclose(cells, CUBE[:-1]) if len(table.positions) == 2]
    hidden = sum(count is None for table in pairs for count in table.counts.values())
    small = sum(int((counts.sum(axis=axis) < 10).sum()) for axis in range(3))

    assert small <= hidden <= small + 10
