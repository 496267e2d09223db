"""Every line of a shipped pack is worked on it, just under, just over, and with a fact left out."""

from __future__ import annotations

import dataclasses

import pytest

from redress.engines.rules.packs import require_pack
from tests.engines.packs import SCHEMES, bent
from tests.engines.thresholds import thresholds
from tests.engines.thresholds_worked import missing

# What no facts can bring about, and why.
NEVER = {
    # Mutual aid pays at most half of what the household carries, so its own part is never below 0.
    "items.medical.when: own_part > 0: just under",
    # 10000 + (20000 - 0.90 * 10000) / 0.70 = 25714.285714..., and 10000 / 0.15 = 66666.666...
    "items.medical.amount: min(MED_CAP_DEEP, MED_RATE_LOW * min(own_part, MED_BAND)"
    " + MED_RATE_HIGH * max(0, own_part - MED_BAND)): on it",
    "items.accident_relief.amount: min(ACC_CAP, ACC_RATE * cause_cost): on it",
    # Medical relief is at most 20000 a year in this pack; the provinces' texts go further.
    "items.medical.approval: above 2000000 by province: just over",
    "items.medical.approval: above 5000000 by national: on it",
    "items.medical.approval: above 5000000 by national: just under",
    "items.medical.approval: above 5000000 by national: just over",
}


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_every_threshold_has_its_worked_cases(path):
    gaps = [gap for gap in missing(require_pack(path.read_text())) if gap not in NEVER]

    assert not gaps, "no worked case of\n  " + "\n  ".join(gaps)


def test_nothing_stands_among_the_impossible_that_a_case_works_or_no_pack_asks():
    gaps = {gap for path in SCHEMES for gap in missing(require_pack(path.read_text()))}

    assert gaps == NEVER


def case(id_, expect, **facts):
    return {"id": id_, "on": "2024-06-01", "facts": {"size": 1, **facts}, "expect": expect}


WORKED = [
    case("on", {"category": "none"}, income=11280, homes=1),  # 12 x 940
    case("under", {"category": "deep"}, income="11279.99", homes=1),
    case("over", {"category": "none"}, income="11280.01", homes=1),
    case("not told", {"needs": ["income"]}, homes=1),
    {"id": "size", "on": "2024-06-01", "facts": {"income": 99999, "homes": 1},
     "expect": {"needs": ["size"]}},  # 99999 / 12 / 30 = 277.78; for one 8333.25
    case("two homes", {"category": "excluded"}, income=0, homes=2),
    case("three homes", {"category": "excluded"}, income=0, homes=3),
    case("no home", {"category": "deep"}, income=0, homes=0),
    case("one home", {"category": "deep"}, income=0),
]  # fmt: skip


def gaps_of(*cases):
    return missing(require_pack(bent(cases=list(cases))))


def test_a_pack_whose_lines_are_all_worked_lacks_nothing():
    pack = require_pack(bent(cases=WORKED))

    names = {one.name.split(": ", 1)[1] for one in thresholds(pack)}

    assert names == {"homes >= 2", "per_head < LINE"}
    assert missing(pack) == []


def test_the_case_that_is_taken_out_is_missed():
    deep, homes = "category.deep.when: per_head < LINE: ", "exclusions.two_homes.when: homes >= 2: "
    whole = WORKED

    assert gaps_of(*whole[1:]) == [deep + "on it"]
    assert gaps_of(whole[0], *whole[2:]) == [deep + "just under"]
    assert gaps_of(*whole[:2], *whole[3:]) == [deep + "just over"]
    assert gaps_of(*whole[:3], *whole[4:]) == [deep + "income not told"]
    assert gaps_of(*[one for one in whole if one["id"] != "two homes"]) == [homes + "on it"]


def test_a_case_that_another_rule_decides_does_not_count():
    # With two homes the household is excluded whatever its income.
    shadowed = [{**one, "facts": {**one["facts"], "homes": 2}, "expect": {"category": "excluded"}}
                for one in WORKED[:3]]  # fmt: skip

    gaps = gaps_of(*shadowed, *WORKED[3:])

    assert {"on it", "just under", "just over"} <= {gap.rpartition(": ")[2] for gap in gaps}


def test_limits_by_law_caps_approvals_and_bands_are_thresholds():
    text = bent(
        tables={"t": {"rows": [{"from": 0, "to": 3, "a": 1}, {"from": 4, "to": 9, "a": 2}]}},
        derived=[
            {"name": "per_head", "expr": "(income + prior_aid) / 12 / size"},
            {"name": "rooms", "expr": "band('t', homes, 'a')"},
        ],
        ceilings_by_law=[{"item": "living", "max": "LINE * rooms"}],
        allocation={"mode": "cap_in_order", "order": ["living", "medical"], "cap": "LINE * 9"},
        items=[
            {
                "id": one,
                "when": "category == 'deep'",
                "amount": "min(LINE, income)",
                "approval": {"above": 500, "level": "province"},
            }
            for one in ("living", "medical")
        ],
    )

    names = {one.name for one in thresholds(dataclasses.replace(require_pack(text), cases=()))}

    assert names >= {
        "derived.rooms.expr: band('t', homes, 'a') from 4",
        "ceilings_by_law.living.max",
        "allocation.cap",
        "items.living.approval: above 50000 by province",
        "items.medical.amount: min(LINE, income)",
    }
