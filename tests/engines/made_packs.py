"""Random packs and random cases, for showing that the two evaluators agree."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from typing import Any

from redress.engines.rules.facts import Case
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Input, Pack
from redress.engines.rules.packs import read_pack

TEXTS = ("مطلقه", "سرطان", "离异", "cancer", "كارگر")
FIRST = "2020-01-01"


class _Maker:
    """Writes one random pack."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.money = ["m0", "m1", "m2", "prior_aid", "PM0", "PM1"]
        self.numbers = ["n0", "n1", "r0", "PN0", "PN1"]
        self.bools = ["b0", "b1", "b2"]

    def pick(self, *choices):
        return self.random.choice(choices)

    def literal(self):
        return self.pick("0", "1", "2", "12", "0.5", "100", "0.05", "7")

    def number(self, depth):
        if depth <= 0:
            return self.pick(*self.numbers, self.literal())
        sub = lambda: self.number(depth - 1)  # noqa: E731
        return self.pick(
            lambda: f"({sub()} + {sub()})",
            lambda: f"({sub()} - {sub()})",
            lambda: f"({sub()} * {self.pick(*self.numbers, '2', '0.5')})",
            lambda: f"({sub()} / {self.pick('3', 'n1', 'PN1')})",
            lambda: f"min({sub()}, {sub()})",
            lambda: f"max({sub()}, {sub()}, {sub()})",
            lambda: f"({sub()} if {self.bool(depth - 1)} else {sub()})",
            lambda: f"({self.amount(depth - 1)} / {self.pick('PM0', 'm0')})",
            lambda: "count(members, age >= PN0)",
            lambda: f"count(members, earns > 0 and {self.grown()})",
            lambda: "len(months)",
            lambda: "age_on(d0, day)",
            lambda: "months_between(d0, day)",
            lambda: f"round_to({sub()}, {self.pick('0.5', '5', 'PN0')})",
            lambda: f"floor_to({sub()}, 3)",
            lambda: "band('steps', n0, 'a')",
            lambda: f"clip({sub()}, 0, 9)",
            lambda: f"-{self.pick(*self.numbers)}",
        )()

    def amount(self, depth):
        if depth <= 0:
            return self.pick(*self.money)
        sub = lambda: self.amount(depth - 1)  # noqa: E731
        return self.pick(
            lambda: f"({sub()} + {sub()})",
            lambda: f"({sub()} - {sub()})",
            lambda: f"({sub()} * {self.number(0)})",
            lambda: f"({sub()} / {self.pick('12', 'n1', 'PN1')})",
            lambda: f"min({sub()}, {sub()})",
            lambda: f"max(0, {sub()})",
            lambda: f"if_({self.bool(depth - 1)}, {sub()}, {sub()})",
            lambda: "sum(members, earns)",
            lambda: f"sum(members, earns * PN0 if {self.pick('age >= 18', 'grown')} else 0)",
            lambda: "max(members, earns)",
            lambda: (
                f"{self.pick('min', 'max', 'sum', 'mean')}(last(months, {self.pick('3', 'PN1')}))"
            ),
            lambda: f"round_to({sub()}, {self.pick('PM1', '0.5', '10')})",
            lambda: f"clip({sub()}, PM0, PM1 * 20)",
        )()

    def bool(self, depth):
        if depth <= 0:
            return self.pick(*self.bools, f"{self.pick(*self.money)} {self.sign()} PM0")
        sub = lambda: self.bool(depth - 1)  # noqa: E731
        return self.pick(
            lambda: f"({sub()} and {sub()})",
            lambda: f"({sub()} or {sub()})",
            lambda: f"(not {sub()})",
            lambda: f"({self.amount(depth - 1)} {self.sign()} {self.amount(depth - 1)})",
            lambda: f"({self.amount(1)} {self.sign()} PM0)",
            lambda: f"({self.number(depth - 1)} {self.sign()} {self.number(depth - 1)})",
            lambda: f"({self.number(depth - 1)} {self.sign()} {self.literal()})",
            lambda: f"(t0 in ('{TEXTS[0]}', '{TEXTS[2]}'))",
            lambda: f"(t0 == '{TEXTS[4]}')",
            lambda: f"('{TEXTS[1]}' in ills)",
            lambda: "(PM0 in months)",
            lambda: f"any(members, {self.pick('ill', 'grown and not ill', 'age < PN1')})",
            lambda: "all(members, earns < PM1 or ill)",
            lambda: "(b0 == b1)",
            lambda: "(d0 < '1990-03-01')",
            lambda: f"(age_on(d0, day) {self.sign()} {self.pick('18', 'PN1', '60.33')})",
            lambda: f"(n0 in (1, 3, {self.pick('5', '7')}))",
        )()

    def grown(self):
        return self.pick("grown", "age < 18", "age_on(born, day) < 18")

    def sign(self):
        return self.pick("<", "<=", ">", ">=", "==", "!=")


