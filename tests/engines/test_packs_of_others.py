"""Packs as other people write them: what is taken as it is meant, what is told, what is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.engines.rules.checking import check
from redress.engines.rules.columns import columns_of
from redress.engines.rules.decide import Decider
from redress.engines.rules.facts import read_case
from redress.engines.rules.findings import Weight
from redress.engines.rules.loading import LANGUAGES
from redress.engines.rules.nodes import Base
from redress.engines.rules.screen import Screener
from redress.engines.rules.sentences import tell_finding
from tests.engines.agreement import told
from tests.engines.packs import SMALL, bent, decided, with_item

TOWN = """
pack: town-fund
version: 3
country: cn
currency: CNY
money_step: 0.01
unit: household
parameters:
  LINE: {unit: CNY/month, values: [{from: 2023-07-01, value: 600, status: illustrative}]}
  BOOKS: {unit: CNY/pupil/year, values: [{from: 2023-07-01, value: 450, status: illustrative}]}
  PART: {unit: share, values: [{from: 2023-07-01, value: 2/3, status: illustrative}]}
  CALM_MONTHS: {unit: month, values: [{from: 2023-07-01, value: "3", status: illustrative}]}
inputs:
  household_size: {type: int, min: 1}
  income_month: {type: money}
  pupils_primary: {type: int, default: 0}
  pupils_secondary: {type: int, default: 0}
  pupil_age_max: {type: int, default: 0}
  fees: {type: money, default: 0}
derived:
  - {name: head, expr: income_month / household_size, text: {en: income of each, zh: 人均收入}}
exclusions:
  - {id: rich, when: "not 0 <= head <= 4 * LINE"}
category:
  - {id: out, when: any_exclusion}
  - {id: low, when: head < LINE}
  - {id: other, when: true}
items:
  - {id: books, when: "category not in ('out', 'other')", amount: "floor_step(PART * fees, 1)"}
  - {id: flat, when: "category == 'low'", amount: 80, outside_allocation: yes}
allocation: {mode: best_one}
ceilings_by_law:
  - {item: books, per: pupil-year, max: BOOKS}
exit:
  - id: better
    when: len(months) >= CALM_MONTHS and min(last(months, CALM_MONTHS)) > LINE and cause_removed
  - {id: over, when: died or left_union or any_exclusion}
  - {id: stays, when: true}
