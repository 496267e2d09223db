"""The meaning of a pack, on cases computed by hand; the arithmetic stands beside each number."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redress.engines.rules.calendar import age_on, latest_birth, months_between
from redress.engines.rules.decide import Decider
from redress.engines.rules.facts import Case, read_case
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.packs import require_pack
from redress.engines.rules.telling import as_json
from redress.engines.rules.worked import decide_worked
from tests.engines.agreement import DAY
from tests.engines.made_packs import made_case, made_pack
from tests.engines.packs import SMALL, bent, decided, value, with_item


def outcome(decision):
    told = as_json(decision)
    return told["category"], told["granted"], told["needs"]


def test_the_line_itself_is_not_below_the_line():
    # 11280 / 12 / 1 = 940.00, and 940.00 < 940 does not hold
    assert outcome(decided(bent(), {"size": 1, "income": 11280})) == ("none", {}, [])


def test_one_fen_under_the_line_is_below_it():
    # 11279.99 / 12 / 1 = 939.99916... < 940; 940 x 12 x 0.5 = 5640
    decision = decided(bent(), {"size": 1, "income": "11279.99"})

    assert outcome(decision) == ("deep", {"living": "5640.00"}, [])


def test_an_absent_fact_is_not_read_as_zero():
    assert outcome(decided(bent(), {"size": 1})) == (None, {}, ["income"])


def test_an_absent_fact_that_cannot_turn_the_outcome_is_not_asked_for():
    assert outcome(decided(bent(), {"homes": 2})) == ("excluded", {}, [])


def test_a_default_of_the_pack_stands_where_the_fact_is_absent():
    assert outcome(decided(bent(), {"size": 1, "income": 0}))[0] == "deep"  # homes: 1 by default


def test_the_fact_that_category_hangs_on_is_asked_before_one_that_only_an_item_needs():
    text = bent(inputs={**SMALL["inputs"], "ill": {"type": "bool"}})

    assert outcome(decided(text, {"size": 1}))[2] == ["income", "ill"]


def test_a_bound_of_the_input_decides_what_the_absent_fact_cannot_turn():
    # size is 1..30, so income per head is at least 400000 / 12 / 30 = 1111.11 > 940
    assert outcome(decided(bent(), {"income": 400000})) == ("none", {}, [])


def test_kleene_and_with_false_is_false_whatever_the_other():
    text = bent(reasons=[{"id": "r", "when": "income > 5 and ill"}])

    decision = decided(text, {"size": 1, "homes": 2, "ill": False})

    assert "r" not in decision.reasons
    assert decision.needs == ()


def test_sums_are_rounded_half_up_once_when_granted():
    # 940 x 12 x 0.5 / 7 = 805.714285... -> 805.71; /16 = 352.5 exactly; 0.005 up
    text = with_item(amount="LINE * 12 * SHARE / 7")
    assert outcome(decided(text, {"size": 1, "income": 0}))[1] == {"living": "805.71"}
    half = with_item(amount="LINE * 12 * SHARE / 16 + 0.005")
    assert outcome(decided(half, {"size": 1, "income": 0}))[1] == {"living": "352.51"}


def test_sums_keep_exactly_the_digits_of_the_step():
    text = bent(money_step="10", items=[SMALL["items"][0] | {"amount": "LINE * 12 * SHARE / 7"}])

    # 805.71... to tens, half up: 810
    assert outcome(decided(text, {"size": 1, "income": 0}))[1] == {"living": "810"}


def test_a_tenth_and_a_fifth_are_three_tenths():
    text = bent(
        inputs={**SMALL["inputs"], "share": {"type": "decimal"}},
        reasons=[{"id": "r", "when": "share + 0.2 == 0.3"}],
    )

    assert decided(text, {"size": 1, "income": 0, "share": "0.1"}).reasons == ("r",)


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        ("2008-02-29", "2026-02-28", 17),  # a year older on 1 March, not on 28 February
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-29", 20),
        ("2000-01-31", "2000-01-30", -1),
    ],
)
def test_ages_follow_the_calendar(born, day, years):
    first, last = dt.date.fromisoformat(born), dt.date.fromisoformat(day)

    assert age_on(first.toordinal(), last.toordinal()) == years


@given(
    st.dates(dt.date(1900, 1, 1)),
    st.dates(dt.date(1990, 1, 1), dt.date(2150, 1, 1)),
    st.integers(0, 99),
)
def test_whoever_is_born_by_the_latest_day_is_old_enough_and_nobody_later(birth, day, years):
    latest = latest_birth(years, day)

    assert (age_on(birth.toordinal(), day.toordinal()) >= years) == (birth.toordinal() <= latest)


@given(st.dates(), st.dates())
def test_months_between_agree_with_counting_one_by_one_up_to_a_year(first, last):
    counted = 12 * (last.year - first.year) + last.month - first.month - (last.day < first.day)

    assert months_between(first.toordinal(), last.toordinal()) == counted


def members_pack(when, amount="LINE"):
    return bent(
        members={
            "age": {"type": "int"},
            "earns": {"type": "money", "default": "0"},
            "ill_too": {"type": "bool"},
        },
        items=[SMALL["items"][0] | {"when": when, "amount": amount}],
        category=None,
        exclusions=None,
    )


def test_nothing_sums_to_nothing_but_has_no_smallest():
    facts = {"size": 1, "income": 0, "members": []}
    assert decided(members_pack("sum(members, earns) == 0"), facts).granted == {"living": 94000}
    assert decided(members_pack("all(members, earns > 5)"), facts).granted == {"living": 94000}
    assert decided(members_pack("any(members, earns > 5)"), facts).granted == {}

    assert decided(members_pack("min(members, earns) == 0"), facts).needs == ("members",)


def test_one_member_known_to_be_ill_decides_though_another_is_not_known():
    facts = {"size": 2, "income": 0, "members": [{"ill_too": True}, {}]}

    assert decided(members_pack("any(members, ill_too)"), facts).needs == ()


def test_a_member_not_known_is_asked_for_by_name():
    facts = {"size": 2, "income": 0, "members": [{"ill_too": False}, {}]}

    assert decided(members_pack("any(members, ill_too)"), facts).needs == ("members.ill_too",)


def test_members_not_told_at_all_are_not_read_as_nobody():
    assert decided(members_pack("count(members) < 1"), {"size": 1, "income": 0}).needs == (
        "members",
    )


def test_a_text_is_the_same_on_a_persian_and_an_arabic_keyboard():
    text = bent(
        inputs={**SMALL["inputs"], "job": {"type": "text"}},
        reasons=[{"id": "r", "when": "job in ('كارگر', '工人')"}],
    )

    assert decided(text, {"size": 1, "income": 0, "job": "کارگر"}).reasons == ("r",)


def test_the_mean_of_no_months_is_not_zero():
    text = bent(
        inputs={**SMALL["inputs"], "months": {"type": "list", "of": "money"}},
        exit=[
            {"id": "out", "when": "mean(last(months, 6)) >= LINE"},
            {"id": "stay", "when": "True"},
        ],
    )
    facts = {"size": 1, "income": 0}

    assert decided(text, facts | {"months": []}).exit is None
    assert decided(text, facts | {"months": []}).exit_needs == ("months",)
    assert decided(text, facts | {"months": [940] * 6}).exit == "out"  # 6 x 940 / 6 = 940
    assert decided(text, facts | {"months": [1] * 9 + [940] * 6}).exit == "out"  # the last six only
    assert decided(text, facts | {"months": [940] * 5 + ["939.99"]}).exit == "stay"


def test_a_division_by_zero_refuses_the_case_and_names_the_rule():
    text = with_item(amount="LINE / homes")

    with pytest.raises(CaseRefused) as refused:
        decided(text, {"size": 1, "income": 0, "homes": 0})

    assert (refused.value.code, refused.value.fact) == ("divided_by_zero", "LINE / homes")


def test_a_division_by_zero_that_the_outcome_does_not_hang_on_harms_nobody():
    text = with_item(amount="LINE / homes if homes > 0 else LINE")

    assert decided(text, {"size": 1, "income": 0, "homes": 0}).granted == {"living": 94000}


def test_a_day_before_the_first_value_of_a_parameter_is_refused_with_that_day():
    with pytest.raises(CaseRefused) as refused:
        decided(bent(), {"size": 1, "income": 0}, on="2019-12-31")

    assert (refused.value.code, refused.value.better) == ("no_parameter_yet", "2020-01-01")


def test_a_new_value_holds_from_its_day_on():
    parameters = {**SMALL["parameters"]}
    parameters["LINE"] = {"unit": "CNY", "values": [value("940"), value("1000", "2026-01-01")]}
    text, facts = bent(parameters=parameters), {"size": 1, "income": 11400}  # 950 a month

    assert outcome(decided(text, facts, on="2025-12-31"))[0] == "none"
    assert outcome(decided(text, facts, on="2026-01-01"))[0] == "deep"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"size": "two"}, "not_a_number"),
        ({"size": "1.5"}, "not_whole"),
        ({"size": 0}, "out_of_range"),
        ({"income": "1.005"}, "too_many_digits"),
        ({"income": "1e30"}, "not_a_number"),
        ({"income": True}, "not_a_number"),
        ({"income": "NaN"}, "not_a_number"),
        ({"ill": "perhaps"}, "not_yes_or_no"),
        ({"homes": [1]}, "not_a_number"),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused_by_its_name(given, code):
    with pytest.raises(CaseRefused) as refused:
        read_case(require_pack(bent()), {"size": 1, "income": 0, **given})

    assert (refused.value.code, refused.value.fact) == (code, next(iter(given)))


@pytest.mark.parametrize("written", ["۱۲٬۵۰۰", "12,500", "１２５００", 12500, "12500.00"])
def test_a_sum_is_read_in_the_digits_of_any_language(written):
    case = read_case(require_pack(bent()), {"income": written})

    assert case.facts[1] == 1_250_000  # fen


@pytest.mark.parametrize("seed", range(4))
@settings(max_examples=60, deadline=None)
@given(dice=st.randoms(use_true_random=False))
def test_what_is_decided_stays_so_whatever_an_absent_fact_turns_out_to_be(seed, dice):
    pack = made_pack(seed)
    decider = Decider(pack, traced=False)
    case, filler = made_case(pack, dice), made_case(pack, dice)
    try:
        before = decider.decide(case, on=DAY)
        filled = [b if a is None else a for a, b in zip(case.facts, filler.facts, strict=True)]
        after = decider.decide(Case(filled, case.members), on=DAY)
    except CaseRefused:
        return

    if not before.needs:
        assert (after.category, after.granted) == (before.category, before.granted)
    if before.category:
        assert after.category == before.category


def test_a_decision_can_be_replayed_from_its_facts_version_and_day():
    worked = {"id": "a", "on": "2024-06-01", "facts": {"size": 1, "income": 0}}
    pack = require_pack(bent(cases=[{**worked, "expect": {"category": "deep"}}]))
    first = as_json(decide_worked(Decider(pack), pack.cases[0]))
    again = as_json(decide_worked(Decider(require_pack(pack.text)), pack.cases[0]))

    assert first == again
