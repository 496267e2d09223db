"""Brakes on the public form that need nobody outside: how fast, how many, the same text again.

Nothing is refused by them: what they catch is heard with its receipt, its clock runs, and an officer
lets it in. They see a keyed fingerprint of a network for an hour, and keep no address.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from django.core import signing
from django.http import HttpRequest

from redress.demands.states import HeldBack
from redress.doors.limits import tries_of_network
from redress.values.text import normal_form, text_sha256

if TYPE_CHECKING:
    from redress.doors.worker.forms import DemandForm

# Nobody reads the form and writes a sentence in less.
SECONDS_MIN: Final = 3
QUICK_ONES_MAX: Final = 5
# A works canteen or an office's computer may stand behind one network with many workers.
DEMANDS_PER_HOUR_MAX: Final = 40
SAME_TEXT_PER_HOUR_MAX: Final = 3
_SALT: Final = "public-form"
_DAY_SECONDS: Final = 24 * 60 * 60


def new_form_id() -> str:
    """Make the id of a fresh form; it tells when the form was shown, and cannot be made up."""
    return signing.TimestampSigner(salt=_SALT).sign(secrets.token_urlsafe(12))


def brake(request: HttpRequest, form: DemandForm) -> HeldBack | None:
    """Say why a demand must be let in by an officer; None for nearly all.

    A few quick ones from a network are people in a hurry; a program that posts without our form is no
    browser that was too fast. Both are counted like all others.
    """
    so_far = tries_of_network(request, what="demands")
    if so_far > QUICK_ONES_MAX and _is_too_fast(form.cleaned_data["form_id"]):
        return HeldBack.TOO_FAST
    if so_far > DEMANDS_PER_HOUR_MAX:
        return HeldBack.TOO_MANY
    same = f"text/{text_sha256(normal_form(form.cleaned_data['text']))}"
    if tries_of_network(request, what=same) > SAME_TEXT_PER_HOUR_MAX:
        return HeldBack.SAME_TEXT
    return None


def _is_too_fast(form_id: str) -> bool:
    signer = signing.TimestampSigner(salt=_SALT)
    try:
        signer.unsign(form_id, max_age=_DAY_SECONDS)
        signer.unsign(form_id, max_age=SECONDS_MIN)
    except signing.BadSignature:  # none of ours, or older than that
        return False
    return True
