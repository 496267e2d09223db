import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.values.spans import (
    BREAK,
    MASK,
    SPANS_MAX,
    NotSpans,
    Piece,
    Span,
    SpanFault,
    SpanKind,
    for_body,
    pieces,
    pure_demand,
    read_spans,
    sentences,
    unmarked,
)

DEMAND, FACT, NONWORKER, PERSONAL = SpanKind
MIXED = st.text(alphabet="aB حق要资1۲ \n.。؟!؛\"»)'(-٫No", max_size=60)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    """Make a text with spans of both layers over it."""
    text = draw(st.text(alphabet="ab ج要\n", min_size=1, max_size=30))
    spans: list[Span] = []
    for kinds in ([DEMAND, FACT, NONWORKER], [PERSONAL]):
        edges = draw(st.lists(st.integers(0, len(text)), unique=True, max_size=8).map(sorted))
        for start, end in zip(edges[::2], edges[1::2], strict=False):
            spans.append(Span(draw(st.sampled_from(kinds)), start, end))
    return text, tuple(sorted(spans, key=lambda one: (one.start, one.end, one.kind)))


def written(spans: tuple[Span, ...]) -> list[list[object]]:
    return [[one.kind.value, one.start, one.end] for one in spans]


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


# --- Reading a form's spans ---------------------------------------------------------------------


@given(marked_texts())
def test_spans_sent_by_a_form_read_back(marked):
    text, spans = marked

    assert read_spans(written(spans), text=text) == spans


@pytest.mark.parametrize(
    ("raw", "fault", "index"),
    [
        ({"demand": [0, 1]}, SpanFault.NOT_A_LIST, None),
        ("demand", SpanFault.NOT_A_LIST, None),
        (None, SpanFault.NOT_A_LIST, None),
        ([["demand", 0, 1]] * (SPANS_MAX + 1), SpanFault.TOO_MANY, None),
        (["demand"], SpanFault.NOT_A_SPAN, 0),
        ([["demand", 0]], SpanFault.NOT_A_SPAN, 0),
        ([["demand", 0, 1, 2]], SpanFault.NOT_A_SPAN, 0),
        ([["demand", False, True]], SpanFault.NOT_A_SPAN, 0),
        ([["demand", 0, 1.0]], SpanFault.NOT_A_SPAN, 0),
        ([["demand", "0", "1"]], SpanFault.NOT_A_SPAN, 0),
        ([[["demand"], 0, 1]], SpanFault.NOT_A_SPAN, 0),
        ([["Demand", 0, 1]], SpanFault.UNKNOWN_KIND, 0),
        ([["fact", 0, 1], ["demand", 3, 3]], SpanFault.OUTSIDE, 1),
        ([["demand", -1, 3]], SpanFault.OUTSIDE, 0),
        ([["demand", 0, 10]], SpanFault.OUTSIDE, 0),
        ([["demand", 4, 5], ["fact", 0, 1]], SpanFault.UNSORTED, 1),
        ([["demand", 0, 3], ["fact", 2, 4]], SpanFault.OVERLAP, 1),
        ([["demand", 0, 6], ["personal", 1, 2], ["fact", 2, 4]], SpanFault.OVERLAP, 2),
        ([["personal", 0, 3], ["personal", 2, 4]], SpanFault.OVERLAP, 1),
    ],
)
def test_what_is_no_list_of_spans_is_refused_with_its_reason_and_place(raw, fault, index):
    with pytest.raises(NotSpans) as refused:
        read_spans(raw, text="nine sign")

    assert (refused.value.reason, refused.value.index) == (fault, index)


def test_personal_data_may_lie_over_any_other_span():
    raw = [["demand", 0, 6], ["personal", 0, 9], ["fact", 6, 9]]

    assert len(read_spans(raw, text="nine sign")) == 3


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=9))
def test_whatever_a_form_sends_is_read_or_refused(raw):
    try:
        spans = read_spans(raw, text="nine sign")
    except NotSpans:
        spans = ()

    assert all(0 <= one.start < one.end <= 9 for one in spans)


# --- Reading a marked text ----------------------------------------------------------------------


@given(marked_texts())
def test_the_pieces_joined_are_the_text(marked):
    text, spans = marked

    assert "".join(piece.text for piece in pieces(text, spans)) == text


@given(marked_texts())
def test_every_sign_lies_in_a_piece_of_exactly_the_kinds_that_cover_it(marked):
    text, spans = marked
    kinds = [piece.kinds for piece in pieces(text, spans) for _sign in piece.text]

    assert kinds == [
        {one.kind for one in spans if one.start <= place < one.end} for place in range(len(text))
    ]


@given(marked_texts())
def test_whatever_is_neither_marked_nor_space_is_unmarked(marked):
    text, spans = marked
    marked_places = {p for s in spans if s.kind is not PERSONAL for p in range(s.start, s.end)}
    left = {place for start, end in unmarked(text, spans) for place in range(start, end)}

    assert not left & marked_places
    assert all(text[p].isspace() for p in range(len(text)) if p not in left | marked_places)


@given(marked_texts())
def test_the_body_reads_no_sign_of_what_is_masked(marked):
    text, spans = marked
    secret = text.translate({ord(sign): "x" for sign in set(text)})
    shown = "".join(
        "s" if any(s.kind is PERSONAL and s.start <= place < s.end for s in spans) else sign
        for place, sign in enumerate(secret)
    )
    read = for_body(shown, spans, mask_personal=True)

    assert not any("s" in piece.text for piece in read)
    assert all(piece.text == MASK for piece in read if PERSONAL in piece.kinds)


