from __future__ import annotations

from pathlib import Path

import pytest

from redress.formats.limits import EVERY, InThree, NotLimits, read_limits
from redress.values.days import Unit

INSTALLED = Path(__file__).resolve().parents[2] / "redress/registers/limits/data/limits.yaml"
ENTRY = """
limits:
  - code: cn.insp.finish
    country: cn
    kind: statutory
    name: {en: Inspection finishes a case, fa: پایان رسیدگی, zh: 调查完成}
    start: {en: case opened, fa: تشکیل پرونده, zh: 立案}
    limit: 60
    unit: workday
    extension: 30
    extension_condition: The case is complicated.
    source: CN-INSP
    status: sourced
"""

# Code, country -> limit, unit, extension or (to: extendable_to), as they were read in the sources.
BY_LAW_OR_PROMISED = {
    ("ir.appeal", "ir"): (15, "day", 0),
    ("ir.collective", "ir"): (10, "day", 0),
    ("ir.award", "ir"): (7, "day", 0),
    ("ir.admin_court", "ir"): (90, "day", 0),
    ("ir.unemployment", "ir"): (30, "day", 60),  # 30 + 60 = 90 with a valid excuse
    ("ir.111", "ir"): (10, "day", 0),
    ("cn.insp.accept", "cn"): (5, "workday", 0),
    ("cn.insp.period", "cn"): (2, "year", 0),
    ("cn.insp.finish", "cn"): (60, "workday", 30),
    ("cn.arb.limitation", "cn"): (1, "year", 0),
    ("cn.arb.accept", "cn"): (5, "day", 0),
    ("cn.arb.award", "cn"): (45, "day", 15),
    ("cn.arb.sue", "cn"): (15, "day", 0),
    ("cn.file.visit", "cn"): (5, "day", 0),
    ("cn.file.notice", "cn"): (5, "workday", 0),
    ("cn.file.review", "cn"): (1, "year", 0),
    ("en.hardship.decision", "gb"): (14, "day", 0),
    ("en.strike.claim", "gb"): (2, "month", 0),
}
OF_THE_HOUSE = {
    "union.critical": (1, "day"),
    "union.high": (3, "day"),
    "union.normal": (10, "day"),
    "union.low": (30, "day"),
    "union.retaliation": (2, "day"),
    "worker.word": (30, "day"),
    "worker.clarify": (14, "day"),
    "body.answer": (20, "workday"),
}


def installed():
    return read_limits(INSTALLED.read_text(encoding="utf-8"))


def test_a_limit_is_read_with_its_words_and_its_extension():
    (line,) = read_limits(ENTRY)

    assert (line.code, line.country, line.limit, line.unit) == (
        "cn.insp.finish",
        "cn",
        60,
        Unit.WORKDAY,
    )
    assert line.start == InThree("case opened", "تشکیل پرونده", "立案")
    assert (line.extension, line.extendable_to, line.at_least) == (30, None, False)


