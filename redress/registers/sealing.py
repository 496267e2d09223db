"""Sealing: what identifies people is encrypted with a key that is never in the database.

The present key is a file, and so is each earlier one while rows may still need it. Whoever seals looks
whether the file is still the one it knows, so a new key counts at once in every process; and no process
forgets a key it has known, so what it read from the database a moment ago it can open in any case.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import connection

BATCH_ROWS: Final = 1000
_PRESENT: Final = "identity-seal"
_OLDER: Final = f"{_PRESENT}.old."
_KEY_BYTES: Final = 32
_BEGINS: Final = "gAAAAA"  # so begins every seal: its version, and the first bits of a time


class BrokenSeal(RuntimeError):
    """A sealed text was not written with this installation's keys."""


def seal(text: str) -> bytes:
    """Encrypt a text for storing (AES-128-CBC with HMAC-SHA256: Fernet).

    To be called within the transaction that stores it: a change of keys waits for those that run.
    """
    return seal_many([text])[0]


def seal_many(texts: Iterable[str]) -> list[bytes]:
    """Encrypt many texts by one look at the key; within one transaction, as ``seal``."""
    fernet = Fernet(_known_keys()[0])
    return [fernet.encrypt(text.encode()) for text in texts]


def unseal(sealed: bytes) -> str:
    """Decrypt a stored text.

    Raises:
        BrokenSeal: another key, or the bytes were changed.
    """
    for afresh in (False, True):
        keys = MultiFernet(Fernet(key) for key in _known_keys(afresh=afresh))
        with contextlib.suppress(InvalidToken):
            return keys.decrypt(sealed).decode()
    raise BrokenSeal