def _values(*values):
    return {"values": [{"from": FIRST, "value": v, "status": "illustrative"} for v in values]}


def made_text(seed: int) -> str:
    """Write a random pack."""
    make = _Maker(seed)
    pick = make.pick
    with_categories = make.random.random() < 0.7
    categories = ["c0", "c1", "c2"]
    pack: dict[str, Any] = {
        "pack": f"made-{seed}",
        "version": "1",
        "country": "en",
        "currency": pick("CNY", "IRR"),
    }
    pack["money_step"] = (
        pick("1", "1", "10") if pack["currency"] == "IRR" else pick("0.01", "0.10", "1")
    )
    pack["parameters"] = {
        "PM0": {"unit": pack["currency"], **_values(pick("100", "940", "0"))},
        "PM1": {"unit": pack["currency"], **_values(pick("1", "50", "1000"))},
        "PN0": {"unit": "share", **_values(pick("0.15", "2/3", "18", "0.05"))},
        "PN1": {"unit": "times", **_values(pick("2", "1.5", "6"))},
    }
    pack["inputs"] = {
        **{f"m{at}": {"type": "money", **({} if at else {"default": 0})} for at in range(3)},
        "prior_aid": {"type": "money", "default": 0},
        "n0": {"type": "int", "min": pick("-5", "0")},
        "n1": {"type": "int", **pick({"min": "1", "max": "12"}, {})},
        "r0": {"type": "decimal", "default": "0.25"},
        "b0": {"type": "bool"},
        "b1": {"type": "bool", "default": "false"},
        "b2": {"type": "bool", "default": "true"},
        "t0": {"type": "text"},
        "d0": {"type": "date"},
        "months": {"type": "list", "of": "money"},
        "ills": {"type": "list", "of": "text"},
    }
    pack["members"] = {
        "born": {"type": "date"},
        "age": {"type": "int"},
        "earns": {"type": "money", "default": 0},
        "grown": {"type": "bool", "default": "true"},
        "ill": {"type": "bool"},
    }
    pack["tables"] = {
        "steps": {"rows": [
            {"from": "0", "to": "3", "a": "1"}, {"from": "4", "to": "9", "a": "5/2"},
            {"from": "10", "to": "40", "a": "7"},
        ]}
    }  # fmt: skip
    pack["derived"] = [
        {"name": "y0", "expr": make.amount(2)},
        {"name": "y1", "expr": make.number(2)},
        {"name": "y2", "expr": f"y0 + {make.amount(1)}"},
    ]
    make.money += ["y0", "y2"]
    make.numbers += ["y1"]
    pack["exclusions"] = [{"id": f"x{at}", "when": make.bool(2)} for at in range(2)]
    make.bools += ["any_exclusion"]
    if with_categories:
        pack["category"] = [{"id": "c0", "when": make.bool(2)}, {"id": "c1", "when": make.bool(1)},
                            {"id": "c2", "when": "True"}]  # fmt: skip
        make.bools += ["category == 'c0'", "category in ('c1', 'c2')", "category != 'c1'"]
    pack["items"] = [
        {"id": f"i{at}", "when": make.bool(2), "amount": make.amount(2) if at < 3 else make.number(2),
         "outside_allocation": "true" if at == 4 else "false"}
        for at in range(5)
    ]  # fmt: skip
    pack["allocation"] = _allocation(make, categories if with_categories else [])
    pack["ceilings_by_law"] = [{"item": "i0", "max": make.amount(1)}]
    pack["reasons"] = [{"id": "why", "when": make.bool(2)}]
    pack["exit"] = [{"id": f"e{at}", "when": make.bool(2)} for at in range(2)]
    return json.dumps(pack, ensure_ascii=False)


