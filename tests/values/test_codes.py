import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.values.codes import NotACode, code_fingerprint, damm, grouped, read_code, receipt_code
from redress.values.text import to_persian_digits

CODES = st.builds(lambda form_id: receipt_code(key=b"k", form_id=form_id), st.text(max_size=30))


def test_damms_own_example_has_check_digit_four():
    assert damm("572") == 4


@given(CODES)
def test_a_code_reads_back_however_it_is_typed(code):
    assert read_code(to_persian_digits(grouped(code))) == code
    assert read_code(f" {code[:5]}-{code[5:]} ") == code


@given(CODES, st.integers(0, 15), st.integers(1, 9))
def test_one_misheard_digit_is_found(code, place, off):
    wrong = code[:place] + str((int(code[place]) + off) % 10) + code[place + 1 :]

    with pytest.raises(NotACode):
        read_code(wrong)


@given(CODES, st.integers(0, 14))
def test_two_neighbours_swapped_are_found(code, place):
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped == code:
        return

    with pytest.raises(NotACode):
        read_code(swapped)


@pytest.mark.parametrize(
    "written", ["", "123", "1" * 1000, "0" * 17, "\x00", "https://example.org"]
)
def test_what_is_no_code_is_refused(written):
    with pytest.raises(NotACode):
        read_code(written)


def test_the_same_form_gives_the_same_code_and_another_form_another():
    one, again, other = (receipt_code(key=b"k", form_id=form) for form in ("a", "a", "b"))

    assert one == again != other


def test_without_the_key_a_code_cannot_be_told_from_its_form_or_fingerprint():
    assert receipt_code(key=b"k", form_id="a") != receipt_code(key=b"other", form_id="a")
    assert code_fingerprint("1", key=b"k") != code_fingerprint("1", key=b"other")
