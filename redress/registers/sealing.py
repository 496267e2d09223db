"""Sealing: what identifies people is encrypted with a key that is never in the database."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class BrokenSeal(RuntimeError):
    """A sealed text was not written with this installation's key."""


def seal(text: str) -> bytes:
    """Encrypt a text for storing (AES-128-CBC with HMAC-SHA256: Fernet)."""
    return Fernet(settings.REDRESS_SEAL_KEY).encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """Decrypt a stored text.

    Raises:
        BrokenSeal: another key, or the bytes were changed.
    """
    try:
        return Fernet(settings.REDRESS_SEAL_KEY).decrypt(sealed).decode()
    except InvalidToken:
        raise BrokenSeal from None


def fingerprint(text: str, *, kind: str) -> str:
    """Give a keyed fingerprint, by which equal texts can be found without being readable."""
    key: bytes = settings.REDRESS_FINGERPRINT_KEY
    return hmac.new(key, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()
