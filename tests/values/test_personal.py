from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.values.spans import personal_data, read_spans
from redress.values.text import to_persian_digits


def hidden(text: str) -> list[str]:
    return [text[one.start : one.end] for one in personal_data(text)]


@pytest.mark.parametrize(
    "data",
    [
        "09121234567",
        "۰۹۱۲ ۱۲۳ ۴۵۶۷",
        "٠٩١٢-١٢٣-٤٥٦٧",
        "+98 912 123 4567",
        "00989121234567",
        "9121234567",
        "13800138000",
        "138-0013-8000",
        "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10",
        "+86 138 0013 8000",
        "0013542419",
        "۰۰۱-۳۵۴۲۴۱-۹",
        "11010519491231002X",
        "110105 19491231 002x",
        "worker.one@example.org",
        "4111 1111 1111 1111",
        "۶۰۳۷۹۹۱۲۳۴۵۶۷۸۹۳",
        "6222 0212 3456 7890 128",
        "IR062960000000100324200001",
        "ir06 2960 0000 0010 0324 2000 01",
        "062960000000100324200001",
        "GB29 NWBK 6016 1331 9268 19",
    ],
)
@pytest.mark.parametrize("around", ["{}", "تماس با {} لطفا", "请联系{}，谢谢", "call {}. We wait"])
def test_obvious_personal_data_are_found_in_any_digits(data, around):
    assert hidden(around.format(data)) == [data]


@pytest.mark.parametrize(
    "text",
    [
        "سه ماه حقوق به مبلغ 135,000,000 ریال",
        "حقوق من 1500000000 ریال است",
        "مبلغ 1234567891 تومان",  # its check digit would be that of an identity number
        "مبلغ 0.5 میلیارد",
        "13800138000 ریال",
        "sum ¥13800138000",
        "13800138000元",
        "بدهی 9121234567 ریال",
        "از 1403/05/06 تا 1404/05/06",
        "from 2021-05-06 to 2024-05-06",
        "1400 1401 1402 1403",
        "2020-2021-2022-2023",
        "20210506 120 workers",
        "1111111111",
        "0013542418",  # one digit wrong
        "110105194912310021",
        "4111 1111 1111 1112",
        "IR062960000000100324200002",
        "a@b",
        "@example.org",
        "021-88776655",
        "آقای رضا محمدی، خیابان آزادی",
    ],
)
def test_sums_dates_names_and_wrong_numbers_are_not(text):
    assert hidden(text) == []


def test_two_of_them_side_by_side_are_two():
    assert hidden("0912 123 4567،09351234567 13800138000,13900139000") == [
        "0912 123 4567",
        "09351234567",
        "13800138000",
        "13900139000",
    ]


@given(st.from_regex("[0-8][0-9]{7}[1-9]", fullmatch=True))
def test_of_ten_last_digits_one_makes_an_identity_number(nine):
    last_ones = [last for last in "0123456789" if hidden(f"کد ملی {nine}{last}")]

    assert len(last_ones) == (0 if nine == nine[0] * 9 else 1)


@given(st.text(alphabet="0123456789 -+()@.aXIRGB۰۹۱２،", max_size=80))
def test_found_data_do_not_overlap_and_stay_in_the_text(text):
    found = personal_data(text)

    assert read_spans([[one.kind.value, one.start, one.end] for one in found], text=text) == tuple(
        found
    )


@given(st.integers(0, 10**7 - 1))
def test_the_digits_of_a_number_do_not_matter(number):
    latin = f"call 0912{number:07}"
    persian = to_persian_digits(latin)

    assert [(s.start, s.end) for s in personal_data(persian)] == [(5, 16)]


@pytest.mark.parametrize("unit", ["9", "1 ", "0(((9", "a@", "a.b@", "60379912", "IR0 ", "AB12 "])
def test_in_the_longest_text_no_two_places_overlap(unit):
    found = personal_data((unit * 20_000)[:20_000])

    assert all(one.end <= other.start for one, other in pairwise(found))
