"""What the register knows of households, under the names that schemes ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q

from redress.registers.offices.scope import PlacedQuerySet
from redress.registers.registry.kinds import Relation, Sex
from redress.registers.registry.models import Fact, Household, Member
from redress.values.money import Money

MONTHS: Final = 12
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Known:
    """One household as schemes read it.

    Attributes:
        facts: by name; a sum stands under its name and currency, like ``savings.IRR``, in whole units.
        members: the present ones, each with ``birth_date``, ``sex``, ``relation`` where known.
    """

    household_id: int
    path: str
    facts: dict[str, Any] = field(default_factory=dict)
    members: list[dict[str, Any]] = field(default_factory=list)


def household_batches(found: PlacedQuerySet, *, rows: int) -> Iterator[list[Household]]:
    """Yield many households by place and number, so many at a time, whatever changes meanwhile."""
    ordered = found.order_by("path", "pk")
    after = Q()
    while batch := list(ordered.filter(after)[:rows]):
        yield batch
        last = batch[-1]
        after = Q(path__gt=last.path) | Q(path=last.path, pk__gt=last.pk)


def known_of(households: list[Household]) -> list[Known]:
    """Give what is known of some households, in their order: two queries."""
    numbers = [household.pk for household in households]
    latest = (
        Fact.objects
        .filter(household_id__in=numbers)
        .order_by("household_id", "name", "-holds_on", "-known_since_at", "-id")
        .distinct("household_id", "name")
    )
    facts: dict[int, dict[str, Any]] = defaultdict(dict)
    for fact in latest:
        facts[fact.household_id] |= under_its_name(fact.name, fact.told)
    people: dict[int, list[Member]] = defaultdict(list)
    present = Member.objects.filter(household_id__in=numbers, until_at__isnull=True).order_by("pk")
    for member in present:
        people[member.household_id].append(member)
    return [
        Known(
            household.pk,
            household.path,
            _quantities(facts[household.pk], people[household.pk]) | facts[household.pk],
            [_member(member) for member in people[household.pk]],
        )
        for household in households
    ]


def under_its_name(name: str, told: Any) -> dict[str, Any]:  # noqa: ANN401 - Money or JSON
    """Put a fact under its name, and a sum under its name and currency."""
    if isinstance(told, Money):
        return {f"{name}.{told.currency}": told.decimal()}
    return {name: told}


def _member(member: Member) -> dict[str, Any]:
    known: dict[str, Any] = {"relation": str(member.relation)}
    if member.birth_on is not None:
        known["birth_date"] = member.birth_on
    if member.sex != Sex.UNKNOWN:
        known["sex"] = str(member.sex)
    return known


def _quantities(facts: dict[str, Any], members: list[Member]) -> dict[str, Any]:
    """Work out what follows from facts and members; what is not known is left out."""
    found: dict[str, Any] = {}
    for key, told in facts.items():
        name, _, currency = key.partition(".")
        if currency and name.endswith("_per_month"):
            found[f"{name.removesuffix('_per_month')}_per_year.{currency}"] = told * MONTHS
    found |= _together(facts)
    if members:
        heads = [one for one in members if one.relation == Relation.HEAD]
        found["members_count"] = len(members)
        found["others_count"] = len(members) - len(heads)
        found["has_spouse"] = any(one.relation == Relation.SPOUSE for one in members)
        if heads and heads[0].sex != Sex.UNKNOWN:
            found["head_is_woman"] = heads[0].sex == Sex.FEMALE
    return found


def _together(facts: dict[str, Any]) -> dict[str, Any]:
    """Work out what rests on two sums of one currency."""
    found: dict[str, Any] = {}
    for currency in {key.partition(".")[2] for key in facts} - {""}:
        medical = facts.get(f"medical_cost_per_year.{currency}")
        schooling = facts.get(f"schooling_cost_per_year.{currency}")
        if medical is not None and schooling is not None:
            found[f"medical_and_schooling_cost_per_year.{currency}"] = medical + schooling
        income = facts.get(f"income_per_month.{currency}")
        rent = facts.get(f"rent_per_month.{currency}")
        if income and rent is not None:
            found["rent_share_of_income"] = _share(min(rent, income), income)
    return found


def _share(part: Decimal, whole: Decimal) -> str:
    """Write a part of a whole as a number from 0 to 1, in millionths, half up."""
    millionths = (2 * part * _MILLION + whole) // (2 * whole)
    return format(millionths.scaleb(-6), "f")
