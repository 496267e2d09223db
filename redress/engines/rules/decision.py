"""What comes out of deciding one case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from redress.engines.rules.evaluate import Frame
from redress.engines.rules.nodes import Node
from redress.engines.rules.pack import Pack

# Why an item is not granted, where the pack itself names no reason.
NOT_MET: Final = "condition_not_met"
NOTHING_DUE: Final = "nothing_due"
NOT_BEST: Final = "another_item_is_higher"
ONE_GIVEN: Final = "another_item_was_given"
STOPPED: Final = "no_longer_in_category"
CAPPED: Final = "cap_used_up"
ABOVE_CEILING: Final = "above_legal_ceiling"


@dataclass(frozen=True, slots=True)
class Undecided:
    """An item that facts not known could still turn; ``needs`` are their bits."""

    needs: int


Share = int | str | Undecided  # minor units granted | why not | not known


@dataclass(slots=True)
class Decision:
    """What relief one case may have, and why.

    Attributes:
        category: id, or None where the pack has none or it is not decided.
        granted: minor units by item; only sums above zero.
        refused: ids of reasons by item.
        reasons: the pack's own exclusions and reasons that hold, in its order.
        needs: absent facts that could change category or sums, most decisive first.
        exit: id of the exit that holds, or None.
        exit_needs: absent facts that the exit waits for.
        derived: values by name; None where not known.
        log: what the allocation did, in short words.
    """

    id: str
    pack: Pack
    on: dt.date
    category: str | None = None
    granted: dict[str, int] = field(default_factory=dict)
    refused: dict[str, tuple[str, ...]] = field(default_factory=dict)
    undecided: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    exit: str | None = None
    exit_needs: tuple[str, ...] = ()
    derived: dict[str, Any] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    steps: list[tuple[Node, Any]] = field(default_factory=list)
    frame: Frame | None = None  # the evaluation before any grant
    funds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    approval: dict[str, str] = field(default_factory=dict)
    priority: tuple[str, ...] = ()

    def outcome(self) -> tuple[Any, ...]:
        """Give what the decision comes to, without how it got there."""
        return (
            *(self.category, tuple(sorted(self.granted.items())), self.reasons, self.needs),
            *(self.exit, self.undecided),
        )

    def total_minor(self) -> int:
        """Add up the money granted."""
        return sum(minor for item, minor in self.granted.items() if item in money_items(self.pack))


def money_items(pack: Pack) -> frozenset[str]:
    """Name the items that are sums of money."""
    return frozenset(item.id for item in pack.items if item.is_money)
