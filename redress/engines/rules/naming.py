"""The names a case may tell, and those it tells that no pack asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from redress.engines.rules.facts import given_names
from redress.engines.rules.pack import Pack

MEMBER_KEYS: Final = frozenset({"household_id", "case_id", "case", "household", "id"})
RESERVED: Final = frozenset({"id", "at", "on", "input", "members", "given", "expect", "pack"})


def unknown_names(pack: Pack, given: Mapping[str, Any]) -> list[str]:
    """Name the facts given that the pack does not ask for, those of members and sums included."""
    asked = {one.name for one in pack.inputs if not one.of_member}
    asked |= RESERVED | set(given_names(pack).values())
    found = [name for name in given if name not in asked]
    if isinstance(given.get("given"), Mapping):
        items = {item.id for item in pack.items}
        found += [f"given.{name}" for name in given["given"] if name not in items]
    people = given.get("members")
    rows = [one for one in people if isinstance(one, Mapping)] if isinstance(people, list) else []
    return found + unknown_of_members(pack, dict.fromkeys(name for row in rows for name in row))


def unknown_of_members(pack: Pack, names: Iterable[str]) -> list[str]:
    """Name the columns that are no fact of a member."""
    asked = {one.name for one in pack.inputs if one.of_member}
    return [f"members.{name}" for name in names if name not in asked | MEMBER_KEYS]


def known_names(pack: Pack) -> list[str]:
    """Name everything a case may tell, as ``unknown_names`` writes it."""
    names = [f"members.{one.name}" if one.of_member else one.name for one in pack.inputs]
    items = given_names(pack)
    return [*names, *(f"given.{item}" for item in items), *items.values()]
