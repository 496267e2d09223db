"""The limits by law: what one kind of relief may come to in a year, and how many times that is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from redress.engines.rules.loading import Loader
from redress.engines.rules.nodes import Base, Expression, Scope
from redress.engines.rules.pack import Ceiling, Input, Item
from redress.engines.rules.reading import Mapping, Scalar
from redress.engines.rules.typed import as_money

_KEYS: Final = frozenset({"item", "per", "max", "times", "source", "note", "status"})
_ONCE: Final = ("household", "worker", "case", "year")  # there is one in every case
_SIZE: Final = "household_size"
_PEOPLE: Final = frozenset({"person", "member"})
# Whole numbers that are about a student or a child, but do not count them.
_NO_COUNT: Final = re.compile(r"(^|_)(age|days?|weeks?|months?|years?|points?|since|id|no)(_|$)")


def read_ceilings(
    loader: Loader, raw: Mapping, scope: Scope, inputs: Iterable[Input], items: Iterable[Item]
) -> tuple[Ceiling, ...]:
    """Read the limits by law; one that is per anything but a household is taken so many times."""
    named = frozenset(row.text("id") for row in raw.rows("items"))  # the refused ones too
    in_units = frozenset(item.id for item in items if not item.is_money)
    counts = _Counts(tuple(inputs), raw.text("unit"))
    found = []
    for row in raw.rows("ceilings_by_law"):
        item, where = row.text("item"), f"ceilings_by_law.{row.text('item')}"
        loader.known_keys(row, _KEYS, where)
        if item not in named:
            loader.find("no_such_item", row.line, where, said=item)
            continue
        limit = _limit(loader, counts.told(loader, row, where), scope, where)
        if limit is not None and item in in_units:
            limit = replace(limit, node=as_money(limit.node, loader.minor))
        if limit := loader.of_base(loader.as_money(limit), (Base.MONEY,)):
            found.append(Ceiling(item, limit, row.line, row.text("per"), row.text("source")))
    return tuple(found)


def _limit(loader: Loader, row: Mapping, scope: Scope, where: str) -> Expression | None:
    """Read ``max``, or ``max`` times ``times`` as one expression."""
    once = loader.expression(row, "max", scope, where)
    if once is None or "times" not in row.fields:
        return once
    line = row.lines["times"]
    product = Scalar(f"({row.text('max')}) * ({row.text('times')})", line)
    return loader.expression(
        Mapping(row.line, {"times": product}, {"times": line}), "times", scope, where
    )


class _Counts:
    """Finds how many there are of what a limit is per, where the pack does not say."""

    def __init__(self, inputs: tuple[Input, ...], unit: str) -> None:
        self.inputs, self.unit = inputs, unit

    def told(self, loader: Loader, row: Mapping, where: str) -> Mapping:
        """Give a ceiling with its ``times``; one that cannot be found is a finding."""
        per = row.text("per")
        noun = re.split(r"[-/ _]", per, maxsplit=1)[0]
        if "times" in row.fields or not noun or noun == self.unit or noun.startswith(_ONCE):
            return row
        taken = self._times(noun)
        if not taken:
            loader.find("ceiling_per_what", row.line, where, said=per)
            return row
        loader.warn("ceiling_times_taken", row.line, where, said=per, better=taken)
        return Mapping(
            row.line, {**row.fields, "times": Scalar(taken, row.line)}, {**row.lines, "times": row.line}
        )  # fmt: skip

    def _times(self, noun: str) -> str:
        whole = [one for one in self.inputs if one.whole and not one.of_member]
        if noun in _PEOPLE:
            if any(one.name == _SIZE for one in whole):
                return _SIZE
            return "count(members)" if any(one.of_member for one in self.inputs) else ""
        begins = re.compile(rf"{re.escape(noun)}(s|es|ren)?(_|$)")
        fit = [one.name for one in whole if begins.match(one.name) and not one.unit]
        return " + ".join(name for name in fit if not _NO_COUNT.search(name))
