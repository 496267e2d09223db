import datetime as dt
import json

import openpyxl
import pytest

from redress.formats import tables
from redress.formats.tables import UnreadableTable, read_table


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def cells(path):
    return [row.cells for row in read_table(path)]


def reason(path):
    with pytest.raises(UnreadableTable) as caught:
        list(read_table(path))
    return caught.value.reason, caught.value.row


def sheet(tmp_path, rows, *, merge=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    path = tmp_path / "list.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_whichever_separator_the_spreadsheet_wrote(tmp_path, separator):
    path = write(tmp_path / "a.csv", f"text{separator}county\nحقوق{separator}nk\n", "utf-8-sig")

    assert cells(path) == [{"text": "حقوق", "county": "nk"}]


def test_a_quoted_cell_keeps_its_lines_and_separators(tmp_path):
    path = write(tmp_path / "a.csv", 'text,county\n"one, two\nthree",nk\n')

    assert cells(path) == [{"text": "one, two\nthree", "county": "nk"}]


def test_empty_rows_are_passed_over_and_numbers_stay_those_of_the_file(tmp_path):
    path = write(tmp_path / "a.csv", "text\n\none\n,\n".replace(",\n", "\n") + "two\n")

    assert [row.number for row in read_table(path)] == [3, 5]


def test_a_spreadsheet_is_read_with_its_numbers_and_days_as_text(tmp_path):
    path = sheet(tmp_path, [["text", "workers_count", "heard_on"], ["a", 12, dt.date(2025, 3, 21)]])

    assert cells(path) == [{"text": "a", "workers_count": "12", "heard_on": "2025-03-21"}]


def test_merged_cells_are_refused_and_named(tmp_path):
    path = sheet(tmp_path, [["text", "county"], ["a", "nk"], ["b", None]], merge="B2:B3")

    assert reason(path) == ("merged_cells", 2)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", b"x", ("unknown_ending", None)),
        ("a.csv", b"", ("no_header", 1)),
        ("a.csv", b"text,text\na,b\n", ("column_twice", 1)),
        ("a.csv", b"text\na,b\n", ("bad_csv", 2)),
        ("a.csv", b'text\n"never closed', ("bad_csv", None)),
        ("a.csv", "متن\n".encode("cp1256"), ("not_utf8", None)),
        ("a.jsonl", b'{"text": "a"}\n[1]\n', ("bad_json", 2)),
        ("a.jsonl", b"{oops\n", ("bad_json", 1)),
        ("a.jsonl", b"[" * 100_000, ("bad_json", 1)),
        ("a.xlsx", b"not a zip", ("bad_xlsx", None)),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason_and_row(tmp_path, name, content, expected):
    path = tmp_path / name
    path.write_bytes(content)

    assert reason(path) == expected


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert reason(tmp_path / "none.csv") == ("not_found", None)


def test_a_spreadsheet_that_unpacks_too_far_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "UNPACKED_BYTES_MAX", 100)

    assert reason(sheet(tmp_path, [["text"], ["a"]])) == ("too_large", None)


def test_a_cell_of_ten_megabytes_is_refused(tmp_path):
    path = write(tmp_path / "a.jsonl", json.dumps({"text": "x" * 10_000_000}))

    assert reason(path)[0] == "bad_json"  # a line is cut at four


def test_more_rows_than_the_limit_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "ROWS_MAX", 2)

    assert reason(write(tmp_path / "a.csv", "text\na\nb\nc\n")) == ("too_many_rows", 4)
