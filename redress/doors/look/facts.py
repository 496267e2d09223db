"""Fields for the facts that schemes ask for, one of each kind."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from redress.doors.look.dates import currency_word
from redress.doors.look.day_field import DayField
from redress.relief import asking
from redress.relief.asking import AskedFact

LINE_CHARS_MAX: Final = 500
LIST_CHARS_MAX: Final = 4000
_NUMERIC: Final = frozenset({asking.SUM, asking.NUMBER, asking.SHARE})


def field_for(fact: AskedFact) -> forms.Field:
    """Make the field of a fact."""
    common: dict[str, Any] = {"label": fact.label, "required": False, "help_text": _help(fact)}
    if fact.kind == asking.DAY:
        return DayField(**common)
    if fact.kind == asking.YES_OR_NO:
        listed = [("", _("Not told")), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(choices=listed, **common)
    if fact.kind == asking.CHOICE:
        return forms.ChoiceField(choices=[("", _("Not told")), *fact.choices], **common)
    if fact.kind == asking.LIST:
        widget = forms.Textarea(attrs={"rows": 4, "dir": "auto"})
        return _Lines(max_length=LIST_CHARS_MAX, widget=widget, **common)
    numeric = {"inputmode": "decimal", "dir": "ltr"}
    attrs = numeric if fact.kind in _NUMERIC else {"dir": "auto"}
    return forms.CharField(max_length=LINE_CHARS_MAX, widget=forms.TextInput(attrs=attrs), **common)


class _Lines(forms.CharField):
    """Several values, one a line."""

    def clean(self, value: Any) -> list[str] | None:  # noqa: ANN401 - what was posted
        lines = [line.strip() for line in str(super().clean(value)).replace(";", "\n").splitlines()]
        return [line for line in lines if line] or None

    def has_changed(self, initial: Any, data: Any) -> bool:  # noqa: ANN401 - as Django's
        """Compare line by line: a browser ends lines otherwise than we do."""
        return str(initial or "").splitlines() != str(data or "").splitlines()


def _help(fact: AskedFact) -> str:
    parts = [currency_word(fact.currency) if fact.currency else ""]
    if fact.kind == asking.LIST:
        parts.append(str(_("One a line, the newest last.")))
    if fact.assumed:
        parts.append(str(_("Taken as %(what)s where nothing is told.") % {"what": fact.assumed}))
    return " · ".join(part for part in parts if part)


def answer_of(given: Any) -> str:  # noqa: ANN401 - what a field gives
    """Write what a field gives as one line of text."""
    if isinstance(given, dt.date):
        return given.isoformat()
    return ";".join(str(one) for one in given) if isinstance(given, list) else str(given)
