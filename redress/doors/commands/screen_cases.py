"""`redress screen PACK CASES --out FILE`: the decision of every row."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redress.doors.commands.explain_case import day_of, tell_strange_names
from redress.doors.commands.pack_files import BAD_INPUT, Unfitting, checked_pack, complain, fault
from redress.engines.rules.findings import Finding, RowRefused
from redress.engines.rules.pack import Pack

if TYPE_CHECKING:
    import pyarrow as pa

    from redress.doors.commands.case_tables import CaseTable
    from redress.doors.commands.decision_files import Sink
    from redress.engines.rules.screen import Screener


def run(chosen: argparse.Namespace, *, compiled: Path) -> int:
    """Decide each row; nothing is written if any row is bad.

    Args:
        chosen: the command line.
        compiled: folder where compiled code is kept between runs.
    """
    try:
        pack = checked_pack(Path(chosen.pack), chosen.lang)
        on = (
            day_of(chosen.on, "--on", chosen.lang)
            if chosen.on
            else dt.datetime.now().astimezone().date()
        )
        if sys.stderr.isatty():
            sys.stderr.write(f"{pack.id} {pack.version}, {on.isoformat()} …\n")
        # The compiler and the columns take a second to load: only now, after all that may be refused.
        from redress.doors.commands.case_tables import BadTable, CaseTable  # noqa: PLC0415
        from redress.engines.rules.screen import Screener  # noqa: PLC0415

        members = Path(chosen.members) if chosen.members else None
        table = CaseTable(pack, chosen.cases, members=members)
        try:
            with _sink(chosen.out, chosen.lang) as sink:
                _screen(Screener(pack, folder=compiled), table, sink, on=on, language=chosen.lang)
        except BadTable as bad:
            where = ": ".join(part for part in (chosen.cases, bad.where) if part)
            complain(where, Finding(bad.code, 0, "", bad.said, bad.better), chosen.lang)
            return BAD_INPUT
    except Unfitting:
        return BAD_INPUT
    return 0


def _screen(
    screener: Screener, table: CaseTable, sink: Sink, *, on: dt.date, language: str
) -> None:
    from redress.doors.commands.case_tables import row_refused  # noqa: PLC0415
    from redress.engines.rules.arrow_decisions import decisions_table  # noqa: PLC0415

    waiting: list[Any] = []

    def columns() -> Iterator[Any]:
        for batch in table.batches():
            if not waiting and not sink.count:
                where = table.path
                if tell_strange_names(screener.pack, sorted(table.names), where, language):
                    raise Unfitting
            waiting.append(batch)
            yield batch.columns

    try:
        for found in screener.stream(columns(), on=on):
            batch = waiting.pop(0)
            sink.write(decisions_table(screener.pack, batch.ids, found))
            _show(sink.count)
    except RowRefused as refused:
        raise row_refused(waiting[0], refused) from None
    sink.finish(_empty(screener.pack))
    _show(sink.count, end="\n")


def _empty(pack: Pack) -> pa.RecordBatch:
    from redress.engines.rules.arrow_decisions import no_decisions  # noqa: PLC0415

    return no_decisions(pack)


def _show(count: int, end: str = "") -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{count:,}{end}")


@contextmanager
def _sink(out: str, language: str) -> Iterator[Sink]:
    from redress.doors.commands.decision_files import ENDINGS, Sink  # noqa: PLC0415

    if out != "-" and Path(out).suffix.lower() not in ENDINGS:
        better = ", ".join(ENDINGS)
        raise Unfitting(
            fault(out, "unknown_ending", language, said=Path(out).suffix, better=better)
        )
    try:
        sink = Sink(out)
    except OSError as error:
        raise Unfitting(fault(out, "not_writable", language, said=str(error.strerror))) from None
    try:
        yield sink
    finally:
        sink.close()
