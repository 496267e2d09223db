"""Demands at the desk: the list, one case, and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from redress.demands.backlog import (
    Wanted,
    demand_seen_by,
    is_overdue,
    read_attachment,
    story,
    wanted_demands,
)
from redress.demands.pursue import accept_demand, return_demand
from redress.demands.resolve import answer_demand
from redress.demands.route import WrongArea, route_demand
from redress.demands.sort import ReasonMissing, set_demand_aside, sort_demand
from redress.demands.states import (
    ACCEPT,
    ANSWER,
    RETURN,
    ROUTE,
    SET_ASIDE,
    SORT,
    State,
    Urgency,
    WrongState,
    is_possible,
)
from redress.doors.acting import ActingRequest
from redress.doors.desk.forms import AnswerForm, RouteForm, SortForm, WhyForm
from redress.doors.desk.pages import (
    ACTED_MEANWHILE,
    NOT_IN_ORDER,
    Sent,
    desk_page,
    page_of,
    say_acted_meanwhile,
    say_done,
    say_refused,
)
from redress.doors.look.refusals import not_allowed
from redress.doors.look.words import choices, word
from redress.registers.accounts.roles import (
    OF_A_BODY,
    OFFICERS,
    Actor,
    Deed,
    NotAllowed,
    Policy,
    Role,
)
from redress.registers.offices.places import (
    bodies_in,
    body_with_id,
    manager_of,
    suggested_bodies,
    topics,
)

if TYPE_CHECKING:
    from redress.demands.models import Demand

READERS: Final = OFFICERS | OF_A_BODY | {Role.AUDITOR}


class ListForm(forms.Form):
    """The filters of the list; they live in the address, so a view can be shared and reloaded."""

    words = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(required=False)
    holder = forms.CharField(required=False, max_length=10)
    due = forms.ChoiceField(required=False)
    topic = forms.CharField(required=False, max_length=40)
    body = forms.IntegerField(required=False, min_value=1)
    language = forms.ChoiceField(required=False)

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        super().__init__(data)
        self.options = {
            "state": choices("state", first=_("All open")),
            "due": choices("due", first=_("Any day")),
            "language": choices("language", first=_("Any language")),
        }
        for name, options in self.options.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options
        self.topics = list(topics())
        self.bodies = list(bodies_in(actor.path)) if actor.path else []

    def wanted(self) -> Wanted:
        """Give what is asked for; a filter that cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            state=given.get("state", ""),
            holder=given.get("holder", ""),
            topic=given.get("topic", ""),
            body=given.get("body"),
            due=given.get("due", ""),
            language=given.get("language", ""),
            words=given.get("words", ""),
        )


@desk_page(READERS)
def show_demands(request: ActingRequest) -> HttpResponse:
    """List the demands that fit the filters, those due first."""
    form = ListForm(request.GET, actor=request.actor)
    wanted = form.wanted()
    rows = wanted_demands(wanted, seen_by=request.actor, today=timezone.localdate())
    context = {
        "form": form,
        "wanted": wanted,
        "page": page_of(rows, request),
        "holders": choices("holder"),
    }
    return render(request, "desk/demands.html", context)


@desk_page(READERS)
def show_demand(request: ActingRequest, number: int) -> HttpResponse:
    """Show one case."""
    return _show(request, _demand(request, number))


def _demand(request: ActingRequest, number: int) -> Demand:
    demand = demand_seen_by(request.actor, number=number)
    if demand is None:
        raise Http404
    return demand


def _show(
    request: ActingRequest, demand: Demand, *, sent: Sent | None = None, status: int = 200
) -> HttpResponse:
    policy, state, sent = Policy(request.actor), State(demand.state), sent or Sent()

    def may(deed: Deed) -> bool:
        return is_possible(deed, state) and policy.may_do(deed, demand)

    today = timezone.localdate()
    sorting = SortForm(initial={"topic": demand.topic_id, "urgency": demand.urgency})
    context = {
        "demand": demand,
        "story": story(demand, seen_by=request.actor),
        "is_overdue": is_overdue(demand, today=today),
        "days_open": (today - demand.heard_on).days,
        "manager": manager_of(demand.body, on=today) if demand.body else None,
        "sort_form": sent.instead_of(sorting) if may(SORT) else None,
        "route_form": sent.instead_of(_route_form(demand)) if may(ROUTE) else None,
        "set_aside_form": sent.instead_of(WhyForm(prefix="aside")) if may(SET_ASIDE) else None,
        "may_accept": may(ACCEPT),
        "return_form": sent.instead_of(WhyForm(prefix="return")) if may(RETURN) else None,
        "answer_form": sent.instead_of(AnswerForm()) if may(ANSWER) else None,
        "sent": sent,
    }
    return render(request, "desk/demand.html", context, status=status)


