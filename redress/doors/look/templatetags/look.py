"""Filters and tags of every template (registered as built-ins)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from redress.doors.look import dates, words
from redress.doors.look.words import Words
from redress.values.codes import grouped
from redress.values.money import Money

register = template.Library()
_SELECTED: Final = SafeString(" selected")


@register.filter
def day(value: dt.date | None) -> str:
    """Write a day as the page's language does."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return "" if value is None else dates.written_day(value)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Write a moment as the page's language does."""
    return "" if value is None else dates.written_moment(value)


@register.filter
def number(value: int | None) -> str:
    """Write a whole number, grouped, in the page's digits."""
    return "" if value is None else dates.written_number(value)


@register.filter
def digits(value: object) -> str:
    """Write a text with the page's digits, not grouped: a case number."""
    return dates.page_digits(str(value))


@register.filter
def money(value: Money) -> str:
    """Write a sum with its currency."""
    return dates.written_money(value)


@register.filter
def amount(value: Money) -> str:
    """Write a sum without its currency, where a table names it once."""
    return dates.written_amount(value)


@register.filter
def currency(code: str) -> str:
    """Name a currency."""
    return dates.currency_word(code)


@register.filter
def word(code: str, kind: str) -> Words:
    """Give the words for a code of a kind."""
    return words.word(kind, code)


@register.filter
def said(text: str) -> SafeString:
    """Show words that a person typed, in their own direction, cut off from the text around."""
    return format_html('<bdi dir="auto">{}</bdi>', text)


@register.filter
def code(value: str) -> SafeString:
    """Show a receipt code in fours, left to right in every language."""
    return format_html('<bdi dir="ltr" class="code">{}</bdi>', dates.page_digits(grouped(value)))


@register.filter
def megabytes(size_bytes: int) -> str:
    """Write a file's size."""
    tenths = max(1, round(size_bytes * 10 / 1024 / 1024))
    number = dates.page_digits(f"{tenths // 10}.{tenths % 10}")
    return gettext("%(number)s MB") % {"number": number}


@register.filter
def due_in(value: dt.date, today: dt.date) -> str:
    """Say how far off a day is: in 3 days, today, 5 days late."""
    days = (value - today).days
    if days == 0:
        return gettext("due today")
    count = dates.written_number(abs(days))
    if days > 0:
        return ngettext("due in %(count)s day", "due in %(count)s days", days) % {"count": count}
    return ngettext("%(count)s day late", "%(count)s days late", -days) % {"count": count}


@register.simple_tag
def select_field(
    name: str,
    label: str,
    options: Iterable[tuple[object, object]],
    chosen: object = "",
    first: str = "",
    id: str = "",  # noqa: A002 - the attribute's own name
) -> SafeString:
    """Write a labelled choice of one, as filters have it.

    A plain function over the options costs a fifth of a loop in a template; long lists have many.

    Args:
        name: of the parameter.
        label: shown above it.
        options: (value, words).
        chosen: the value that is selected.
        first: words for choosing none of them; left out if empty.
        id: of the element, where another of the page has the parameter's name.
    """
    offered = [("", first), *options] if first else options
    written = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, _SELECTED if value == chosen else "", what) for value, what in offered),
    )
    return format_html(
        '<div class="field"><label for="{3}">{1}</label><select id="{3}" name="{0}">{2}</select></div>',
        name,
        label,
        written,
        id or name,
    )


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changed: object) -> str:
    """Give this page's address with some parameters changed; an empty one is left out.

    The page number goes back to the first, unless it is what changes.
    """
    query = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query.pop(name, None)
        if value not in {"", None}:
            query[name] = str(value)
    return f"?{query.urlencode()}"