"""

# 2/3 of the fees in whole yuan; at most 450 for each pupil; low is below 600 for each person.
WORKED = [
    ({"household_size": 2, "income_month": "1199.99", "fees": 500, "pupils_primary": 1},
     ("low", {"books": 33300, "flat": 8000}, (), None)),  # 333.33 -> 333 <= 450
    ({"household_size": 2, "income_month": 1200, "fees": 500, "pupils_primary": 1},
     ("other", {}, (), None)),  # 600 is not below 600
    ({"household_size": 2, "income_month": 0, "fees": 675, "pupils_primary": 1},
     ("low", {"books": 45000, "flat": 8000}, (), None)),  # 2/3 x 675 = 450, on the limit
    ({"household_size": 2, "income_month": 0, "fees": 1354, "pupils_primary": 1, "pupils_secondary": 1},
     ("low", {"flat": 8000}, (), None)),  # 902.67 -> 902 > 2 x 450
    ({"household_size": 1, "income_month": "2400.01", "cause_removed": False},
     ("out", {}, ("rich",), "over")),  # 2400 = 4 x 600
    ({"household_size": 1, "income_month": 700, "months": [5, 601, 602, 603], "cause_removed": True},
     ("other", {}, (), "better")),  # the newest three are above 600
    ({"household_size": 1, "income_month": 700, "months": [601, 600, 603], "cause_removed": True,
      "died": False, "left_union": False}, ("other", {}, (), "stays")),  # 600 is not above 600
    ({"household_size": 1, "income_month": 700, "months": [601, 602], "died": True},
     ("other", {}, (), "over")),  # two months are not three
]  # fmt: skip


@pytest.fixture(scope="module")
def town():
    pack, findings = check(TOWN)
    assert pack is not None, findings
    return pack


def warned(text):
    pack, findings = check(text)
    assert pack is not None, findings
    return {(one.code, one.where): one for one in findings}


@pytest.mark.parametrize(("facts", "expected"), WORKED)
def test_a_pack_that_leaves_the_facts_of_its_exits_undeclared_is_decided(town, facts, expected):
    decision = Decider(town).decide(read_case(town, facts), on=dt.date(2024, 5, 1))

    came = (decision.category, decision.granted, decision.reasons, decision.exit)
    assert came == expected


def test_and_the_mass_evaluator_says_the_same(town, tmp_path):
    cases = [read_case(town, facts) for facts, _ in WORKED]
    found = Screener(town, folder=tmp_path).run(columns_of(town, cases), on=dt.date(2024, 5, 1))

    for row, (_, expected) in enumerate(WORKED):
        category, granted, reasons, _, exit_ = told(town, found, row)
        assert (category, granted, reasons, exit_) == expected


def test_what_was_taken_without_being_written_is_told(town):
    found = warned(TOWN)

    taken = found["ceiling_times_taken", "ceilings_by_law.books"]
    assert taken.better == "pupils_primary + pupils_secondary"  # not the age of a pupil
    assert taken.line == 1 + next(
        at for at, line in enumerate(TOWN.splitlines()) if "pupil-year" in line
    )
    names = {where.removeprefix("exit.") for code, where in found if code == "exit_fact_taken"}
    assert names == {"months", "cause_removed", "died", "left_union"}


def test_a_fact_of_the_end_has_its_words_in_every_language(town):
    for name in ("months", "cause_removed", "died", "left_union"):
        one = town.input_named(name)

        assert set(one.label) == set(one.ask) == set(LANGUAGES)
    assert town.input_named("months").of is Base.MONEY
    assert town.input_named("cannot_exit") is None  # no exit of this pack names it


def test_a_fact_of_the_end_is_known_to_exits_only():
    text = TOWN.replace("head < LINE}", "head < LINE and not died}")

    assert "unknown_name" in {one.code for one in check(text)[1]}


def test_a_pack_that_declares_a_fact_of_the_end_keeps_its_own():
    text = TOWN.replace("inputs:\n", "inputs:\n  died: {type: bool, default: false}\n")

    pack, findings = check(text)

    assert pack.input_named("died").default is False
    assert "exit.died" not in {one.where for one in findings}


def test_a_derived_value_may_bear_the_name_of_a_fact_of_the_end():
    text = TOWN.replace("derived:\n", "derived:\n  - {name: died, expr: fees > 900}\n")

    assert ("exit_fact_taken", "exit.died") not in warned(text)


@pytest.mark.parametrize(
    ("per", "unit", "times"),
    [
        ("household-year", "household", None),
        ("year", "household", None),
        ("student-year", "student", None),  # the case is one student
        ("person-year", "household", "size_of_house"),
        ("member", "household", "size_of_house"),
        ("child/year", "household", "children_small + children_tall"),
    ],
)
def test_how_many_a_limit_is_for_is_taken_from_the_inputs_that_count_them(per, unit, times):
    facts = {
        "household_size": {"type": "int"},
        "children_small": {"type": "int"},
        "children_tall": {"type": "int"},
        "children_fee": {"type": "money"},
        "child_age": {"type": "int"},
        "childcare": {"type": "int"},
        "members_seen_weeks": {"type": "int"},
    }
    text = bent(
        inputs={**SMALL["inputs"], **facts},
        unit=unit,
        ceilings_by_law=[{"item": "living", "per": per, "max": "LINE"}],
    )

    found = warned(text).get(("ceiling_times_taken", "ceilings_by_law.living"))

    wanted = None if times is None else times.replace("size_of_house", "household_size")
    assert (found.better if found else None) == wanted


def test_members_are_counted_where_the_pack_lists_them():
    text = bent(
        members={"age": {"type": "int"}},
        ceilings_by_law=[{"item": "living", "per": "person-year", "max": "LINE"}],
    )
    facts = {"size": 9, "income": 0}

    assert warned(text)["ceiling_times_taken", "ceilings_by_law.living"].better == "count(members)"
    assert decided(text, facts | {"members": [{"age": 1}] * 6}).granted == {"living": 564000}
    assert decided(text, facts | {"members": [{"age": 1}] * 5}).granted == {}  # 5 x 940 < 5640


def test_a_written_number_stands_for_a_sum():
    text = with_item(amount="200")  # nothing says that it counts months or points

    assert check(text)[0].items[0].is_money
    assert decided(text, {"size": 1, "income": 0}).granted == {"living": 20000}
    assert not check(with_item(amount="6", unit="month"))[0].items[0].is_money


def test_a_number_that_is_no_sum_and_has_no_unit_is_told():
    assert ("number_without_unit", "items.living.amount") in warned(with_item(amount="size * 2"))


def test_a_limit_of_months_is_compared_with_months():
    text = bent(
        items=[{**SMALL["items"][0], "amount": "size", "unit": "month"}],
        ceilings_by_law=[{"item": "living", "per": "household", "max": "6"}],
    )

    assert decided(text, {"size": 6, "income": 0}).granted == {"living": 600}
    assert decided(text, {"size": 7, "income": 0}).granted == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "﻿" + text,
        lambda text: "# صندوق شهر؛ نمونه\n---\n" + text.replace("inputs:", "inputs: # داده‌ها"),
        lambda text: text.replace("category == 'low'", "low_now == true").replace(
            "exclusions:", "  - {name: low_now, expr: 'head < LINE'}\nexclusions:"
        ),
        lambda text: text + "tables:\nreasons: []\nfund_rules: ~\nnotes:\nmembers: {}\n",
        lambda text: text.replace("floor_step(PART * fees", "round_step(PART * fees - 0.5"),
        lambda text: text.replace("{mode: best_one}", "{low: {mode: best_one}}"),
        lambda text: text.replace("0 <= head <= 4 * LINE", "'0' <= head <= 4 * LINE"),
        lambda text: text.replace("money, default: 0}", "money, default: '0', changeable: no}"),
        lambda text: text.replace("pupils_", "pupils_2_"),
        lambda text: text.replace("value: 600,", "value: '600.00',"),
    ],
)  # fmt: skip
def test_other_ways_of_writing_the_same_come_to_the_same(change):
    pack, findings = check(change(TOWN))
    assert pack is not None, findings

    facts = {"household_size": 2, "income_month": 0, "fees": 600}
    if pack.input_named("pupils_primary"):
        facts["pupils_primary"] = 1
    else:
        facts["pupils_2_primary"] = 1
    granted = Decider(pack).decide(read_case(pack, facts), on=dt.date(2024, 5, 1)).granted

    assert granted == {"books": 40000, "flat": 8000}  # 2/3 x 600; 80


# What would decide otherwise than it says is no warning: the pack is refused.
TWICE = """cases:
  - {id: a, on: 2024-01-01, facts: {household_size: 1, income_month: 0}, expect: {category: low}}
  - {id: a, on: 2024-01-01, facts: {household_size: 1, income_month: 0}, expect: {category: low}}
