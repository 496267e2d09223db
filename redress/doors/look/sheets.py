"""Cells of sheets that people open in a spreadsheet."""

from __future__ import annotations

import unicodedata
from typing import Final

BOM: Final = "\ufeff"  # so that a spreadsheet reads UTF-8
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_LOOKED_AT: Final = 50


def guarded(cell: str) -> str:
    """Put a quote before what a spreadsheet would work out instead of showing it."""
    # Wide signs of a Chinese keyboard become plain ones.
    plain = unicodedata.normalize("NFKC", cell[:_LOOKED_AT]).lstrip(" ")
    return f"'{cell}" if plain.startswith(_FORMULA) else cell
