"""Send what the ladder called for: one digest an address, through every channel that is set up."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.utils import translation

from redress.demands.escalate import mark_sent, notices_to_send
from redress.demands.ladder import rung_named
from redress.doors.clockwork.channels import Channel, Digest, Line, NotSent, channels
from redress.doors.look.dates import written_day
from redress.registers.offices.places import office_of
from redress.registers.offices.scope import WHOLE, within
from redress.values.days import country_of

if TYPE_CHECKING:
    from redress.demands.models import Notice

logger = logging.getLogger(__name__)
NOTICES_A_TIME: Final = 2_000
LINES_MAX: Final = 200
_LANGUAGES: Final = {"ir": "fa", "cn": "zh-hans"}


def send_notices(*, at: dt.datetime) -> int:
    """Send what waits; give how many notices went out.

    A notice is marked when it was taken; one that was not is tried again the next time.
    """
    sent = 0
    for channel in channels():
        with within(WHOLE):
            waiting = list(notices_to_send(at_most=NOTICES_A_TIME))
            grouped = _by_address(channel, waiting)
        for address, notices in grouped.items():
            sent += _send(channel, address, notices[:LINES_MAX], at=at)
    return sent


def _by_address(channel: Channel, waiting: list[Notice]) -> dict[str, list[Notice]]:
    grouped: dict[str, list[Notice]] = defaultdict(list)
    for notice in waiting:
        place = notice.body or office_of(notice.path)
        address = channel.address_of(place)
        if address:
            grouped[address].append(notice)
    return grouped


def _send(channel: Channel, address: str, notices: list[Notice], *, at: dt.datetime) -> int:
    language = _LANGUAGES.get(country_of(notices[0].path), "en")
    with translation.override(language):
        lines = [
            Line(notice.demand_id, _name(notice.rung), written_day(notice.due_on))
            for notice in notices
        ]
    numbers = [notice.pk for notice in notices]
    key = hashlib.sha256(f"{address}/{numbers}".encode()).hexdigest()[:32]
    try:
        channel.send(Digest(address, language, lines, key))
    except NotSent as not_sent:
        logger.warning("%s reminders were not sent: %s", len(numbers), not_sent)
        return 0
    with within(WHOLE):
        mark_sent(numbers, at=at)
    return len(numbers)


def _name(rung: str) -> str:
    known = rung_named(rung)
    return str(known.name) if known else rung
