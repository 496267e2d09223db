"""A day, typed as year, month and day of the page's own calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _

from redress.doors.look.dates import page_calendar, page_digits
from redress.values.calendars import NotADay, read_day, write_day
from redress.values.text import to_latin_digits


class DayInput(forms.MultiWidget):
    """Year, month and day in the page's own calendar, digits of any language."""

    template_name = "look/day_input.html"
    use_fieldset = True

    def __init__(self) -> None:
        parts = [(_("Year"), 4), (_("Month"), 2), (_("Day"), 2)]
        super().__init__([
            forms.TextInput(
                attrs={
                    "inputmode": "numeric",
                    "maxlength": size,
                    "aria-label": name,
                    "placeholder": name,
                }
            )
            for name, size in parts
        ])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:  # noqa: ANN401 - Django's own loose signature
        """Give the parts in the order in which they are read: from the right the day comes first."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        if get_language_bidi():
            context["widget"]["subwidgets"].reverse()
        return context

    def decompress(self, value: dt.date | None) -> list[Any]:
        """Take a day apart."""
        if value is None:
            return [None, None, None]
        written = write_day(value, calendar=page_calendar())
        return [page_digits(str(part)) for part in (written.year, written.month, written.day)]


class DayField(forms.MultiValueField):
    """A day, as three numbers of the page's calendar."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own loose signature
        numbers = [
            forms.CharField(max_length=4),
            *(forms.CharField(max_length=2) for _part in "md"),
        ]
        super().__init__(numbers, widget=DayInput(), require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dt.date | None:
        """Put a day together.

        Raises:
            ValidationError: the calendar has no such day.
        """
        if not any(data_list):
            return None
        try:
            year, month, day = (int(to_latin_digits(part)) for part in data_list)
            return read_day(year, month, day, calendar=page_calendar())
        except (NotADay, ValueError):
            raise forms.ValidationError(
                _("There is no such day; check year, month and day.")
            ) from None