def test_a_limit_of_several_countries_becomes_one_in_each():
    lines = read_limits(ENTRY.replace("country: cn", "countries: [ir, gb]"))

    assert [(line.code, line.country) for line in lines] == [
        ("cn.insp.finish", "ir"),
        ("cn.insp.finish", "gb"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("unit: workday", "unit: week", "unit 'week' is none of"),
        ("country: cn", "country: zz", "country 'zz' is none of"),
        ("country: cn", "countries: []", "countries is no list"),
        ("country: cn", "country: cn\n    countries: [ir]", "country and countries"),
        ("country: cn", "countries: [cn, cn]", "its code stands twice for cn"),
        ("kind: statutory", "kind: legal", "kind 'legal' is none of"),
        ("fa: تشکیل پرونده, ", "", "start.fa is missing"),
        ("zh: 立案", "zh: '  '", "start.zh is missing"),
        ("zh: 立案", "zh: 立案, de: x", "start is in other languages"),
        ("code: cn.insp.finish", "code: Inspection", "its code is no words with dots"),
        ("code: cn.insp.finish", "code: 7", "code is missing"),
        ("limit: 60", "limit: 0", "limit 0 is no positive whole number"),
        ("limit: 60", "limit: -5", "limit -5 is no positive whole number"),
        ("limit: 60", "limit: 1.5", "limit 1.5 is no positive whole number"),
        ("limit: 60", "limit: true", "limit True is no positive whole number"),
        ("    limit: 60\n", "", "limit is missing"),
        ("limit: 60", "limit: 3661", "more than 3660 workdays"),
        ("limit: 60", "limit: 3631", "more than 3660 workdays"),  # 3631 + 30 = 3661
        ("extension: 30", "extension: null", "extension None is no positive"),
        ("extension: 30", "extendable_to: 60", "extendable_to adds nothing"),
        ("extension: 30", "extension: 30\n    extendable_to: 90", "extension and extendable_to"),
        ("    extension: 30\n", "", "an extension and its extension_condition go together"),
        ("status: sourced", "status: sourced\n    at_least: 1", "at_least 1 is neither true nor"),
        ("    status: sourced\n", "", "status is missing"),
        ("status: sourced", f"status: {'s' * 401}", "status is longer than 400 characters"),
        ("    source: CN-INSP\n", "", "a limit has a source"),
        ("kind: statutory", "kind: house", "one of the house has none"),
        (
            "status: sourced",
            "status: sourced\n    stage: answer",
            "body_kind and stage go together",
        ),
        ("status: sourced", "status: sourced\n    until: 2030", "there is no field 'until'"),
    ],
)
def test_a_limit_that_is_wrong_is_refused_by_its_name(old, new, why):
    assert old in ENTRY

    with pytest.raises(NotLimits) as refused:
        read_limits(ENTRY.replace(old, new))

    assert str(refused.value).startswith("limit 1 (")
    assert why in str(refused.value)


def test_a_code_that_stands_twice_is_refused():
    twice = ENTRY + ENTRY.replace("\nlimits:\n", "")

    with pytest.raises(NotLimits, match=r"limit 2 \(cn.insp.finish\): its code stands twice"):
        read_limits(twice)


@pytest.mark.parametrize("text", ["", "limits: 3", "[]", "limits: []\nmore: []"])
def test_a_text_that_is_not_one_list_is_refused(text):
    with pytest.raises(NotLimits, match="not one list, called limits"):
        read_limits(text)


@pytest.mark.parametrize("text", ["limits: [", "!!python/object:os.system {}", "[" * 10_000])
def test_a_text_that_is_no_plain_yaml_is_refused(text):
    with pytest.raises(NotLimits, match="not YAML"):
        read_limits(text)


def test_an_entry_that_is_no_mapping_is_refused():
    with pytest.raises(NotLimits, match="limit 1"):
        read_limits("limits: [7]")


def test_the_installed_file_has_the_eighteen_limits_as_they_were_read():
    found = {
        (line.code, line.country): (
            line.limit,
            line.unit,
            (line.extendable_to or line.limit + line.extension) - line.limit,
        )
        for line in installed()
        if line.kind != "house"
    }

    assert found == BY_LAW_OR_PROMISED
    assert len(found) == 18


def test_the_installed_file_has_every_limit_of_the_house_for_whichever_country():
    found = {
        line.code: (line.limit, line.unit)
        for line in installed()
        if line.kind == "house" and line.country == EVERY
    }

    assert found == OF_THE_HOUSE


def test_every_installed_limit_has_its_three_languages_in_their_own_letters():
    for line in installed():
        for words in (line.name, line.start):
            assert words.en.isascii()
            assert any("\u0600" <= letter <= "\u06ff" for letter in words.fa)
            assert not set("يك") & set(words.fa), "Arabic letters in Persian"
            assert any("\u4e00" <= letter <= "\u9fff" for letter in words.zh)


def test_only_the_public_notice_must_last_at_least_so_long():
    assert [line.code for line in installed() if line.at_least] == ["cn.file.notice"]


def test_only_limits_of_the_house_are_illustrative():
    assert {line.kind for line in installed() if line.status == "illustrative"} == {"house"}


def test_a_body_works_under_one_installed_limit_at_most_in_each_stage():
    run = [(line.country, line.body_kind, line.stage) for line in installed() if line.stage]

    assert len(run) == len(set(run)) == 4
