"""Runs of characters of texts, counted by hashing: no dictionary, so a new text needs no second look.

Persian and Chinese mark words poorly or not at all; runs of one to four characters stand for words,
stems and spellings alike, in every script.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from redress.values.text import normal_form

Array = npt.NDArray[Any]
BITS: Final = 18
WIDTH: Final = 1 << BITS
CHARS_MAX: Final = 4_000  # a longer text is read by its beginning
LONGEST: Final = 4
_BETWEEN: Final = "\x00"  # stands between two texts; the normal form has none
_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)
_SHIFT: Final = np.uint64(64 - BITS)
# A Chinese character is about a word, any other alone is noise.
_HAN_FROM: Final = 0x3400
_TEXTS_AT_ONCE: Final = 4_096


def counted(texts: Sequence[str]) -> sparse.csr_array:
    """Count the runs of characters of texts, damped: one row a text, ``WIDTH`` columns, float32."""
    parts = [
        _counted(texts[first : first + _TEXTS_AT_ONCE])
        for first in range(0, len(texts), _TEXTS_AT_ONCE)
    ]
    return sparse.csr_array(sparse.vstack(parts)) if parts else sparse.csr_array((0, WIDTH))


def _counted(texts: Sequence[str]) -> sparse.csr_array:
    read = [normal_form(text[:CHARS_MAX]) for text in texts]
    plain = [f" {words} " if words else "" for words in read]
    joined = _BETWEEN + _BETWEEN.join(plain) + _BETWEEN
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    ends = codes == 0
    row = (np.cumsum(ends) - 1).astype(np.int64)
    # How many characters remain to the end of the text a place is in.
    places = np.flatnonzero(ends)
    left = places[np.minimum(np.searchsorted(places, np.arange(len(codes))), len(places) - 1)]
    left = left - np.arange(len(codes))
    rows, columns = [], []
    hashed = np.zeros(len(codes), np.uint64)
    for length in range(1, LONGEST + 1):
        # The hash of a longer run goes on from the shorter one's.
        ahead = np.zeros(len(codes), np.uint64)
        ahead[: max(len(codes) - length + 1, 0)] = codes[length - 1 :]
        hashed = (hashed ^ ahead) * _PRIME
        hashed ^= hashed >> np.uint64(29)
        whole = (left >= length) & ~ends
        if length == 1:
            whole &= codes >= _HAN_FROM
        rows.append(row[whole])
        columns.append(((hashed[whole] * _PRIME) >> _SHIFT).astype(np.int64))
    keys, many = np.unique(
        np.concatenate(rows) * WIDTH + np.concatenate(columns), return_counts=True
    )
    damped = (1 + np.log(many)).astype(np.float32)
    starts = np.searchsorted(keys, np.arange(len(texts) + 1) * WIDTH)
    return sparse.csr_array(
        (damped, (keys % WIDTH).astype(np.int32), starts.astype(np.int32)),
        shape=(len(texts), WIDTH),
    )


def rarity(counts: sparse.csr_array) -> Array:
    """Say how rare each run is among some texts: the weight by which it counts."""
    having = np.bincount(counts.indices, minlength=WIDTH)
    weights: Array = np.log((1 + counts.shape[0]) / (1 + having)).astype(np.float32) + 1
    return weights


def weighed(counts: sparse.csr_array, weights: Array) -> sparse.csr_array:
    """Weigh runs by their rarity and bring each row to length one."""
    data = counts.data * weights[counts.indices]
    squares = np.add.reduceat(np.append(data * data, 0), counts.indptr[:-1].clip(max=len(data)))
    squares = np.where(np.diff(counts.indptr) > 0, squares, 1)
    data = data / np.repeat(np.sqrt(squares), np.diff(counts.indptr))
    return sparse.csr_array((data, counts.indices, counts.indptr), shape=counts.shape)
