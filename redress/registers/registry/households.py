"""Write and read households; the flows' steps stand around these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from redress.registers.accounts.roles import Actor
from redress.registers.offices.scope import PlacedQuerySet
from redress.registers.registry.kinds import FactSource, Relation, Sex
from redress.registers.registry.models import Fact, Household, Member
from redress.registers.sealing import fingerprint, seal, unseal
from redress.values.money import Money
from redress.values.text import normal_form, to_latin_digits

# A sum; or a number, a day (ISO), yes or no, a text, or a list of those, as JSON has them.
Told = Money | int | str | bool | list[Any]


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person of a new household."""

    full_name: str
    relation: str
    sex: str = Sex.UNKNOWN
    birth_on: dt.date | None = None
    national_id: str = ""


@dataclass(frozen=True, slots=True)
class NewFact:
    """What is known about a household, the day it holds for, and how it is known."""

    name: str
    told: Told
    holds_on: dt.date
    source: str = FactSource.SAID


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household to be entered; ``others`` None means that its other members are not known."""

    path: str
    head: NewMember
    phone: str = ""
    address: str = ""
    employer: str = ""
    others: tuple[NewMember, ...] | None = ()
    facts: tuple[NewFact, ...] = ()
    source: str = ""
    source_id: str = ""
    source_digest: str = field(default="")


def write_households(news: list[NewHousehold], *, by: Actor, at: dt.datetime) -> list[Household]:
    """Store households with their members and facts: three queries, however many there are."""
    households = Household.objects.bulk_create([
        Household(
            path=new.path,
            source=new.source,
            source_id=new.source_id,
            source_digest=new.source_digest,
            head_name=new.head.full_name,
            head_name_normal=normal_form(new.head.full_name),
            phone=new.phone,
            address=new.address,
            employer=new.employer,
            found_at=at,
        )
        for new in news
    ])
    pairs = list(zip(households, news, strict=True))
    Member.objects.bulk_create([
        _member(household, member, at=at)
        for household, new in pairs
        for member in (new.head, *(new.others or ()))
    ])
    Fact.objects.bulk_create([
        _fact(household, fact, by=by, at=at) for household, new in pairs for fact in new.facts
    ])
    return households


def change_household(
    household: Household, new: NewHousehold, *, by: Actor, at: dt.datetime
) -> None:
    """Write what a newer row of the same source says; members end and begin, facts are added."""
    household.source_digest = new.source_digest
    household.head_name = new.head.full_name
    household.head_name_normal = normal_form(new.head.full_name)
    household.phone, household.address = new.phone, new.address
    household.employer = new.employer
    household.save()
    _change_members(household, new, at=at)
    add_facts(household, new.facts, by=by, at=at)


def add_facts(
    household: Household, facts: Iterable[NewFact], *, by: Actor, at: dt.datetime
) -> list[str]:
    """Add what is new among some facts; give the names of what was added."""
    latest = {fact.name: (fact.told, fact.holds_on) for fact in latest_facts(household)}
    added = [fact for fact in facts if latest.get(fact.name) != (fact.told, fact.holds_on)]
    Fact.objects.bulk_create([_fact(household, fact, by=by, at=at) for fact in added])
    return [fact.name for fact in added]


def _change_members(household: Household, new: NewHousehold, *, at: dt.datetime) -> None:
    """End members that the list has otherwise, and begin those it has; the same ones stay."""
    wanted = [_member(household, member, at=at) for member in (new.head, *(new.others or ()))]
    standing = members_of(household)
    if new.others is None:  # the list says nothing of the others
        standing = [member for member in standing if member.relation == Relation.HEAD]
    kept = {_likeness(member) for member in standing} & {_likeness(member) for member in wanted}
    for member in standing:
        if _likeness(member) not in kept:
            member.until_at = at
            member.save(update_fields=["until_at"])
    Member.objects.bulk_create([member for member in wanted if _likeness(member) not in kept])


def _likeness(member: Member) -> tuple[object, ...]:
    return (
        *(member.full_name, member.relation, member.sex, member.birth_on),
        member.national_id_fingerprint,
    )


def households(*, seen_by: Actor) -> PlacedQuerySet:
    """List the households that are a person's to see."""
    return Household.objects.seen_in(seen_by.scope)


def members_of(household: Household) -> list[Member]:
    """List the present members, the head first."""
    present = household.members.filter(until_at__isnull=True)
    return sorted(present, key=lambda member: (member.relation != Relation.HEAD, member.pk))


def latest_facts(household: Household) -> list[Fact]:
    """Give of each fact the one that holds for the latest day, by name."""
    return list(
        household.facts.order_by("name", "-holds_on", "-known_since_at", "-id").distinct("name")
    )


def national_id_of(member: Member) -> str:
    """Read a sealed national ID; empty if none was given."""
    return "" if member.national_id_sealed is None else unseal(bytes(member.national_id_sealed))


def _member(household: Household, new: NewMember, *, at: dt.datetime) -> Member:
    national_id = to_latin_digits(new.national_id).strip().upper()
    has_id = bool(national_id)
    return Member(
        household=household,
        full_name=new.full_name,
        relation=new.relation,
        sex=new.sex,
        birth_on=new.birth_on,
        national_id_sealed=seal(national_id) if has_id else None,
        national_id_fingerprint=(fingerprint(national_id, kind="national-id") if has_id else ""),
        since_at=at,
    )


def _fact(household: Household, new: NewFact, *, by: Actor, at: dt.datetime) -> Fact:
    return Fact(
        household=household,
        name=new.name,
        minor=new.told.minor if isinstance(new.told, Money) else None,
        currency=new.told.currency if isinstance(new.told, Money) else "",
        value=None if isinstance(new.told, Money) else new.told,
        holds_on=new.holds_on,
        source=new.source,
        known_since_at=at,
        by_user_id=by.user_id,
    )
