"""The words of the published figures, and of how demands end."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from redress.doors.look.figures import FigureWords
from redress.doors.look.words import Words

PUBLIC: Final[dict[str, FigureWords]] = {
    "came": FigureWords(
        _("Came in"),
        _("Demands put down at a union office in this month, and those opened again in it."),
        without=_(
            "Demands that were held back, or followed together with another, when this was made."
        ),
    ),
    "ended": FigureWords(
        _("Disposed of"),
        _("Times that a demand ended in this month, in whatever way."),
        without=_("A worker's word after silence ends nothing anew."),
    ),
    "clearance": FigureWords(
        _("Clearance rate"),
        _("Disposed of in this month."),
        _("Came in in this month."),
        _("Below 100 % the backlog grows."),
    ),
    "pending": FigureWords(
        _("Pending"),
        _("Demands that had not ended at the end of the month, to the nearest ten."),
    ),
    "pending_workers": FigureWords(
        _("Workers they speak for"),
        _("Workers that the pending demands speak for, to the nearest ten."),
    ),
    "solved_share": FigureWords(
        _("Solved, as the worker says"),
        _("Demands that ended in this month because the worker called them solved."),
        _("All demands that ended in this month; silence counts among these, never as solved."),
    ),
    "disputed": FigureWords(
        _("Answers disputed"),
        _("Answers that workers disputed in this month, at once or after the demand had ended."),
    ),
    "sent": FigureWords(
        _("Sent to bodies"),
        _("Times that a demand was sent to a body in this month; again after a dispute as well."),
    ),
    "returned": FigureWords(
        _("Returned by a body"),
        _("Times that a body gave a demand back in this month as not its own matter."),
    ),
    "returned_share": FigureWords(
        _("Returned share"),
        _("Given back by a body in this month."),
        _("Sent to a body in this month."),
    ),
    "due": FigureWords(
        _("Fell due with bodies"),
        _("Times that a body answered on time, or let its limit pass, in this month."),
    ),
    "on_time_share": FigureWords(
        _("On time share"),
        _("Answered by the last day of the body's limit."),
        _("All that bodies answered on time, or let pass, in this month."),
        _("What was given back or taken back before its last day; what has no limit."),
    ),
    "late_excused": FigureWords(
        _("Late, with an accepted reason"),
        _("Limits that passed in this month for a reason that the union accepted."),
    ),
    "first_answer": FigureWords(
        _("Days until the first answer"),
        _(
            "Days by which half of the demands raised in the year up to the month's end had a first"
            " answer. Open demands count for as long as they have waited (Kaplan-Meier)."
        ),
    ),
    "closing": FigureWords(
        _("Days until it was closed"),
        _(
            "Days by which half of the demands raised in the year up to the month's end had ended."
            " Open demands count for as long as they have waited (Kaplan-Meier)."
        ),
    ),
    "answer": FigureWords(
        _("Days until the body answered"),
        _(
            "Days by which half of what was sent in the year up to the month's end was answered."
            " What still waits counts for as long as it has waited (Kaplan-Meier)."
        ),
    ),
}
ENDINGS: Final[dict[str, Words]] = {
    "resolved": _("Solved, as the worker says"),
    "partly": _("Partly solved, and left at that"),
    "refused": _("Refused, and left at that"),
    "moved": _("Moved to a procedure of the law"),
    "by_sample": _("Closed because a drawn sample says it is solved"),
    "silent": _("No word from the worker"),
    "withdrawn": pgettext_lazy("demand", "Withdrawn"),
    "not_a_workers_matter": _("Not a worker's matter"),
    "opened_again": _("Opened again since"),
    "waits": _("Waits for the worker's word"),
    "disputed": _("Disputed"),
}
