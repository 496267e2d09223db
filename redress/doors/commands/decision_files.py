"""Rows into a file: written beside, then renamed; or as JSONL to standard output."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Never

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet


class Sink:
    """Takes batches of decisions; the file appears whole or not at all.

    Raises:
        OSError: nothing can be written there.
    """

    def __init__(self, out: str) -> None:
        self.count, self.name = 0, out
        self._target = None if out == "-" else Path(out)
        self._kind = ".jsonl" if self._target is None else self._target.suffix.lower()
        self._writer: Any = None  # pyarrow's writers share no base
        self._held: list[str] = []
        self._done = False
        if self._target is not None:
            if self._target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            # Of this run alone, and for nobody else to read: it tells who is in difficulty.
            number, beside = tempfile.mkstemp(
                prefix=f".{self._target.name}.", suffix=".new", dir=self._target.parent
            )
            os.close(number)
            self._beside = Path(beside)
            if self._kind == ".jsonl":
                self._writer = self._beside.open("w", encoding="utf-8")

    def write(self, batch: pa.RecordBatch) -> None:
        """Take a batch."""
        self.count += batch.num_rows
        if self._kind == ".jsonl":
            lines = [
                json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in batch.to_pylist()
            ]
            if self._writer is None:
                self._held += lines
            else:
                self._writer.writelines(lines)
            return
        flat = _flat(batch) if self._kind == ".csv" else batch
        if self._writer is None:
            kind = pyarrow.csv.CSVWriter if self._kind == ".csv" else pyarrow.parquet.ParquetWriter
            self._writer = kind(self._beside, flat.schema)
        self._writer.write_batch(flat)

    def finish(self, empty: pa.RecordBatch) -> None:
        """Make the file appear; ``empty`` gives its columns if there was no row."""
        if self._writer is None and self._target is not None:
            self.write(empty)
        if self._writer is not None:
            self._writer.close()
        if self._target is None:
            sys.stdout.writelines(self._held)
        else:
            self._beside.replace(self._target)
        self._done = True

    def close(self) -> None:
        """Leave nothing behind if the work did not end well."""
        if self._done or self._target is None:
            return
        if self._writer is not None:
            self._writer.close()
        self._beside.unlink(missing_ok=True)


@contextmanager
def ended_with() -> Iterator[Callable[..., Sink]]:
    """Open a sink that leaves nothing half written, however the work ends; give what opens it.

    Told to end, the process does so at once: an exception might be caught further down. What asks it
    to waits while the file is being made, or it would find a file that nobody knows of yet.
    """
    held: list[Sink] = []

    def end(number: int, _frame: object) -> Never:
        for sink in held:
            sink.close()
        os._exit(128 + number)

    def hold(make: Callable[[str], Sink], out: str) -> Sink:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        try:
            held.append(make(out))
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        return held[-1]

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield hold
    finally:
        signal.signal(signal.SIGTERM, before)
        for sink in held:
            sink.close()


def _flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Write lists as texts: parted by semicolons, or what has parts itself as JSON."""
    columns = [_flat_column(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _flat_column(column: pa.Array) -> pa.Array:
    if not pa.types.is_list(column.type):
        return column
    if pa.types.is_struct(column.type.value_type):
        return pa.array(
            [json.dumps(row, ensure_ascii=False) for row in column.to_pylist()], pa.string()
        )
    return pc.binary_join(column, ";")
