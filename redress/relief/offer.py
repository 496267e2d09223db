"""What the rules grant now, ready to be proposed to a second person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from redress.engines.rules.pack import Item
from redress.registers.registry.models import Household
from redress.relief.assess import known_facts, readable
from redress.relief.models import Assessment
from redress.relief.schemes import Scheme, scheme_named
from redress.relief.states import Need
from redress.values.money import Money, parse_money


def granted_now(household: Household, pack: str, item: str) -> Money | None:
    """Give what the latest decision of a scheme in force grants of an item.

    None where nothing is granted, where it is no money, or where facts or rules have changed since:
    then it must be decided again first.
    """
    found = household.assessments.filter(scheme__pack=pack).select_related("scheme")
    last, scheme = found.order_by("-at", "-pk").first(), scheme_named(pack)
    if last is None or scheme is None or last.scheme.digest != scheme.digest:
        return None
    if known_facts(household, scheme, on=last.on) != last.facts:
        return None
    granted = _granted(last, scheme, item)
    return granted[1] if granted else None


def _granted(assessment: Assessment, scheme: Scheme, item: str) -> tuple[Item, Money] | None:
    """Give an item of a scheme with the sum an assessment grants of it; None if it is no money."""
    rule = next((one for one in scheme.pack.items if one.id == item), None)
    written = assessment.outcome["granted"].get(item)
    if written is None or rule is None or not rule.is_money:
        return None
    return rule, parse_money(written, currency=scheme.pack.currency)


# Batch of a pack -> the need a grant is for.
_NEEDS: Final = {
    "living": Need.LIVING,
    "medical": Need.MEDICAL,
    "study": Need.STUDY,
    "job": Need.WORK,
    "work": Need.WORK,
    "housing": Need.HOUSING,
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What an assessment grants, ready to be proposed."""

    household_id: int
    pack: str
    item: str
    title: str
    label: str
    need: Need
    money: Money


def offered_by(assessment: Assessment, item: str, *, language: str) -> Offered | None:
    """Give what an assessment grants of an item, if it is money."""
    scheme = readable(assessment)
    granted = _granted(assessment, scheme, item)
    if granted is None:
        return None
    rule, money = granted
    return Offered(
        assessment.household_id,
        scheme.id,
        item,
        scheme.title(language),
        scheme.speaker(language).item(item),
        _NEEDS.get(rule.batch, Need.OTHER),
        money,
    )
