"""`redress screen PACK CASES --out FILE`: the decision of every row."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from redress.doors.commands.explain_case import day_of, tell_strange_names
from redress.doors.commands.pack_files import (
    BAD_INPUT,
    Unfitting,
    checked_pack,
    complain,
    fault,
    input_of,
)
from redress.engines.rules.findings import Finding, RowRefused
from redress.engines.rules.pack import Pack

if TYPE_CHECKING:
    import pyarrow as pa

    from redress.doors.commands.case_tables import Batch, CaseTable
    from redress.doors.commands.decision_files import Sink
    from redress.engines.rules.screen import Screener

ENDINGS: Final = (".csv", ".jsonl", ".parquet")


def run(chosen: argparse.Namespace, *, compiled: Path) -> int:
    """Decide each row; nothing is written if any row is bad.

    Args:
        chosen: the command line.
        compiled: folder where compiled code is kept between runs.
    """
    try:
        _refuse_early(chosen)
        pack = checked_pack(Path(chosen.pack), chosen.lang)
        fixed = day_of(chosen.on, "--on", chosen.lang) if chosen.on else None
        on = fixed or dt.datetime.now().astimezone().date()
        if sys.stderr.isatty():
            sys.stderr.write(f"{pack.id} {pack.version}, {on.isoformat()} …\n")
        # The compiler and the columns take a second to load: only now, after all that may be refused.
        from redress.doors.commands.case_files import BadTable  # noqa: PLC0415
        from redress.doors.commands.case_tables import CaseTable  # noqa: PLC0415

        members = Path(chosen.members) if chosen.members else None
        table = CaseTable(pack, chosen.cases, members=members, on=on, own_days=fixed is None)
        try:
            with _sink(chosen.out, chosen.lang) as sink:
                screener = _screener(pack, compiled, chosen.lang)
                _screen(screener, table, sink, language=chosen.lang)
        except BadTable as bad:
            where = ": ".join(part for part in (chosen.cases, bad.where) if part)
            complain(where, Finding(bad.code, 0, "", bad.said, bad.better), chosen.lang)
            return BAD_INPUT
    except Unfitting:
        return BAD_INPUT
    return 0


def _refuse_early(chosen: argparse.Namespace) -> None:
    """Refuse files that cannot be, before anything takes time.

    Raises:
        Unfitting: a file is not there, or ends otherwise.
    """
    reads = [(chosen.cases, ENDINGS), (chosen.members or "-", (".csv", ".parquet"))]
    for name, endings in [*reads, (chosen.out, ENDINGS)]:
        ending = Path(name).suffix.lower()
        if name != "-" and ending not in endings:
            better = ", ".join(endings)
            raise Unfitting(fault(name, "unknown_ending", chosen.lang, said=ending, better=better))
    for name, _ in reads[: 2 if chosen.members else 1]:
        if name == "-":
            input_of(chosen.lang)
            continue
        if not Path(name).is_file():
            raise Unfitting(fault(name, "file_not_found", chosen.lang))
        if Path(chosen.out).is_file() and Path(chosen.out).samefile(name):
            raise Unfitting(fault(name, "written_over", chosen.lang))


def _screener(pack: Pack, compiled: Path, language: str) -> Screener:
    from redress.engines.rules.screen import Screener  # noqa: PLC0415

    try:
        return Screener(pack, folder=compiled)
    except OSError as error:
        said = str(error.strerror or error)
        raise Unfitting(fault(str(compiled), "not_writable", language, said=said)) from None


def _screen(screener: Screener, table: CaseTable, sink: Sink, *, language: str) -> None:
    from redress.doors.commands.case_tables import row_refused  # noqa: PLC0415
    from redress.engines.rules.arrow_decisions import decisions_table  # noqa: PLC0415

    waiting: list[Batch] = []

    def columns(batches: Iterable[Batch]) -> Iterator[Any]:
        for batch in batches:
            waiting.append(batch)
            yield batch.columns

    batches = _without_misspellings(screener.pack, table, language)
    try:
        for day, some in groupby(batches, key=lambda batch: batch.on):
            for found in screener.stream(columns(some), on=day):
                batch = waiting.pop(0)
                sink.write(decisions_table(screener.pack, batch.ids, found))
                _show(sink.count)
        sink.finish(_empty(screener.pack))
    except RowRefused as refused:
        raise row_refused(waiting[0], refused) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        said = str(error.strerror or error)
        raise Unfitting(fault(sink.name, "not_writable", language, said=said)) from None
    _show(sink.count, end="\n")


def _without_misspellings(pack: Pack, table: CaseTable, language: str) -> Iterator[Batch]:
    """Tell each name that the pack does not ask for once.

    Raises:
        Unfitting: one looks like a misspelling.
    """
    told: set[str] = set()
    for batch in table.batches():
        strange = sorted(set(batch.strange) - told)
        told.update(strange)
        if tell_strange_names(pack, strange, table.path, language):
            raise Unfitting
        yield batch


def _empty(pack: Pack) -> pa.RecordBatch:
    from redress.engines.rules.arrow_decisions import no_decisions  # noqa: PLC0415

    return no_decisions(pack)


def _show(count: int, end: str = "") -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{count:,}{end}")


@contextmanager
def _sink(out: str, language: str) -> Iterator[Sink]:
    from redress.doors.commands.decision_files import Sink, ended_with  # noqa: PLC0415

    with ended_with() as hold:
        try:
            sink = hold(Sink, out)
        except OSError as error:
            said = str(error.strerror)
            raise Unfitting(fault(out, "not_writable", language, said=said)) from None
        yield sink
