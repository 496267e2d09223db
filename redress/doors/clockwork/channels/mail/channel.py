"""Reminders by e-mail over SMTP: plain text and HTML, each saying its own direction."""

from __future__ import annotations

import smtplib
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from redress.doors.clockwork.channels import Digest, NotSent
from redress.doors.look.dates import page_digits, written_number

_SECONDS_MAX: Final = 20
# Right to left, whatever a reader guesses from the first letter of a line.
_RIGHT_TO_LEFT: Final = "\u200f"


def is_on() -> bool:
    """Say whether a mail server is named (``REDRESS_SMTP``)."""
    return settings.REDRESS_SMTP is not None


def address_of(place: object) -> str:
    """Give the e-mail address of a body or an office."""
    return str(getattr(place, "email", "") or "")


def send(digest: Digest) -> None:
    """Send one digest; the address of the desk is in it, and no word of a worker.

    Raises:
        NotSent: the server does not take it now.
    """
    with translation.override(digest.language):
        message = EmailMultiAlternatives(
            subject=_subject(digest),
            body=_plain(digest),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[digest.to],
            headers={
                "Message-ID": f"<{digest.key}@{settings.REDRESS_ADDRESS.split('//')[-1]}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(_html(digest), "text/html")
    try:
        message.connection = get_connection(timeout=_SECONDS_MAX)
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(type(error).__name__) from None


def _subject(digest: Digest) -> str:
    many = len(digest.lines) + digest.more
    return ngettext("Redress: %(count)s reminder", "Redress: %(count)s reminders", many) % {
        "count": written_number(many)
    }


def _lines(digest: Digest) -> list[tuple[str, str]]:
    return [
        (
            f"{settings.REDRESS_ADDRESS}/desk/demands/{line.demand}",
            _("Demand %(number)s: %(what)s (due %(day)s)")
            % {
                "number": page_digits(str(line.demand)),
                "what": line.what,
                "day": line.due_written,
            },
        )
        for line in digest.lines
    ]


def _plain(digest: Digest) -> str:
    mark = _RIGHT_TO_LEFT if translation.get_language_bidi() else ""
    listed = [f"{mark}{words}\n{address}" for address, words in _lines(digest)]
    told = [
        f"{mark}{_('These demands wait for you:')}",
        *listed,
        *(mark + it for it in _more(digest)),
    ]
    return "\n\n".join(told)


def _more(digest: Digest) -> list[str]:
    if not digest.more:
        return []
    told = ngettext("and %(count)s more at the desk", "and %(count)s more at the desk", digest.more)
    return [told % {"count": written_number(digest.more)}]


def _html(digest: Digest) -> str:
    direction = "rtl" if translation.get_language_bidi() else "ltr"
    rows = format_html_join("", '<li><a href="{}">{}</a></li>', _lines(digest))
    rows += format_html_join("", "<li>{}</li>", ((it,) for it in _more(digest)))
    return format_html(
        '<!doctype html><html lang="{}" dir="{}"><body dir="{}"><p>{}</p><ul>{}</ul></body></html>',
        digest.language,
        direction,
        direction,
        _("These demands wait for you:"),
        rows,
    )
