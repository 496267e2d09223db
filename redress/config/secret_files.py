"""Secrets as files that only their owner reads; none of them is ever in the database."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final

_SECRET_BYTES: Final = 32


def write_secret(path: Path, secret: str) -> None:
    """Write a secret whole or not at all; a file already there is replaced."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)


def read_or_make_secret(home: Path, name: str) -> str:
    """Give the secret of that name under ``home/keys``; make it on the first call (64 hex digits)."""
    path = home / "keys" / name
    if not path.exists():
        mine = path.with_name(f"{name}.{os.getpid()}.mine")
        write_secret(mine, secrets.token_hex(_SECRET_BYTES))
        with contextlib.suppress(FileExistsError):  # another process was a moment faster
            path.hardlink_to(mine)
        mine.unlink()
    return path.read_text(encoding="ascii")
