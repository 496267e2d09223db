"""The mass evaluator says what the reference says, in every field."""

from __future__ import annotations

import datetime as dt
import os
import random
from pathlib import Path

import pytest

from redress.engines.rules.checking import check
from redress.engines.rules.columns import columns_of
from redress.engines.rules.decide import Decider
from redress.engines.rules.facts import Case, read_case
from redress.engines.rules.findings import CaseRefused, RowRefused
from redress.engines.rules.packs import require_pack
from redress.engines.rules.screen import Screener
from tests.engines.agreement import disagreements, told
from tests.engines.made_packs import made_case, made_pack
from tests.engines.packs import SCHEMES, SMALL, bent, value, with_item

CASES_EACH = 13_000
DAY = dt.date(2025, 12, 11)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    path = Path(os.environ.get("REDRESS_TEST_COMPILED", tmp_path_factory.mktemp("compiled")))
    path.mkdir(mode=0o700, exist_ok=True)
    return path


@pytest.mark.parametrize("seed", range(5))
def test_random_packs_are_decided_alike_by_both(seed, folder):
    pack = made_pack(seed)

    differ, decided, compiled = disagreements(pack, count=CASES_EACH, seed=seed, folder=folder)

    assert differ == []
    assert decided > CASES_EACH / 2
    assert compiled > decided / 10  # it is not the reference compared with itself


def refusal(do) -> str:
    """Give the code by which something is refused; empty if it is not."""
    try:
        do()
    except CaseRefused as told:
        return told.code
    except RowRefused as told:
        return told.refused.code
    return ""


def test_cases_that_the_reference_refuses_the_mass_evaluator_refuses_too(folder):
    refused = []
    for seed in range(5):
        pack, dice = made_pack(seed), random.Random(seed)
        decider, screener = Decider(pack, traced=False), Screener(pack, folder=folder)
        for case in [made_case(pack, dice) for _ in range(400)]:
            if code := refusal(lambda d=decider, c=case: d.decide(c, on=DAY)):
                columns = columns_of(pack, [case])
                refused.append((code, refusal(lambda s=screener, c=columns: s.run(c, on=DAY))))

    assert [one for one in refused if one[0] != one[1]] == []
    assert len(refused) > 50


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_the_shipped_packs_are_decided_alike_by_both(path, folder):
    pack, _ = check(path.read_text())

    differ, decided, compiled = disagreements(pack, count=CASES_EACH, seed=1, folder=folder, on=DAY)

    assert differ == []
    assert decided > CASES_EACH / 2
    assert compiled > decided / 2


def screened(text, facts, folder, on=DAY):
    pack = require_pack(text)
    cases = [read_case(pack, one, members=one.get("members")) for one in facts]
    found = Screener(pack, folder=folder).run(columns_of(pack, cases), on=on)
    return [told(pack, found, row) for row in range(len(cases))]


def test_the_mass_evaluator_gives_what_was_computed_by_hand(folder):
    # 11279.99 / 12 = 939.999 < 940, so 940 x 12 x 0.5 = 5640; 11280 / 12 = 940 is not below
    rows = [
        {"size": 1, "income": "11279.99"},
        {"size": 1, "income": 11280},
        {"size": 1},
        {"homes": 2},
    ]

    assert screened(bent(), rows, folder) == [
        ("deep", {"living": 564000}, (), (), None),
        ("none", {}, (), (), None),
        (None, {}, (), ("income",), None),
        ("excluded", {}, ("two_homes",), (), None),
    ]


def test_a_changed_parameter_needs_no_new_code(folder):
    text = bent()
    screener = Screener(require_pack(text), folder=folder)
    before = len(list(folder.glob("*.py")))
    other = require_pack(text.replace('"value": "940"', '"value": "941.50"'))

    moved = screener.with_pack(other)
    case = [Case([1, 1128000, 0, 1, False])]

    assert len(list(folder.glob("*.py"))) == before
    assert moved.run(columns_of(other, case), on=DAY).granted[0, 0] == 564900  # 941.50 x 12 x 0.5
    assert screener.run(columns_of(other, case), on=DAY).granted[0, 0] == 0


