"""Keys that sign receipts: the public half as a text to be published, and its short name.

The library under us takes public keys of small order, and keys in a second form, under which one
signature fits many texts; both are refused here.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

KEY_BYTES: Final = 32
KEY_FILE_BYTES_MAX: Final = 8192
_FINGERPRINT_DIGITS: Final = 32

_PRIME: Final = 2**255 - 19
_SIGN_BIT: Final = 2**255
# The y of the points of order 8 on edwards25519, one of two; the other is its negative. Those of
# order 4, 1 and 2 have y = 0, 1 and -1. The tests reckon them.
_Y_OF_ORDER_8: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER: Final = frozenset({0, 1, _PRIME - 1, _Y_OF_ORDER_8, _PRIME - _Y_OF_ORDER_8})


class NotAKey(ValueError):
    """Bytes that hold no Ed25519 public key, or one under which signatures prove nothing."""


def public_key(secret: bytes) -> bytes:
    """Give the public key that belongs to 32 secret bytes."""
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def key_fingerprint(public: bytes) -> str:
    """Write a short name of a public key to be read aloud: half its SHA-256, hex digits in fours."""
    digits = hashlib.sha256(public).hexdigest()[:_FINGERPRINT_DIGITS]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def is_weak_key(public: bytes) -> bool:
    """Say whether a public key is of small order, or not written in the one form of its point."""
    y = int.from_bytes(public, "little") % _SIGN_BIT
    return y >= _PRIME or y in _SMALL_ORDER


def write_public_key(public: bytes) -> str:
    """Write a public key as a text to be published: PEM below a line with its fingerprint."""
    key = Ed25519PublicKey.from_public_bytes(public)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return f"Signs receipts of Redress (Ed25519). Fingerprint: {key_fingerprint(public)}\n{pem}"


def read_public_key(text: bytes) -> bytes:
    """Read a public key: PEM, or the base64 that stands in a receipt.

    Raises:
        NotAKey: it holds none that can be used.
    """
    if len(text) > KEY_FILE_BYTES_MAX:
        raise NotAKey
    try:
        if b"-----BEGIN" in text:
            key = load_pem_public_key(text)
            public = key.public_bytes_raw() if isinstance(key, Ed25519PublicKey) else b""
        else:
            public = base64.b64decode(text.strip(), validate=True)
    except (ValueError, UnsupportedAlgorithm):
        raise NotAKey from None
    if len(public) != KEY_BYTES or is_weak_key(public):
        raise NotAKey
    return public
