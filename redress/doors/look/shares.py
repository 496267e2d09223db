"""Shares and durations as the page's language writes them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from redress.doors.look.dates import page_digits, page_language, written_number

UNKNOWN: Final = "–"
_PERCENT: Final = {"fa": "٪", "en": "%", "zh": "%"}


def written_share(share: float | None) -> str:
    """Write a share in hundredths with one decimal; a dash for none."""
    if share is None:
        return UNKNOWN
    written = f"{100 * share:.1f}"
    if page_language() == "fa":
        written = page_digits(written.replace(".", "٫"))
    return f"{written}{_PERCENT[page_language()]}"


def written_days(days: int | None) -> str:
    """Write a number of days; say so where it is not reached yet."""
    if days is None:
        return _("not reached yet")
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": written_number(days)}
