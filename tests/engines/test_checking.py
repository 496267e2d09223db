"""What `check` refuses, where it says so, and that it falls back to nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redress.engines.rules.checking import check
from redress.engines.rules.findings import Weight
from redress.engines.rules.loading import LANGUAGES
from redress.engines.rules.nodes import Base, Name, Scope
from redress.engines.rules.parsing import parse
from redress.engines.rules.sentences import tell_finding
from redress.engines.rules.typed import Unfit
from tests.engines.packs import SCHEMES, SMALL, bent, codes, found, value, with_item

POOR = {"size": 1, "income": 0}


def categories(*rows):
    return [{"id": id_, "when": when} for id_, when in rows]


def in_order(*items):
    return {"mode": "cap_in_order", "order": list(items), "cap": "LINE"}


def parameter(unit, *values):
    return {**SMALL["parameters"], "LINE": {"unit": unit, "values": list(values)}}


def inputs(**more):
    return {**SMALL["inputs"], **more}


BROKEN = {
    "not_yaml": "items: [unclosed",
    "not_a_pack": "- a list",
    "alias": "a: &x 1\nb: *x",
    "pack_too_deep": "a: " + "[" * 50 + "]" * 50,
    "pack_too_long": "#" * 500_000,
    "twice": json.dumps(SMALL).replace('"version": "1"', '"version": "1", "version": "2"'),
    "unknown_key": bent(itmes=[]),
    "missing": bent(version=None),
    "no_currency": bent(currency="yuan"),
    "step_too_fine": bent(money_step="0.001"),
    "unknown_type": bent(inputs=inputs(x={"type": "float"})),
    "not_a_name": bent(inputs=inputs(**{"a-b": {"type": "int"}})),
    "empty_range": bent(inputs=inputs(x={"type": "int", "min": "5", "max": "1"})),
    "not_a_number": bent(parameters=parameter("CNY", value("۹۴۰"))),
    "not_a_day": bent(parameters=parameter("CNY", value("1", "1403-02-30"))),
    "wrong_currency": bent(parameters=parameter("GBP", value("1"))),
    "days_out_of_order": bent(parameters=parameter("CNY", value("1"), value("2", "2019-01-01"))),
    "not_an_expression": with_item(when="category == "),
    "expression_too_long": with_item(when="ill and " * 400 + "ill"),
    "too_deep": with_item(amount="(" * 60 + "LINE" + " + LINE)" * 60),
    "not_allowed_here": with_item(amount="income.real"),
    "not_a_plain_number": with_item(amount="LINE * 1e9"),
    "unknown_name": with_item(amount="incom"),
    "name_not_here": bent(derived=[{"name": "per_head", "expr": "income if category == 'deep' else 0"}]),
    "wrong_type": with_item(when="income"),
    "types_differ": with_item(when="ill < 3"),
    "money_and_number": with_item(when="income > size"),
    "money_times_money": with_item(amount="income * LINE"),
    "number_by_money": with_item(amount="LINE * (size / income)"),
    "division_by_zero": with_item(amount="LINE / 0"),
    "unknown_function": with_item(amount="eval(LINE)"),
    "argument_count": with_item(amount="clip(LINE)"),
    "list_of_literals": with_item(when="size in (homes, 3)"),
    "no_members": with_item(amount="sum(members, income)"),
    "step_is_fixed": with_item(amount="round_to(LINE, income)"),
    "no_such_table": with_item(amount="LINE * band('gone', size, 'a')"),
    "no_such_category": with_item(when="category == 'deap'"),
    "cycle": bent(derived=[{"name": "a", "expr": "b + 1"}, {"name": "b", "expr": "a + 1"}]),
    "no_last_category": bent(
        category=categories(("excluded", "any_exclusion"), ("deep", "per_head < LINE"))
    ),
    "never_holds": bent(
        category=categories(("excluded", "any_exclusion"), ("wide", "per_head < 2 * LINE"),
                            ("deep", "per_head < LINE"), ("none", "True"))
    ),
    "exclusions_unused": bent(category=categories(("deep", "per_head < LINE"), ("none", "True"))),
    "never_granted": with_item(when="category == 'deep' and size < 1"),
    "never_above_zero": with_item(amount="0 - LINE"),
    "overflow": with_item(amount="LINE * 1000000000000"),
    "no_allocation": bent(allocation={"none": {"mode": "best_one"}}),
    "unknown_mode": bent(allocation={"deep": {"mode": "all_of_them"}}),
    "not_in_order": bent(allocation={"deep": in_order("living")}),
    "no_such_item": bent(allocation={"deep": in_order("gold")}),
    "no_aid_input": bent(
        allocation={"deep": {"mode": "sequential"}},
        inputs={k: v for k, v in SMALL["inputs"].items() if k != "prior_aid"},
        derived=[{"name": "per_head", "expr": "income / 12 / size"}],
    ),
    "step_not_positive": with_item(amount="round_to(LINE, LINE * 0)"),
    "ceiling_per_what": bent(ceilings_by_law=[{"item": "living", "per": "student", "max": "LINE"}]),
    "case_differs": bent(
        cases=[{"id": "a", "on": "2024-06-01", "facts": POOR, "expect": {"category": "none"}}]
    ),
}  # fmt: skip
BROKEN["step_not_positive"] = json.dumps({
    **SMALL,
    "parameters": {**SMALL["parameters"], "ZERO": {"unit": "CNY", "values": [value("0")]}},
    "items": [{**SMALL["items"][0], "amount": "round_to(LINE, ZERO)"}],
})


@pytest.mark.parametrize("code", BROKEN)
def test_a_planted_fault_is_refused_by_its_name(code):
    pack, findings = check(BROKEN[code])

    assert pack is None
    assert code in {finding.code for finding in findings if finding.weight is Weight.ERROR}


@pytest.mark.parametrize("code", BROKEN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_told_in_every_language(code, language):
    for finding in found(BROKEN[code]):
        words = tell_finding(finding, language)

        assert words.strip()
        assert "{" not in words.replace(finding.said, "").replace(finding.better, "")


def test_the_small_pack_itself_is_taken():
    assert check(bent())[0] is not None


def test_a_finding_names_the_line_it_stands_in():
    text = with_item(amount="incom")
    line = next(at for at, one in enumerate(text.splitlines(), start=1) if '"incom"' in one)

    (finding,) = [one for one in found(text) if one.code == "unknown_name"]

    assert (finding.line, finding.where) == (line, "items.living.amount")


def test_a_misspelt_name_is_answered_with_the_near_one():
    (finding,) = [one for one in found(with_item(amount="incom")) if one.code == "unknown_name"]

    assert finding.better == "income"


def test_an_item_without_a_condition_is_refused_and_not_given_to_everyone():
    items = [{key: part for key, part in SMALL["items"][0].items() if key != "when"}]

    assert "missing" in codes(bent(items=items))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([(0, 5), (5, 9)], "bands_overlap"),
        ([(0, 5), (7, 9)], "bands_gap"),
        ([(5, 0)], "empty_range"),
    ],
)
def test_bands_that_overlap_or_leave_a_gap_are_refused(rows, code):
    table = {"t": {"rows": [{"from": str(low), "to": str(high), "a": "1"} for low, high in rows]}}

    assert code in codes(bent(tables=table))


@pytest.mark.parametrize(
    "when",
    [
        "weeks < months",
        "weeks + months > 3",
        "weeks - months > 3",
        "max(weeks, months) > 3",
        "(weeks if ill else months) > 3",
    ],
)
def test_months_do_not_meet_weeks(when):
    text = bent(
        inputs=inputs(
            weeks={"type": "int", "unit": "week"}, months={"type": "int", "unit": "months"}
        ),
        reasons=[{"id": "r", "when": when}],
    )

    assert "unit_mismatch" in codes(text)


def test_a_condition_that_contradicts_itself_can_never_hold():
    assert "never_holds" in codes(bent(reasons=[{"id": "r", "when": "size > 5 and size < 3"}]))


def test_two_exits_of_which_the_first_takes_all_are_told_apart():
    exits = [{"id": "all", "when": "size >= 1"}, {"id": "few", "when": "size < 1"}]

    assert "never_holds" in codes(bent(exit=exits))


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_a_shipped_pack_stands_its_check_with_all_its_worked_cases(path):
    pack, findings = check(path.read_text())

    assert [one for one in findings if one.weight is Weight.ERROR] == []
    assert pack is not None
    assert len(pack.cases) >= 9


SCOPE = Scope({
    "n": Name("input", Base.NUMBER, 0),
    "m": Name("input", Base.MONEY, 1),
    "b": Name("input", Base.BOOL, 2),
})
PIECES = st.sampled_from([
    *[
        "n",
        "m",
        "b",
        "1",
        "2.5",
        "(",
        ")",
        "+",
        "-",
        "*",
        "/",
        "<",
        "and",
        "or",
        "not",
        "if",
        "else",
        "in",
        ",",
        "min",
        "max",
        "[",
        "]",
        ".",
        "=",
        "**",
        "%",
        "{",
        "}",
        ":",
        "\\",
    ],
    *[
        "lambda",
        "__import__",
        "eval",
        "for",
        "True",
        "None",
        "band",
        "sum",
        "members",
        "1e9",
        "0x1",
        "é",
        "۱",
    ],
    *("'x'", "\x00", "f'{n}'", "\n"),
])


@given(st.lists(PIECES, max_size=30).map(" ".join))
@settings(max_examples=600, deadline=None)
def test_no_text_of_an_expression_does_more_than_be_refused(text):
    try:
        node = parse(text, SCOPE)
    except Unfit as unfit:
        assert unfit.code  # noqa: PT017 - refused by a code; anything else fails the test
    else:
        assert node.base in Base


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_text_of_a_pack_does_more_than_be_refused(text):
    assert check(text)[0] is None


@given(st.binary(max_size=40), st.integers(0, 2000))
@settings(max_examples=200, deadline=None)
def test_a_pack_with_some_of_its_text_overwritten_is_taken_or_refused(noise, at):
    text = bent()
    torn = text[:at] + noise.decode("latin-1") + text[at + len(noise) :]

    pack, findings = check(torn)

    assert pack is not None or any(one.weight is Weight.ERROR for one in findings)


def test_the_pack_of_the_guide_stands_its_check():
    guide = Path(__file__).resolve().parents[2] / "docs" / "write-a-scheme.md"
    (text,) = re.findall(r"```yaml\n(.*?)```", guide.read_text(), re.DOTALL)

    pack, findings = check(text)

    assert pack is not None
    assert {finding.code for finding in findings} == {"no_label"}  # it speaks English only
