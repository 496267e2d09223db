"""Receipts: a small signed file that shows, without a network, what was filed where and when.

It names nobody and holds no receipt code: whoever sees it can follow nothing by it. It shows that a
key signed these facts, and binds them to the exact words by their SHA-256.

A receipt has one form only, byte for byte, so that no byte of it changes unseen. Ed25519 as the library
has it takes no signature in a second form either (S not below the order of the group).
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from redress.formats.receipt_keys import KEY_BYTES, is_weak_key, public_key
from redress.formats.receipt_texts import TextMatch, match_text
from redress.values.places import path_below

RECEIPT_BYTES_MAX: Final = 8192
SIGNATURE_BYTES: Final = 64
VERSION: Final = "redress/1"
YEAR_MIN: Final = 1900
YEAR_MAX: Final = 2200
DEMAND_MAX: Final = 2**63 - 1
_DOMAIN: Final = b"redress-receipt\0"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(_DAY.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_SAID_CHARS_MAX: Final = 40


class NotAReceipt(ValueError):
    """Bytes or facts that make no receipt.

    Attributes:
        reason: ``too_large``, ``not_json``, ``twice``, ``other_version``, ``unknown_field``,
            ``missing_field``, ``wrong_value`` or ``not_canonical``.
        said: the name of the field it is about, if it is about one.
    """

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(reason)
        self.reason, self.said = reason, said[:_SAID_CHARS_MAX]


class Flaw(StrEnum):
    """Why a well-formed receipt proves nothing."""

    WEAK_KEY = "weak_key"
    BAD_SIGNATURE = "bad_signature"


@dataclass(frozen=True, slots=True)
class Filed:
    """What was filed.

    Attributes:
        demand: its number.
        office: path of the office that heard it.
        heard_on: the day it was first raised, by the office's clock.
        filed_at: when it came in; aware, written to the second.
        text_sha256: of the words' UTF-8 bytes, in hex.
        attachments: SHA-256 of each attached file, in their order.
    """

    demand: int
    office: str
    heard_on: dt.date
    filed_at: dt.datetime
    text_sha256: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as read: what it says, by whose key, and the signature, which is not yet checked."""

    filed: Filed
    key: bytes
    signature: bytes


def sign_receipt(facts: Filed, key: bytes) -> bytes:
    """Write the receipt file of a demand.

    Args:
        facts: what was filed.
        key: the 32 secret bytes of an Ed25519 key.

    Raises:
        NotAReceipt: a fact is not what a receipt holds, or all of it is too long.
    """
    if facts.filed_at.tzinfo is None:
        raise NotAReceipt("wrong_value", "filed_at")
    public = public_key(key)
    signer = Ed25519PrivateKey.from_private_bytes(key)
    signature = signer.sign(_signed_bytes(Receipt(facts, public, b"")))
    data = _written(_fields(Receipt(facts, public, signature)))
    read_receipt(data)  # so that nobody is given what nobody can read
    return data


def read_receipt(data: bytes) -> Receipt:
    """Read a receipt file; ``check_receipt`` says whether its signature holds.

    Raises:
        NotAReceipt: it differs in any way from what ``sign_receipt`` writes.
    """
    if len(data) > RECEIPT_BYTES_MAX:
        raise NotAReceipt("too_large")
    given = _read_json(data)
    _check_names(given)
    read: dict[str, Any] = {}
    for name, reader in _READERS.items():
        try:
            read[name] = reader(given[name])
        except ValueError:
            raise NotAReceipt("wrong_value", name) from None
    del read["receipt"]
    key, signature = read.pop("key"), read.pop("signature")
    receipt = Receipt(Filed(**read), key, signature)
    if _written(_fields(receipt)) != data:
        raise NotAReceipt("not_canonical")
    return receipt


