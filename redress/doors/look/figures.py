"""The words of figures: what each is called, what it counts, over what, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from redress.doors.look.words import Words


@dataclass(frozen=True, slots=True)
class FigureWords:
    """A figure in words.

    Attributes:
        name: what it is called.
        counts: what is counted, above the line of a share.
        among: what it is a share of; empty for a count.
        without: what is left out, or counts otherwise than one would think.
    """

    name: Words
    counts: Words
    among: Words = ""
    without: Words = ""


_NOT_COUNTED: Final = _(
    "Demands that are held back, and those followed together with another, which counts for both."
)
_AS_NOW: Final = _("How it ended is told as it is known today: a later word of the worker counts.")

FIGURES: Final[dict[str, FigureWords]] = {
    "received": FigureWords(
        _("Received"),
        _("Demands raised in these days, by the day they were first raised."),
        without=_NOT_COUNTED,
    ),
    "opened_again": FigureWords(
        _("Opened again"),
        _(
            "Times that a demand that had ended was opened again, because the worker disputed the"
            " answer or contested that it was set aside."
        ),
    ),
    "ended": FigureWords(
        _("Disposed of"),
        _(
            "Times that a demand ended in these days, in whatever way: solved or not, without a word"
            " of the worker, taken back, or set aside."
        ),
        without=_("A worker's word after silence ends nothing anew."),
    ),
    "clearance": FigureWords(
        _("Clearance rate"),
        _("Disposed of in these days."),
        _("Received or opened again in these days."),
        _("Below 100 % the backlog grows."),
    ),
    "pending": FigureWords(
        _("Pending"),
        _("Demands that had not ended at the end of the last day, with whomever they lay."),
        without=_NOT_COUNTED,
    ),
    "age": FigureWords(
        _("Age of the backlog"),
        _(
            "Days from the day a pending demand was first raised to the last day: the middle one of"
            " all, and the oldest. Nothing sets this clock back."
        ),
    ),
    "sent": FigureWords(
        _("Sent to bodies"),
        _(
            "Times that a demand was sent to a body in these days; again after a dispute counts"
            " again."
        ),
        without=_("Bodies that only answer jointly, or read it from above."),
    ),
    "returned": FigureWords(
        _("Returned by a body"),
        _("Of those sent in these days, the ones that the body has given back."),
    ),
    "returned_share": FigureWords(
        _("Returned share"),
        _("Sent in these days and given back since."),
        _("Sent to bodies in these days."),
        _("What the union itself took back."),
    ),
    "handled": FigureWords(
        _("Out of the bodies' hands"),
        _(
            "Holdings that ended in these days: the body answered or gave it back, the union took it"
            " back, or the worker did."
        ),
    ),
    "handled_share": FigureWords(
        _("Clearance rate of bodies"),
        _("Holdings that ended in these days."),
        _("Sent to bodies in these days."),
        _("Below 100 % more comes to the bodies than leaves them."),
    ),
    "lying": FigureWords(
        _("Lie with bodies"),
        _("Demands that lay with a body at the end of the last day."),
        without=_("Those for which the body waits for the worker's answer to a question."),
    ),
    "lying_age": FigureWords(
        _("Age of what lies with bodies"),
        _(
            "Days from the day a demand that lies with a body was sent to it to the last day: the"
            " middle one of all, and the oldest."
        ),
        without=_("Those for which the body waits for the worker's answer to a question."),
    ),
    "lying_late": FigureWords(
        _("Lie with bodies, late"),
        _("Of these, the ones for which a limit had passed."),
    ),
    "on_time": FigureWords(
        _("Answered on time"),
        _("Holdings that ended with an answer in these days, with every limit kept."),
    ),
    "late": FigureWords(
        _("Late"),
        _(
            "Holdings whose limit passed in these days before the body had acted, also where no"
            " answer has come yet."
        ),
        without=_("Those for which the union accepted the reason."),
    ),
    "excused": FigureWords(
        _("Late, with an accepted reason"),
        _("Holdings that were late, and for which the union accepted why."),
    ),
    "on_time_share": FigureWords(
        _("On time share"),
        _("Holdings that a body answered by the last day of its limit."),
        _("All holdings of bodies that were answered on time or became late in these days."),
        _(
            "What still runs and is not late; what was given back or taken back before its last day;"
            " and holdings without a limit. A reason that was accepted leaves it late."
        ),
    ),
    "answers": FigureWords(
        _("Answers"),
        _("Answers given in these days, by the day they were given."),
    ),
    "judged": FigureWords(
        _("Answers no longer waiting"),
        _("Answers of these days that do not wait for the worker's word any more."),
        without=_("Answers whose worker still has time for a word."),
    ),
    "satisfied": FigureWords(
        _("The worker says: solved"),
        _("Answers after which the worker said that it is solved."),
        without=_AS_NOW,
    ),
    "satisfied_share": FigureWords(
        _("Satisfied share"),
        _("Answers after which the worker said that it is solved."),
        _("All answers of these days that no longer wait for a word; no word is no consent."),
        _("Answers whose worker still has time for a word."),
    ),
    "left": FigureWords(
        _("Left at that"),
        _("Answers that did not, or only partly, solve it, and at which the worker left it."),
    ),
    "disputed": FigureWords(
        _("Disputed"),
        _("Answers that the worker disputed, at once or after the demand had ended."),
    ),
    "disputed_share": FigureWords(
        _("Disputed share"),
        _("Answers that the worker disputed."),
        _("All answers of these days that no longer wait for a word."),
        _("Answers whose worker still has time for a word."),
    ),
    "silent": FigureWords(
        _("No word"),
        _("Answers to which the worker said nothing in all their time. It never counts as solved."),
    ),
    "silent_share": FigureWords(
        _("Silent share"),
        _("Answers to which the worker said nothing in all their time."),
        _("All answers of these days that no longer wait for a word."),
        _("Answers whose worker still has time for a word."),
    ),
    "otherwise": FigureWords(
        _("Ended otherwise"),
        _("Answers after which a drawn sample closed it, or the worker took the demand back."),
    ),
    "answers_watched": FigureWords(
        _("Ended with an answer and watched for 90 days"),
        _("Answers with which a demand ended in these days, 90 days or more before the last day."),
        without=_("Demands that were taken back; they cannot be opened again."),
    ),
    "answers_opened": FigureWords(
        _("Answers opened again within 90 days"),
        _("Of these, the ones after which the demand was opened again within 90 days of its end."),
    ),
    "answers_opened_share": FigureWords(
        _("Answers opened again within 90 days"),
        _("Answers after which the demand was opened again within 90 days of its end."),
        _("Answers with which a demand ended in these days, 90 days or more ago."),
        _("Ends of the last 90 days, which nobody can tell of yet; demands taken back."),
    ),
    "ended_answered": FigureWords(
        _("Ended after an answer"),
        _("Demands that ended in these days after a body had answered, also without a word."),
        without=_("Demands taken back or set aside, and those opened again since."),
    ),
    "verified": FigureWords(
        _("Verified as solved"),
        _("Of these, the ones that the worker called solved, or that the union found to be."),
    ),
    "verified_share": FigureWords(
        _("Verified as solved"),
        _("Demands that the worker called solved, or that the union looked at and found to be."),
        _("Demands that ended in these days after a body had answered, also without a word."),
        _("Demands taken back or set aside. What the body alone says is no proof."),
    ),
    "watched": FigureWords(
        _("Ended and watched for 90 days"),
        _("Ends in these days that lie 90 days or more before the last day."),
        without=_("Demands that were taken back; they cannot be opened again."),
    ),
    "opened_in_90": FigureWords(
        _("Opened again within 90 days"),
        _("Of these, the ones that were opened again within 90 days."),
    ),
    "opened_again_share": FigureWords(
        _("Opened again within 90 days"),
        _("Demands that were opened again within 90 days of their end."),
        _("Demands that ended in these days, 90 days or more ago."),
        _("Ends of the last 90 days, which nobody can tell of yet; demands taken back."),
    ),
    "first_answer": FigureWords(
        _("Days until the first answer"),
        _(
            "Days by which half of the demands received in these days had a first answer, with its"
            " 95 % band. Open demands count for as long as they have waited (Kaplan-Meier)."
        ),
        without=_(
            "Nothing is left out: a demand that ended without an answer counts as not answered."
        ),
    ),
    "closing": FigureWords(
        _("Days until it was closed"),
        _(
            "Days by which half of the demands received in these days had ended, with its 95 % band."
            " Open demands count for as long as they have waited; so does one that was opened again."
        ),
    ),
    "answer": FigureWords(
        _("Days until the body answered"),
        _(
            "Days by which half of what was sent in these days was answered, with its 95 % band. What"
            " still waits counts for as long as it has waited."
        ),
        without=_("Nothing is left out: what was given back counts as not answered by that body."),
    ),
}
