"""The copy of the register holds whatever was told, and a run reads it as one assessment does."""

from __future__ import annotations

import pytest

from redress.registers.registry.households import NewFact
from redress.registers.registry.models import Household
from redress.relief import copying
from redress.relief.assess import Undecidable, assess_household, tell_facts
from redress.relief.copying import present_copy, refresh_copy
from redress.relief.schemes import scheme_named
from tests.conftest import DAY, NILKUH, NOON, Cast
from tests.flows.test_assess_all import home, listed, run

pytestmark = pytest.mark.usefixtures("whole", "small_aid")
MANY = [
    *(
        1,
        0,
        7,
        2**70,
        True,
        False,
        "yes",
        "no",
        "1",
        "کارگر",
        "كارگر",
        "a,b",
        "a;b",
        "\u200fa\u202e",
    ),
    *(["a"], ["a", "b;c", "d,e"], [], ["1", "2"], "[1, 2]", "2020-02-29", "0.5", "-1", "null"),
]


def tell(cast, of, **facts):
    told = tuple(NewFact(name, value, DAY) for name, value in facts.items())
    tell_facts(of, facts=told, by=cast.officer, at=NOON)


@pytest.mark.parametrize("rows", [1, 2, 10_000])
def test_a_fact_told_in_several_kinds_is_copied_whatever_the_batches(cast: Cast, monkeypatch, rows):
    monkeypatch.setattr(copying, "BATCH_HOUSEHOLDS", rows)
    for told in MANY:
        tell(cast, home(cast, monthly=1), thing=told)

    refresh_copy(at=NOON)

    column = present_copy().table.column("thing").to_pylist()
    assert column[:6] == ["1", "0", "7", str(2**70), "true", "false"]
    assert column[MANY.index("كارگر")] == "كارگر"
    assert column[MANY.index(["a", "b;c", "d,e"])] == '["a", "b;c", "d,e"]'


def test_a_number_larger_than_a_column_holds_is_copied(cast: Cast):
    tell(cast, home(cast, monthly=1), thing=2**70)

    refresh_copy(at=NOON)

    assert present_copy().table.column("thing").to_pylist() == [str(2**70)]


@pytest.mark.parametrize("name", ["path", "household", "members"])
def test_a_fact_cannot_pass_for_a_households_place_or_number(cast: Cast, name):
    made = home(cast, monthly=1)
    tell(cast, made, **{name: "ir.sp.gd." if name == "path" else 7})
    home(cast, monthly=1)

    found = run(cast)

    assert [row["path"] for row in found.counts["counties"]] == [NILKUH]
    assert found.counts["granted"] == 2
    assert made.pk in present_copy().table.column("household").to_pylist()


def test_a_scheme_may_ask_for_a_fact_of_any_name(cast: Cast, small_aid):
    inputs = {"path": {"type": "int", "label": {"en": "a", "fa": "ب", "zh": "中"}}}
    items = [{"id": "a", "batch": "living", "when": "path > 1", "amount": "LINE",
              "label": {"en": "a", "fa": "ب", "zh": "中"}}]  # fmt: skip
    small_aid(inputs=inputs, derived=[], items=items, cases=[
        {"id": "one", "on": "2026-06-01", "facts": {"path": "1"}, "expect": {"granted": {}}}
    ])  # fmt: skip
    assert scheme_named("small-aid") is not None
    tell(cast, home(cast, monthly=1), path=2)

    assert run(cast).counts["granted"] == 1


KINDS = {"text": 'thing == "1"', "list": '"1" in thing', "int": "thing > 0", "bool": "thing"}
KINDS |= {"date": "age_on(thing, day) >= 1", "decimal": "thing > 0"}


@pytest.mark.parametrize("rows", [1, 10_000])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_run_refuses_and_grants_as_one_assessment_does_whatever_was_told(
    cast: Cast, monkeypatch, small_aid, kind, rows
):
    monkeypatch.setattr(copying, "BATCH_HOUSEHOLDS", rows)
    label = {"en": "a", "fa": "ب", "zh": "中"}
    of = {"of": "text"} if kind == "list" else {}
    small_aid(
        inputs={"thing": {"type": kind, "label": label} | of},
        derived=[],
        items=[
            {"id": "a", "batch": "living", "when": KINDS[kind], "amount": "LINE", "label": label}
        ],
        cases=[{"id": "one", "on": "2026-06-01", "facts": {}, "expect": {"needs": ["thing"]}}],
    )
    scheme = scheme_named("small-aid")
    for told in MANY:
        tell(cast, home(cast, monthly=1), thing=told)

    found = run(cast)

    refused = {row["household"] for row in found.counts["refused"]}
    granted = listed(found, "granted")
    for one, told in zip(Household.objects.order_by("pk"), MANY, strict=True):
        try:
            outcome = assess_household(one, scheme=scheme, on=DAY, by=cast.officer, at=NOON).outcome
        except Undecidable:
            assert one.pk in refused, told
        else:
            assert one.pk not in refused, told
            assert bool(outcome["granted"]) == (one.pk in granted), told