def check_receipt(receipt: Receipt) -> Flaw | None:
    """Say why a receipt's signature proves nothing; None if it holds by the key in the receipt.

    Anybody can make a key: whose it is, only a comparison with the office's own can tell.
    """
    if is_weak_key(receipt.key):
        return Flaw.WEAK_KEY
    try:
        Ed25519PublicKey.from_public_bytes(receipt.key).verify(
            receipt.signature, _signed_bytes(receipt)
        )
    except InvalidSignature:
        return Flaw.BAD_SIGNATURE
    return None


def matches_text(receipt: Receipt, text: bytes) -> TextMatch:
    """Say whether a text is the one filed, and what harmless change of saving lies between."""
    return match_text(text, receipt.filed.text_sha256)


def _fields(receipt: Receipt) -> dict[str, Any]:
    filed = receipt.filed
    at = filed.filed_at.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None)
    return {
        "receipt": VERSION,
        "demand": filed.demand,
        "office": filed.office,
        "heard_on": filed.heard_on.isoformat(),
        "filed_at": f"{at.isoformat()}Z",
        "text_sha256": filed.text_sha256,
        "attachments": list(filed.attachments),
        "key": base64.b64encode(receipt.key).decode(),
        "signature": base64.b64encode(receipt.signature).decode(),
    }


def _written(fields: dict[str, Any]) -> bytes:
    """Write fields in the one form: ASCII, a field a line."""
    return (json.dumps(fields, indent=2) + "\n").encode()


def _signed_bytes(receipt: Receipt) -> bytes:
    fields = _fields(receipt)
    del fields["signature"]
    return _DOMAIN + _written(fields)


def _read_json(data: bytes) -> dict[str, Any]:
    try:
        # A byte order mark makes another form of it, and is told as that.
        found = json.loads(
            data.decode("utf-8-sig"),
            parse_float=_no_number,
            parse_constant=_no_number,
            object_pairs_hook=_once,
        )
    except NotAReceipt:
        raise
    except (ValueError, RecursionError):
        raise NotAReceipt("not_json") from None
    if not isinstance(found, dict):
        raise NotAReceipt("not_json")
    return found


def _no_number(said: str) -> None:
    raise ValueError(said)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NotAReceipt("twice", name)
        found[name] = value
    return found


def _check_names(given: dict[str, Any]) -> None:
    # The version first: a newer one may have other fields.
    if given.get("receipt", VERSION) != VERSION:
        raise NotAReceipt("other_version")
    for name in given:
        if name not in _READERS:
            raise NotAReceipt("unknown_field", name)
    for name in _READERS:
        if name not in given:
            raise NotAReceipt("missing_field", name)


def _text(said: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(said, str) or not pattern.fullmatch(said):
        raise ValueError
    return said


def _demand(said: object) -> int:
    if type(said) is not int or not 1 <= said <= DEMAND_MAX:
        raise ValueError
    return said


def _office(said: object) -> str:
    if not isinstance(said, str):
        raise ValueError  # noqa: TRY004 - a wrong value like any other
    path_below(said)
    return said


def _day(said: object) -> dt.date:
    day = dt.date.fromisoformat(_text(said, _DAY))
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        raise ValueError
    return day


def _moment(said: object) -> dt.datetime:
    moment = dt.datetime.fromisoformat(_text(said, _MOMENT))
    _day(moment.date().isoformat())
    return moment


def _sha256(said: object) -> str:
    return _text(said, _SHA256)


def _digests(said: object) -> tuple[str, ...]:
    if not isinstance(said, list):
        raise ValueError  # noqa: TRY004 - a wrong value like any other
    return tuple(_sha256(one) for one in said)


def _bytes(said: object, size: int) -> bytes:
    found = base64.b64decode(_text(said, re.compile(r"[A-Za-z0-9+/]+={0,2}")), validate=True)
    if len(found) != size:
        raise ValueError
    return found


_READERS: Final[dict[str, Callable[[object], Any]]] = {
    "receipt": str,
    "demand": _demand,
    "office": _office,
    "heard_on": _day,
    "filed_at": _moment,
    "text_sha256": _sha256,
    "attachments": _digests,
    "key": lambda said: _bytes(said, KEY_BYTES),
    "signature": lambda said: _bytes(said, SIGNATURE_BYTES),
}
