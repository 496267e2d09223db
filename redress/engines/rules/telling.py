"""A decision as JSON: sums as decimal strings, numbers exact where they can be written so."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.decision import Decision
from redress.engines.rules.known import Maybe, Unknown, UnknownList, UnknownText
from redress.engines.rules.nodes import Base, Node, Number
from redress.engines.rules.pack import Pack
from redress.engines.rules.steps import to_step

_LONGEST: Final = 12  # digits after the point of a number that ends


def sum_text(minor: Number, pack: Pack) -> str:
    """Write a sum in units of currency, with exactly the digits of the pack's step; half up."""
    steps = to_step(
        Fraction(minor) * Fraction(1, 10**pack.minor_digits), Fraction(1, 10**pack.step_digits), 1
    )
    whole = int(steps * 10**pack.step_digits)
    return str(Decimal(whole).scaleb(-pack.step_digits)) if pack.step_digits else str(whole)


def number_text(value: Number) -> str:
    """Write a number: as it is where its digits end, otherwise to six digits, half up."""
    fraction = Fraction(value)
    if fraction.denominator == 1:
        return str(fraction.numerator)
    scaled = fraction * 10**_LONGEST
    digits = _LONGEST if scaled.denominator == 1 else 6
    whole = int(to_step(fraction * 10**digits, 1, 1))
    written = f"{Decimal(whole).scaleb(-digits):f}"
    return written.rstrip("0") if digits == _LONGEST else written


def value_json(value: Any, base: Base, pack: Pack) -> Any:  # noqa: ANN401 - any kind of value
    """Write a value of the evaluator; what is not known is null."""
    if value is None or isinstance(value, Unknown | Maybe | UnknownText | UnknownList):
        return None
    if isinstance(value, bool | str):
        return value
    if isinstance(value, tuple):
        return [value_json(one, Base.MONEY, pack) for one in value]
    if base is Base.DATE:
        return dt.date.fromordinal(int(value)).isoformat()
    return sum_text(value, pack) if base is Base.MONEY else number_text(value)


def as_json(decision: Decision) -> dict[str, Any]:
    """Give a decision without its trace; field names are the contract's."""
    pack = decision.pack
    bases = {rule.id: rule.when.node.base for rule in pack.derived}
    return {
        "id": decision.id,
        "pack": pack.id,
        "version": pack.version,
        "on": decision.on.isoformat(),
        "category": decision.category,
        "granted": {item: sum_text(minor, pack) for item, minor in decision.granted.items()},
        "refused": {item: list(why) for item, why in decision.refused.items()},
        "undecided": list(decision.undecided),
        "reasons": list(decision.reasons),
        "needs": list(decision.needs),
        "exit": decision.exit,
        "exit_needs": list(decision.exit_needs),
        "derived": {
            name: value_json(value, bases[name], pack) for name, value in decision.derived.items()
        },
        "funds": {item: list(funds) for item, funds in decision.funds.items()},
        "approval": dict(decision.approval),
        "priority": list(decision.priority),
        "log": list(decision.log),
    }


def trace_json(decision: Decision) -> list[dict[str, Any]]:
    """Give every step in the order it was taken: its words in the pack, and what came out.

    A value not known is null, and ``between`` gives its bounds.
    """
    return [_step(node, value, decision.pack) for node, value in decision.steps]


def _step(node: Node, value: Any, pack: Pack) -> dict[str, Any]:  # noqa: ANN401 - any kind of value
    told: dict[str, Any] = {"step": node.text, "value": value_json(value, node.base, pack)}
    if isinstance(value, Unknown):
        told["between"] = [str(value.low), str(value.high)]
    return told
