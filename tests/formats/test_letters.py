from __future__ import annotations

import dataclasses
import hashlib
import re
import subprocess
import sys
import zlib
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redress.formats.letters import (
    LABELS,
    OTHER_CHARS_MAX,
    QUOTED_CHARS_MAX,
    Letter,
    LetterTooLong,
    letter_pdf,
)
from redress.values.spans import MASK
from redress.values.text import normal_form

MM = 72 / 25.4
LEFT, RIGHT = 25 * MM, (210 - 25) * MM  # the margins of the page
RLO, PDF, RLI, PDI = "\u202e", "\u202c", "\u2067", "\u2069"
FORCING = "\u202a\u202b\u202c\u202d\u202e"


def letter(language="fa", **changes):
    plain = Letter(
        language=language,
        sender="",
        recipient="",
        written_by="",
        number="12",
        day_written="",
        due_written="",
        subject="@",
        opening=(),
        quoted="",
        closing=(),
        labels=dict.fromkeys(LABELS, ""),
    )
    return dataclasses.replace(plain, **changes)


# A reader of the pages, so that no second library is trusted: it follows the drawing orders.


@dataclass(frozen=True)
class Glyph:
    page: int
    x: float
    y: float
    font: str
    number: int
    text: str


class Pen:
    """Follows the drawing orders of a page; each method is the order of that name in ``ORDER``."""

    def __init__(self, page, fonts):
        self.page, self.fonts = page, fonts
        self.drawn: list[Glyph] = []
        self.right, self.up, self.turn = 0.0, 0.0, 1.0  # a page is moved or turned over only
        self.kept: list[tuple[float, float, float]] = []
        self.said: list[str | None] = []
        self.name, self.texts, self.widths = "", {}, {}
        self.size = self.x = self.y = 0.0

    def keep(self, _):
        self.kept.append((self.right, self.up, self.turn))

    def back(self, _):
        self.right, self.up, self.turn = self.kept.pop()

    def move(self, order):
        _, _, _, turn, right, up = map(float, order["move"].split())
        self.right, self.up, self.turn = (
            self.right + right,
            self.up + self.turn * up,
            self.turn * turn,
        )

    def begin(self, order):
        actual = re.search(rb"/ActualText<FEFF(\w*)>", order["begin"])
        self.said.append(bytes.fromhex(actual[1].decode()).decode("utf-16-be") if actual else None)

    def end(self, _):
        self.said.pop()

    def height(self, order):
        (self.name, self.texts, self.widths) = self.fonts[order["font"].decode()]
        self.size = float(order["height"])

    def start(self, order):
        *_, self.x, self.y = map(float, order["start"].split())

    def show(self, order):
        for piece in re.finditer(PIECE, order["show"]):
            if piece["back"]:
                self.x -= float(piece["back"]) / 1000 * self.size
            else:
                codes = unescaped(piece["codes"])
                for high, low in zip(codes[::2], codes[1::2], strict=True):
                    self.glyph(high * 256 + low)

    def glyph(self, code):
        actual = next((one for one in reversed(self.said) if one is not None), None)
        text = self.texts.get(code, "") if actual is None else actual
        x, y = self.right + self.x, self.up + self.turn * self.y
        self.drawn.append(Glyph(self.page, x, y, self.name, code, text))
        self.x += self.widths.get(code, 0) / 1000 * self.size


