import datetime as dt

import pytest

from redress.formats.demands import DemandRow, read_demand
from redress.formats.households import read_household, read_member
from redress.formats.tables import TableRow
from redress.values.money import Money


def demand(**cells):
    return read_demand(TableRow(2, {"text": "Pay us.", "county": "nk", **cells}), source="list")


def reasons(read):
    assert isinstance(read, list)
    return [(fault.column, fault.reason) for fault in read]


def test_a_row_with_words_and_a_place_is_a_demand():
    read = demand(source_id="7")

    assert isinstance(read, DemandRow)
    assert (read.text, read.place, read.source, read.source_id) == ("Pay us.", "nk", "list", "7")


def test_a_row_without_an_id_is_named_by_its_own_fingerprint():
    assert demand().source_id == demand().source_id != demand(employer="x").source_id


@pytest.mark.parametrize("written", ["2024-03-20", "1403-01-01", "۱۴۰۳/۱/۱", "2024年3月20日"])
def test_a_day_is_read_in_the_writers_calendar_and_digits(written):
    assert demand(heard_on=written).heard_on == dt.date(2024, 3, 20)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"text": ""}, [("text", "missing")]),
        ({"county": ""}, [("office", "missing")]),
        ({"text": "a\x00b"}, [("text", "nul")]),
        ({"text": "x" * 20_001}, [("text", "too_long")]),
        ({"heard_on": "yesterday"}, [("heard_on", "not_a_day")]),
        ({"heard_on": "1404-12-30"}, [("heard_on", "not_a_day")]),
        ({"workers_count": "0"}, [("workers_count", "not_a_number")]),
        ({"workers_count": "many"}, [("workers_count", "not_a_number")]),
        ({"keep_name_from_employer": "perhaps"}, [("keep_name_from_employer", "not_yes_or_no")]),
        ({"urgency": "soon"}, [("urgency", "not_one_of")]),
        (
            {"text": "", "workers_count": "0"},
            [("text", "missing"), ("workers_count", "not_a_number")],
        ),
    ],
)
def test_all_that_is_wrong_with_a_row_is_told_at_once(cells, expected):
    assert reasons(demand(**cells)) == expected


def household(**cells):
    row = TableRow(2, {"head_name": "Maryam", "source_id": "1", **cells})
    return read_household(row, source="list", path="ir.sp.nk.")


def test_a_sum_is_read_in_the_currency_of_the_place():
    assert household(income_per_month="۹۰٬۰۰۰٬۰۰۰").sums == (
        ("income_per_month", Money("IRR", 90_000_000)),
    )


def test_an_empty_sum_is_unknown_and_not_zero():
    assert household(income_per_month="").sums == ()


def test_a_household_needs_an_id_and_a_name():
    assert reasons(household(head_name="", source_id="")) == [
        ("source_id", "missing"),
        ("head_name", "missing"),
    ]


def test_a_member_needs_a_household_and_a_name():
    assert reasons(read_member(TableRow(2, {"relation": "child"}))) == [
        ("household_id", "missing"),
        ("full_name", "missing"),
    ]
