"""The sentences of minutes on their page: what each is marked as, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from redress.demands.meet import Item, ItemKind
from redress.demands.minutes import PARTS_MAX, Sentence, cut_minutes
from redress.demands.states import RaisedBy
from redress.doors.desk.hearing_forms import PromiseForm, Typed
from redress.doors.look.words import Words
from redress.formats.demands import TEXT_CHARS_MAX
from redress.registers.offices.models import Body

# Marks stay while a text is too long and is being shortened; beyond this nobody marked anything.
_CUT_CHARS_MAX: Final = 2 * TEXT_CHARS_MAX
_NEW: Final = ""
# The meeting's own fields with token, number, cut and button; and those of one promise.
_FIELDS_OF_MEETING: Final = 16
_FIELDS_OF_PROMISE: Final = 5
_BOTH: Final = _("Choose one: a demand or a promise.")
_NOT_THE_SAME: Final = _(
    "The sentence before is not marked the same, so they cannot be taken together."
)


def _fields_max() -> int:
    return settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or PARTS_MAX * _FIELDS_OF_MEETING


@dataclass(slots=True)
class Line:
    """A sentence on the page, what it is marked as, and what is wrong with that."""

    number: int
    sentence: Sentence
    is_demand: bool
    is_promise: bool
    is_joined: bool
    details: PromiseForm
    is_suggested: bool = False
    faults: list[Words] = field(default_factory=list)

    @property
    def kind(self) -> ItemKind | None:
        """Give what it is marked as; None for nothing, or for both."""
        if self.is_demand == self.is_promise:
            return None
        return ItemKind.DEMAND if self.is_demand else ItemKind.PROMISE

    @property
    def shows_details(self) -> bool:
        """Say whether the fields of a promise are shown; what was typed in them is never hidden."""
        return self.details.has_words or (self.is_promise and not self.is_joined)

    @property
    def all_faults(self) -> list[Words]:
        """Give its own faults and those of its fields, in the order they are read."""
        errors = self.details.errors.values() if self.details.is_bound else ()
        return [*self.faults, *(str(error) for one in errors for error in one)]


@dataclass(frozen=True, slots=True)
class Marked:
    """A part of the minutes, of one or more sentences: the first of them has its details."""

    first: Line
    last: Line

    def item(self, *, raised_by: RaisedBy) -> Item:
        """Give the part as it is written; of a promise that is in order."""
        start, end = self.first.sentence.start, self.last.sentence.end
        if self.first.is_demand:
            return Item(ItemKind.DEMAND, start, end, raised_by=raised_by)
        given = self.first.details.cleaned_data
        return Item(
            ItemKind.PROMISE,
            start,
            end,
            body=self.first.details.bodies.get(given["body"]),
            person_name=given["person_name"],
            by_on=given["by_on"],
        )


def read_marks(lines: Sequence[Line]) -> list[Marked]:
    """Put sentences that are taken together into one part; faults are noted on their lines."""
    found: list[Marked] = []
    before: Line | None = None
    for line in lines:
        if line.is_demand and line.is_promise:
            line.faults.append(_BOTH)
        elif line.kind is not None and line.is_joined and before and before.kind is line.kind:
            found[-1] = Marked(found[-1].first, line)
        elif line.kind is not None:
            if line.is_joined:
                line.faults.append(_NOT_THE_SAME)
            found.append(Marked(line, line))
        before = line
    return found


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sentences on the page, as they were sent."""

    lines: list[Line]
    parts: list[Marked]
    is_changed: bool  # since they were shown, so that nobody has looked these marks over

    @property
    def cut(self) -> str:
        """Give what changes when the sentences do."""
        return " ".join(line.sentence.key for line in self.lines)

    @property
    def is_too_much(self) -> bool:
        """Say whether it is more than one form can send, so that pressing a button would fail."""
        ticks = sum(line.is_demand + line.is_promise + line.is_joined for line in self.lines)
        asked = sum(line.shows_details for line in self.lines)
        return _FIELDS_OF_MEETING + ticks + _FIELDS_OF_PROMISE * asked > _fields_max()

    @property
    def faulty(self) -> list[Line]:
        """Give the lines with which something is wrong."""
        return [line for line in self.lines if line.all_faults]


def read_sheet(data: QueryDict, *, bodies: Mapping[int, Body], is_writing: bool) -> Sheet:
    """Cut what was sent into sentences, with their marks; new sentences get likely ones.

    Args:
        data: what was sent.
        bodies: that can promise something to the office, by their numbers.
        is_writing: whether the fields of promises must be in order.
    """
    shown = data.get("cut", "").split()[:PARTS_MAX]
    cut = cut_minutes(data.get("minutes", "")[:_CUT_CHARS_MAX])
    earlier = _earlier_keys(shown, [one.key for one in cut])
    is_changed = shown != [one.key for one in cut]
    marks = Marks(data, earlier, is_checked=is_writing and not is_changed)
    lines = [
        marks.line(one, number=number, bodies=bodies) for number, one in enumerate(cut, start=1)
    ]
    return Sheet(lines, read_marks(lines), is_changed)


def _earlier_keys(shown: Sequence[str], now: Sequence[str]) -> dict[str, str]:
    """Give what each sentence was when it was shown; one whose words were changed is in its place."""
    before, present = set(shown), set(now)
    found = {key: key for key in now if key in before}
    matcher = SequenceMatcher(None, shown, now, autojunk=False)
    for what, start, end, start_now, end_now in matcher.get_opcodes():
        if what == "replace" and end - start == end_now - start_now:
            for old, new in zip(shown[start:end], now[start_now:end_now], strict=True):
                if new not in found and old not in present:
                    found[new] = old
    return found


class Marks:
    """The marks that were sent."""

    def __init__(self, data: QueryDict, earlier: Mapping[str, str], *, is_checked: bool) -> None:
        self._data = data
        self._earlier = earlier
        self._is_checked = is_checked
        self._ticked = {
            name: frozenset(data.getlist(name)) - {_NEW} for name in ("demand", "promise", "joined")
        }
        # No more is suggested than one form can send, half of it for each kind.
        half = (_fields_max() - _FIELDS_OF_MEETING) // 2
        self._left = {ItemKind.DEMAND: half, ItemKind.PROMISE: half // (1 + _FIELDS_OF_PROMISE)}

    def line(self, one: Sentence, *, number: int, bodies: Mapping[int, Body]) -> Line:
        """Give a sentence with its marks."""
        key = self._earlier.get(one.key, _NEW)
        likely = self._likely(one) if key == _NEW else None
        is_promise = key in self._ticked["promise"] or likely is ItemKind.PROMISE
        is_joined = key in self._ticked["joined"]
        is_checked = self._is_checked and is_promise and not is_joined
        typed = Typed(self._data, key, is_checked=is_checked)
        return Line(
            number=number,
            sentence=one,
            is_demand=key in self._ticked["demand"] or likely is ItemKind.DEMAND,
            is_promise=is_promise,
            is_joined=is_joined,
            details=PromiseForm(typed, key=one.key, bodies=bodies),
            is_suggested=likely is not None,
        )

    def _likely(self, one: Sentence) -> ItemKind | None:
        if one.likely is None or self._left[one.likely] == 0:
            return None
        self._left[one.likely] -= 1
        return one.likely
