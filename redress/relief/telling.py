"""Tell a decision on a page: in sentences of the reader's language, with what to do next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.decision import Decision
from redress.engines.rules.facts import read_value
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Input, Item, Pack
from redress.engines.rules.sentences import Speaker, named, tell_finding, written
from redress.relief.schemes import Scheme
from redress.values.money import MINOR_DIGITS, Money

STEPS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class ToldItem:
    """What became of one kind of relief.

    Attributes:
        money: the sum granted, if it is money that is granted.
        sum: what is granted, in words; empty if nothing is.
        why: why it is not granted; empty where it is, or where it is not decided.
        approval: level that must approve, by the pack's word.
    """

    id: str
    label: str
    batch: str
    money: Money | None = None
    sum: str = ""
    why: str = ""
    is_undecided: bool = False
    is_first: bool = False
    approval: str = ""
    funds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A decision, told."""

    title: str
    version: str
    on: dt.date
    category: str
    items: tuple[ToldItem, ...]
    reasons: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, str], ...]
    exit: str
    exit_needs: tuple[str, ...]
    changes: tuple[str, ...]
    log: tuple[str, ...]

    @property
    def granted(self) -> list[ToldItem]:
        """What is granted."""
        return [one for one in self.items if one.sum]

    @property
    def refused(self) -> list[ToldItem]:
        """What is not."""
        return [one for one in self.items if one.why]

    @property
    def undecided(self) -> list[ToldItem]:
        """What waits for facts."""
        return [one for one in self.items if one.is_undecided]


def tell_decision(
    scheme: Scheme,
    decision: Decision,
    *,
    language: str,
    changes: list[dict[str, Any]] | None = None,
) -> Told:
    """Tell a decision.

    Args:
        scheme: by which it was decided.
        decision: with its frame, as it comes from deciding.
        language: ``en``, ``fa`` or ``zh``.
        changes: what would qualify, as kept with an assessment.
    """
    pack, speaker = scheme.pack, scheme.speaker(language)
    ended = next((one for one in pack.exits if one.id == decision.exit), None)
    return Told(
        title=scheme.title(language),
        version=pack.version,
        on=decision.on,
        category=speaker.category(decision),
        items=tuple(_item(speaker, decision, item) for item in pack.items),
        reasons=tuple(speaker.reasons(decision)),
        lines=tuple(dict.fromkeys(speaker.distances(decision))),
        needs=tuple((name, speaker.fact(name)) for name in decision.needs),
        exit=named(ended.label, ended.id, language) if ended else "",
        exit_needs=tuple(speaker.fact(name) for name in decision.exit_needs),
        changes=tuple(_change(speaker, one) for one in changes or []),
        log=tuple(decision.log),
    )


def _item(speaker: Speaker, decision: Decision, item: Item) -> ToldItem:
    label = speaker.item(item.id)
    if item.id in decision.undecided:
        return ToldItem(item.id, label, item.batch, is_undecided=True)
    minor = decision.granted.get(item.id)
    if minor is None:
        return ToldItem(item.id, label, item.batch, why=speaker.refusal(decision, item))
    currency = decision.pack.currency
    is_sum = item.is_money and currency in MINOR_DIGITS
    return ToldItem(
        item.id,
        label,
        item.batch,
        money=Money(currency, minor) if is_sum else None,
        sum=speaker.sum(item.id, minor),
        is_first=item.id in decision.priority,
        approval=decision.approval.get(item.id, ""),
        funds=decision.funds.get(item.id, ()),
    )


def _change(speaker: Speaker, change: dict[str, Any]) -> str:
    one = speaker.pack.input_named(change["fact"])
    if one is None:
        return ""
    of, to = (_read(speaker.pack, one, change[key]) for key in ("from", "to"))
    return speaker.would(one.name, of, to, tuple(change["gains"]))


def _read(pack: Pack, one: Input, told: Any) -> Any:  # noqa: ANN401 - a fact
    wide = Input(one.name, one.base, one.line, of=one.of)
    return read_value(wide, told, minor=10**pack.minor_digits)


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact a decision rested on; ``money`` where it is a sum."""

    name: str
    label: str
    value: str
    money: Money | None
    is_assumed: bool


def tell_facts_used(scheme: Scheme, facts: dict[str, Any], *, language: str) -> list[ToldFact]:
    """Tell the facts a scheme looks at: those known, then those the scheme assumes."""
    pack, found = scheme.pack, []
    for one in pack.inputs:
        told = facts.get(one.name)
        if one.of_member or (told is None and one.default is None):
            continue
        value = one.default if told is None else read_value(one, told, minor=10**pack.minor_digits)
        label, shown = named(one.label, one.name, language), tell_value(one, value, pack, language)
        found.append(ToldFact(one.name, label, shown, as_money(one, value, pack), told is None))
    return sorted(found, key=lambda fact: fact.is_assumed)


def as_money(one: Input, value: Any, pack: Pack) -> Money | None:  # noqa: ANN401 - a fact
    """Give a fact as a sum, if it is one in a currency that the pages can write."""
    if one.base is not Base.MONEY or pack.currency not in MINOR_DIGITS or value is None:
        return None
    return Money(pack.currency, int(value))


def tell_value(one: Input, value: Any, pack: Pack, language: str) -> str:  # noqa: ANN401 - a fact
    """Write a fact's value; a sum with its currency, a code with its words."""
    if isinstance(value, tuple):
        base = one.of or Base.MONEY
        return " · ".join(written(each, base, pack, language) for each in value if each is not None)
    if one.values and isinstance(value, str):
        return named(one.values.get(value, {}), value, language)
    shown = written(value, one.base, pack, language)
    return f"{shown} {pack.currency}" if one.base is Base.MONEY else shown


def tell_refused(refused: CaseRefused, scheme: Scheme, *, language: str) -> str:
    """Say why a case cannot be decided, and at which fact."""
    one = scheme.pack.input_named(refused.fact)
    about = named(one.label, one.name, language) if one else refused.fact
    return f"{about}: {tell_finding(refused, language)}"


def tell_trace(decision: Decision, *, language: str) -> list[tuple[str, str]]:
    """Tell every step once, in the order taken: its words in the pack, and what came out."""
    told: dict[str, str] = {}
    for node, value in decision.steps:
        known = isinstance(value, bool | str | int | Fraction)
        shown = written(value, node.base, decision.pack, language) if known else "?"
        told.setdefault(f"{node.text}", shown)
    return list(told.items())[:STEPS_MAX]
