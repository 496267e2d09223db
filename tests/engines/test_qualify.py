"""What would qualify: true when decided again, and no smaller change does it."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from redress.engines.rules.decide import Decider
from redress.engines.rules.facts import Case, read_case
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.lines import LineReader
from redress.engines.rules.nodes import Base
from redress.engines.rules.packs import require_pack
from redress.engines.rules.qualify import would_qualify
from tests.engines.agreement import DAY
from tests.engines.made_packs import made_case, made_pack
from tests.engines.packs import SMALL, bent

GRID = 60  # smallest steps each way that are tried one by one
CASES_EACH = 12


def more_is_granted(before, after):
    """Say whether something is granted besides all that was, or instead of it and worth more."""
    now, then = set(after.granted), set(before.granted)
    return now > then or bool(now - then and after.total_minor() > before.total_minor())


def changed(case, place, value):
    return Case([*case.facts[:place], value, *case.facts[place + 1 :]], case.members, case.given)


class Told:
    def __init__(self, pack, case):
        self.decider, self.case, self.pack = Decider(pack, traced=False), case, pack
        self.decision = self.decider.decide(case, on=DAY)
        changes = would_qualify(self.decider, case, self.decision, LineReader(pack))
        self.by_place = {
            next(at for at, one in enumerate(pack.inputs) if one.name == change.fact): change
            for change in changes
        }

    def turns(self, place, value):
        try:
            after = self.decider.decide(changed(self.case, place, value), on=DAY)
        except CaseRefused:
            return False
        return more_is_granted(self.decision, after)

    def nearest_on_grid(self, place):
        """Find by brute force the nearest value that turns the outcome, above and below."""
        one, value = self.pack.inputs[place], self.case.facts[place]
        found = {}
        for sign in (-1, 1):
            for count in range(1, GRID + 1):
                to = value + sign * count
                low = 0 if one.low is None and value >= 0 else one.low
                inside = (low is None or to >= low) and (one.high is None or to <= one.high)
                if inside and self.turns(place, to):
                    found[sign] = to
                    break
        return found


@pytest.mark.parametrize("seed", [*range(24), 85])
def test_each_change_is_true_and_none_is_smaller_in_random_packs(seed):
    pack, dice = made_pack(seed), random.Random(seed)
    for _ in range(CASES_EACH):
        case = made_case(pack, dice)
        try:
            told = Told(pack, case)
        except CaseRefused:
            continue

        for place, change in told.by_place.items():
            assert told.turns(place, change.to)
            assert change.of == case.facts[place] != change.to
        for place, one in enumerate(pack.inputs):
            is_stepped = one.whole or one.base in {Base.MONEY, Base.DATE}
            if one.of_member or case.facts[place] is None or not is_stepped:
                continue
            value, change = case.facts[place], told.by_place.get(place)
            for nearest in told.nearest_on_grid(place).values():
                assert change is not None, (one.name, value, nearest)
                assert abs(change.to - value) <= abs(nearest - value), (one.name, value, nearest)


def told_of(text, facts):
    pack = require_pack(text)
    told = Told(pack, read_case(pack, facts))
    return {change.fact: (change.of, change.to, change.gains) for change in told.by_place.values()}


def test_one_fen_less_of_income_is_the_smallest_change_on_the_line():
    told = told_of(bent(), {"size": 1, "income": 11280})  # 12 x 940 is not below 12 x 940

    assert told["income"] == (1_128_000, 1_127_999, ("living",))
    assert told["size"] == (1, 2, ("living",))  # 470 each


def test_a_change_far_away_is_found_where_the_outcome_turns_to_the_fen():
    told = told_of(bent(), {"size": 1, "income": 900_000})

    assert told["income"][1] == 1_127_999
    assert "size" not in told  # even for 30 people 900000 / 12 / 30 = 2500


def test_a_share_is_changed_by_its_smallest_step():
    text = bent(
        inputs={**SMALL["inputs"], "share": {"type": "decimal", "min": "0", "max": "1"}},
        items=[{**SMALL["items"][0], "when": "share > 0.4"}],
    )

    told = told_of(text, {"size": 1, "income": 99999, "share": "0.4"})

    assert str(told["share"][1]) == "400001/1000000"


def test_the_edge_of_a_band_is_found_from_the_far_end_of_the_table():
    text = bent(
        tables={"t": {"rows": [{"from": 0, "to": 3, "a": 1}, {"from": 4, "to": 100, "a": 0}]}},
        inputs={**SMALL["inputs"], "rooms": {"type": "int", "min": "0", "max": "100"}},
        items=[{**SMALL["items"][0], "when": "band('t', rooms, 'a') == 1"}],
    )

    assert told_of(text, {"size": 1, "income": 99999, "rooms": 100})["rooms"][:2] == (100, 3)


def test_a_day_and_a_text_of_a_closed_list_may_change_too():
    text = bent(
        inputs={
            **SMALL["inputs"],
            "since": {"type": "date"},
            "job": {"type": "text", "values": ["farmer", "worker", "none"]},
        },
        items=[{**SMALL["items"][0], "when": "since < '2020-01-01' or job == 'worker'"}],
    )

    told = told_of(text, {"size": 1, "income": 99999, "since": "2023-05-01", "job": "none"})

    assert dt.date.fromordinal(told["since"][1]) == dt.date(2019, 12, 31)
    assert told["job"][:2] == ("none", "worker")


def test_what_nobody_can_change_is_not_spoken_of():
    text = bent(inputs={**SMALL["inputs"], "income": {"type": "money", "changeable": "false"}})

    assert "income" not in told_of(text, {"size": 1, "income": 11280})