TEXT = "Pay us. My number is 0912. The park is dirty. Since May."
SPANS = (
    Span(DEMAND, 0, 7),
    Span(FACT, 8, 26),
    Span(PERSONAL, 21, 25),
    Span(NONWORKER, 27, 45),
)


def test_the_demand_alone_is_its_spans_one_a_line():
    assert pure_demand("We want a. And b.", [Span(DEMAND, 0, 10), Span(DEMAND, 11, 17)]) == (
        "We want a.\nAnd b."
    )


def test_the_body_reads_demand_and_facts_without_side_matter():
    read = for_body(TEXT, SPANS, mask_personal=False)

    assert "".join(piece.text for piece in read) == "Pay us.\nMy number is 0912."


def test_the_mask_says_nothing_of_what_it_covers():
    assert for_body(TEXT, SPANS, mask_personal=True) == [
        Piece("Pay us.", frozenset({DEMAND})),
        BREAK,
        Piece("My number is ", frozenset({FACT})),
        Piece(MASK, frozenset({FACT, PERSONAL})),
        Piece(".", frozenset({FACT})),
    ]


def test_what_nobody_has_marked_is_listed_without_the_space_around_it():
    assert [TEXT[start:end] for start, end in unmarked(TEXT, SPANS)] == ["Since May."]


def test_personal_data_alone_mark_nothing():
    assert unmarked("abc", [Span(PERSONAL, 0, 3)]) == [(0, 3)]


# --- Sentences ----------------------------------------------------------------------------------


@given(MIXED)
def test_sentences_hold_all_that_is_no_space_in_order_and_trimmed(text):
    found = sentences(text)
    held = {place for start, end in found for place in range(start, end)}

    assert found == sorted(found)
    assert sum(end - start for start, end in found) == len(held)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)
    assert all(sign.isspace() for place, sign in enumerate(text) if place not in held)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ما حقوق نگرفته‌ایم. چرا؟ پاسخ دهید!", ["ما حقوق نگرفته‌ایم.", "چرا؟", "پاسخ دهید!"]),
        ("بیمه رد نشده؛ خواستار پیگیری هستیم", ["بیمه رد نشده؛", "خواستار پیگیری هستیم"]),
        ("پرداخت نشد.ما خواستاریم", ["پرداخت نشد.", "ما خواستاریم"]),
        ("工资没发。我们要求补发！何时？；", ["工资没发。", "我们要求补发！", "何时？；"]),
        ("没发工资.我们要求补发", ["没发工资.", "我们要求补发"]),
        ("Pay us. When? Now! ok", ["Pay us.", "When?", "Now!", "ok"]),
        ("not paid.We want it", ["not paid.", "We want it"]),
        ("one line\nand another\n\n\nthird", ["one line", "and another", "third"]),
        ("No! No! no...\nyes", ["No!", "No!", "no...", "yes"]),
    ],
)
def test_a_text_is_cut_at_the_stops_of_its_language(text, expected):
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Line No. 12 stands still",
        "Mr. Smith and Dr. Lee know",
        "bonus, etc. and so on",
        "Acme Co. Ltd. in Leeds",
        "on 5 Jan. 2024 we stopped",
        "J. Smith, U.K. law",
        "paid 3.5 of ۴.۵ months",
        "سه و ۳٫۵ ماه از 1404.05.03 تا ۱۴۰۴.۰۶.۰۳",
        "从2024.05.03到\uff11\uff0e\uff15年",
        "see www.example.org/a?b=1 for it",
        "مطابق م.ق.ک کارگران",
        "1. wages",
        "۱. حقوق",
        "الف. حقوق",
    ],
)
def test_a_dot_that_ends_nothing_cuts_nothing(text):
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "Pay us." We agree.', ['He said "Pay us."', "We agree."]),
        ('他说："付钱。"我们同意。', ['他说："付钱。"', "我们同意。"]),
        ('他走了。"付钱！"', ["他走了。", '"付钱！"']),
        ("گفت «برو.» و رفت", ["گفت «برو.»", "و رفت"]),
        ("（没发。）我们等。", ["（没发。）", "我们等。"]),
        ("“请发。”好", ["“请发。”", "好"]),
    ],
)
def test_quotes_and_brackets_after_a_stop_belong_to_the_sentence(text, expected):
    assert cut(text) == expected


def test_items_in_one_line_are_sentences_of_their_own():
    assert cut("1- حقوق معوقه 2- بیمه 3- مسکن") == ["1- حقوق معوقه", "2- بیمه", "3- مسکن"]
    assert cut("We want 1. wages") == ["We want 1.", "wages"]


def test_stray_marks_belong_to_the_sentence_before_them():
    assert cut("Pay us . . . ! now") == ["Pay us . . . !", "now"]


@pytest.mark.parametrize(
    "unit",
    ["a. ", "J. ", ". ", '." ', ".)", "1. ", "etc. ", "\n", "x" * 50, "حقوق ندادند. ", '." a'],
)
def test_the_longest_text_is_cut_and_nothing_of_it_is_lost(unit):
    text = (unit * 20_000)[:20_000]

    kept = "".join(text[start:end] for start, end in sentences(text))

    assert "".join(kept.split()) == "".join(text.split())
