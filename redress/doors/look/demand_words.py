"""The words shown for the codes of the demand flow."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# A text, or one that is put into the reader's language only when shown.
Words = str | Promise

_CHANNELS: Final[dict[str, Words]] = {
    "web": _("on the web"),
    "phone": _("by phone"),
    "visit": _("on a visit"),
    "letter": _("by letter"),
    "open_door": _("at an open-door hour"),
    "meeting": _("at a meeting"),
    "representative": _("through a representative"),
    "import": _("from an earlier list"),
}

DEMAND_WORDS: Final[dict[str, dict[str, Words]]] = {
    "state": {
        "heard": pgettext_lazy("demand", "Heard"),
        "to_clarify": pgettext_lazy("demand", "A question waits for the worker"),
        "sorted": pgettext_lazy("demand", "Sorted"),
        "routed": pgettext_lazy("demand", "Sent to the body"),
        "accepted": pgettext_lazy("demand", "Taken on by the body"),
        "returned": pgettext_lazy("demand", "Returned by the body"),
        "answered": pgettext_lazy("demand", "Answered, waits for the worker's word"),
        "silent": pgettext_lazy("demand", "Answered, no word from the worker"),
        "closed": pgettext_lazy("demand", "Closed"),
        "withdrawn": pgettext_lazy("demand", "Withdrawn"),
        "merged": pgettext_lazy("demand", "Followed with another"),
    },
    "holder": {
        "union": _("With the union"),
        "body": _("With a body"),
        "worker": _("With the worker"),
        "nobody": _("With nobody: it had ended"),
    },
    "voice": {
        "worker": _("from the worker"),
        "body": _("from the body"),
        "union": _("from the union"),
    },
    "part": {"joint": _("answers jointly"), "above": _("it went up to them")},
    "held_back": {
        "too_fast": _("Held back: the form was filled in too fast"),
        "too_many": _("Held back: too many came from one network"),
        "same_text": _("Held back: the same text came again and again"),
    },
    "special": {
        "contested": _("Marking contested"),
        "reopened": _("Opened again"),
        "joint": _("Joint cases"),
        "shared": _("Shared with us"),
        "retaliation": _("Punished for complaining"),
        "added": _("Words added"),
        "check_in": _("To be asked how they are"),
        "held_back": _("Held back"),
    },
    "claim": {
        "solved": _("Solved"),
        "partly": _("Partly solved"),
        "refused": _("Refused, with the reason"),
        "moved": _("Moved to a procedure of the law"),
    },
    "found": {
        "solved": _("Solved"),
        "partly": _("Partly solved"),
        "not_solved": _("Not solved"),
        "cannot_tell": _("It cannot be told"),
    },
    "raised_by": {
        "worker": _("the worker"),
        "group": _("a group of workers"),
        "representative": _("an elected representative"),
        "council": _("a works council"),
        "union": _("the union"),
        "other": pgettext_lazy("raised by", "somebody else"),
    },
    "check_in": {
        "safe": _("Safe"),
        "worse": _("Worse"),
        "not_reached": _("Not reached"),
    },
    "span_kind": {
        "demand": _("the demand"),
        "fact": _("a fact"),
        "nonworker": _("side matter"),
        "personal": _("personal"),
    },
    "hearing_kind": {
        "open_door": _("Open-door hour"),
        "meeting": _("Meeting"),
        "site_visit": _("Visit to a workplace"),
    },
    "kept": {
        "open": pgettext_lazy("promise", "Open"),
        "kept": pgettext_lazy("promise", "Kept"),
        "partly": pgettext_lazy("promise", "Kept in part"),
        "broken": pgettext_lazy("promise", "Broken"),
    },
    "because": {
        "employer": _("same employer"),
        "topic": _("same topic"),
        "place": _("same workplace"),
        "words": _("like words"),
    },
    "outcome_call": {
        "waiting": _("Still to be called"),
        "reached": _("Reached"),
        "not_reached": _("Not reached"),
        "no_contact": _("Left no contact"),
        "declined": _("Did not want to say"),
    },
    "unit": {
        "day": _("days"),
        "workday": _("working days"),
        "month30": _("months of 30 days"),
        "month": _("months"),
        "year": _("years"),
    },
    "limit_kind": {
        "statutory": _("by law"),
        "promised": _("promised"),
        "house": _("house rule"),
    },
    "close_kind": {
        "resolved": _("Solved, as the worker says"),
        "partly": _("Partly solved, and left at that"),
        "refused": _("Refused, and left at that"),
        "moved": _("Moved to a procedure of the law"),
        "by_sample": _("Closed because a drawn sample says it is solved"),
        "not_a_workers_matter": _("Not a worker's matter"),
    },
    "urgency": {
        "critical": _("Danger to life, or a loss that cannot be undone"),
        "high": _("Livelihood stopped, or a legal time limit running"),
        "normal": _("Ordinary"),
        "low": _("A wish or suggestion"),
    },
    "due": {
        "overdue": _("Overdue"),
        "today": _("Due today"),
        "week": _("Due within a week"),
    },
    "said": {
        "solved": _("Solved"),
        "partly": _("Partly solved"),
        "not_solved": _("Not solved"),
    },
    "channel": _CHANNELS,
    "came_by": {
        **_CHANNELS,
        "desk": _("at its desk"),
        "receipt": _("with the receipt"),
        "sample": _("when called for a sample"),
    },
}
