"""Send what the ladder called for: one digest an address, through every channel that is set up."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections import defaultdict
from itertools import chain
from typing import Final

from django.utils import translation

from redress.demands.escalate import Waiting, mark_sent, notices_of, waiting
from redress.demands.ladder import rung_named
from redress.doors.clockwork.channels import Channel, Digest, Line, NotSent, channels
from redress.doors.look.dates import written_day
from redress.registers.offices.places import body_with_id, offices_at
from redress.registers.offices.scope import WHOLE, within
from redress.values.days import country_of
from redress.values.places import paths_above

logger = logging.getLogger(__name__)
LINES_MAX: Final = 200
_LANGUAGES: Final = {"ir": "fa", "cn": "zh-hans"}


def send_notices(*, at: dt.datetime) -> int:
    """Send what waits; give how many notices went out.

    A notice is marked when it was taken; one that was not is tried again the next time. An address that
    takes nothing keeps nobody else waiting.
    """
    sent = 0
    for channel in channels():
        for address, those in _by_address(channel, at=at).items():
            sent += _send(channel, address, those, at=at)
    return sent


def _by_address(channel: Channel, *, at: dt.datetime) -> dict[str, list[Waiting]]:
    grouped: dict[str, list[Waiting]] = defaultdict(list)
    with within(WHOLE):
        for one in waiting(at=at):
            address = _address(channel, one)
            if address:
                grouped[address].append(one)
    return grouped


def _address(channel: Channel, one: Waiting) -> str:
    """Give a body's own address; of an office without one, that of the nearest above it."""
    if one.body_id is not None:
        return channel.address_of(body_with_id(one.body_id))
    offices = offices_at(paths_above(one.path))
    addresses = (channel.address_of(offices[path]) for path in sorted(offices, reverse=True))
    return next(filter(None, addresses), "")


def _send(channel: Channel, address: str, those: list[Waiting], *, at: dt.datetime) -> int:
    with within(WHOLE):
        notices = [list(notices_of(one, at=at)[:LINES_MAX]) for one in those]
        many = sum(notices_of(one, at=at).count() for one in those)
    listed = sorted(chain.from_iterable(notices), key=lambda one: one.pk)[:LINES_MAX]
    if not listed:
        return 0
    language = _LANGUAGES.get(country_of(listed[0].path), "en")
    with translation.override(language):
        lines = [
            Line(notice.demand_id, _name(notice.rung), written_day(notice.due_on))
            for notice in listed
        ]
    key = hashlib.sha256(f"{address}/{those}".encode()).hexdigest()[:32]
    try:
        channel.send(Digest(address, language, lines, key, more=max(many - len(lines), 0)))
    except NotSent as not_sent:
        logger.warning("%s reminders were not sent: %s", many, not_sent)
        return 0
    with within(WHOLE):
        return sum(mark_sent(one, at=at) for one in those)


def _name(rung: str) -> str:
    known = rung_named(rung)
    return str(known.name) if known else rung