class Pages:
    def __init__(self, content: bytes):
        found = re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj\n", content, re.DOTALL)
        self.objects = {int(number): body for number, body in found}
        self.fonts: dict[int, tuple[str, dict[int, str], dict[int, float]]] = {}
        kids = re.search(rb"/Type/Pages/Count \d+/Kids\[([^]]*)\]", content)[1]
        pages = [int(number) for number in re.findall(rb"(\d+) 0 R", kids)]
        self.count = len(pages)
        self.glyphs = [glyph for at, page in enumerate(pages, 1) for glyph in self.drawn(at, page)]

    def stream(self, number):
        head, _, rest = self.objects[number].partition(b"stream\n")
        data = rest.removesuffix(b"\nendstream")
        return zlib.decompress(data) if b"/FlateDecode" in head else data

    def named(self, body, name):
        return int(re.search(rb"/%s (\d+) 0 R" % name, body)[1])

    def font(self, number):
        if number not in self.fonts:
            body = self.objects[number]
            below = self.objects[int(re.search(rb"/DescendantFonts\[(\d+)", body)[1])]
            name = re.search(rb"/BaseFont/\w+\+([\w-]+)", body)[1].decode()
            maps = self.stream(self.named(body, b"ToUnicode")).decode()
            texts = {
                int(code, 16): bytes.fromhex(text).decode("utf-16-be")
                for code, text in re.findall(r"^<(\w{4})> <(\w+)>$", maps, re.MULTILINE)
            }
            spans = re.findall(
                r"(\d+) (\d+) ([\d.]+)", re.search(rb"/W\[([^]]*)\]", below)[1].decode()
            )
            widths = {
                code: float(width)
                for first, last, width in spans
                for code in range(int(first), int(last) + 1)
            }
            self.fonts[number] = (name, texts, widths)
        return self.fonts[number]

    def drawn(self, at, page):
        body = self.objects[page]
        resources = self.objects[self.named(body, b"Resources")]
        fonts = {
            name.decode(): self.font(int(number))
            for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
        }
        pen = Pen(at, fonts)
        for order in re.finditer(ORDER, self.stream(self.named(body, b"Contents"))):
            getattr(pen, order.lastgroup)(order)
        return pen.drawn

    def lines(self, page=None):
        """The text of each line as it is seen, from left to right."""
        found: dict[tuple[int, int], list[Glyph]] = {}
        for glyph in self.glyphs:
            if page is None or glyph.page == page:
                found.setdefault((glyph.page, -round(glyph.y)), []).append(glyph)
        return [
            "".join(one.text for one in sorted(line, key=lambda one: one.x))
            for _, line in sorted(found.items())
        ]

    def place(self, text):
        """Where the glyph of a character stands that occurs once."""
        (glyph,) = [glyph for glyph in self.glyphs if glyph.text == text]
        return glyph


ORDER = re.compile(
    rb"(?P<show>\[(?:\((?:\\.|[^\\)])*\)|[^\]()])*\]\s*TJ|\((?:\\.|[^\\)])*\)\s*Tj)"
    rb"|(?P<move>(?:-?[\d.]+ ){5}-?[\d.]+) cm"
    rb"|(?P<start>(?:-?[\d.]+ ){5}-?[\d.]+) Tm"
    rb"|/(?P<font>f\d+) (?P<height>[\d.]+) Tf"
    rb"|(?P<begin>/\w+(?:\s*<<(?:[^<>]|<\w*>|<<[^>]*>>)*>>|\s*/\w+)?\s*B(?:DC|MC))"
    rb"|(?P<end>\bEMC\b)|(?P<keep>\bq\b)|(?P<back>\bQ\b)",
    re.DOTALL,
)
PIECE = re.compile(rb"\((?P<codes>(?:\\.|[^\\)])*)\)|(?P<back>-?[\d.]+)", re.DOTALL)
NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def unescaped(written: bytes) -> bytes:
    def plain(match):
        return bytes([int(match[1], 8)]) if match[1].isdigit() else NAMED.get(match[1], match[1])

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, written, flags=re.DOTALL)


def pages(language="fa", **changes):
    return Pages(letter_pdf(letter(language, **changes)))


def spoken(line):
    """A line of Persian letters alone, in the order it is spoken."""
    return line[::-1]


def has_line(read, wanted):
    return any(wanted in line for line in read.lines())


def test_a_persian_letter_reads_from_right_to_left():
    read = pages(opening=("سلام به شما",))

    assert read.place("س").x > read.place("ب").x > read.place("ش").x
    assert RIGHT - 12 < read.place("س").x < RIGHT


