"""The form for the facts of a scheme: a field each, of the kind the scheme asks for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from redress.doors.look.dates import page_language
from redress.doors.look.facts import field_for
from redress.doors.look.words import choices
from redress.registers.registry.households import NewFact
from redress.relief import asking
from redress.relief.asking import AskedFact, NotRead, read_answer
from redress.relief.schemes import Scheme


class FactsForm(forms.Form):
    """The facts a scheme asks for, those still needed first. An empty field tells nothing."""

    source = forms.ChoiceField(label=_("How is it known?"), choices=choices("fact_source"))

    def __init__(
        self,
        scheme: Scheme,
        asked: list[AskedFact],
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self.scheme, self.asked = scheme, asked
        for fact in asked:
            self.fields[_name(fact)] = field_for(fact)
            if fact.now is not None:
                self.initial[_name(fact)] = _shown(scheme, fact)

    def needed(self) -> list[forms.BoundField]:
        """List the fields of the facts still needed."""
        return [self[_name(fact)] for fact in self.asked if fact.is_needed]

    def others(self) -> list[forms.BoundField]:
        """List the other fields."""
        return [self[_name(fact)] for fact in self.asked if not fact.is_needed]

    def told(self, holds_on: dt.date) -> tuple[NewFact, ...]:
        """Give what was told otherwise than before, as facts of a day; an empty field tells nothing."""
        source, changed = self.cleaned_data["source"], set(self.changed_data)
        return tuple(
            NewFact(fact.name, self.cleaned_data[_name(fact)], holds_on, source)
            for fact in self.asked
            if _name(fact) in changed and self.cleaned_data.get(_name(fact)) is not None
        )

    def clean(self) -> dict[str, Any]:
        """Read each field as the scheme reads it."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for fact in self.asked:
            name = _name(fact)
            if name in given:
                try:
                    given[name] = read_answer(
                        self.scheme, fact.name, given[name], language=page_language()
                    )
                except NotRead as wrong:
                    self.add_error(name, str(wrong))
        return given


def _name(fact: AskedFact) -> str:
    return f"fact_{fact.name}"


def _shown(scheme: Scheme, fact: AskedFact) -> Any:
    """Give what is known as the fact's field shows it; nothing if it was told as something else."""
    try:
        read = read_answer(scheme, fact.name, fact.now, language=page_language())
    except NotRead:
        return None
    if read is None:
        return None
    if fact.kind == asking.DAY:
        return dt.date.fromisoformat(str(read))
    if fact.kind == asking.YES_OR_NO:
        return "yes" if read else "no"
    if isinstance(read, list):
        return "\n".join(str(one) for one in read)
    return fact.now
