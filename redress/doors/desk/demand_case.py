"""One demand at the desk: its page, its papers, and what can be done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from redress.demands.add import TooMuchAdded
from redress.demands.backlog import demand_seen_by, is_overdue
from redress.demands.clock import DayUnfit
from redress.demands.collect import MAKE as MAKE_GROUP
from redress.demands.collect import collectives_over
from redress.demands.hear import NothingSaid
from redress.demands.identify import (
    Differs,
    KnowsTheName,
    NoIdentity,
    NotOpen,
    SamePerson,
    may_read_now,
    note_mismatch,
)
from redress.demands.identify import read_identity as open_identity
from redress.demands.pursue import DayNotAhead, JointCase, NoExtension
from redress.demands.readings import note_reading
from redress.demands.resolve import NotAnEnd, ProcedureMissing
from redress.demands.retaliate import CheckInDone
from redress.demands.route import JointBodyMissing, WrongArea
from redress.demands.sort import NotTheSame, OtherIsHeld, ReasonMissing, note_refused_merge
from redress.demands.states import MARK, State, WrongState, is_possible
from redress.demands.story import clock_of, marked, read_attachment, story
from redress.demands.verify import SpokeForThem
from redress.doors.acting import ActingRequest
from redress.doors.desk.actions import Action, Issued, offers
from redress.doors.desk.actions_body import BODY, IDENTITY
from redress.doors.desk.actions_union import UNION
from redress.doors.desk.actions_voices import VOICES
from redress.doors.desk.demand_list import READERS
from redress.doors.desk.pages import (
    ACTED_MEANWHILE,
    NOT_AN_END,
    NOT_IN_ORDER,
    Sent,
    desk_page,
    say_acted_meanwhile,
    say_done,
    say_refused,
)
from redress.doors.limits import is_too_often_for
from redress.doors.look.refusals import not_allowed, too_often
from redress.doors.look.words import Words, word
from redress.registers.accounts.roles import OF_A_BODY, Actor, NotAllowed, Policy
from redress.registers.offices.places import manager_of

if TYPE_CHECKING:
    from redress.demands.models import Demand

ACTIONS: Final = [*UNION, *VOICES, *BODY, *IDENTITY]
_BY_NAME: Final = {action.name: action for action in ACTIONS}
# The first of these that can be done is this person's main action.
_MAIN: Final = ("release", "decide-identity", "accept", "check-in", "route", "answer", "sort")
_MAIN_LATER: Final = ("clarify", "worker-says", "verify")
_LOST_CODE: Final = "lost-code"
_LOST_CODE_TRIES_MAX: Final = 5

# What a step refuses, in words.
_REFUSALS: Final[dict[type[Exception], Words]] = {
    ReasonMissing: gettext_lazy("Nothing was changed: write down the reason."),
    WrongArea: gettext_lazy("Nothing was sent: that body does not serve this place."),
    JointBodyMissing: gettext_lazy(
        "Nothing was sent: it came back twice, so name at least one body that answers together"
        " with the first."
    ),
    JointCase: gettext_lazy("A case that bodies answer together is not returned; answer it."),
    NoExtension: gettext_lazy("The law knows no longer time for this limit, or it was given."),
    DayNotAhead: gettext_lazy("Nothing was promised: choose a day that lies ahead."),
    DayUnfit: gettext_lazy(
        "Nothing was changed: the day lies ahead, or before the body had the demand."
    ),
    ProcedureMissing: gettext_lazy(
        "Nothing was answered: name the procedure it was moved to, and the day its limit runs from."
    ),
    NotTheSame: gettext_lazy(
        "Nothing was merged: that demand was not left with the same contact, lies elsewhere or has"
        " ended. Make a group instead."
    ),
    OtherIsHeld: gettext_lazy(
        "Nothing was merged: somebody acts on the other demand at this moment. Try again."
    ),
    NoIdentity: gettext_lazy("The worker left neither name nor contact."),
    NotOpen: gettext_lazy("That request was decided already, or is not open to you."),
    SamePerson: gettext_lazy("Who asked cannot grant it; a second person must."),
    Differs: gettext_lazy("That is not what the worker left. The code stays as it is."),
    KnowsTheName: gettext_lazy(
        "Nothing was changed: who was shown the name gives out no new code. A colleague must."
    ),
    SpokeForThem: gettext_lazy(
        "Nothing was put down: you wrote down what the body or the worker said, so a colleague must"
        " look for the union."
    ),
    NotAnEnd: NOT_AN_END,
    NothingSaid: gettext_lazy("Nothing was added: write something, or choose a file."),
    TooMuchAdded: gettext_lazy("Nothing was added: as much was added as a demand can hold."),
    CheckInDone: gettext_lazy("That was put down already, or its day has not come."),
}


@desk_page(READERS)
def show_demand(request: ActingRequest, number: int) -> HttpResponse:
    """Show one case; the worker can ask who saw it."""
    return _show(request, seen_demand(request, number))


def seen_demand(request: ActingRequest, number: int) -> Demand:
    """Give a demand that is this person's to see.

    Raises:
        Http404: it does not exist, or is not.
    """
    demand = demand_seen_by(request.actor, number=number)
    if demand is None:
        raise Http404
    return demand


def _show(
    request: ActingRequest, demand: Demand, *, sent: Sent | None = None, status: int = 200
) -> HttpResponse:
    note_reading(demand, by=request.actor, at=timezone.now())
    actor, sent, today = request.actor, sent or Sent(), timezone.localdate()
    offered = offers(ACTIONS, demand, actor, sent=sent)
    names = [one.action.name for one in offered]
    ranked = [name for name in (*_MAIN, *_MAIN_LATER) if name in names]
    main = next((one for one in offered if ranked and one.action.name == ranked[0]), None)
    asked = list(demand.identity_requests.select_related("decision"))
    now = timezone.now()
    context = {
        "demand": demand,
        "of_a_body": actor.role in OF_A_BODY,
        "story": story(demand, seen_by=actor),
        "marked": marked(demand),
        "clock": clock_of(demand, today=today),
        "is_overdue": is_overdue(demand, today=today),
        "manager": manager_of(demand.body, on=today) if demand.body else None,
        "main": main,
        "may_mark": is_possible(MARK, State(demand.state)) and Policy(actor).may_do(MARK, demand),
        "others": [one for one in offered if one is not main],
        "open_identity": next((one for one in asked if may_read_now(one, by=actor, at=now)), None),
        "groups": [] if actor.role in OF_A_BODY else collectives_over(demand, seen_by=actor),
        "may_group": Policy(actor).may_do(MAKE_GROUP, demand),
        "merged": list(demand.merged.all()),
        "retaliations": list(demand.retaliations.all()),
        "sent": sent,
    }
    return render(request, "desk/demand.html", context, status=status)


@desk_page(READERS)
def show_file(request: ActingRequest, number: int, file: int) -> HttpResponse:
    """Hand out an attached file as a download; the journal keeps who read it.

    Raises:
        Http404: there is no such demand or file, or it is not this person's to see.
    """
    demand = seen_demand(request, number)
    attachment = read_attachment(demand, number=file, by=request.actor, at=timezone.now())
    if attachment is None:
        raise Http404
    response = HttpResponse(bytes(attachment.content), content_type=attachment.media_type)
    response["Content-Disposition"] = content_disposition_header(True, attachment.name)  # noqa: FBT003 - Django's own signature
    return response


@require_POST
@desk_page(READERS)
def show_identity(request: ActingRequest, number: int, asked: int) -> HttpResponse:
    """Show who filed a demand, to whom it was granted; each reading is journalled."""
    demand = seen_demand(request, number)
    try:
        identity = open_identity(demand, request=asked, by=request.actor, at=timezone.now())
    except NotAllowed:
        return not_allowed(request)
    except NotOpen:
        say_refused(request, _REFUSALS[NotOpen])
        return redirect("demand", number=number)
    context = {"demand": demand, "identity": identity}
    return render(request, "desk/identity.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Do one thing to a demand, then show it; opened by its address alone, it shows the demand.

    Raises:
        Http404: there is no such thing to do.
    """
    if action not in _BY_NAME:
        raise Http404
    if request.method != "POST":  # somebody reloads, or comes back to, what a refused form left
        return redirect("demand", number=number)
    response: HttpResponse = _act(request, number, _BY_NAME[action])
    return response


