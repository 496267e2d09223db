"""Tables from outside: CSV, JSONL and XLSX as rows of text by column name, with limits."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

FILE_BYTES_MAX: Final = 512 * 1024 * 1024
UNPACKED_BYTES_MAX: Final = (
    200 * 1024 * 1024
)  # a cell of a spreadsheet takes some fifty times its bytes
ROWS_MAX: Final = 2_000_000
COLUMNS_MAX: Final = 200
CELL_CHARS_MAX: Final = 100_000
# A spreadsheet that holds these as numbers has lost their leading zeros and last digits.
TEXT_COLUMNS: Final = frozenset({"national_id", "phone", "contact"})
LINE_BYTES_MAX: Final = 4 * 1024 * 1024
T = TypeVar("T")


class UnreadableTable(ValueError):
    """The file cannot be read as a table.

    Attributes:
        reason: a code: ``not_found``, ``unknown_ending``, ``too_large``, ``not_utf8``, ``no_header``,
            ``column_twice``, ``too_many_columns``, ``too_many_rows``, ``bad_json``, ``bad_xlsx``,
            ``merged_cells``, ``bad_csv``.
        row: where, counting the header as row 1; None for the whole file.
        said: what was found there.
        path: the file; filled in by ``read_table``.
    """

    def __init__(self, reason: str, *, row: int | None = None, said: str = "") -> None:
        super().__init__(reason)
        self.reason, self.row, self.said = reason, row, said
        self.path: Path | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number in the file (the header is row 1) and its cells by column name."""

    number: int
    cells: dict[str, str]


def read_table(path: Path) -> Iterator[TableRow]:
    """Read a table by its ending: ``.csv``, ``.jsonl``, ``.xlsx``.

    Empty rows are passed over. Cells are text as written, with the spaces around them taken off;
    nothing is guessed from them.

    Raises:
        UnreadableTable: says what, in which row; may be raised while rows are being read.
    """
    try:
        yield from _at_most(_reader(path)(path), ROWS_MAX)
    except UnreadableTable as unreadable:
        unreadable.path = path
        raise


def _at_most(rows: Iterator[TableRow], count_max: int) -> Iterator[TableRow]:
    for count, row in enumerate(rows, start=1):
        if count > count_max:
            raise UnreadableTable("too_many_rows", row=row.number)
        yield row


def _reader(path: Path) -> Callable[[Path], Iterator[TableRow]]:
    readers = {".csv": _read_csv, ".jsonl": _read_jsonl, ".xlsx": _read_xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableTable("unknown_ending", said=path.suffix)
    if not path.is_file():
        raise UnreadableTable("not_found", said=str(path))
    if path.stat().st_size > FILE_BYTES_MAX:
        raise UnreadableTable("too_large")
    return reader


def _read_csv(path: Path) -> Iterator[TableRow]:
    csv.field_size_limit(CELL_CHARS_MAX)
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            sample = file.readline()
            file.seek(0)
            separator = max(",;\t", key=sample.count)
            reader = csv.reader(file, delimiter=separator, strict=True)
            header = _header(next(reader, []))
            for cells in reader:
                yield from _row(reader.line_num, header, cells)
        except UnicodeDecodeError as error:
            raise UnreadableTable("not_utf8", said=str(error.start)) from None
        except csv.Error as error:
            raise UnreadableTable("bad_csv", said=str(error)) from None


def _read_jsonl(path: Path) -> Iterator[TableRow]:
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LINE_BYTES_MAX), b""), start=1):
            if not line.strip():
                continue
            yield TableRow(number, _json_cells(line, number))


def _json_cells(line: bytes, number: int) -> dict[str, str]:
    try:
        found = json.loads(line)
        json.dumps(found, ensure_ascii=False).encode()  # half a character (a surrogate) is no text
    except (ValueError, RecursionError):
        raise UnreadableTable("bad_json", row=number) from None
    if not isinstance(found, dict) or len(found) > COLUMNS_MAX:
        raise UnreadableTable("bad_json", row=number)
    return {str(name): _text(value).strip() for name, value in found.items()}


_SHEET_FAULTS: Final = (InvalidFileException, ParseError, KeyError, ValueError, TypeError, OSError)


def _read_xlsx(path: Path) -> Iterator[TableRow]:
    _refuse_bomb(path)
    try:
        # Not read-only: only then does openpyxl tell merged cells, which would lose what they hold.
        book = openpyxl.load_workbook(path, data_only=True)
    except (*_SHEET_FAULTS, zipfile.BadZipFile) as error:
        raise UnreadableTable("bad_xlsx", said=str(error)) from None
    sheet = book.worksheets[0]
    if sheet.merged_cells.ranges:
        first = min(sheet.merged_cells.ranges, key=lambda area: area.min_row)
        raise UnreadableTable("merged_cells", row=first.min_row, said=first.coord)
    rows = sheet.iter_rows(values_only=True)
    header = _header([_text(value) for value in next(rows, ())])
    for number, values in enumerate(rows, start=2):
        _refuse_numbers_for_text(number, header, values)
        yield from _row(number, header, [_text(value) for value in values])


def _refuse_numbers_for_text(number: int, header: list[str], values: tuple[Any, ...]) -> None:
    for name, value in zip(header, values, strict=False):
        if name in TEXT_COLUMNS and isinstance(value, (int, float)):
            raise UnreadableTable("number_for_text", row=number, said=name)


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile:
        raise UnreadableTable("bad_xlsx", said="not an .xlsx file") from None
    if unpacked > UNPACKED_BYTES_MAX:
        raise UnreadableTable("too_large")


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not any(names):
        raise UnreadableTable("no_header", row=1)
    if len(names) > COLUMNS_MAX:
        raise UnreadableTable("too_many_columns", row=1)
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise UnreadableTable("column_twice", row=1, said=min(twice))
    return names


def _row(number: int, header: list[str], cells: list[str]) -> Iterator[TableRow]:
    stripped = [cell.strip() for cell in cells]
    if not any(stripped):
        return
    if any(stripped[len(header) :]):
        raise UnreadableTable("bad_csv", row=number, said="more cells than the header has")
    if any(len(cell) > CELL_CHARS_MAX for cell in stripped):
        raise UnreadableTable("too_large", row=number)
    yield TableRow(
        number, {name: cell for name, cell in zip(header, stripped, strict=False) if name}
    )


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a cell or JSON holds
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text.removesuffix("T00:00:00")


def in_batches(rows: Iterable[T], *, size: int) -> Iterator[list[T]]:
    """Cut rows into lists of some size; the last may be shorter."""
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        yield batch


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as JSONL: beside the target first, then renamed over it."""
    buffer = io.StringIO()
    for row in rows:
        buffer.write(json.dumps(row, ensure_ascii=False) + "\n")
    beside = path.with_name(path.name + ".new")
    beside.touch(mode=0o600)  # it may hold what people gave
    beside.write_text(buffer.getvalue(), encoding="utf-8")
    beside.replace(path)
