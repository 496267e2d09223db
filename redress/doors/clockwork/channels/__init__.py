"""Ways in which reminders leave the house. A channel is one folder here, with a ``channel`` module.

In-app is no channel: notices are on the desk's own page whether or not anything is sent.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast


@dataclass(frozen=True, slots=True)
class Line:
    """One reminder as it may leave the house: numbers and days, never words of a worker."""

    demand: int
    what: str
    due_written: str


@dataclass(frozen=True, slots=True)
class Digest:
    """All reminders to one address at a time."""

    to: str
    language: str  # fa | zh-hans | en
    lines: Sequence[Line]
    key: str  # the same for the same reminders, so that a second try can be known
    more: int = 0  # that wait too and are not listed


class NotSent(Exception):
    """A channel could not send; it is tried again later."""


class Channel(Protocol):
    """What a channel's module offers."""

    def is_on(self) -> bool:
        """Say whether this installation has it set up."""
        ...

    def address_of(self, place: object) -> str:
        """Give the address of a body or an office on this channel; empty for none."""
        ...

    def send(self, digest: Digest) -> None:
        """Send one digest.

        Raises:
            NotSent: with the reason.
        """
        ...


def channels() -> list[Channel]:
    """Find the channels that are set up."""
    found = [
        cast("Channel", importlib.import_module(f"{__name__}.{folder.name}.channel"))
        for folder in pkgutil.iter_modules(__path__)
        if folder.ispkg
    ]
    return [channel for channel in found if channel.is_on()]
