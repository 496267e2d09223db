"""Receipt codes of what is filed, and filing once what is sent twice."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction

from redress.demands.hear import demand_with_receipt
from redress.registers.accounts.roles import worker_with
from redress.registers.offices.scope import within
from redress.values.codes import code_fingerprint, new_code, receipt_code
from redress.values.text import text_sha256

if TYPE_CHECKING:
    from redress.demands.models import Demand

Code = tuple[str, str]  # a receipt code and its fingerprint


def issue_code() -> Code:
    """Make a code that belongs to no form."""
    return _with_fingerprint(new_code(secrets.token_bytes(16)))


def code_of(form_id: str, whole: str) -> Code:
    """Make the code of a form with all that was written in it; sent again, it has the same."""
    key = settings.REDRESS_FINGERPRINT_KEY
    return _with_fingerprint(receipt_code(key=key, form_id=f"{form_id}/{text_sha256(whole)}"))


def code_of_form(given: Mapping[str, Any], *, of: str) -> Code:
    """Make the code of a form for a demand, from all that was sent: other words or papers, another code.

    Args:
        given: its cleaned fields, with ``form_id`` and ``files``.
        of: whose form, so that no other's can lead to the same code.
    """
    form_id = given["form_id"] or secrets.token_urlsafe(24)
    papers = [paper.sha256 for paper in given["files"]]
    whole = {name: str(value) for name, value in given.items()} | {"files": repr(papers)}
    return code_of(f"{of}/{form_id}", repr(sorted(whole.items())))


def _with_fingerprint(code: str) -> Code:
    return code, code_fingerprint(code, key=settings.REDRESS_FINGERPRINT_KEY)


def file_once(fingerprint: str, hear: Callable[[], Demand]) -> Demand:
    """Hear a demand, or give the one that has this receipt already.

    Raises:
        IntegrityError: it breaks a rule of the database other than being sent twice.
    """
    try:
        with transaction.atomic():
            return _filed(fingerprint) or hear()
    except IntegrityError:  # the other of two clicks was a moment faster
        found = _filed(fingerprint)
        if found is None:
            raise
        return found


def _filed(fingerprint: str) -> Demand | None:
    with within(worker_with(fingerprint).scope):
        return demand_with_receipt(fingerprint)
