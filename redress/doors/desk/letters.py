"""The cover letter to a body, in the body's language, as PDF."""

from __future__ import annotations

from typing import Final, Literal

from django.http import Http404, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from redress.demands.readings import note_letter
from redress.demands.route import last_sending
from redress.doors.acting import ActingRequest
from redress.doors.desk.demand_case import seen_demand
from redress.doors.desk.pages import desk_page
from redress.doors.look.dates import page_digits, written_day
from redress.formats.letters import Letter, letter_pdf
from redress.registers.accounts.roles import OFFICERS
from redress.registers.offices.places import office_of
from redress.values.days import country_of

# The language a country's bodies are written to in.
_LANGUAGES: Final[dict[str, tuple[Literal["fa", "zh", "en"], str]]] = {
    "ir": ("fa", "fa"),
    "cn": ("zh", "zh-hans"),
}


@desk_page(OFFICERS)
def show_letter(request: ActingRequest, number: int) -> HttpResponse:
    """Write the letter that goes with a demand to the body it was sent to.

    It quotes what a body reads: demand and facts, and nothing that tells who the worker is.

    Raises:
        Http404: the demand is not this person's to see, or was not sent to a body.
    """
    demand = seen_demand(request, number)
    referral = demand.referrals.filter(body=demand.body).last()
    if demand.body is None or referral is None:
        raise Http404
    # The limit under which the body has or had it; once it has answered, the worker's runs.
    held = demand.holds.filter(body=demand.body).exclude(deadline=None).last()
    due = held.deadline if held else None
    sent = last_sending(demand)
    language, catalogue = _LANGUAGES.get(country_of(demand.path), ("en", "en"))
    with translation.override(catalogue):
        office = str(office_of(demand.path) or "")
        sender = _("Labour union office of %(place)s") % {"place": office}
        about = {
            _("Employer"): demand.employer,
            _("Workplace"): demand.workplace,
            _("Workers"): page_digits(str(demand.workers_count)),
        }
        letter = Letter(
            language=language,
            sender=sender,
            recipient=str(demand.body),
            written_by=sent.by_name if sent else "",
            number=page_digits(str(demand.pk)),
            day_written=written_day(timezone.localdate(referral.sent_at)),
            due_written=written_day(due.last_on) if due else "",
            subject=str(demand.topic or ""),
            opening=(
                _("We send you a worker's demand and ask for your answer by the day named above."),
                *((referral.note,) if referral.note else ()),
            ),
            quoted=demand.read_by_body,
            closing=(
                _(
                    "The worker reads your answer as you write it, and then says whether the matter"
                    " is solved. If it is not yours, return it with a reason and name whose it is."
                ),
            ),
            labels={
                "from": pgettext("letter", "From"),
                "to": pgettext("letter", "To"),
                "number": pgettext("letter", "Number"),
                "date": pgettext("letter", "Date"),
                "due": _("Answer by"),
                "subject": pgettext("letter", "Subject"),
                "quoted": _("The worker's words"),
                "covered": pgettext("letter", "[covered]"),
            },
            about=tuple((label, words) for label, words in about.items() if words),
        )
    note_letter(demand, by=request.actor, at=timezone.now())
    response = HttpResponse(letter_pdf(letter), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="demand-{demand.pk}.pdf"'
    return response
