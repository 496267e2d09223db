import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.values.text import (
    guess_language,
    normal_form,
    text_sha256,
    to_latin_digits,
    to_persian_digits,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كارگر نساجي", "کارگر نساجی"),  # Arabic kaf and yeh
        ("می‌خواهم", "می خواهم"),  # zero-width non-joiner
        ("۱۲۳", "١٢٣"),
        ("１２３ ＡＢＣ", "123 abc"),  # noqa: RUF001 - full width
        ("مُزد", "مزد"),  # a vowel mark
        ("أحمد", "احمد"),
        ("Straße  ", "STRASSE"),
        ("a\u200fb", "ab"),  # a hidden direction mark
    ],
)
def test_the_same_words_from_two_keyboards_have_one_normal_form(one, other):
    assert normal_form(one) == normal_form(other)


def test_different_words_keep_different_normal_forms():
    assert normal_form("کار") != normal_form("کارگر")


@given(st.text())
def test_the_normal_form_is_its_own_normal_form(text):
    assert normal_form(normal_form(text)) == normal_form(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("سه ماه است حقوق نگرفته‌ایم", "fa"),
        ("三个月没发工资", "zh"),
        ("No pay for three months", "en"),
        ("WhatsApp گروه کارگران شرکت", "fa"),
        ("我在 ABC 公司上班", "zh"),
        ("", "en"),
        ("12345", "en"),
    ],
)
def test_the_language_is_the_one_most_letters_stand_in(text, language):
    assert guess_language(text) == language


@given(st.text(alphabet="0123456789 abc"))
def test_persian_digits_read_back_as_latin_ones(text):
    assert to_latin_digits(to_persian_digits(text)) == text


def test_one_changed_letter_changes_the_fingerprint():
    assert text_sha256("حقوق ما") != text_sha256("حقوق شما")