@desk_page(READERS)
def _act(request: ActingRequest, number: int, action: Action) -> HttpResponse:
    demand = seen_demand(request, number)
    led_away = _not_now(request, demand, action)
    if led_away is not None:
        return led_away
    form = action.form_of(demand, request.actor, data=request.POST, files=request.FILES)
    status = NOT_IN_ORDER
    if form.is_valid():
        try:
            done = action.do(demand, form.cleaned_data, request.actor)
        except NotAllowed:
            return not_allowed(request)
        except WrongState as wrong:
            status = ACTED_MEANWHILE
            say_acted_meanwhile(request, word("state", wrong.state))
        except tuple(_REFUSALS) as refused:
            _note_refused(demand, refused, by=request.actor)
            say_refused(request, _REFUSALS[type(refused)])
        else:
            return _after(request, demand, action, done)
    return _show(request, seen_demand(request, number), sent=Sent(form, action.name), status=status)


def _note_refused(demand: Demand, refused: Exception, *, by: Actor) -> None:
    """Keep what was tried, where the refusal alone tells something of the worker."""
    if isinstance(refused, Differs):
        note_mismatch(demand, by=by, at=timezone.now())
    if isinstance(refused, NotTheSame):
        note_refused_merge(demand, by=by, at=timezone.now())


def _not_now(request: ActingRequest, demand: Demand, action: Action) -> HttpResponse | None:
    """Refuse what this person may never do here, or not as the demand stands, or not so often."""
    if not Policy(request.actor).may_do(action.deed, demand):
        return not_allowed(request)
    if not action.offered(demand, request.actor):
        say_acted_meanwhile(request, word("state", demand.state))
        return _show(request, demand, status=ACTED_MEANWHILE)
    lost = f"{_LOST_CODE}/{demand.pk}"
    if action.name == _LOST_CODE and is_too_often_for(lost, times_max=_LOST_CODE_TRIES_MAX):
        return too_often(request)
    return None


def _after(request: ActingRequest, demand: Demand, action: Action, done: object) -> HttpResponse:
    if isinstance(done, Issued):  # shown at once: a message would travel in a cookie
        context = {"demand": done.demand, "code": done.code, "replaced": done.replaced}
        return render(request, "desk/heard.html", context, status=201)
    say_done(request, str(action.done))
    return redirect("demand", number=demand.pk)
