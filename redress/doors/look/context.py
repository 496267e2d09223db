"""What every page knows."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi

_HTML_LANGUAGE: Final = {"zh-hans": "zh-Hans"}


def page(request: HttpRequest) -> dict[str, Any]:
    """Give language, direction, who acts, and today."""
    language = get_language() or "en"
    return {
        "html_language": _HTML_LANGUAGE.get(language, language),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "languages": settings.LANGUAGES,
        "actor": getattr(request, "actor", None),
        "today": timezone.localdate(),
    }