"""
REFUSED = {
    "missing": ("  - {id: rich, when: ", "  rich: {when: "),
    "not_an_entry": ("  - {id: other, when: true}", "  - other"),
    "not_named_parts": ("items:", "members: [age]\nitems:"),
    "unknown_key": ("value: 450,", "value: 450, to: 2024-01-01,"),
    "unknown_key, a county": ("value: 450,", "value: 450, county: north,"),
    "unknown_key, a cap": ("amount: 80,", "amount: 80, cap: 70,"),
    "not_a_day": ("2023-07-01", "1402-04-10"),
    "missing, who approves": ("amount: 80,", "amount: 80, approval: {above: 5},"),
    "not_yes_or_no": ("_allocation: yes", "_allocation: maybe"),
    "unknown_mode": ("{mode: best_one}", "{mode: sequential, aid_counts_as_income: no}"),
    "twice": ("version: 3\n", f"version: 3\n{TWICE}"),
    "not_a_number": ("value: 2/3", "value: 67%"),
    "ceiling_per_what": ("pupil-year", "teacher-year"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_decide_otherwise_than_it_says_is_refused(what):
    text = TOWN.replace(*REFUSED[what])

    pack, findings = check(text)

    assert pack is None
    errors = [one for one in findings if one.weight is Weight.ERROR]
    assert what.split(",")[0] in {one.code for one in errors}
    for language in LANGUAGES:
        assert all(tell_finding(one, language).strip() for one in errors)


def test_nothing_written_is_nothing_in_a_worked_case():
    facts = "input: {household_size: 1, income_month: ~, fees: }"
    case = f"cases: [{{id: a, at: 2024-01-01, {facts}, expect: {{needs: [income_month]}}}}]\n"

    assert check(TOWN + case)[0] is not None