@pytest.mark.parametrize(("language", "words"), [("en", "Quick job"), ("zh", "工人要求")])
def test_an_english_or_chinese_letter_reads_from_left_to_right(language, words):
    read = pages(language, opening=(words,))

    assert read.place(words[0]).x == pytest.approx(LEFT, abs=3)
    assert has_line(read, words)


def test_english_words_and_numbers_keep_their_order_within_persian():
    read = pages(opening=("نامه AB-123/45 مبلغ ۱۲۳٬۴۵۶ ریال",))

    assert has_line(read, "AB-123/45")
    assert has_line(read, "۱۲۳٬۴۵۶")
    assert read.place("ن").x > read.place("B").x > read.place("غ").x > read.place("٬").x


def test_brackets_stand_around_their_words_on_both_sides():
    read = pages(opening=("مزد (عقب) ما",))
    opened, closed = read.place("("), read.place(")")

    assert opened.x > read.place("ع").x > read.place("ب").x > closed.x
    assert opened.number != closed.number


def test_letters_of_a_persian_word_are_joined():
    alone, *joined = [
        {glyph.number for glyph in pages(opening=(text,)).glyphs if glyph.text == "ه"}
        for text in ("ه", "بهب", "هب", "به")
    ]
    # Fonts are cut to what a letter uses and numbered anew, so forms are counted within one.
    together = [one.number for one in pages(opening=("ه بهب هب به",)).glyphs if one.text == "ه"]

    assert len(alone) == 1
    assert [len(one) for one in joined] == [1, 1, 1]
    assert len(set(together)) == 4


def test_the_zero_width_non_joiner_parts_letters_and_stays_in_the_text():
    read = pages(opening=("می می\u200cخواهیم میخ",))
    yehs = [one for one in read.glyphs if one.text == "ی"]
    first, second, _, last = sorted(yehs, key=lambda one: -one.x)

    assert first.number == second.number != last.number
    assert "می\u200cخواهیم" in spoken("".join(read.lines()))


@pytest.mark.parametrize(
    "words",
    [
        "ما کارگران می\u200cخواهیم مزد خود را بگیریم",
        "كارفرما يک نامه نوشت و اطلاعات کالا را لاپوشانی کرد؛ سالانه بالا رفت، اصلاً خلاصه نشد.",
        "مدّعی است مزدِ جمعاً عقب\u200cافتادهٔ ماه\u200cهای گذشته",
    ],
)
def test_persian_words_come_back_out_of_the_page_in_the_order_they_are_spoken(words):
    assert any(
        normal_form(spoken(line)) == normal_form(words) for line in pages(opening=(words,)).lines()
    )


def test_chinese_glyphs_are_embedded():
    content = letter_pdf(letter("zh", opening=("工人",)))
    read = Pages(content)

    assert {read.place(char).font for char in "工人"} == {"LettersHan-Regular"}
    assert all(read.place(char).number > 0 for char in "工人")  # 0 is the box for what is lacking
    described = re.search(rb"/FontName/\w+\+LettersHan-Regular.*?/FontFile2 (\d+) 0 R", content)
    assert read.stream(int(described[1])).startswith(b"\x00\x01\x00\x00")  # a TrueType font


def test_a_character_that_no_font_has_is_shown_as_a_box_and_the_letter_goes_out():
    read = pages("en", quoted="K \U0001f621 L")

    (box,) = [one for one in read.glyphs if one.number == 0]
    assert read.place("K").x < box.x < read.place("L").x


@pytest.mark.parametrize(
    "typed",
    [
        "<b>bold</b> &amp; &#65;",
        "#strong[x] *y* _z_ $q$",
        '"k" \\n \\u{41} @ref <label>',
        "= Heading // remark",
        "#sys.inputs.letter",
        "-- --- ... ~",
    ],
)
def test_markup_in_a_workers_words_is_shown_as_typed(typed):
    assert typed in pages("en", quoted=typed).lines()


