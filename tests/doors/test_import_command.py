from __future__ import annotations

import json
from multiprocessing import active_children

import openpyxl
import pytest

from redress.config.command import _parser
from redress.demands.models import Demand
from redress.demands.search import found_by
from redress.demonstration.made import household_row, made_households, member_rows
from redress.doors.commands import demand_rows, take_in
from redress.doors.commands.take_in import run
from redress.registers.offices.scope import WHOLE, within
from redress.registers.registry.households import national_id_of
from redress.registers.registry.models import Household, Member
from redress.values.text_facts import text_facts
from tests.conftest import NILKUH, Cast


@pytest.fixture
def imported(cast: Cast, capsys):
    """Run `redress import ...`; give exit code, counts and what was said on standard error."""

    def do(*words: str):
        code = run(_parser().parse_args(["import", *map(str, words)]))
        said = capsys.readouterr()
        return code, dict(line.split() for line in said.out.splitlines()), said.err

    return do


def jsonl(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def refusals(path):
    beside = path.with_name(f"{path.name}.refused.jsonl")
    return [json.loads(line) for line in beside.read_text().splitlines()]


def demands() -> list[Demand]:
    with within(WHOLE):
        return list(Demand.objects.order_by("pk"))


COUNTS = {"new": "0", "same": "0", "changed": "0", "refused": "0"}


def test_a_spreadsheet_of_the_backlog_is_imported_once(imported, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["source_id", "text", "county", "heard_on", "topic"])
    book.active.append(["1", "حقوق معوق", "Nilkuh", "1402-02-11", "pay.arrears"])
    book.active.append(["2", "拖欠工资", NILKUH, "2023-05-01", "拖欠工资"])
    book.save(tmp_path / "backlog.xlsx")

    first = imported("demands", tmp_path / "backlog.xlsx")
    again = imported("demands", tmp_path / "backlog.xlsx")

    assert first == (0, {**COUNTS, "new": "2"}, "")
    assert again == (0, {**COUNTS, "same": "2"}, "")
    assert [demand.heard_on.isoformat() for demand in demands()] == ["2023-05-01", "2023-05-01"]
    assert [demand.topic_id for demand in demands()] == ["pay.arrears", "pay.arrears"]


def test_refused_rows_are_written_beside_the_file_with_their_reasons(imported, tmp_path):
    path = jsonl(
        tmp_path / "list.jsonl",
        [
            {"id": 1, "text": "Good.", "county": NILKUH},
            {"id": 2, "text": "", "county": NILKUH},
            {"id": 3, "text": "Where?", "county": "Atlantis"},
            {"id": 4, "text": "What?", "county": NILKUH, "topic": "weather"},
            {"id": 1, "text": "Good.", "county": NILKUH},
        ],
    )

    code, counts, said = imported("demands", path)

    refused = refusals(tmp_path / "list.jsonl")
    assert (code, counts) == (0, {**COUNTS, "new": "1", "refused": "4"})
    assert [(row["row"], row["reasons"][0]["reason"]) for row in refused] == [
        (2, "missing"),
        (3, "unknown_place"),
        (4, "not_one_of"),
        (5, "twice_in_file"),
    ]
    assert "list.jsonl.refused.jsonl" in said


def test_a_second_run_without_refusals_takes_the_old_file_of_them_away(imported, tmp_path):
    path = jsonl(tmp_path / "list.jsonl", [{"id": 1, "text": "", "county": NILKUH}])
    imported("demands", path)
    jsonl(path, [{"id": 1, "text": "Good.", "county": NILKUH}])

    imported("demands", path)

    assert not (tmp_path / "list.jsonl.refused.jsonl").exists()


def test_texts_that_a_helping_process_worked_out_are_kept_alike_and_the_process_ends(
    imported, tmp_path, monkeypatch
):
    texts = ["حقوق ما را نمي‌دهند", "拖欠工资三个月", "Pay us the March wages.", "We are on 0912."]
    path = jsonl(
        tmp_path / "list.jsonl",
        [{"source_id": str(n), "text": text, "county": NILKUH} for n, text in enumerate(texts)],
    )
    monkeypatch.setattr(take_in, "BATCH_ROWS", 2)
    monkeypatch.setattr(demand_rows, "ROWS_ALONE", 2)  # so the second batch is helped with

    imported("demands", path)

    assert active_children() == []
    kept = [(one.text_sha256, one.text_normal, one.language) for one in demands()]
    assert kept == [tuple(text_facts(text)[:3]) for text in texts]
    with within(WHOLE):
        assert [len(found_by(words).numbers) for words in ("حقوق", "工资", "march")] == [1, 1, 1]


def test_a_file_that_breaks_in_the_middle_changes_nothing(imported, tmp_path):
    path = tmp_path / "list.jsonl"
    good = json.dumps({"text": "Good.", "county": NILKUH}) + "\n"
    path.write_text(good * 1500 + "{broken\n")

    code, counts, said = imported("demands", path)

    assert (code, counts, demands()) == (2, {}, [])
    assert f"{path}, row 1501" in said
    assert active_children() == []
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("language", "words"), [("fa", "چنین پرونده‌ای نیست"), ("zh", "没有这个文件")]
)
def test_an_error_is_told_in_the_asked_language(imported, tmp_path, language, words):
    code, _, said = imported("demands", tmp_path / "none.csv", "--lang", language)

    assert code == 2
    assert words in said


