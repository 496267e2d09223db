"""Rows of two files become households with their members."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from redress.doors.commands.intake import RowReader, Taken
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
from redress.registers.registry.kinds import FactSource, Relation
from redress.relief.find import import_households
from redress.values.days import country_of, local_day
from redress.values.text import normal_form


@dataclass(slots=True)
class HouseholdIntake:
    """Takes in rows of households, batch by batch; their members are read before them.

    Attributes:
        members: rows of the members' file, or None where no such file was given: then the members
            a household has stay as they are.
    """

    source: str
    by: Actor
    at: dt.datetime
    members: Iterator[TableRow] | None
    _places: Places = field(default_factory=Places)
    _waiting: dict[str, list[tuple[TableRow, MemberRow]]] = field(default_factory=dict)
    _refused: list[tuple[TableRow, list[Fault]]] = field(default_factory=list)
    _named: set[str] = field(default_factory=set)
    _reader: RowReader[NewHousehold] = field(init=False)

    def __post_init__(self) -> None:
        self._reader = RowReader(self._read)
        for row in self.members or ():
            read = read_member(row)
            if isinstance(read, list):
                self._refused.append((row, read))
            else:
                self._waiting.setdefault(read.household_source_id, []).append((row, read))

    def read(self, rows: list[TableRow]) -> list[TableRow]:
        """Leave the reading to the taking in: it asks which members a household still waits for."""
        return rows

    def take_in(self, batch: list[TableRow]) -> Iterator[Taken]:
        """Import a batch; yield each row with its fate and what is wrong with it."""
        good, refused = self._reader.read_batch(batch)
        yield from refused
        fates = import_households([new for _, new in good], by=self.by, at=self.at)
        for (row, new), fate in zip(good, fates, strict=True):
            if fate == "moved":
                yield row, "refused", [Fault(row.number, "county", fate)]
            else:
                self._waiting.pop(new.source_id, None)
                yield row, fate, []

    def left_over(self) -> Iterator[tuple[TableRow, list[Fault]]]:
        """Yield the members that were refused, and those whose household was not taken in."""
        yield from self._refused
        for waiting in self._waiting.values():
            for row, read in waiting:
                said = read.household_source_id
                reason = "household_refused" if said in self._named else "no_household"
                yield row, [Fault(row.number, "household_id", reason, said)]

    def _read(self, row: TableRow) -> NewHousehold | list[Fault]:
        self._named.update(row.cells.get(name, "") for name in ("source_id", "id", "household_id"))
        path = self._places.path_of(place_of(row))
        if path is None:
            return [Fault(row.number, "county", "unknown_place", place_of(row)[:80])]
        read = read_household(row, source=self.source, path=path)
        if isinstance(read, list):
            return read
        members = [member for _, member in self._waiting.get(read.source_id, [])]
        faults = _faults_of_members(read, members)
        return faults or self._household(read, members)

    def _household(self, read: HouseholdRow, members: list[MemberRow]) -> NewHousehold:
        head = next((member for member in members if member.relation == Relation.HEAD), None)
        whole = read.digest + "".join(repr(replace(member, number=0)) for member in members)
        holds_on = read.holds_on or local_day(self.at, country=country_of(read.path))
        others = tuple(_member(member) for member in members if member is not head)
        return NewHousehold(
            path=read.path,
            head=_member(head) if head else NewMember(read.head_name, Relation.HEAD),
            phone=read.phone,
            address=read.address,
            employer=read.employer,
            others=None if self.members is None else others,
            facts=tuple(
                NewFact(name, money, holds_on, FactSource.DEPARTMENT) for name, money in read.sums
            ),
            source=read.source,
            source_id=read.source_id,
            source_digest=hashlib.sha256(whole.encode()).hexdigest(),
        )


def _faults_of_members(read: HouseholdRow, members: list[MemberRow]) -> list[Fault]:
    """Say what is wrong with a household's members taken together."""
    if len(members) > MEMBERS_MAX:
        return [Fault(read.number, "members", "too_long", str(len(members)))]
    heads = [member.full_name for member in members if member.relation == Relation.HEAD]
    others = [name for name in heads if normal_form(name) != normal_form(read.head_name)]
    twice = others or heads[1:]
    return [Fault(read.number, "members", "two_heads", twice[0])] if twice else []


def _member(read: MemberRow) -> NewMember:
    return NewMember(read.full_name, read.relation, read.sex, read.birth_on, read.national_id)
