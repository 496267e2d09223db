"""The real command line on made files: `explain --json` and `screen` beside one another."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from redress.config.command import main

FIELDS = ("id", "category", "granted", "reasons", "needs", "exit")


def run(*arguments: object, stdin: bytes = b"") -> tuple[int, str, str]:
    """Run one command; give how it ended, and what it wrote on standard output and error."""
    out, err = io.StringIO(), io.StringIO()
    entered, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin))
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main([str(one) for one in arguments])
            except SystemExit as ended:  # argparse
                code = int(ended.code or 0)
    finally:
        sys.stdin = entered
    assert "Traceback" not in err.getvalue()
    return code, out.getvalue(), err.getvalue()


def explained(pack: Path, cases: Path, *more: str) -> list[dict[str, Any]] | str:
    """Explain cases; give what `screen` would say of each too, or why they are refused."""
    code, out, err = run("explain", pack, cases, "--json", *more)
    if code:
        assert (code, out) == (2, "")
        assert err.strip()
        return err
    return [{name: one[name] for name in FIELDS} for one in map(json.loads, out.splitlines())]


def screened(
    pack: Path, cases: Path, *more: str, ending: str = ".jsonl"
) -> list[dict[str, Any]] | str:
    """Screen cases into a file; give its rows as `explained` does, or why they are refused."""
    folder = cases.parent / "out"
    folder.mkdir(exist_ok=True)
    for one in folder.iterdir():
        one.unlink()
    out = folder / f"decisions{ending}"
    code, said, err = run("screen", pack, cases, "--out", out, *more)
    assert said == ""
    if code:
        assert code == 2
        assert err.strip()
        assert list(folder.iterdir()) == []  # nothing half written
        return err
    assert list(folder.iterdir()) == [out]
    return [_row(one) for one in read_back(out)]


def read_back(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    with path.open(newline="") as file:
        return [
            {name: _read_cell(name, value) for name, value in row.items()}
            for row in csv.DictReader(file)
        ]


def _read_cell(name: str, value: str) -> Any:
    if name in {"reasons", "needs"}:
        return value.split(";") if value else []
    return value if name == "id" else value or None


def _row(row: dict[str, Any]) -> dict[str, Any]:
    granted = {
        name.removeprefix("granted_"): str(value)
        for name, value in row.items()
        if name.startswith("granted_") and float(value)
    }
    return {name: granted if name == "granted" else row[name] for name in FIELDS}


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    lines = [json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def write_csv(path: Path, rows: list[dict[str, Any]], **dialect: Any) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, **dialect)
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return path


def _cell(value: Any) -> Any:
    return json.dumps(value, default=str) if isinstance(value, dict | list | bool) else value


def write_parquet(path: Path, rows: list[dict[str, Any]], **types: pa.DataType) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: pa.array([row.get(name) for row in rows], types.get(name)) for name in names}
    pq.write_table(pa.table(columns), path)
    return path