def test_quoted_words_go_their_own_way_whatever_the_letters_language():
    persian = pages("en", quoted="سلام")
    english, chinese = pages("fa", quoted="Quick job"), pages("fa", quoted="工人要求")

    assert RIGHT - 30 < persian.place("س").x < RIGHT
    assert persian.place("س").x > persian.place("م").x
    assert LEFT < english.place("Q").x < LEFT + 30
    assert LEFT < chinese.place("工").x < LEFT + 30


def test_a_line_of_english_in_persian_words_goes_from_left_to_right():
    read = pages(quoted="سلام\nQuick!")

    assert LEFT < read.place("Q").x < LEFT + 30
    assert read.place("!").x > read.place("k").x


def test_a_direction_override_in_a_workers_words_stays_within_the_quotation():
    def around(quoted):
        read = pages("en", quoted=quoted, opening=("Dear Sir,",), closing=("Yours 45 سلام",))
        return [line for line in read.lines() if "pay" not in line]

    plain = around("pay 123")

    assert around(f"{RLO}pay 123") == around(f"{RLO * 5}pay{PDI}{PDF} 123{RLI}") == plain
    assert "Dear Sir," in plain


@pytest.mark.parametrize("forced", [f"{RLO}pay 500", f"{RLO}pay 500{PDF}", f"\u202dpay 500{PDF}"])
def test_a_direction_override_does_not_turn_a_sum_round(forced):
    lines = pages("en", quoted=forced).lines()

    assert any("pay" in line and "500" in line for line in lines)
    assert not any(char in line for line in lines for char in FORCING)


def test_a_direction_override_in_a_name_does_not_reach_the_next_field():
    def fields(name):
        return letter("en", sender=name, recipient="Office 12", number="7-8", day_written="3 May")

    lines = Pages(letter_pdf(fields(f"{RLO}Ann"))).lines()

    assert lines == Pages(letter_pdf(fields("Ann"))).lines()
    assert any("Office 12" in line for line in lines)


def test_a_paired_mark_of_direction_keeps_its_meaning():
    read = pages("en", quoted=f"job {RLI}73 wx{PDI} end")

    assert read.place("j").x < read.place("w").x < read.place("7").x < read.place("e").x


@pytest.mark.parametrize("number", ["12-AB", "AB-12", "1403-01-15"])
def test_the_number_of_a_persian_letter_is_not_turned_round(number):
    assert any(line.endswith(number) for line in pages(number=number).lines())


def test_the_same_letter_gives_the_same_bytes_also_in_another_process():
    content = letter_pdf(letter("zh", opening=("工人 سلام",), quoted="abc"))
    again = (
        "import hashlib; from tests.formats.test_letters import letter, letter_pdf\n"
        "one = letter('zh', opening=('工人 سلام',), quoted='abc')\n"
        "print(hashlib.sha256(letter_pdf(one)).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", again], capture_output=True, text=True, check=True)

    assert content == letter_pdf(letter("zh", opening=("工人 سلام",), quoted="abc"))
    assert done.stdout.strip() == hashlib.sha256(content).hexdigest()


def test_another_word_gives_other_bytes():
    assert letter_pdf(letter(quoted="a")) != letter_pdf(letter(quoted="b"))


def test_as_many_characters_as_may_be_quoted_make_numbered_pages():
    words = ("مزد ما را بدهید. " * 5000)[:QUOTED_CHARS_MAX]
    read = pages(quoted=words)
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

    assert len(words) == QUOTED_CHARS_MAX
    assert read.count > 3
    for page in range(1, read.count + 1):
        assert f"{page}/{read.count}".translate(persian) in read.lines(page)[-1]
    assert sum(one.text == "ز" for one in read.glyphs) == words.count("ز")


def test_pages_are_numbered_in_plain_digits_in_english_and_chinese():
    for language in ("en", "zh"):
        assert pages(language).lines()[-1].endswith("1/1")


