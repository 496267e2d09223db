"""The checked tree of an expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

Number = int | Fraction


class Base(StrEnum):
    """The type of a value."""

    NUMBER = "number"
    MONEY = "money"  # in minor units
    BOOL = "bool"
    DATE = "date"  # as a day number (proleptic ordinal)
    TEXT = "text"  # in normal form
    CATEGORY = "category"
    LIST = "list"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One step of an expression.

    Attributes:
        op: what is done; see ``evaluate.py``, which has one function for each.
        base: type of the result.
        args: the steps it is done to.
        value: of a leaf: a number, a text, or the place of a fact or parameter.
        text: the words of the pack that it was read from.
        unit: ``day``, ``week``, ``month`` or ``year`` where the number counts those.
        of: type of the elements, for a list.
        bare: made of written numbers only, so it may stand for money as well.
    """

    op: str
    base: Base
    args: tuple[Node, ...] = ()
    value: Number | str | bool | tuple[str, ...] | None = None
    text: str = ""
    unit: str | None = None
    of: Base | None = None
    bare: bool = False

    def walk(self) -> Iterator[Node]:
        """Yield this step and all below it, parents first."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack += reversed(node.args)


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A checked expression of a pack, with its place there."""

    node: Node
    where: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for in an expression."""

    op: str
    base: Base
    place: int = 0
    unit: str | None = None
    of: Base | None = None
    values: tuple[str, ...] = ()


@dataclass(slots=True)
class Scope:
    """The names an expression may use.

    Attributes:
        names: by their spelling.
        members: names known only inside ``sum(members, ...)`` and its kin.
        categories: ids, in order; empty where the category is not known yet.
        tables: column names by table.
        minor: minor units in one unit of the pack's currency.
        elsewhere: names that exist in the pack but not here, for a better message.
    """

    names: dict[str, Name]
    members: dict[str, Name] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    tables: dict[str, tuple[str, ...]] = field(default_factory=dict)
    minor: int = 100
    elsewhere: frozenset[str] = frozenset()