def fingerprint(text: str, *, kind: str) -> str:
    """Give a keyed fingerprint, by which equal texts can be found without being readable."""
    key: bytes = settings.REDRESS_FINGERPRINT_KEY
    return hmac.new(key, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()


def read_seal_keys(folder: Path) -> list[bytes]:
    """Read the keys that are in force, the newest first."""
    keys = [_key_in(folder / _PRESENT)]
    for path in sorted(_older(folder), reverse=True):
        with contextlib.suppress(FileNotFoundError):  # no row needs it any more
            keys.append(_key_in(path))
    return keys


@dataclass(frozen=True, slots=True)
class _Ring:
    """The keys a process knows, and which file of the present key they were read beside."""

    stamp: tuple[int, int]
    keys: tuple[bytes, ...]


_rings: Final[dict[Path, _Ring]] = {}


def _known_keys(*, afresh: bool = False) -> tuple[bytes, ...]:
    """Give the keys, the present one first; ``afresh`` looks also for older ones put back."""
    folder: Path = settings.REDRESS_KEYS
    known = _rings.get(folder)
    earlier: Iterable[bytes] = known.keys if known else settings.REDRESS_SEAL_KEYS
    try:
        file = (folder / _PRESENT).stat()
        stamp = (file.st_mtime_ns, file.st_ino)
        if known is not None and known.stamp == stamp and not afresh:
            return known.keys
        keys = tuple(dict.fromkeys([*read_seal_keys(folder), *earlier]))
    except OSError:  # the folder is out of reach: what is known serves on, as long as this process
        return tuple(earlier)
    _rings[folder] = _Ring(stamp, keys)
    return keys


def _older(folder: Path) -> list[Path]:
    return list(folder.glob(f"{_OLDER}*"))


def _key_in(path: Path) -> bytes:
    return base64.urlsafe_b64encode(bytes.fromhex(path.read_text(encoding="ascii")))


def is_changing(folder: Path) -> bool:
    """Say whether older keys are in force beside the present one: a change of keys is not done."""
    return bool(_older(folder))


def name_of_change(folder: Path) -> str:
    """Name a change of keys by the keys it is from and to; the name gives none of them away."""
    return hashlib.sha256(b"".join(read_seal_keys(folder))).hexdigest()[:16]


def begin_change(folder: Path, *, name: str, write: Callable[[Path, str], None]) -> None:
    """Put a new key in force beside the old ones, unless that is done already.

    Whatever is cut off here, by a kill or a power cut, leaves every key that rows are sealed with;
    beginning again goes on from there. The new key is on the disk before anything is sealed with it.

    Args:
        folder: of the keys.
        name: for the present key once it is an old one; a later one sorts behind.
        write: writes a secret whole or not at all.
    """
    present = folder / _PRESENT
    for left in folder.glob(f"{_PRESENT}.*.new"):  # of a run that was killed while it wrote
        left.unlink()
    if not _older(folder):
        (folder / f"{_OLDER}{name}").hardlink_to(present)
        _put_on_disk(folder)
    if _key_in(present) in {_key_in(path) for path in _older(folder)}:
        write(present, secrets.token_hex(_KEY_BYTES))
        _put_on_disk(folder)


def end_change(folder: Path) -> None:
    """Take the old keys away; no row may need them any more."""
    for path in _older(folder):
        path.unlink()
    _put_on_disk(folder)


def _put_on_disk(folder: Path) -> None:
    """See to it that what was renamed or removed in a folder stays so through a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed texts, or of JSON with sealed texts in it, and what it holds."""

    holds: str
    table: str
    column: str
    is_json: bool = False


SEALED_COLUMNS: Final = (
    SealedColumn("identities", "demands_sealedidentity", "sealed"),
    SealedColumn("national_ids", "registry_member", "national_id_sealed"),
    SealedColumn("second_factors", "mfa_authenticator", "data", is_json=True),
)


@dataclass(slots=True)
class Batch:
    """What was found in some rows of a column.

    Attributes:
        last: number of the last row looked at, None if there was none.
        sealed: rows with something sealed.
        stale: rows with something sealed by an older key; those not locked by somebody else are
            sealed anew.
        unreadable: numbers of rows with something that no key opens.
    """

    last: int | None = None
    sealed: int = 0
    stale: int = 0
    unreadable: list[int] = field(default_factory=list)


def look_at_batch(place: SealedColumn, *, after: int, reseal: bool) -> Batch:
    """Look at the rows that follow one, all the present scope shows; seal anew what is stale."""
    keys = [Fernet(key) for key in _known_keys(afresh=after == 0)]
    rows = _read(place, "id > %s ORDER BY id LIMIT %s", [after, BATCH_ROWS])
    batch = Batch(last=rows[-1][0] if rows else None)
    stale = []
    for number, value in rows:
        anew, broken = _anew(value, keys)
        batch.sealed += _is_sealed(value)
        if broken:
            batch.unreadable.append(number)
        if anew != value:
            stale.append(number)
    batch.stale = len(stale)
    if stale and reseal:
        # Never wait for a lock: whoever holds it may wait for one of ours. The next look finds them.
        free = _read(place, "id = ANY(%s) FOR NO KEY UPDATE SKIP LOCKED", [stale])
        _write(place, [(number, _anew(value, keys)[0]) for number, value in free])
    return batch


def open_transactions() -> set[str]:
    """Name the transactions of the application, other than this one, that have not ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.virtualxid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
            " WHERE l.locktype = 'virtualxid' AND a.datname = current_database()"
            " AND a.usename = session_user AND a.pid <> pg_backend_pid()"
        )
        return {name for (name,) in cursor.fetchall()}


def _read(place: SealedColumn, which: str, parameters: list[Any]) -> list[tuple[int, Any]]:
    query = f"SELECT id, {place.column} FROM {place.table} WHERE {place.column} IS NOT NULL AND "  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(query + which, parameters)
        rows = cursor.fetchall()
    return [
        (number, json.loads(value) if place.is_json else bytes(value)) for number, value in rows
    ]


def _write(place: SealedColumn, rows: list[tuple[int, Any]]) -> None:
    kind = "text" if place.is_json else "bytea"
    values = [json.dumps(value) if place.is_json else value for _, value in rows]
    target = f"{place.column} = v.value" + ("::jsonb" if place.is_json else "")
    with connection.cursor() as cursor:
        # Identities are never changed otherwise; the database lets their seal be only so.
        cursor.execute("SELECT set_config('app.rotating', 'on', true)")
        cursor.execute(
            f"UPDATE {place.table} t SET {target}"  # noqa: S608 - our own names
            f" FROM unnest(%s::bigint[], %s::{kind}[]) AS v(id, value) WHERE t.id = v.id",
            [[number for number, _ in rows], values],
        )
        cursor.execute("SELECT set_config('app.rotating', '', true)")


def _anew(value: Any, keys: list[Fernet]) -> tuple[Any, bool]:  # noqa: ANN401 - bytes, or any JSON
    """Give a value with all that an older key sealed in it sealed by the first key.

    Returns:
        The value, and whether something in it opens with no key, which is left as it is.
    """
    if isinstance(value, bytes):
        return _token_anew(value, keys)
    if isinstance(value, str) and value.startswith(_BEGINS):
        token, broken = _token_anew(value.encode(), keys)
        return token.decode(), broken
    if isinstance(value, (dict, list)):
        names = list(value) if isinstance(value, dict) else range(len(value))
        parts = [_anew(value[name], keys) for name in names]
        anew = [part for part, _ in parts]
        whole = dict(zip(names, anew, strict=True)) if isinstance(value, dict) else anew
        return whole, any(broken for _, broken in parts)
    return value, False


def _token_anew(token: bytes, keys: list[Fernet]) -> tuple[bytes, bool]:
    with contextlib.suppress(InvalidToken):
        keys[0].decrypt(token)
        return token, False
    with contextlib.suppress(InvalidToken):
        return MultiFernet(keys).rotate(token), False
    return token, True


def _is_sealed(value: Any) -> bool:  # noqa: ANN401 - bytes, or any JSON
    return isinstance(value, bytes) or _BEGINS in json.dumps(value)
