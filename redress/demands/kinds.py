"""Kinds of things around a demand: meetings, promises, calls, second bodies."""

from __future__ import annotations

from enum import StrEnum


class HearingKind(StrEnum):
    """Where people sat together."""

    OPEN_DOOR = "open_door"
    MEETING = "meeting"
    SITE_VISIT = "site_visit"


class Kept(StrEnum):
    """How a promise came out."""

    OPEN = "open"
    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"


class Wellbeing(StrEnum):
    """How a worker is who was punished."""

    SAFE = "safe"
    WORSE = "worse"
    NOT_REACHED = "not_reached"


class Outcome(StrEnum):
    """What came of a call to a drawn worker."""

    WAITING = "waiting"
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    NO_CONTACT = "no_contact"
    DECLINED = "declined"


class Part(StrEnum):
    """Why a second body reads a demand."""

    JOINT = "joint"
    ABOVE = "above"
