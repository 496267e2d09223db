"""Ask for the facts of a scheme, and read the answers, in the words of the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from redress.engines.rules.facts import read_value
from redress.engines.rules.findings import CaseRefused
from redress.engines.rules.nodes import Base
from redress.engines.rules.pack import Input, Pack
from redress.engines.rules.sentences import named
from redress.engines.rules.telling import value_json
from redress.registers.registry.households import Told
from redress.relief.schemes import Scheme
from redress.relief.telling import tell_refused, tell_value
from redress.values.money import Money

# What kind of answer a fact takes.
SUM, NUMBER, SHARE, YES_OR_NO, DAY, CHOICE, TEXT, LIST = (
    *("sum", "number", "share", "yes_or_no", "day", "choice", "text", "list"),
)
_KINDS: Final = {
    Base.MONEY: SUM,
    Base.BOOL: YES_OR_NO,
    Base.DATE: DAY,
    Base.LIST: LIST,
}


class NotRead(ValueError):
    """An answer that is not of its fact; the text says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class AskedFact:
    """One fact as it is asked for.

    Attributes:
        kind: which kind of answer it takes.
        choices: codes with their words, for a choice.
        now: what is known, as JSON has it; None if nothing is.
        assumed: what the scheme takes where nothing is told, in words; empty if nothing.
    """

    name: str
    label: str
    question: str
    kind: str
    currency: str
    choices: tuple[tuple[str, str], ...] = ()
    now: Any = None
    assumed: str = ""
    bring: str = ""
    is_needed: bool = False


def asked_facts(
    scheme: Scheme, *, known: dict[str, Any], needs: Sequence[str], language: str
) -> list[AskedFact]:
    """List the facts of a household that a scheme asks for, those still needed first."""
    places = {name: at for at, name in enumerate(needs)}
    found = [
        asked_fact(scheme, one.name, language=language, now=known.get(one.name), needs=needs)
        for one in scheme.pack.inputs
        if not one.of_member
    ]
    return sorted(found, key=lambda fact: places.get(fact.name, len(places)))


def asked_fact(
    scheme: Scheme,
    name: str,
    *,
    language: str,
    now: Any = None,  # noqa: ANN401 - JSON
    needs: Sequence[str] = (),
) -> AskedFact:
    """Describe one fact of a scheme."""
    one, pack = _input(scheme, name), scheme.pack
    label = named(one.label, one.name, language)
    choices = tuple((code, named(words, code, language)) for code, words in one.values.items())
    assumed = "" if one.default is None else tell_value(one, one.default, pack, language)
    return AskedFact(
        name,
        label,
        one.ask.get(language) or one.ask.get("en") or label,
        CHOICE if one.values else _kind(one),
        pack.currency if Base.MONEY in {one.base, one.of} else "",
        choices,
        now,
        assumed,
        one.bring.get(language) or one.bring.get("en") or "",
        name in needs,
    )


def _kind(one: Input) -> str:
    if one.base is Base.NUMBER:
        return NUMBER if one.whole else SHARE
    return _KINDS.get(one.base, TEXT)


def _input(scheme: Scheme, name: str) -> Input:
    one = scheme.pack.input_named(name)
    if one is None:
        raise NotRead(name)
    return one


def read_answer(scheme: Scheme, name: str, given: Any, *, language: str) -> Told | None:  # noqa: ANN401 - of a form
    """Read an answer as the register keeps it; nothing written is None.

    Raises:
        NotRead: it is not of the fact's kind, or outside its range.
    """
    one, pack = _input(scheme, name), scheme.pack
    try:
        value = read_value(one, given, minor=10**pack.minor_digits)
    except CaseRefused as refused:
        raise NotRead(tell_refused(refused, scheme, language=language)) from None
    if value is None:
        return None
    if one.base is Base.MONEY:
        return Money(pack.currency, value)
    return _told(one, value, pack)


def _told(one: Input, value: Any, pack: Pack) -> Told:  # noqa: ANN401 - an exact value
    if isinstance(value, tuple):
        return [value_json(each, one.of or Base.MONEY, pack) for each in value if each is not None]
    if isinstance(value, bool | str):
        return value
    if one.base is Base.DATE:
        return dt.date.fromordinal(value).isoformat()
    if isinstance(value, Fraction):
        return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return int(value)
