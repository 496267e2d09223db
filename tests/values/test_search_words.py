import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.values.search_words import (
    QUERY_WORDS_MAX,
    WORD_CHARS_MAX,
    WORDS_MAX,
    TooShort,
    contains_words,
    index_words,
    query_words,
)

ZWNJ = "\u200c"
PERSIAN = [
    "حقوق",
    "كارگر",
    "کارگران",
    "دست",
    "مزد",
    "بيمه",
    "خواه",
    "می",
    "نمی",
    "ها",
    "های",
    "تر",
    "ی",
]
CHINESE = ["拖欠工资", "工伤", "公司", "厂", "社保", "我们要求加薪", "不"]
ENGLISH = [
    "Wages",
    "unpaid",
    "ABC公司",
    "don't",
    "naïve",
    "12,500",
    "۱۴۰۴",
    "1,200,300",
    "A4",
    "５",
]
PARTED = [" ", " ", "\n", "، ", ". ", "-", "  "]


def found(text: str, query: str) -> bool:
    words = set(index_words(text))
    return all(words & any_of for any_of in query_words(query))


@st.composite
def texts_with_a_part(draw: st.DrawFn) -> tuple[str, str]:
    """Make a mixed text and a part of it that begins and ends with whole words."""
    words = draw(st.lists(st.sampled_from(PERSIAN + CHINESE + ENGLISH), min_size=1, max_size=14))
    gaps = [draw(st.sampled_from([*PARTED, ZWNJ])) for _word in words]
    first = draw(st.integers(0, len(words) - 1))
    last = draw(st.integers(first, len(words) - 1))
    written = [word + gap for word, gap in zip(words, gaps, strict=True)]
    return "".join(written), "".join([*written[first:last], words[last]])


@given(texts_with_a_part())
def test_every_part_of_whole_words_is_found(text_and_part):
    text, part = text_and_part
    try:
        was_found = found(text, part)
    except TooShort:
        was_found = set(part) <= set("厂不").union(*PARTED, ZWNJ)

    assert was_found
    assert contains_words(text, part)


@given(
    texts_with_a_part(), st.lists(st.sampled_from([*PERSIAN, "unpaid", "1,200,300"]), max_size=3)
)
def test_nothing_is_found_that_is_not_there(text_and_part, asked):
    text, _part = text_and_part
    query = ZWNJ.join(asked)

    assert not found(text, query) or contains_words(text, query)


@given(st.text(alphabet="拖欠工资社保", min_size=4), st.data())
def test_any_two_or_more_chinese_characters_in_a_row_are_found(text, data):
    first = data.draw(st.integers(0, len(text) - 2))
    last = data.draw(st.integers(first + 2, len(text)))

    assert found(text, text[first:last])


@given(st.text())
def test_any_text_gives_few_short_words_each_once(text):
    words = index_words(text)

    assert len(words) == len(set(words)) <= WORDS_MAX
    assert all(0 < len(word) <= WORD_CHARS_MAX for word in words)
    assert not set("".join(words)) & set(" \n\t'\"\\&|!()<>:*@#")


@pytest.mark.parametrize("query", ["حقوق‌ها", "حقوق ها", "حقوقها"])
@pytest.mark.parametrize("written", ["حقوق‌ها", "حقوق ها", "حقوقها", "حقوق\u200c\u200cها"])
def test_a_plural_is_found_in_whichever_of_three_ways_it_is_written(query, written):
    assert found(f"پرداخت {written} عقب افتاد", query)


@pytest.mark.parametrize("query", ["نمی‌خواهیم", "نمی خواهیم", "نمیخواهیم", "خواهیم"])
def test_a_verb_is_found_with_its_prefix_parted_or_joined(query):
    assert found("ما این را نمی‌خواهیم", query)
    assert found("ما این را نمي خواهيم", query)


@pytest.mark.parametrize("written", ["دست‌مزد", "دستمزد", "دست مزد"])
def test_a_compound_asked_for_with_its_joint_is_found_joined_and_parted(written):
    assert found(f"افزایش {written}", "دست‌مزد")


def test_an_ending_of_another_word_does_not_count_for_this_one():
    assert not found("حقوق ما و کارخانه‌ها", "حقوق‌ها")


def test_three_ways_of_writing_ask_the_same():
    assert query_words("حقوق‌ها") == query_words("حقوق ها") == query_words("حقوقها")


def test_a_word_of_three_parts_is_found_with_any_of_them_joined():
    assert found("کتاب‌خانه‌ها", "کتابخانه‌ها")
    assert found("کتابخانه ها", "کتاب‌خانه‌ها")
    assert found("کتاب‌خانه‌ها", "خانه")


@pytest.mark.parametrize("query", ["كارگر", "کارگر"])
def test_both_kafs_and_yehs_are_one(query):
    assert found("يك کارگر", query)
    assert found("یک كارگر", "یک")


def test_one_chinese_character_is_too_short():
    with pytest.raises(TooShort):
        query_words("工")


def test_one_chinese_character_beside_words_is_left_out():
    assert query_words("ABC 厂") == [frozenset({"abc"})]


def test_a_single_chinese_character_is_not_indexed():
    assert index_words("厂 工资") == ["工资"]


def test_chinese_words_are_asked_for_by_all_their_pairs():
    assert query_words("拖欠工资") == [frozenset({pair}) for pair in ("拖欠", "欠工", "工资")]


def test_pairs_that_stand_apart_are_candidates_and_no_more():
    text = "拖欠 欠工 工资"

    assert found(text, "拖欠工资")
    assert not contains_words(text, "拖欠工资")


def test_scripts_written_together_are_parted():
    assert index_words("ABC公司2024年度") == ["abc", "公司", "2024", "年度"]


def test_a_plural_is_another_word_in_english():
    assert not found("our wages", "wage")
    assert found("Our WAGES", "wages")


@pytest.mark.parametrize("query", ["12500000", "۱۲٬۵۰۰٬۰۰۰", "١٢,\u0665٠٠,٠٠٠", "１２５０００００"])
def test_a_sum_is_found_in_any_digits_with_and_without_commas(query):
    assert found("مبلغ 12,500,000 ریال", query)
    assert found("مبلغ ۱۲۵۰۰۰۰۰ ریال", query)


def test_a_sum_is_not_found_by_its_groups_in_other_sums():
    assert not found("12 and 500 and 1,000", "12,500")


@pytest.mark.parametrize("query", ["", " \n", "؟!", ZWNJ])
def test_a_query_without_words_asks_for_nothing(query):
    assert query_words(query) == []


def test_all_words_of_a_query_must_be_there():
    assert found("unpaid wages since May", "May unpaid")
    assert not found("unpaid wages since May", "June unpaid")


def test_a_very_long_word_is_found_by_its_beginning():
    word = "w" * 100

    assert index_words(word) == ["w" * WORD_CHARS_MAX]
    assert found(word, word)


def test_a_text_that_says_the_same_again_and_again_is_indexed_by_its_words():
    text = "حقوق‌های ما را نمی‌دهند 拖欠工资三个月 unpaid wages 12,500 " * 370

    assert len(index_words(text)) < 60


@pytest.mark.parametrize("unit", ["ها ", "ها‌", "1,234,", "工", "a\u200c", "می "])
def test_a_hostile_query_is_cut_short(unit):
    assert len(query_words(unit * 7_000)) <= QUERY_WORDS_MAX
