"""Numbers in the generated code, with what the proof knows of their sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from redress.engines.rules.facts import DECIMAL_DIGITS_MAX
from redress.engines.rules.nodes import Base

DECIMAL_BY: Final = 10**DECIMAL_DIGITS_MAX
AID_ON_THE_WAY_MAX: Final = 10**11  # minor units; a row granted more is decided by the reference


@dataclass(frozen=True, slots=True)
class Num:
    """A number in the code.

    Attributes:
        n: name of the upper part.
        d: name of the lower part; always above zero.
        size: name, in the proof, of the greatest size of the upper part.
        by: and of the lower.
        even: whether the lower part is the same for every row and member.
        fixed: whether the whole number is.
    """

    n: str
    d: str
    size: str
    by: str
    even: bool = True
    fixed: bool = False


def by(left: str, right: str) -> str:
    """Write a product, without needless ones and noughts."""
    if "0" in {left, right}:
        return "0"
    if left == "1" or right == "1":
        return right if left == "1" else left
    if left.isdigit() and right.isdigit():
        return str(int(left) * int(right))
    return f"({left} * {right})"


def within(read: str, base: Base, *, whole: bool) -> str:
    """Write a fact as it is read, cut to the size that the proof is for.

    So nothing overflows whatever a column holds; a row with something cut is decided by other code.
    """
    if base is Base.MONEY:
        return f"min(max({read}, -most_money), most_money)"
    if base is not Base.NUMBER:
        return read
    most = "most_number" if whole else "most_decimal"
    return f"min(max({read}, -{most}), {most})"
