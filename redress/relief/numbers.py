"""The numbers of a scheme: as they are on a day, and as somebody tries them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from redress.engines.rules.facts import read_value
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.pack import DatedValue, Input, Pack
from redress.engines.rules.sentences import named, tell_finding, written
from redress.relief.schemes import Scheme


class NotAValue(ValueError):
    """A value that the number cannot take; names the number, and says why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name, self.why = name, why


@dataclass(frozen=True, slots=True)
class ChangeableNumber:
    """A number of a scheme: as it is, and as it is tried."""

    name: str
    label: str
    unit: str
    now: str
    plain: str
    tried: str
    note: str


def changeable_numbers(
    scheme: Scheme, tried: dict[str, str], *, on: dt.date, language: str
) -> list[ChangeableNumber]:
    """List a scheme's numbers with the values of a day."""
    found = []
    for one in scheme.pack.parameters:
        held = one.on(on)
        value = held.value if held else Fraction(0)
        shown = written(value, one.base, scheme.pack, language) if held else "–"
        plain = written(value, one.base, scheme.pack, "en").replace(",", "") if held else ""
        label = named(one.label, one.name, language)
        found.append(
            ChangeableNumber(
                one.name,
                label,
                one.unit,
                shown,
                plain,
                tried.get(one.name, ""),
                held.note if held else "",
            )
        )
    return found


def with_values(pack: Pack, tried: dict[str, str], *, language: str) -> Pack:
    """Give a scheme with other values for some of its numbers, on every day.

    Raises:
        NotAValue: a value is not a number from zero up, or has too many digits.
    """
    parameters = []
    for one in pack.parameters:
        said = tried.get(one.name, "").strip()
        if not said:
            parameters.append(one)
            continue
        asked = Input(one.name, one.base, one.line, low=0)
        try:
            value = read_value(asked, said, minor=10**pack.minor_digits)
        except CaseRefused as refused:
            raise NotAValue(one.name, tell_finding(refused, language)) from None
        parameters.append(replace(one, values=(DatedValue(dt.date.min, value, "tried"),)))
    return replace(pack, parameters=tuple(parameters))
