"""Decisions of many rows -> Arrow, with the columns of the contract."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from redress.engines.rules.columns import Array
from redress.engines.rules.pack import Pack
from redress.engines.rules.screen import Screened


def decisions_table(pack: Pack, ids: pa.Array, found: Screened) -> pa.RecordBatch:
    """Write decisions as the rows of the contract."""
    count = found.count
    names = [one.id for one in pack.categories]
    exits = [one.id for one in pack.exits]
    reasons = [one.id for one in (*pack.exclusions, *pack.reasons)]
    columns: dict[str, pa.Array] = {"id": ids, "category": _named(found.category, names)}
    for at, item in enumerate(pack.items):
        columns[f"granted_{item.id}"] = sums(found.granted[at], pack)
    columns["reasons"] = _bit_lists(found.reasons, reasons, count)
    lists = pa.array([list(one) for one in found.needs_lists], pa.list_(pa.string()))
    columns["needs"] = lists.take(pa.array(found.needs))
    columns["exit"] = _named(found.exit, exits)
    return pa.RecordBatch.from_arrays([*columns.values()], names=[*columns])


def _named(places: Array, names: list[str]) -> pa.Array:
    indices = pa.array(places.astype(np.int32), mask=places < 0)
    return (
        pa.array(names, pa.string()).take(indices) if names else pa.nulls(len(places), pa.string())
    )


def sums(minor: Array, pack: Pack) -> pa.Array:
    """Write minor units as decimals with exactly the digits of the pack's step."""
    digits = pack.step_digits
    by = 10 ** (pack.minor_digits - digits)
    words = np.empty((len(minor), 2), np.int64)
    words[:, 0] = minor // by
    words[:, 1] = -(words[:, 0] < 0).astype(np.int64)
    return pa.Array.from_buffers(pa.decimal128(18, digits), len(minor), [None, pa.py_buffer(words)])


def _bit_lists(bits: Array, names: list[str], count: int) -> pa.Array:
    patterns, which = np.unique(bits, return_inverse=True)
    lists = [[name for at, name in enumerate(names) if one >> at & 1] for one in patterns.tolist()]
    if not count:
        return pa.array([], pa.list_(pa.string()))
    return pa.array(lists, pa.list_(pa.string())).take(pa.array(which.ravel()))


def no_decisions(pack: Pack) -> pa.RecordBatch:
    """Give the columns of decisions without a row."""
    items = len(pack.items)
    none = Screened(
        0, np.zeros(0, np.int8), np.zeros((items, 0), np.int64), np.zeros(0, np.int64),
        np.zeros(0, np.int8), np.zeros(0, np.int32), [()],
    )  # fmt: skip
    return decisions_table(pack, pa.array([], pa.string()), none)
