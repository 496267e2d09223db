"""One Arrow column -> the exact values of one fact."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from redress.engines.rules.columns import Array, exact
from redress.engines.rules.facts import (
    DECIMAL_DIGITS_MAX,
    MONEY_MINOR_MAX,
    NUMBER_MAX,
    YEARS,
    in_units,
    range_of,
    read_value,
)
from redress.engines.rules.findings import CaseRefused, RowRefused
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Input
from redress.engines.rules.sizes import DECIMAL_BY

_EPOCH: Final = 719163  # 1970-01-01 as a proleptic ordinal


_LARGE: Final = pa.decimal128(38, 9)
_PLAIN: Final = "^[+-]?[0-9]{1,19}([.][0-9]{1,9})?$"


@dataclass(slots=True)
class FactColumn:
    """A fact's column: whole numbers, where they are absent, and the scale they are written in."""

    values: Array
    absent: Array
    scale: int = 1
    shift: int = 0
    texts: list[Any] | None = None  # of a text or a list: the values themselves


def read_objects(one: Input, column: pa.Array | None, count: int, minor: int) -> FactColumn:
    """Read texts and lists, each different one once."""
    if column is None:
        texts: list[Any] = [one.default] * count
    else:
        memo: dict[Any, Any] = {}
        texts = []
        for row, given in enumerate(column.to_pylist()):
            key = str(given) if isinstance(given, list | dict) else given
            if key not in memo:
                memo[key] = _one_value(one, given, row, minor)
            texts.append(memo[key])
        texts = [one.default if value is None else value for value in texts]
    absent = np.array([value is None for value in texts], np.bool_)
    return FactColumn(np.zeros(0, np.int64), absent, texts=texts)


def _one_value(one: Input, given: Any, row: int, minor: int) -> Any:  # noqa: ANN401 - a fact
    try:
        return read_value(one, given, minor=minor)
    except CaseRefused as refused:
        raise RowRefused(row, refused) from None


def read_numbers(one: Input, column: pa.Array | None, count: int, minor: int) -> FactColumn:
    """Read numbers, sums, days or truth values."""
    if column is None or pa.types.is_null(column.type):
        read = FactColumn(np.zeros(count, np.int64), np.ones(count, np.bool_))
    else:
        read = _by_type(one, column, minor)
        _check_range(one, read, minor)
    if one.default is not None and read.absent.any():
        default = _stored(one, one.default)
        read.values = np.where(read.absent, default, read.values * read.scale + read.shift)
        read.scale, read.shift = 1, 0
        read.absent = np.zeros(len(read.values), np.bool_)
    return read


def _stored(one: Input, value: Any) -> int:  # noqa: ANN401 - a fact
    by = DECIMAL_BY if one.base is Base.NUMBER and not one.whole else 1
    return int(Fraction(value) * by) if not isinstance(value, bool) else int(value)


def _by_type(one: Input, column: pa.Array, minor: int) -> FactColumn:
    types = pa.types
    if types.is_string(column.type) or types.is_large_string(column.type):
        return _from_text(one, column, minor)
    absent = column.is_null().to_numpy(zero_copy_only=False)
    wanted = {Base.BOOL: types.is_boolean, Base.DATE: types.is_date}.get(one.base)
    if one.base is Base.BOOL and types.is_boolean(column.type):
        values = pc.fill_null(column, pa.scalar(value=False)).cast(pa.int8())
        return FactColumn(values.to_numpy(zero_copy_only=False), absent)
    if one.base is Base.DATE and types.is_date(column.type):
        days = pc.fill_null(column.cast(pa.date32()).cast(pa.int32()), 0)
        return FactColumn(days.to_numpy(zero_copy_only=False), absent, 1, _EPOCH)
    if wanted is None and types.is_integer(column.type):
        scale = minor if one.base is Base.MONEY else 1 if one.whole else DECIMAL_BY
        filled = pc.fill_null(column, 0) if column.null_count else column
        values = filled.to_numpy(zero_copy_only=False)
        if values.dtype == np.uint64 and values.max(initial=0) > MONEY_MINOR_MAX:
            return _one_by_one(one, column, minor)
        return FactColumn(
            values if values.dtype in {np.int32, np.int64} else values.astype(np.int64),
            absent,
            scale,
        )
    if wanted is None and (types.is_decimal(column.type) or types.is_floating(column.type)):
        return _from_fraction(one, column, minor)
    return _one_by_one(one, column, minor)