def _allocation(make, categories):
    order = ["i0", "i1", "i2", "i3"]
    modes = {
        "best_one": lambda: {"mode": "best_one"},
        "cap_in_order": lambda: {"mode": "cap_in_order", "order": order, "cap": make.amount(1)},
        "sequential": lambda: {"mode": "sequential", "continue_while": make.bool(1)},
    }
    if categories:
        return {
            name: modes[make.pick(*modes)]() for name in categories if make.random.random() < 0.7
        }
    return modes[make.pick(*modes)]() if make.random.random() < 0.7 else {}


def made_pack(seed: int) -> Pack:
    """Make a random pack that names and types allow; some seeds are passed over."""
    while True:
        pack, _ = read_pack(made_text(seed))
        if pack is not None:
            return pack
        seed += 100_003


def made_case(pack: Pack, dice: random.Random) -> Case:
    """Make a case: near the lines, far from them, below zero, with things absent."""
    absent = dice.choice([0, 0, 0, 0.1, 0.5])
    facts = [None if one.of_member else _fact(one, dice, absent) for one in pack.inputs]
    asked = [one for one in pack.inputs if one.of_member]
    if not asked:
        return Case(facts)
    if dice.random() < absent:
        return Case(facts, None)
    thin = absent if dice.random() < 0.2 else 0
    rows = [[_fact(one, dice, thin) for one in asked] for _ in range(dice.choice([0, 1, 2, 3, 5]))]
    return Case(facts, rows)


def _fact(one: Input, dice: random.Random, absent: float) -> Any:
    if dice.random() < absent:
        return one.default
    if one.base is Base.BOOL:
        return dice.random() < 0.5
    if one.base is Base.TEXT:
        return dice.choice(["مطلقه", "سرطان", "离异", "cancer", "کارگر", "x"])
    if one.base is Base.DATE:
        return dice.choice([730179, 730180, 732738, 733006, 711000, dice.randrange(700000, 739000)])
    if one.base is Base.LIST:
        of = Input(one.name, one.of or Base.MONEY, 0)
        values = tuple(_fact(of, dice, 0) for _ in range(dice.choice([0, 1, 3, 6, 7])))
        return (*values, None) if dice.random() < absent / 4 else values
    value = _number(one, dice)
    low = value if one.low is None else max(value, one.low)
    return low if one.high is None else min(low, one.high)


def _number(one: Input, dice: random.Random) -> Any:
    if one.base is Base.MONEY:
        near = dice.choice([0, 1, 100, 94000, 5000, 100000, 1000, 10]) + dice.choice([
            -1,
            0,
            0,
            0,
            1,
        ])
        far = dice.choice([dice.randrange(-(10**6), 10**8), 10**13, 10**15, -(10**12)])
        return near if dice.random() < 0.8 else far
    if one.whole:
        return dice.choice([0, 1, 2, 3, 4, 9, 10, 12, 17, 18, -5, 40, 1000, 10**6])
    return Fraction(dice.choice([0, 25, 100, 50, 5, 15, -10, 333333]), 100)
