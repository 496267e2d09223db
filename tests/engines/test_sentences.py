"""What a decision is told by: the comparisons that made it so, and no others."""

from __future__ import annotations

import pytest

from redress.engines.rules.sentences import Speaker
from tests.engines.packs import SMALL, bent, decided


def why_not(when: str, facts: dict, **inputs) -> str:
    """Tell why the small pack's living aid is refused under a condition."""
    items = [{**SMALL["items"][0], "when": when}]
    text = bent(items=items, inputs={**labelled(), **inputs}, category=None, exclusions=None)
    decision = decided(text, {"size": 1, "income": 0, "homes": 1, **facts})
    return Speaker(decision.pack, "en").refusal(decision, decision.pack.items[0])


def labelled() -> dict:
    return {
        name: {**one, "label": {"en": name, "fa": name, "zh": name}}
        for name, one in SMALL["inputs"].items()
    }


def test_of_an_and_only_the_parts_that_fail_are_told():
    assert why_not("size == 1 and homes >= 2 and ill", {}) == "homes 1 is below 2, ill: no"


def test_a_comparison_under_not_is_told_only_where_it_is_against_the_case():
    assert why_not("not (homes < 3) and income < 5", {"homes": 4, "income": 9}) == (
        "income 9.00 is above 5.00"
    )
    assert why_not("not (homes < 3)", {"homes": 1}) == "homes 1 is below 3"


def test_the_line_itself_under_not_is_told_as_equal_and_not_as_missed():
    assert why_not("not (homes <= 3)", {"homes": 3}) == "homes 3 is 3"


def test_of_a_choice_only_the_side_taken_is_told():
    told = why_not("(income < 50 if homes < 3 else income < 7)", {"homes": 5, "income": 9})

    assert told == "income 9.00 is above 7.00"


def test_of_an_or_that_fails_every_part_is_told():
    assert why_not("homes >= 3 or size >= 2", {}) == "homes 1 is below 3, size 1 is below 2"


def test_a_derived_value_is_told_by_what_it_rests_on():
    text = bent(
        derived=[*SMALL["derived"], {"name": "well_off", "expr": "homes >= 2 or income > 900"}],
        inputs=labelled(),
        items=[{**SMALL["items"][0], "when": "not well_off"}],
        category=None,
        exclusions=None,
    )
    decision = decided(text, {"size": 1, "income": 1000, "homes": 1})

    assert Speaker(decision.pack, "en").refusal(decision, decision.pack.items[0]) == (
        "income 1,000.00 is above 900.00"
    )


@pytest.mark.parametrize(
    ("language", "told", "apart"),
    [
        ("en", "since 2024-03-21 is above 2024-02-29", "21 days apart"),
        ("fa", "since ۱۴۰۳/۰۱/۰۲ بیشتر از ۱۴۰۲/۱۲/۱۰ است", "فاصله ۲۱ روز"),
        ("zh", "since 2024年3月21日 高于 2024年2月29日", "相差 21 天"),
    ],
)
def test_days_are_told_in_the_readers_calendar_and_their_distance_in_days(language, told, apart):
    assert distance(language, "2024-03-21") == (told, apart)


def distance(language: str, since: str) -> tuple[str, str]:
    asked = {"type": "date", "label": {"en": "since", "fa": "since", "zh": "since"}}
    text = bent(
        inputs={**labelled(), "since": asked},
        category=[
            {"id": "excluded", "when": "any_exclusion"},
            {"id": "late", "when": "since > '2024-02-29'"},
            {"id": "none", "when": "True"},
        ],
        items=[{**SMALL["items"][0], "when": "category == 'late' and ill"}],
    )
    decision = decided(text, {"size": 1, "income": 0, "since": since})
    return Speaker(decision.pack, language).distances(decision)[0]


def test_a_day_exactly_on_the_line_is_no_days_from_it():
    assert distance("en", "2024-02-29") == (
        "since 2024-02-29 is exactly 2024-02-29, and must be above it",
        "0 days apart",
    )
