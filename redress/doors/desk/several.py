"""Several demands of a list at once: what it would do is said first, and a mistake is taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from redress.demands.backlog import demand_seen_by, demands
from redress.demands.pursue import accept_demand
from redress.demands.route import JointBodyMissing, WrongArea, recall_demand, route_demand
from redress.demands.sort import sort_demand
from redress.demands.states import (
    ACCEPT,
    RECALL,
    ROUTE,
    SORT,
    State,
    Urgency,
    WrongState,
    is_possible,
)
from redress.doors.acting import ActingRequest
from redress.doors.desk.actions_union import usual_body
from redress.doors.desk.collective_forms import NumbersField
from redress.doors.desk.demand_forms import topic_choices
from redress.doors.desk.pages import desk_page
from redress.doors.look.words import Words
from redress.registers.accounts.roles import OF_A_BODY, OFFICERS, Actor, Deed, NotAllowed, Policy
from redress.registers.offices.places import topics

if TYPE_CHECKING:
    from redress.demands.models import Demand

SEVERAL_MAX: Final = 100
_ADDRESS_CHARS_MAX: Final = 500
_CANNOT: Final = (WrongState, WrongArea, JointBodyMissing, NotAllowed)
Given = dict[str, Any]


def _sort(demand: Demand, given: Given, by: Actor) -> object:
    topic = topics().get(pk=given["topic"])
    return sort_demand(
        demand, topic=topic, urgency=Urgency(demand.urgency), by=by, at=timezone.now()
    )


def _send(demand: Demand, _given: Given, by: Actor) -> object:
    to = usual_body(demand)
    if to is None:
        raise WrongArea
    return route_demand(demand, to=to, by=by, at=timezone.now())


def _accept(demand: Demand, _given: Given, by: Actor) -> object:
    return accept_demand(demand, by=by, at=timezone.now())


def _take_back(demand: Demand, _given: Given, by: Actor) -> object:
    return recall_demand(demand, why=_("Sent by mistake."), by=by, at=timezone.now())


def _sort_effect(_demand: Demand, given: Given) -> str:
    return _("gets the topic “%(topic)s”") % {"topic": topics().get(pk=given["topic"])}


def _send_effect(demand: Demand, _given: Given) -> str:
    to = usual_body(demand)
    if to is None or demand.is_joint:
        return ""
    return _("goes to %(body)s") % {"body": to}


def _accept_effect(_demand: Demand, _given: Given) -> str:
    return _("is taken on")


def _take_back_effect(demand: Demand, _given: Given) -> str:
    # Once the body has taken it on, it is no slip of the hand any more.
    return _("comes back to the union") if demand.state == State.ROUTED else ""


@dataclass(frozen=True, slots=True)
class Several:
    """Something that can be done to several demands.

    Attributes:
        deed: who may, and in which states.
        title: what it is, in the list of what can be done.
        note: how it is taken back.
        effect: says what becomes of one demand; nothing where it has to be done by itself.
        do: does it to one.
        undo: what takes it back, if anything does.
    """

    deed: Deed
    title: Words
    note: Words
    effect: Callable[[Demand, Given], str]
    do: Callable[[Demand, Given, Actor], object]
    undo: str = ""


SEVERAL: Final[dict[str, Several]] = {
    "sort": Several(
        SORT,
        gettext_lazy("Give them a topic"),
        gettext_lazy("A topic can be changed until the demand is sent. The urgency stays."),
        _sort_effect,
        _sort,
    ),
    "send": Several(
        ROUTE,
        gettext_lazy("Send each to the body of its topic"),
        gettext_lazy("What was sent by mistake is taken back until the body takes it on."),
        _send_effect,
        _send,
        undo="take-back",
    ),
    "accept": Several(
        ACCEPT,
        gettext_lazy("Take them on"),
        gettext_lazy("What is not yours is returned with a reason, each by itself."),
        _accept_effect,
        _accept,
    ),
    "take-back": Several(
        RECALL,
        gettext_lazy("Take them back"),
        gettext_lazy("Each is sent anew from its page."),
        _take_back_effect,
        _take_back,
    ),
}
# What is offered under a list; the rest takes one of these back.
OFFERED: Final = ("sort", "send", "accept")


class SeveralForm(forms.Form):
    """Which demands, and what is to be done to them."""

    numbers = NumbersField(
        most=SEVERAL_MAX,
        error_messages={"required": gettext_lazy("Choose at least one demand of the list.")},
    )
    what = forms.ChoiceField(choices=[(name, one.title) for name, one in SEVERAL.items()])
    topic = forms.ChoiceField(choices=topic_choices, required=False)
    confirmed = forms.BooleanField(required=False)

    def clean(self) -> Given:
        """Ask for the topic, if one is to be given.

        Raises:
            ValidationError: none is chosen.
        """
        given: Given = self.cleaned_data
        if given.get("what") == "sort" and not given.get("topic") and "topic" not in self.errors:
            raise forms.ValidationError({"topic": _("Choose the topic.")})
        return given


def offered_to(actor: Actor) -> list[tuple[str, Words]]:
    """Name what somebody may do to several demands of a list."""
    policy = Policy(actor)
    return [
        (name, SEVERAL[name].title) for name in OFFERED if policy.may_be(SEVERAL[name].deed.roles)
    ]


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one of the demands; ``told`` is empty where nothing does."""

    demand: Demand
    told: str


@require_POST
@desk_page(OFFICERS | OF_A_BODY)
def do_to_several(request: ActingRequest) -> HttpResponse:
    """Say what would become of the chosen demands; once it is confirmed, do it, one by one."""
    form = SeveralForm(request.POST)
    back = QueryDict(request.POST.get("view", "")[:_ADDRESS_CHARS_MAX]).urlencode()
    if not form.is_valid():
        context = {"form": form, "back": back}
        return render(request, "desk/several.html", context, status=422)
    given, actor = form.cleaned_data, request.actor
    several = SEVERAL[given["what"]]
    seen = demands(seen_by=actor).filter(pk__in=given["numbers"])
    listed = list(seen.select_related("topic", "body", "body__kind").order_by("pk"))
    effects = [Effect(one, _effect(several, one, given, by=actor)) for one in listed]
    if given["confirmed"]:
        effects = [_done(several, one, given, by=actor) for one in effects]
    context = {
        "several": several,
        "given": given,
        "back": back,
        "will": [one for one in effects if one.told],
        "stay": [one for one in effects if not one.told],
        "undo": several.undo,
        "of_a_body": actor.role in OF_A_BODY,
    }
    return render(request, "desk/several.html", context)


def _effect(several: Several, demand: Demand, given: Given, *, by: Actor) -> str:
    possible = is_possible(several.deed, State(demand.state))
    if not (possible and Policy(by).may_do(several.deed, demand)):
        return ""
    return several.effect(demand, given)


def _done(several: Several, effect: Effect, given: Given, *, by: Actor) -> Effect:
    """Do it to one; whatever became of it meanwhile, the others are done all the same."""
    demand = demand_seen_by(by, number=effect.demand.pk)
    if not effect.told or demand is None:
        return Effect(effect.demand, "")
    try:
        several.do(demand, given, by)
    except _CANNOT:
        return Effect(effect.demand, "")
    return Effect(demand, effect.told)