def test_made_households_are_imported_with_their_members(imported, tmp_path):
    homes = list(made_households(30, seed=3, today=__import__("datetime").date(2026, 11, 22)))
    for home in homes:  # the cast knows one county
        object.__setattr__(home, "path", NILKUH)
    listed = jsonl(tmp_path / "households.jsonl", map(household_row, homes))
    members = jsonl(
        tmp_path / "members.jsonl", (row for home in homes for row in member_rows(home))
    )

    first = imported("households", listed, "--members", members)
    again = imported("households", listed, "--members", members)

    assert first[:2] == (0, {**COUNTS, "new": "30"})
    assert again[:2] == (0, {**COUNTS, "same": "30"})
    with within(WHOLE):
        assert Household.objects.count() == 30
        assert Member.objects.count() == sum(len(home.members) for home in homes)


def test_a_member_of_no_household_and_a_second_head_are_refused(imported, tmp_path):
    listed = jsonl(
        tmp_path / "h.jsonl",
        [{"id": n, "head_name": "Maryam", "county": NILKUH} for n in (1, 2)],
    )
    members = jsonl(
        tmp_path / "m.jsonl",
        [
            {"household_id": 1, "full_name": "Maryam", "relation": "head"},
            {"household_id": 2, "full_name": "Somebody else", "relation": "head"},
            {"household_id": 9, "full_name": "Lost"},
            {"household_id": 1, "full_name": ""},
        ],
    )

    code, counts, _ = imported("households", listed, "--members", members)

    refused = refusals(tmp_path / "h.jsonl")
    assert (code, counts) == (0, {**COUNTS, "new": "1", "refused": "4"})
    reasons = sorted(row["reasons"][0]["reason"] for row in refused)
    assert reasons == ["household_refused", "missing", "no_household", "two_heads"]


def test_a_row_that_moved_in_the_file_is_still_the_same(imported, tmp_path):
    rows = [{"id": n, "head_name": f"Head {n}", "county": NILKUH} for n in (1, 2)]
    members = jsonl(
        tmp_path / "m.jsonl", [{"household_id": n, "full_name": f"Child {n}"} for n in (1, 2)]
    )
    imported("households", jsonl(tmp_path / "h.jsonl", rows), "--members", members)
    jsonl(members, [{"household_id": n, "full_name": f"Child {n}"} for n in (2, 1)])

    _, counts, _ = imported(
        "households", jsonl(tmp_path / "h.jsonl", rows[::-1]), "--members", members
    )

    assert counts["same"] == "2"


