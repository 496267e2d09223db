"""How many single decisions a second on one core: the reference, with every step recorded and without.

Two packs: relief for workers' households in a Chinese province as it is shipped, and the same with
every item but living relief taken out, with all that living relief rests on.
Usage: python bench/decisions.py [CASES]
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from redress.engines.rules.decide import Decider
from redress.engines.rules.facts import Case, read_case
from redress.engines.rules.pack import Input, Pack
from redress.engines.rules.packs import require_pack

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
ROUNDS = 7
DAY = dt.date(2024, 6, 1)
SCHEME = Path(__file__).resolve().parents[1] / "schemes" / "cn-province.yaml"
KEPT = "living"
ABSENT = 0.01  # share of facts left out
_NAME = re.compile(r"[A-Za-z_]\w*")


def only_living(text: str) -> str:
    """Take out of the pack every item but living relief, and what nothing left looks at."""
    pack = yaml.load(text, yaml.BaseLoader)
    pack["items"] = [one for one in pack["items"] if one["id"] == KEPT]
    for part in ("cases", "exit", "reasons", "ceilings_by_law"):
        pack.pop(part, None)
    looked_at = {name for part in ("items", "category", "exclusions") for name in names(pack[part])}
    for one in reversed(pack["derived"]):
        if one["name"] in looked_at:
            looked_at |= names(one)
    pack["derived"] = [one for one in pack["derived"] if one["name"] in looked_at]
    for part in ("inputs", "parameters"):
        pack[part] = {name: one for name, one in pack[part].items() if name in looked_at}
    pack["inputs"] |= {"prior_aid": yaml.load(text, yaml.BaseLoader)["inputs"]["prior_aid"]}
    return json.dumps(pack, ensure_ascii=False)


def names(part: object) -> set[str]:
    """Give every name in the expressions of some part of a pack."""
    if isinstance(part, list):
        return {name for one in part for name in names(one)}
    if not isinstance(part, dict):
        return set()
    told = [part[key] for key in ("when", "amount", "expr", "priority_when") if key in part]
    return {name for text in told for name in _NAME.findall(text)}


def made_facts(pack: Pack, dice: random.Random) -> dict[str, Any]:
    """Make a household's facts: most known, most near the lines."""
    return {one.name: made_fact(one, dice) for one in pack.inputs if dice.random() > ABSENT}


def made_fact(one: Input, dice: random.Random) -> object:
    """Make one fact within its range."""
    kind = one.of or one.base
    if one.of is not None:
        return [made_fact(Input(one.name, kind, 0), dice) for _ in range(6)]
    if kind.value == "bool":
        return bool(one.default) if dice.random() < 0.9 else dice.random() < 0.5
    if kind.value == "money":
        if one.default is not None and dice.random() < 0.6:
            return 0
        return f"{dice.randrange(0, 40_000)}.{dice.randrange(100):02d}"
    if one.default is not None and dice.random() < 0.9:
        return int(one.default)
    low = 0 if one.low is None else int(one.low)
    return dice.randint(low, min(low + 5, int(one.high or 10**6)))


def measure(decider: Decider, cases: list[Case]) -> float:
    """Give the decisions in a CPU second."""
    began = time.process_time()
    for case in cases:
        decider.decide(case, on=DAY)
    return len(cases) / (time.process_time() - began)


def main() -> None:
    """Measure and print."""
    text = SCHEME.read_text()
    packs = {"whole pack": require_pack(text), "living relief": require_pack(only_living(text))}
    for name, pack in packs.items():
        dice = random.Random(1)
        cases = [read_case(pack, made_facts(pack, dice)) for _ in range(CASES)]
        deciders = {"with trace": Decider(pack), "without": Decider(pack, traced=False)}
        rates: dict[str, list[float]] = {kind: [] for kind in deciders}
        for _ in range(ROUNDS):
            for kind, decider in deciders.items():
                rates[kind].append(measure(decider, cases))
        decided = [deciders["with trace"].decide(case, on=DAY) for case in cases]
        told = ", ".join(f"{kind} {statistics.median(all_):,.0f}" for kind, all_ in rates.items())
        steps = statistics.mean(len(one.steps) for one in decided)
        granted = sum(bool(one.granted) for one in decided) / len(decided)
        print(f"{name}: decisions a second: {told}")
        print(f"  {steps:.0f} steps recorded each; {granted:.0%} granted something")


if __name__ == "__main__":
    main()
