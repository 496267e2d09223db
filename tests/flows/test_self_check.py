"""The self-check and the rule book: what everybody may ask and read."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from redress.relief.asking import NotRead
from redress.relief.rule_book import rule_book
from redress.relief.schemes import scheme_named, schemes
from redress.relief.self_check import SKIPPED, check_oneself, is_offered
from tests.schemes import small_scheme

DAY = dt.date(2026, 6, 15)
SHIPPED = ("cn-province-demo", "en-hardship-fund-demo", "ir-province-demo")


def asked(name: str, answers: dict[str, str], language: str = "en"):
    return check_oneself(scheme_named(name), answers, on=DAY, language=language)


def through(name: str, told: dict[str, str]):
    """Answer what is asked, as told or by passing over; give the questions in order and the end."""
    answers: dict[str, str] = {}
    while (check := asked(name, answers)).question is not None:
        answers[check.question.name] = told.get(check.question.name, SKIPPED)
    return list(answers), check


def test_only_facts_that_still_matter_are_asked(small_aid):
    order, check = through("small-aid", {"size": "1", "income": "600000000"})

    assert order == ["size", "income"]  # on the line: illness cannot change anything
    assert check.told.granted == []


def test_what_the_scheme_would_assume_is_asked_where_it_matters(small_aid):
    order, check = through("small-aid", {"size": "2", "income": "0", "ill": "yes"})

    assert order == ["size", "income", "ill"]
    # 50,000,000 x 0.1 x 2, and 50,000,000
    assert [(one.id, one.money.minor) for one in check.told.granted] == [
        ("living", 10_000_000),
        ("cure", 50_000_000),
    ]
    assert check.bring == ("bill", "family book")


def test_a_question_passed_over_is_taken_as_assumed_or_stays_open(small_aid):
    _, check = through("small-aid", {"size": "2"})

    assert [one.id for one in check.told.undecided] == ["living"]
    assert check.left_open == ("income a year",)


def test_an_answer_outside_its_range_is_refused_in_words(small_aid):
    with pytest.raises(NotRead, match="household size"):
        asked("small-aid", {"size": "0"})


def test_answers_to_no_question_are_left_aside(small_aid):
    assert asked("small-aid", {"__class__": "1", "members": "[]"}).question.name == "size"


def test_a_scheme_that_looks_at_single_members_is_not_offered(small_aid):
    pack = json.loads(small_scheme())
    items = [{**pack["items"][0], "when": "any(members, age < 18)"}]
    small_aid(items=items, members={"age": {"type": "int", "min": "0", "max": "130"}})

    assert not is_offered(scheme_named("small-aid"))


@pytest.mark.parametrize("name", SHIPPED)
def test_whoever_passes_over_everything_comes_to_an_end(name):
    order, check = through(name, {})

    assert check.question is None
    assert len(order) <= len(scheme_named(name).pack.inputs)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("language", ["en", "fa", "zh"])
def test_the_answer_of_a_self_check_is_the_answer_of_the_rules(name, language):
    """Every worked case that a person could tell, walked through question by question."""
    scheme = scheme_named(name)
    checked = 0
    for worked in scheme.pack.cases[:40]:
        if "given" in worked.facts or any(isinstance(v, list) for v in worked.facts.values()):
            continue
        answers: dict[str, str] = {}
        check = check_oneself(scheme, answers, on=worked.on, language=language)
        while check.question is not None:
            said = worked.facts.get(check.question.name)
            answers[check.question.name] = SKIPPED if said is None else _written(said)
            check = check_oneself(scheme, answers, on=worked.on, language=language)
        wanted = worked.expect.get("granted")
        if wanted is not None:
            assert {one.id for one in check.told.granted} == set(wanted), worked.id
            checked += 1
    assert checked > 5


def _written(said) -> str:
    return ("yes" if said else "no") if isinstance(said, bool) else str(said)


@pytest.mark.parametrize("language", ["en", "fa", "zh"])
def test_the_rule_book_tells_every_rule_number_and_worked_case_of_the_shipped_schemes(language):
    for scheme in schemes():
        book, pack = rule_book(scheme, on=DAY, language=language), scheme.pack

        assert [one.id for one in book.cases] == [one.id for one in pack.cases]
        assert [one.id for one in book.parameters] == [one.name for one in pack.parameters]
        assert len(book.grants) == len(pack.items)
        for rule in (*book.derived, *book.exclusions, *book.categories, *book.exits, *book.reasons):
            assert rule.words.strip()
            assert "{" not in rule.words


def test_a_rule_is_read_aloud_with_the_labels_of_its_pack(small_aid):
    book = rule_book(scheme_named("small-aid"), on=DAY, language="en")

    (derived,) = book.derived
    assert derived.words == "(income a year + aid this year) ÷ 12 ÷ household size"
    assert book.grants[0].when.words == "income per head below the line (50,000,000)"
    assert book.grants[1].when.words == (
        "income per head below the line (50,000,000), and ill,"
        " and age by born on on the day of the decision at least 18"
    )