def standing_members():
    with within(WHOLE):
        return sorted(Member.objects.filter(until_at=None).values_list("full_name", flat=True))


def test_a_file_with_one_id_twice_gives_the_same_however_often_it_is_imported(imported, tmp_path):
    rows = [{"id": n, "head_name": "Maryam", "county": NILKUH} for n in (1, 1)]
    listed = jsonl(tmp_path / "h.jsonl", rows)
    members = jsonl(
        tmp_path / "m.jsonl", [{"household_id": 1, "full_name": "Ali", "relation": "child"}]
    )

    runs = [imported("households", listed, "--members", members)[1] for _ in range(3)]

    assert (
        runs
        == [{**COUNTS, "new": "1", "refused": "1"}] + [{**COUNTS, "same": "1", "refused": "1"}] * 2
    )
    assert standing_members() == ["Ali", "Maryam"]


def test_a_list_without_members_leaves_the_members_as_they_are(imported, tmp_path):
    listed = jsonl(tmp_path / "h.jsonl", [{"id": 1, "head_name": "Maryam", "county": NILKUH}])
    members = jsonl(
        tmp_path / "m.jsonl", [{"household_id": 1, "full_name": "Ali", "relation": "child"}]
    )
    imported("households", listed, "--members", members)
    jsonl(listed, [{"id": 1, "head_name": "Maryam", "county": NILKUH, "phone": "0900"}])

    _, counts, _ = imported("households", listed)

    assert counts == {**COUNTS, "changed": "1"}
    assert standing_members() == ["Ali", "Maryam"]


def test_a_changed_national_id_of_a_member_is_taken_over(imported, tmp_path):
    listed = jsonl(tmp_path / "h.jsonl", [{"id": 1, "head_name": "Maryam", "county": NILKUH}])
    for number in ("0001", "۰۰۰۲"):
        jsonl(
            tmp_path / "m.jsonl", [{"household_id": 1, "full_name": "Ali", "national_id": number}]
        )
        imported("households", listed, "--members", tmp_path / "m.jsonl")

    with within(WHOLE):
        ali = Member.objects.get(full_name="Ali", until_at=None)
    assert national_id_of(ali) == "0002"


def test_a_list_does_not_move_a_household_to_another_office(imported, tmp_path):
    listed = jsonl(tmp_path / "h.jsonl", [{"id": 1, "head_name": "Maryam", "county": NILKUH}])
    imported("households", listed)
    jsonl(listed, [{"id": 1, "head_name": "Maryam", "county": "ir.sp.gd."}])

    _, counts, _ = imported("households", listed)

    assert counts == {**COUNTS, "refused": "1"}
    assert refusals(listed)[0]["reasons"][0]["reason"] == "moved"


def test_a_changed_row_of_a_demand_corrects_what_is_said_about_it_but_no_word(imported, tmp_path):
    row = {"id": 1, "text": "Pay us.", "county": NILKUH}
    listed = jsonl(tmp_path / "d.jsonl", [row])
    imported("demands", listed)
    jsonl(listed, [{**row, "employer": "Mehrgan", "workers_count": 48}])

    first, again = imported("demands", listed)[1], imported("demands", listed)[1]

    assert (first, again) == ({**COUNTS, "changed": "1"}, {**COUNTS, "same": "1"})
    assert [(one.employer, one.workers_count) for one in demands()] == [("Mehrgan", 48)]


def test_a_number_in_a_column_of_ids_is_refused_before_it_loses_its_zeros(imported, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["household_id", "full_name", "national_id"])
    book.active.append(["1", "Ali", 1234567])
    book.save(tmp_path / "m.xlsx")
    listed = jsonl(tmp_path / "h.jsonl", [{"id": 1, "head_name": "Maryam", "county": NILKUH}])

    code, _, said = imported("households", listed, "--members", tmp_path / "m.xlsx")

    assert code == 2
    assert f"{tmp_path / 'm.xlsx'}, row 2" in said
    assert "national_id" in said
