"""Rows of two files become households with their members."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from redress.formats.households import (
    MEMBERS_MAX,
    HouseholdRow,
    MemberRow,
    place_of,
    read_household,
    read_member,
)
from redress.formats.rows import Fault
from redress.formats.tables import TableRow
from redress.registers.accounts.roles import Actor
from redress.registers.offices.places import Places
from redress.registers.registry.households import NewFact, NewHousehold, NewMember
from redress.registers.registry.kinds import FactSource
from redress.relief.find import import_households
from redress.values.text import normal_form


@dataclass(slots=True)
class HouseholdIntake:
    """Takes in rows of households, batch by batch; their members are read before them."""

    source: str
    by: Actor
    at: dt.datetime
    members: Iterator[TableRow]
    _places: Places = field(default_factory=Places)
    _waiting: dict[str, list[tuple[TableRow, MemberRow]]] = field(default_factory=dict)
    _refused: list[tuple[TableRow, list[Fault]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for row in self.members:
            read = read_member(row)
            if isinstance(read, list):
                self._refused.append((row, read))
            else:
                self._waiting.setdefault(read.household_source_id, []).append((row, read))

    def take_in(self, rows: list[TableRow]) -> Iterator[tuple[TableRow, str, list[Fault]]]:
        """Import a batch; yield each row with its fate and what is wrong with it."""
        good: list[tuple[TableRow, NewHousehold]] = []
        for row in rows:
            read = self._read(row)
            if isinstance(read, list):
                yield row, "refused", read
            else:
                good.append((row, read))
        fates = import_households([new for _, new in good], by=self.by, at=self.at)
        for (row, _new), fate in zip(good, fates, strict=True):
            if fate == "twice_in_file":
                yield row, "refused", [Fault(row.number, "", fate)]
            else:
                yield row, fate, []

    def left_over(self) -> Iterator[tuple[TableRow, list[Fault]]]:
        """Yield the members that were refused, and those whose household is not in the file."""
        yield from self._refused
        for waiting in self._waiting.values():
            for row, read in waiting:
                said = read.household_source_id
                yield row, [Fault(row.number, "household_id", "no_household", said)]

    def _read(self, row: TableRow) -> NewHousehold | list[Fault]:
        path = self._places.path_of(place_of(row))
        if path is None:
            return [Fault(row.number, "county", "unknown_place", place_of(row)[:80])]
        read = read_household(row, source=self.source, path=path)
        if isinstance(read, list):
            return read
        members = [member for _, member in self._waiting.pop(read.source_id, [])]
        return self._household(read, members)

    def _household(
        self, read: HouseholdRow, members: list[MemberRow]
    ) -> NewHousehold | list[Fault]:
        heads = [member for member in members if member.relation == "head"]
        if len(heads) > 1:
            return [Fault(read.number, "members", "two_heads", heads[1].full_name)]
        if len(members) > MEMBERS_MAX:
            return [Fault(read.number, "members", "too_long", str(len(members)))]
        head = heads[0] if heads else None
        if head and normal_form(head.full_name) != normal_form(read.head_name):
            return [Fault(read.number, "members", "two_heads", head.full_name)]
        whole = read.digest + "".join(repr(replace(member, number=0)) for member in members)
        return NewHousehold(
            path=read.path,
            head=_member(head) if head else NewMember(read.head_name, "head"),
            phone=read.phone,
            address=read.address,
            employer=read.employer,
            others=tuple(_member(member) for member in members if member is not head),
            facts=tuple(
                NewFact(name, money, read.holds_on or self.at.date(), FactSource.DEPARTMENT)
                for name, money in read.sums
            ),
            source=read.source,
            source_id=read.source_id,
            source_digest=hashlib.sha256(whole.encode()).hexdigest(),
        )


def _member(read: MemberRow) -> NewMember:
    return NewMember(read.full_name, read.relation, read.sex, read.birth_on, read.national_id)