def _route_form(demand: Demand, data: Any = None) -> RouteForm:  # noqa: ANN401 - a posted form
    form = RouteForm(data)
    field = form.fields["body"]
    if demand.topic_id and isinstance(field, forms.ChoiceField):
        bodies = suggested_bodies(topic_code=demand.topic_id, path=demand.path)
        field.choices = [("", _("Choose")), *((body.pk, str(body)) for body in bodies)]
    return form


@desk_page(READERS)
def show_file(request: ActingRequest, number: int, file: int) -> HttpResponse:
    """Hand out an attached file as a download; the journal keeps who read it.

    Raises:
        Http404: there is no such demand or file, or it is not this person's to see.
    """
    attachment = read_attachment(
        _demand(request, number), number=file, by=request.actor, at=timezone.now()
    )
    if attachment is None:
        raise Http404
    response = HttpResponse(bytes(attachment.content), content_type=attachment.media_type)
    response["Content-Disposition"] = content_disposition_header(True, attachment.name)  # noqa: FBT003 - Django's own signature
    return response


@dataclass(frozen=True, slots=True)
class Action:
    """A form of the case page and the step behind it."""

    form: Callable[[Demand, Any], forms.Form]
    do: Callable[[Demand, dict[str, Any], Actor], Demand]
    done: Callable[[], str]


def _sort(demand: Demand, given: dict[str, Any], by: Actor) -> Demand:
    topic = topics().get(pk=given["topic"])
    urgency = Urgency(given["urgency"])
    return sort_demand(demand, topic=topic, urgency=urgency, by=by, at=timezone.now())


def _route(demand: Demand, given: dict[str, Any], by: Actor) -> Demand:
    body = body_with_id(given["body"])
    return route_demand(demand, to=body, note=given["note"], by=by, at=timezone.now())


_ACTIONS: Final = {
    "sort": Action(lambda _demand, data: SortForm(data), _sort, lambda: _("Sorted.")),
    "route": Action(_route_form, _route, lambda: _("Sent to the body.")),
    "set-aside": Action(
        lambda _demand, data: WhyForm(data, prefix="aside"),
        lambda demand, given, by: set_demand_aside(
            demand, why=given["why"], by=by, at=timezone.now()
        ),
        lambda: _("Set aside; the worker reads your reason."),
    ),
    "accept": Action(
        lambda _demand, data: forms.Form(data),
        lambda demand, _given, by: accept_demand(demand, by=by, at=timezone.now()),
        lambda: _("Taken on."),
    ),
    "return": Action(
        lambda _demand, data: WhyForm(data, prefix="return"),
        lambda demand, given, by: return_demand(demand, why=given["why"], by=by, at=timezone.now()),
        lambda: _("Returned to the union."),
    ),
    "answer": Action(
        lambda _demand, data: AnswerForm(data),
        lambda demand, given, by: answer_demand(
            demand, text=given["text"], by=by, at=timezone.now()
        ),
        lambda: _("Answered; now the worker has the word."),
    ),
}


@require_POST
def act(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Do one thing to a demand, then show it.

    Raises:
        Http404: there is no such thing to do.
    """
    if action not in _ACTIONS:
        raise Http404
    response: HttpResponse = _act(request, number, _ACTIONS[action])
    return response


@desk_page(READERS)
def _act(request: ActingRequest, number: int, action: Action) -> HttpResponse:
    demand = _demand(request, number)
    form = action.form(demand, request.POST)
    status = NOT_IN_ORDER
    if form.is_valid():
        try:
            action.do(demand, form.cleaned_data, request.actor)
        except NotAllowed:
            return not_allowed(request)
        except WrongState as wrong:
            status = ACTED_MEANWHILE
            say_acted_meanwhile(request, word("state", wrong.state))
        except ReasonMissing:
            say_refused(request, _("Nothing was changed: write down the reason."))
        except WrongArea:
            say_refused(request, _("Nothing was sent: that body does not serve this place."))
        else:
            say_done(request, action.done())
            return redirect("demand", number=number)
    return _show(request, _demand(request, number), sent=Sent(form), status=status)
