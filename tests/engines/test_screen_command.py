"""`redress screen` on files as they come: told where and what to do, and nothing half written."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.engines.command_line import run, screened
from tests.engines.packs import SMALL, bent

REDRESS = Path(sys.executable).with_name("redress")
TEXT = bent(
    inputs={**SMALL["inputs"], "note": {"type": "text", "default": "x"}},
    members={"age": {"type": "int", "min": "0"}},
    reasons=[{"id": "child", "when": "any(members, age < 18)"}],
)
POOR = {"category": "deep", "granted": {"living": "5640.00"}}  # 940 x 12 x 0.5


@pytest.fixture
def pack(home, tmp_path):
    path = tmp_path / "pack.yaml"
    path.write_text(TEXT)
    return path


def screen(pack, text, *more, name="cases.csv"):
    cases = pack.with_name(name)
    cases.write_bytes(text if isinstance(text, bytes) else text.encode())
    return screened(pack, cases, *more)


@pytest.mark.parametrize(
    "text",
    [
        "id;size;income;note\na;1;1000;\n",
        "id\tsize\tincome\na\t1\t1000\n",
        "\ufeffid,size,income\r\na,1,1000\r\n",
        '"id","size","income"\n"a","1","1,000"\n',
        " id , size , income \na,1,۱۰۰۰\n",
        'id,size,income,note\na,1,1000,"two\nlines"\n',
        "id,size,income,یادداشت\na,1,1000,y\n",
        "id,size,income\n\na,1,1000\n\n",
    ],
)
def test_a_csv_file_is_read_whatever_parts_its_cells(pack, text):
    (row,) = screen(pack, text)

    assert {name: row[name] for name in ("id", *POOR)} == {"id": "a", **POOR}


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "1", "no names of columns"),
        ("\n\n", "1", "no names of columns"),
        ("id,size,size\na,1,2\n", "1", "“size” stands twice"),
        ("id,size,income\na,1,5\nb,1\n", "3", "another number of cells than the header: 2 / 3"),
        ("id,size,income\na,1,5\nb,1,2,3\n", "3", "another number of cells than the header: 4 / 3"),
        ('id,size,income,note\na,1,5,"x\ny"\nb,1,oops,\n', "3: income", "“oops” is not a number"),
        ("id,size,income\na,1,1e400\n", "2: income", "“1e400” is not a number"),
        ("id,size,income\na,31,5\n", "2: size", "outside the range 1 … 30"),
        ("id,size,incom\na,1,5\n", "incom", "did you mean “income”"),
        ("id,size,income,note\na,1,1,\xe9\n".encode("latin-1"), "", "not UTF-8"),
        ("id,size\na,1\n".encode("utf-16"), "1", "not UTF-8"),
        (b"id,size,note\na,1,\"" + b"x" * 10_000_000 + b'"\n', "", "a line longer than 1 MB"),
        (",".join(f"k{at}" for at in range(100_000)) + "\n", "1", "100000 names in one case"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_place_in_one_line(pack, text, where, what):
    told = screen(pack, text)

    assert told.count("\n") == 1
    assert what in told
    assert f"cases.csv: {where}".rstrip(": ") in told


def test_a_table_without_rows_gives_one_without_rows(pack):
    assert screen(pack, "id,size,income\n") == []
    assert screen(pack, "", name="cases.jsonl") == []


CASES = "id,size,income\na,1,1000\nb,2,1000\n"


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ("household_id,age\nz,5\n", "m.csv: 2: this member's household is not among the cases"),
        ("household_id,age\n,5\n", "m.csv: 2: this member's household is not among the cases"),
        ("age\n5\n", "“household_id” is missing"),
        ("household_id,age\na,5\nb,-1\n", "3: age: “-1” is outside the range 0 …"),
        ("household_id,age\na\n", "m.csv: 2: the row has another number of cells"),
        ("household_id,agee\na,5\n", "members.agee: the pack asks for no such fact"),
        ("household_id,age\n" + "a,5\n" * 201, "2: members: more than 200 members"),
        ("", "m.csv: 1: no names of columns"),
    ],
)
def test_members_that_fit_no_household_are_refused(pack, members, what):
    file = pack.with_name("m.csv")
    file.write_text(members)

    told = screen(pack, CASES, "--members", file)

    assert what in told


def test_members_that_might_be_of_either_of_two_households_are_refused(pack):
    file = pack.with_name("m.csv")
    file.write_text("household_id,age\na,5\n")

    assert "the id “a” stands twice" in screen(pack, CASES + "a,1,5\n", "--members", file)
    assert len(screen(pack, CASES + "b,1,5\n", "--members", file)) == 3  # b has no members


def test_a_torn_parquet_file_is_refused_and_breaks_nothing(pack):
    whole = pack.with_name("whole.parquet")
    pq.write_table(pa.table({"size": [1] * 3000, "income": list(range(3000))}), whole)
    dice = random.Random(1)
    for _ in range(12):
        torn = bytearray(whole.read_bytes())
        for _ in range(30):
            torn[dice.randrange(4, len(torn))] = dice.randrange(256)

        told = screen(pack, bytes(torn), name="torn.parquet")

        assert isinstance(told, str) or len(told) == 3000


@pytest.mark.parametrize(
    "out", ["nowhere/o.csv", "folder.csv", "o.txt", "pack.yaml", "/proc/o.csv", ""]
)
def test_an_output_that_cannot_be_written_is_told_before_anything_is(pack, out):
    pack.with_name("folder.csv").mkdir()
    cases = pack.with_name("cases.csv")
    cases.write_text(CASES)
    before = sorted(pack.parent.iterdir())

    code, said, err = run("screen", pack, cases, "--out", pack.parent / out if out else out)

    assert (code, said, err.count("\n")) == (2, "", 1)
    assert sorted(pack.parent.iterdir()) == before


def test_decisions_are_not_written_over_the_cases(pack):
    cases = pack.with_name("cases.csv")
    cases.write_text(CASES)

    assert run("screen", pack, cases, "--out", cases)[0] == 2
    assert cases.read_text() == CASES


def test_standard_input_and_output_are_lines_of_json(pack):
    code, said, err = run("screen", pack, "-", "--out", "-", stdin=b'{"size":1,"income":0}\n')

    assert (code, err) == (0, "")
    assert '"category": "deep"' in said


def test_a_folder_of_compiled_code_that_cannot_be_made_is_told(pack, monkeypatch):
    cases = pack.with_name("cases.csv")
    cases.write_text(CASES)
    monkeypatch.setenv("REDRESS_HOME", "/proc/nowhere")

    code, _, err = run("screen", pack, cases, "--out", pack.with_name("o.csv"))

    assert (code, err.count("\n")) == (2, 1)
    assert not pack.with_name("o.csv").exists()


def test_what_is_ended_in_the_middle_leaves_nothing_half_written(pack):
    cases, folder = pack.with_name("many.csv"), pack.parent / "ended"
    folder.mkdir()
    rows = "".join(f"{at},1,{at}\n" for at in range(2_000_000))
    cases.write_text("id,size,income\n" + rows)
    run("screen", pack, "-", "--out", "-", stdin=b"{}")  # compiled
    running = subprocess.Popen([REDRESS, "screen", pack, cases, "--out", folder / "o.jsonl"])
    while not list(folder.iterdir()) and running.poll() is None:
        time.sleep(0.01)

    running.send_signal(signal.SIGTERM)

    assert running.wait(30) == 128 + signal.SIGTERM
    assert list(folder.iterdir()) == []


def test_whoever_has_enough_of_the_output_may_close_it(pack):
    command = f"{REDRESS} explain {pack} {pack.with_name('many.jsonl')} --json | head -1"
    pack.with_name("many.jsonl").write_text('{"size":1,"income":0}\n' * 2000)

    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)

    assert (done.stdout.count("\n"), done.stderr) == (1, "")


@pytest.mark.parametrize("lang", ["fa", "zh"])
def test_words_come_out_whole_on_a_terminal_that_says_it_knows_ascii_only(pack, lang):
    done = subprocess.run(
        [REDRESS, "explain", pack, '{"size":1}', "--lang", lang],
        env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=True,
    )  # fmt: skip

    assert "\\u" not in done.stdout.decode("utf-8")


LOADED = """
import sys, time
began = time.perf_counter()
from redress.config.command import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
heavy = {"django", "numba", "pyarrow", "numpy", "psycopg"} & set(sys.modules)
assert not heavy, heavy
"""


@pytest.mark.parametrize(
    "arguments",
    [
        *((command, "--help") for command in ("check", "explain", "screen")),
        ("check", "nowhere.yaml"),
        ("explain", "{pack}", "nowhere.json"),
        ("explain", "{pack}", '{"siz": 1}'),
        ("screen", "{pack}", "nowhere.csv", "--out", "o.csv"),
        ("screen", "nowhere.yaml", "{pack}", "--out", "o.csv"),
    ],
)
def test_help_and_refusals_come_before_anything_heavy_is_loaded(pack, arguments):
    said = [one.format(pack=pack) if one == "{pack}" else one for one in arguments]

    done = subprocess.run(
        [sys.executable, "-c", LOADED, *said], capture_output=True, text=True, check=False
    )

    assert "Traceback" not in done.stderr
    assert done.returncode == 0, done.stderr