def test_a_letter_above_the_limits_is_refused():
    with pytest.raises(LetterTooLong):
        letter_pdf(letter(quoted="x" * (QUOTED_CHARS_MAX + 1)))
    with pytest.raises(LetterTooLong):
        letter_pdf(letter(opening=("x" * OTHER_CHARS_MAX, "y")))


@pytest.mark.parametrize("broken", ["\x00", "\x07", "\x1b", "\x7f", "\ufeff", "\ufffe", "\ufdd0"])
def test_a_nul_or_other_control_byte_does_not_break_it(broken):
    read = pages("en", quoted=f"He{broken}llo", subject=f"S{broken}ubject")

    assert "Hello" in read.lines()
    assert "Subject" in read.lines()


def test_a_lone_surrogate_is_shown_as_a_replaced_character():
    read = pages("en", quoted="Half \ud83d one", number="\udc00")

    assert "Half \ufffd one" in read.lines()


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_any_text_makes_a_letter_within_its_margins(text):
    read = pages("fa", quoted=text, subject=text, sender=text, opening=(text,))

    assert read.glyphs
    assert all(LEFT - 6 < one.x < RIGHT + 6 for one in read.glyphs if one.text.strip())


def test_lines_and_blank_lines_of_a_workers_words_are_kept():
    read = pages("en", quoted="one\r\ntwo\n\n\n\nsix")
    one, two, six = (read.place(char).y for char in "ntx")

    assert [x for x in read.lines() if x in {"one", "two", "six"}] == ["one", "two", "six"]
    assert 0 < one - two < two - six < 3 * (one - two)


def test_a_word_longer_than_the_page_is_wide_is_broken():
    read = pages("en", quoted="https://example.org/" + "w" * 400, subject="v" * 200)

    assert max(glyph.x for glyph in read.glyphs) < RIGHT
    assert sum(glyph.text.strip("\u200b") == "w" for glyph in read.glyphs) == 400


def test_the_paper_is_a4():
    assert b"/MediaBox[0 0 595.2756 841.8898]" in letter_pdf(letter())  # 210 mm by 297 mm


def test_the_file_tells_its_subject_number_and_language_and_no_more():
    content = letter_pdf(letter("zh", subject="Wages", number="7/1"))

    assert re.search(rb"<</Title\(Wages 7/1\)/Creator\(Typst [\d.]+\)>>", content)
    assert b"/Lang(zh-CN)" in content
    for word in (b"/Author", b"dc:creator", b"CreationDate", b"CreateDate", b"ModDate"):
        assert word not in content


def test_a_reader_of_the_screen_is_told_structure_and_language():
    content = letter_pdf(letter("fa", subject="مزد", quoted="工人"))

    assert b"pdfuaid:part>1<" in content
    assert b"/Lang(fa)" in content
    assert b"/S/H1" in content
    assert b"/S/BlockQuote" in content
    assert b"/Lang(zh-CN)" in content


def test_an_empty_field_is_left_out_with_its_label():
    labels = dict.fromkeys(LABELS, "") | {"due": "Reply due", "quoted": "Words"}

    assert not has_line(pages("en", labels=labels), "Reply due")
    assert not has_line(pages("en", labels=labels), "Words")
    assert has_line(pages("en", labels=labels, due_written="3 May"), "Reply due")
    assert has_line(pages("en", labels=labels, quoted="pay"), "Words")


def test_a_missing_label_is_an_error():
    with pytest.raises(KeyError):
        letter_pdf(letter(labels={}))


def test_what_is_covered_is_named_because_no_font_has_the_bars():
    labels = {**letter("en").labels, "covered": "[covered]"}
    read = pages("en", quoted=f"I am {MASK} of hall 3.", labels=labels)

    assert has_line(read, "I am [covered] of hall 3.")


def test_what_is_known_of_a_demand_stands_under_its_subject():
    read = pages("en", about=(("Employer", "Nilkuh Mill"), ("Workers", "12")))

    assert has_line(read, "EmployerNilkuh Mill") or has_line(read, "Employer Nilkuh Mill")
