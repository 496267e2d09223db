"""`redress triage`: one row a text, as the contract has it; one clear line for what is wrong."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from redress.config.command import _parser
from redress.doors.commands.triage_texts import run

ROWS = [
    {
        "id": "a",
        "text": "  سه ماه است مزد ما را نداده‌اند. مزد عقب‌مانده را بدهید. 🙂 شماره ۰۹۱۲۳۴۵۶۷۸۹",
    },
    {"id": "b", "text": "厂里拖欠我们三个月工资，请补发。", "lang": "zh-hans"},
    {"id": "c", "text": ""},
]


@pytest.fixture
def triaged(tmp_path, capsys):
    """Run the command; give the code, the rows written and what was said on standard error."""

    def do(name: str, *more: str, out: str = "out.jsonl"):
        code = run(_parser().parse_args(["triage", name, "--out", str(tmp_path / out), *more]))
        written = tmp_path / out
        rows = (
            [json.loads(line) for line in written.read_text("utf-8").splitlines()]
            if written.exists() and out.endswith(".jsonl")
            else None
        )
        return code, rows, capsys.readouterr().err

    return do


def jsonl(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return str(path)


def test_each_text_has_a_row_as_the_contract_has_it(triaged, tmp_path):
    code, rows, said = triaged(jsonl(tmp_path / "in.jsonl", ROWS))

    assert (code, said) == (0, "")
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    assert [row["lang"] for row in rows] == ["fa", "zh", "en"]
    for row in rows:
        assert set(row) == {"id", "lang", "topics", "sure", "body", "urgency", "spans"}
        assert all(0 <= one["p"] <= 1 for one in row["topics"])
    assert rows[0]["topics"][0]["topic"] == rows[1]["topics"][0]["topic"] == "pay.arrears"
    assert (rows[0]["body"], rows[1]["body"]) == ("employer", "employer")


def test_offsets_are_those_of_the_text_as_it_was_given(triaged, tmp_path):
    _code, rows, _said = triaged(jsonl(tmp_path / "in.jsonl", ROWS))

    cut = {span["kind"]: ROWS[0]["text"][span["start"] : span["end"]] for span in rows[0]["spans"]}
    assert cut["personal"] == "۰۹۱۲۳۴۵۶۷۸۹"
    assert cut["demand"] == "مزد عقب‌مانده را بدهید."


def test_csv_and_parquet_say_what_jsonl_says(triaged, tmp_path):
    _code, rows, _said = triaged(jsonl(tmp_path / "in.jsonl", ROWS))
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text", "lang"])
        writer.writeheader()
        writer.writerows(ROWS)
    pq.write_table(
        pa.Table.from_pylist([{"lang": "", **row} for row in ROWS]), tmp_path / "in.parquet"
    )

    for name in ("in.csv", "in.parquet"):
        assert triaged(str(tmp_path / name))[1] == rows
        triaged(str(tmp_path / name), out="out.csv")
        with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
            flat = list(csv.DictReader(file))
        assert [json.loads(row["topics"]) for row in flat] == [row["topics"] for row in rows]
        triaged(str(tmp_path / name), out="out.parquet")
        assert pq.read_table(tmp_path / "out.parquet").to_pylist() == rows


def test_what_is_taught_is_learned(triaged, tmp_path):
    words = "Zibblewort the frobnitz at gate nine."
    taught = [{"text": f"{words} ({n})", "topics": ["transport"]} for n in range(6)]
    texts = jsonl(tmp_path / "in.jsonl", [{"text": words}])

    before = triaged(texts)[1][0]["topics"]
    after = triaged(texts, "--learn", jsonl(tmp_path / "taught.jsonl", taught))[1][0]["topics"]

    assert after[0]["topic"] == "transport" != before[0]["topic"]
    assert triaged(texts)[1][0]["id"] == "1"  # the row's number, where no id is given


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("in.jsonl", '{"text": "x"}\n{broken\n', "row 2: each line must be one JSON object"),
        ("in.jsonl", '{"text": 5}\n', "row 1, text: the text is missing"),
        ("in.jsonl", "[1]\n", "row 1: each line must be one JSON object"),
        ("in.csv", "id,words\n1,x\n", "row 1, text: this column is missing"),
        ("in.txt", "x", "a file must end in one of"),
        ("in.parquet", "x", "it cannot be read as Parquet"),
    ],
)
def test_a_bad_file_is_one_line_and_nothing_is_written(triaged, tmp_path, name, content, words):
    (tmp_path / name).write_text(content, "utf-8")

    code, rows, said = triaged(str(tmp_path / name))

    assert (code, rows) == (2, None)
    assert said.startswith(str(tmp_path / name))
    assert words in said
    assert said.count("\n") == 1
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("row", "words"),
    [({"text": "x"}, "names its topics"), ({"text": "x", "topics": ["pay.all"]}, "pay.all")],
)
def test_a_row_that_teaches_nothing_is_refused(triaged, tmp_path, row, words):
    texts, taught = jsonl(tmp_path / "in.jsonl", ROWS), jsonl(tmp_path / "taught.jsonl", [row])

    code, rows, said = triaged(texts, "--learn", taught)

    assert (code, rows) == (2, None)
    assert "taught.jsonl, row 1, topics" in said
    assert words in said


@pytest.mark.parametrize(
    ("language", "words"), [("fa", "چنین پرونده‌ای نیست"), ("zh", "没有这个文件")]
)
def test_what_is_wrong_is_said_in_the_asked_language(triaged, language, words):
    assert words in triaged("nowhere.jsonl", "--lang", language)[2]


def test_it_loads_neither_django_nor_the_compiler():
    code = (
        "import sys; from redress.config.command import main;"
        "main(['triage', '-', '--out', '-']);"
        "sys.exit(bool({'django', 'numba', 'psycopg'} & set(sys.modules)))"
    )
    row = json.dumps({"id": "1", "text": "Pay us."}) + "\n"
    done = subprocess.run([sys.executable, "-c", code], input=row, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["id"] == "1"