def _from_text(one: Input, column: pa.Array, minor: int) -> FactColumn:
    """Read written numbers: plain ones at once, the rest one by one."""
    stripped = pc.utf8_trim_whitespace(column)
    empty = pc.equal(stripped, "")
    stripped = pc.if_else(empty, pa.scalar(None, stripped.type), stripped)
    if one.base in {Base.MONEY, Base.NUMBER} and _all_plain(stripped):
        return _from_fraction(one, stripped.cast(_LARGE), minor)
    return _one_by_one(one, stripped, minor)


def _all_plain(written: pa.Array) -> bool:
    """Say whether all are digits with at most a point; Arrow breaks down over 1e400."""
    plain = pc.match_substring_regex(written, _PLAIN)
    return bool(pc.all(pc.fill_null(plain, fill_value=True), min_count=0).as_py())


def _digits(one: Input, minor: int) -> int:
    if one.base is Base.MONEY:
        return len(str(minor)) - 1
    return 0 if one.whole else DECIMAL_DIGITS_MAX


def _from_fraction(one: Input, column: pa.Array, minor: int) -> FactColumn:
    """Read decimals exactly; what has too many digits or no room is read, and refused, one by one."""
    if pa.types.is_floating(column.type):
        return _from_float(one, column, minor)
    digits = _digits(one, minor)
    try:
        scaled = column.cast(pa.decimal128(38, max(digits, 0)))
        most = 10 ** (18 - digits)
        if pc.any(
            pc.greater_equal(pc.abs(scaled.cast(_LARGE)), pa.scalar(most).cast(_LARGE))
        ).as_py():
            return _one_by_one(one, column, minor)
    except pa.ArrowInvalid:
        return _one_by_one(one, column, minor)
    absent = column.is_null().to_numpy(zero_copy_only=False)
    words = np.frombuffer(scaled.buffers()[1], np.int64)[2 * scaled.offset :: 2][: len(scaled)]
    return FactColumn(np.where(absent, 0, words), absent)


def _from_float(one: Input, column: pa.Array, minor: int) -> FactColumn:
    """Read floats that stand for a decimal with few digits: the shortest writing is what was meant."""
    absent = column.is_null().to_numpy(zero_copy_only=False)
    numbers = pc.fill_null(column.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
    by = 10 ** _digits(one, minor)
    whole = np.rint(numbers * by)
    if (
        not np.isfinite(whole).all()
        or (np.abs(whole) >= 2.0**52).any()
        or (whole / by != numbers).any()
    ):
        return _one_by_one(one, column, minor)
    return FactColumn(whole.astype(np.int64), absent)


def _one_by_one(one: Input, column: pa.Array, minor: int) -> FactColumn:
    """Read each different value as the reference reads it."""
    memo: dict[Any, int | None] = {}
    if pa.types.is_timestamp(column.type):  # Python knows no billionths of a second
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    values, given_values = np.zeros(len(column), np.int64), column.to_pylist()
    absent = np.zeros(len(column), np.bool_)
    for row, given in enumerate(given_values):
        key = str(given) if isinstance(given, list | dict) else given
        if key not in memo:
            value = _one_value(one, given, row, minor)
            memo[key] = None if value is None else _stored(one, value)
        stored = memo[key]
        absent[row] = stored is None
        values[row] = stored or 0
    return FactColumn(values, absent)


def _check_range(one: Input, read: FactColumn, minor: int) -> None:
    """Refuse the first value outside the input's range.

    Raises:
        RowRefused: names the first such row.
    """
    if one.base is Base.BOOL or not len(read.values):
        return
    by = DECIMAL_BY if one.base is Base.NUMBER and not one.whole else 1
    least, most = _hard_range(one, by)
    low = least if one.low is None else max(least, int(one.low * by))
    high = most if one.high is None else min(most, int(one.high * by))
    low, high = -((read.shift - low) // read.scale), (high - read.shift) // read.scale
    wrong = ~read.absent & ((read.values < low) | (read.values > high))
    if wrong.any():
        row = int(wrong.argmax())
        value = exact(int(read.values[row]) * read.scale + read.shift, one)
        said, better = in_units(value, one, minor), range_of(one, minor)
        raise RowRefused(row, CaseRefused("out_of_range", fact=one.name, said=said, better=better))


def _hard_range(one: Input, by: int) -> tuple[int, int]:
    if one.base is Base.DATE:
        return dt.date(YEARS[0], 1, 1).toordinal(), dt.date(YEARS[1], 12, 31).toordinal()
    most = MONEY_MINOR_MAX if one.base is Base.MONEY else NUMBER_MAX * by
    return -most, most