def test_facts_too_large_for_whole_numbers_of_64_bits_are_decided_exactly(folder):
    most = 10**14  # currency units; 10^16 fen
    text = with_item(amount="(income - 0.01) * SHARE / 3", when="True", outside_allocation="true")

    rows = screened(text, [{"size": 1, "income": most}], folder)

    # (10^16 - 1) fen x 0.5 / 3 = 1666666666666666.5 fen, half up
    assert rows[0][1] == {"living": 1_666_666_666_666_667}


def test_a_row_that_divides_by_zero_is_refused_with_its_place(folder):
    text = with_item(amount="LINE / homes")
    pack = require_pack(text)
    cases = [read_case(pack, {"size": 1, "income": 0, "homes": homes}) for homes in (1, 0)]

    with pytest.raises(RowRefused) as refused:
        Screener(pack, folder=folder).run(columns_of(pack, cases), on=DAY)

    assert (refused.value.row, refused.value.refused.code) == (1, "divided_by_zero")


def test_batches_come_out_in_their_order_whatever_core_is_first(folder):
    pack = require_pack(bent())
    cases = [Case([1, at, 0, 1, False]) for at in range(1000)]
    screener = Screener(pack, folder=folder)
    columns = columns_of(pack, cases)

    whole = screener.run(columns, on=DAY)
    parts = list(screener.stream(columns.slices(64), on=DAY, workers=4))

    assert [int(v) for part in parts for v in part.granted[0]] == whole.granted[0].tolist()


def test_rows_that_all_lack_the_facts_of_the_exit_alone_are_granted_what_is_known(folder):
    text = bent(
        inputs={**SMALL["inputs"], "cured": {"type": "bool"}},
        exit=[{"id": "out", "when": "cured"}, {"id": "stay", "when": "True"}],
    )

    rows = screened(text, [{"size": 1, "income": 0}, {"size": 1, "income": 20000}], folder)

    # 940 x 12 x 0.5 = 5640; 20000 / 12 = 1666.67, not below 940
    assert rows == [("deep", {"living": 564000}, (), (), None), ("none", {}, (), (), None)]


def test_an_exit_that_waits_for_facts_sends_no_row_to_the_reference(folder):
    text = bent(
        inputs={**SMALL["inputs"], "months": {"type": "list", "of": "money"}},
        exit=[
            {"id": "out", "when": "sum(months) / len(months) > LINE"},
            {"id": "stay", "when": "True"},
        ],
    )
    pack = require_pack(text)
    cases = [read_case(pack, {"size": 1, "income": income}) for income in range(0, 20000, 100)]

    found = Screener(pack, folder=folder).run(columns_of(pack, cases), on=DAY)

    assert found.by_reference == 0
    assert set(found.exit.tolist()) == {-1}  # no month is told, so the mean is not known


def test_no_rows_give_no_rows(folder):
    pack = require_pack(bent())

    assert Screener(pack, folder=folder).run(columns_of(pack, []), on=DAY).count == 0


def test_a_day_before_any_value_refuses_the_row_as_the_reference_does(folder):
    pack = require_pack(bent())

    with pytest.raises(RowRefused):
        Screener(pack, folder=folder).run(
            columns_of(pack, [Case([1, 5, 0, 1, False])]), on=dt.date(1999, 1, 1)
        )


def test_code_is_not_run_from_a_folder_where_others_may_write(tmp_path):
    open_folder = tmp_path / "open"
    open_folder.mkdir()
    open_folder.chmod(0o777)

    with pytest.raises(PermissionError):
        Screener(require_pack(bent()), folder=open_folder)


def test_two_values_of_a_parameter_hold_each_on_their_day(folder):
    parameters = {**SMALL["parameters"]}
    parameters["LINE"] = {"unit": "CNY", "values": [value("940"), value("1000", "2026-01-01")]}
    text, row = bent(parameters=parameters), [{"size": 1, "income": 11400}]

    assert screened(text, row, folder, on=dt.date(2025, 12, 31))[0][0] == "none"
    assert screened(text, row, folder, on=dt.date(2026, 1, 1))[0][0] == "deep"
