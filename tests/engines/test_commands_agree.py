"""`explain --json` and `screen` on one file: the same answer in every format, or both refuse it."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

import pytest

from redress.engines.rules.checking import check
from redress.engines.rules.decide import Decider
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.nodes import Base
from tests.engines.agreement import DAY
from tests.engines.command_line import (
    explained,
    screened,
    write_csv,
    write_jsonl,
    write_parquet,
)
from tests.engines.hostile import COLUMNS, NATIVE, TEXTS, VALUES
from tests.engines.made_packs import made_case, made_text
from tests.engines.packs import SMALL, bent

INPUTS = {
    "rate": {"type": "decimal", "default": "0.5"},
    "since": {"type": "date", "default": "2020-01-01"},
    "kind": {"type": "text", "values": ["کارگر", "工人"], "default": "کارگر"},
    "note": {"type": "text", "default": "x"},
    "months": {"type": "list", "of": "money"},
    "ills": {"type": "list", "of": "text"},
}
REASONS = {
    "late": "since > '2024-01-01'",
    "worker": "kind == 'كارگر'",  # the kaf and yeh of an Arabic keyboard
    "sick": "'سرطان' in ills",
    "rated": "rate > 0.5",
    "noted": "note == 'علي'",
    "child": "any(members, age_on(born, day) < 18 and earns > 5)",
}
TEXT = bent(
    inputs={**SMALL["inputs"], **INPUTS},
    members={"born": {"type": "date"}, "earns": {"type": "money", "default": "0"}},
    reasons=[{"id": id_, "when": when} for id_, when in REASONS.items()],
    exit=[{"id": "out", "when": "min(months) > LINE"}, {"id": "stay", "when": "True"}],
    ceilings_by_law=[{"item": "living", "max": "LINE * 12"}],
)
ROW = {"id": "c", "size": "1", "income": "1000", "months": "950;960", "ills": "x"}


@pytest.fixture
def pack(home, tmp_path):
    path = tmp_path / "pack.yaml"
    path.write_text(TEXT)
    return path


def same(explained_so, screened_so):
    """Say whether two commands say the same; two refusals are the same, whatever their words."""
    return (isinstance(explained_so, str) and isinstance(screened_so, str)) or (
        explained_so == screened_so
    )


def ways(pack, folder, rows, *more):
    """Screen rows in every format."""
    yield screened(pack, write_jsonl(folder / "cases.jsonl", rows), *more)
    yield screened(pack, write_csv(folder / "cases.csv", rows), *more, ending=".csv")
    yield screened(pack, write_parquet(folder / "cases.parquet", rows), *more, ending=".parquet")


@pytest.mark.parametrize("fact", VALUES)
def test_a_written_value_is_read_alike_or_refused_by_both(pack, tmp_path, fact):
    for value in VALUES[fact]:
        row = {**ROW, fact: value}
        told = explained(pack, write_jsonl(tmp_path / "cases.jsonl", [row]))

        for way in ways(pack, tmp_path, [row]):
            assert same(told, way), (value, told, way)


@pytest.mark.parametrize("fact", ["size", "income", "rate", "ill", "since", "kind", "months", "members",
                                  "given", "given_living", "on", "id", "input", "facts"])  # fmt: skip
def test_a_json_value_of_any_kind_is_read_alike_or_refused_by_both(pack, tmp_path, fact):
    for value in NATIVE:
        cases = write_jsonl(tmp_path / "cases.jsonl", [{**ROW, fact: value}])

        assert same(explained(pack, cases), screened(pack, cases)), value


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_read_alike_or_refused_by_both(pack, tmp_path, text):
    cases = tmp_path / "cases.jsonl"
    cases.write_bytes(text)

    assert same(explained(pack, cases), screened(pack, cases))


@pytest.mark.parametrize(("fact", "column", "value"), COLUMNS)
def test_a_column_of_any_type_is_read_as_the_same_value_in_json(
    pack, tmp_path, fact, column, value
):
    rest = {name: one for name, one in ROW.items() if name != fact}
    cases = write_jsonl(tmp_path / "cases.jsonl", [{**rest, fact: value}])
    table = write_parquet(
        tmp_path / "cases.parquet", [{**rest, fact: column[0]}], **{fact: column.type}
    )

    assert same(explained(pack, cases), screened(pack, table))


@pytest.mark.parametrize("more", [(), ("--on", "2024-02-29")])
def test_sums_already_given_and_a_day_of_ones_own_count_in_every_format(pack, tmp_path, more):
    dice = random.Random(3)
    rows = [
        {
            **ROW,
            "id": f"r{at}",
            "income": dice.choice(["0", "11279.99", "11280"]),
            "on": dice.choice([None, "2024-05-01", "2020-01-01", "2026-05-01"]),
            "given_living": dice.choice([None, "0", "5640", "5640.01"]),
            "given_medical": dice.choice([None, "100"]),
        }
        for at in range(60)
    ]
    told = explained(pack, write_jsonl(tmp_path / "cases.jsonl", rows), *more)

    # 940 x 12 x 0.5 = 5640, and with 5640.01 given before it is above 12 x 940 = 11280
    by_id = {row["id"]: row for row in rows}
    for one in told:
        row = by_id[one["id"]]
        is_above = row["given_living"] == "5640.01" or row["income"] == "11280"
        assert ("living" in one["granted"]) is not is_above
    for way in ways(pack, tmp_path, rows, *more):
        assert way == told


def test_the_same_members_in_a_column_and_in_a_file_of_their_own(pack, tmp_path):
    people = {
        "a": [{"born": "2020-01-01", "earns": "6"}],
        "b": [],
        "c": [{"born": "1980-01-01", "earns": "6"}, {"born": "2021-01-01", "earns": "5"}],
    }
    rows = [{**ROW, "id": id_} for id_ in people]
    nested = [{**row, "members": people[row["id"]]} for row in rows]
    flat = [{"household_id": id_, **one} for id_, several in people.items() for one in several]
    members = write_csv(tmp_path / "members.csv", flat)
    told = explained(pack, write_jsonl(tmp_path / "cases.jsonl", nested))

    assert [one["reasons"] for one in told] == [["worker", "child"], ["worker"], ["worker"]]
    assert screened(pack, write_csv(tmp_path / "cases.csv", rows), "--members", members) == told


@pytest.mark.parametrize("seed", [8, 22])
def test_random_packs_and_cases_go_through_the_command_line_alike(home, tmp_path, seed):
    text, dice = made_text(seed), random.Random(seed)
    made, _ = check(text)
    path = tmp_path / "made.yaml"
    path.write_text(text)
    decider, rows = Decider(made, traced=False), []
    while len(rows) < 150:
        case = made_case(made, dice)
        try:
            decider.decide(case, on=DAY)
        except CaseRefused:
            continue
        rows.append(row_of(made, case, f"r{len(rows)}"))

    told = explained(path, write_jsonl(tmp_path / "cases.jsonl", rows), "--on", DAY.isoformat())

    assert isinstance(told, list), told
    assert screened(path, tmp_path / "cases.jsonl", "--on", DAY.isoformat(), ending=".csv") == told
    flat = [{k: v for k, v in row.items() if k != "members"} for row in rows]
    members = [
        {"household_id": row["id"], **one} for row in rows for one in row.get("members") or ()
    ]
    rest = ("--members", write_csv(tmp_path / "members.csv", members), "--on", DAY.isoformat())
    known = [at for at, row in enumerate(rows) if row.get("members") is not None]
    file = write_csv(tmp_path / "cases.csv", [flat[at] for at in known])
    assert screened(path, file, *rest) == [told[at] for at in known]


def row_of(pack, case, id_):
    minor = 10**pack.minor_digits

    def written(one, value):
        if value is None or isinstance(value, bool | str):
            return value
        if isinstance(value, tuple):
            return [written_as(one.of, each) for each in value]
        return written_as(one.base, value)

    def written_as(base, value):
        if value is None or isinstance(value, str):
            return value
        if base is Base.DATE:
            return dt.date.fromordinal(value).isoformat()
        exact = Fraction(value, minor if base is Base.MONEY else 1)
        return str(Decimal(exact.numerator) / exact.denominator)

    asked = [one for one in pack.inputs if one.of_member]
    facts = {
        one.name: written(one, value)
        for one, value in zip(pack.inputs, case.facts, strict=True)
        if not one.of_member
    }
    if case.members is not None:
        facts["members"] = [
            {one.name: written(one, value) for one, value in zip(asked, row, strict=True)}
            for row in case.members
        ]
    return {"id": id_, **facts}
