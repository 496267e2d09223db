"""Several demands of a list at once: what it would do is said first, and a mistake is taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from redress.demands.backlog import demand_seen_by, demands
from redress.demands.pursue import accept_demand
from redress.demands.route import (
    JointBodyMissing,
    WrongArea,
    may_be_slip,
    recall_demand,
    route_demand,
    usual_body,
)
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
from redress.doors.desk.collective_forms import NumbersField
from redress.doors.desk.demand_forms import topic_choices
from redress.doors.desk.pages import NOT_IN_ORDER, desk_page
from redress.doors.look.words import Words
from redress.registers.accounts.roles import OF_A_BODY, OFFICERS, Actor, Deed, NotAllowed, Policy
from redress.registers.offices.places import topics

if TYPE_CHECKING:
    from redress.demands.models import Demand

SEVERAL_MAX: Final = 100
_ADDRESS_CHARS_MAX: Final = 500
_DIGITS_MAX: Final = 18
_CANNOT: Final = (WrongState, WrongArea, JointBodyMissing, NotAllowed)
Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one of the demands; ``told`` is empty where nothing does.

    ``body`` is the number of the body it goes to, if it goes to one.
    """

    demand: Demand
    told: str = ""
    body: int | None = None


def _sort(demand: Demand, given: Given, by: Actor) -> object:
    return sort_demand(
        demand, topic=given["topic_row"], urgency=Urgency(demand.urgency), by=by, at=timezone.now()
    )


def _send(demand: Demand, given: Given, by: Actor) -> object:
    to = usual_body(demand)
    confirmed = given["bodies"].get(demand.pk)
    if to is None or confirmed not in {None, to.pk}:  # another than was said
        raise WrongArea
    return route_demand(demand, to=to, by=by, at=timezone.now())


def _accept(demand: Demand, _given: Given, by: Actor) -> object:
    return accept_demand(demand, by=by, at=timezone.now())


def _take_back(demand: Demand, _given: Given, by: Actor) -> object:
    why = _("Sent by mistake.")
    return recall_demand(demand, why=why, is_slip=True, by=by, at=timezone.now())


def _sort_effect(demand: Demand, given: Given, _by: Actor) -> Effect:
    # What is held back is let in with open eyes; what has the topic is not sorted again.
    if demand.held_back or (demand.state == State.SORTED and demand.topic_id == given["topic"]):
        return Effect(demand)
    return Effect(demand, _("gets the topic “%(topic)s”") % {"topic": given["topic_row"]})


def _send_effect(demand: Demand, _given: Given, _by: Actor) -> Effect:
    to = usual_body(demand)
    if to is None or demand.is_joint:
        return Effect(demand)
    # Nobody has looked yet for a name in its words.
    if demand.keep_name_from_employer and not demand.markings.exists():
        return Effect(demand)
    return Effect(demand, _("goes to %(body)s") % {"body": to}, to.pk)


def _accept_effect(demand: Demand, _given: Given, _by: Actor) -> Effect:
    return Effect(demand, _("is taken on"))


def _take_back_effect(demand: Demand, _given: Given, by: Actor) -> Effect:
    is_slip = may_be_slip(demand, by=by, at=timezone.now())
    return Effect(demand, _("comes back to the union") if is_slip else "")


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
    effect: Callable[[Demand, Given, Actor], Effect]
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
        gettext_lazy(
            "What was sent by mistake is taken back within a day, until the body takes it on. A demand"
            " whose name is kept must be marked first."
        ),
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
        label=gettext_lazy("Demands"),
        most=SEVERAL_MAX,
        error_messages={"required": gettext_lazy("Choose at least one demand of the list.")},
    )
    what = forms.ChoiceField(
        label=gettext_lazy("What is to be done with those ticked"),
        choices=[(name, one.title) for name, one in SEVERAL.items()],
    )
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), choices=topic_choices, required=False)
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


@desk_page(OFFICERS | OF_A_BODY)
def do_to_several(request: ActingRequest) -> HttpResponse:
    """Say what would become of the chosen demands; once it is confirmed, do it, one by one."""
    back = QueryDict(request.POST.get("view", "")[:_ADDRESS_CHARS_MAX]).urlencode()
    if request.method != "POST":  # somebody comes back to the address after signing in
        return redirect("demands")
    form = SeveralForm(request.POST)
    if not form.is_valid():
        context = {
            "form": form,
            "back": back,
            "numbers": [
                one for one in request.POST.getlist("numbers")[:SEVERAL_MAX] if one.isdecimal()
            ],
            "offered": offered_to(request.actor),
            "topics": topic_choices(),
        }
        return render(request, "desk/several.html", context, status=NOT_IN_ORDER)
    given, actor = form.cleaned_data, request.actor
    given["topic_row"] = topics().get(pk=given["topic"]) if given["topic"] else None
    given["bodies"] = _bodies(request.POST.getlist("to")[:SEVERAL_MAX])
    several = SEVERAL[given["what"]]
    seen = demands(seen_by=actor).filter(pk__in=given["numbers"])
    listed = list(seen.select_related("topic", "body", "body__kind").order_by("pk"))
    effects = [_effect(several, one, given, by=actor) for one in listed]
    # In one order for everybody: of two who send the same ones, neither waits for the other.
    effects.sort(key=lambda one: (one.body or 0, one.demand.pk))
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


def _bodies(sent: list[str]) -> dict[int, int]:
    """Read to which body each demand was said to go."""
    pairs = [one.partition("-") for one in sent]
    return {
        int(number[:_DIGITS_MAX]): int(body[:_DIGITS_MAX])
        for number, _dash, body in pairs
        if number.isdecimal() and body.isdecimal()
    }


def _effect(several: Several, demand: Demand, given: Given, *, by: Actor) -> Effect:
    possible = is_possible(several.deed, State(demand.state))
    if not (possible and Policy(by).may_do(several.deed, demand)):
        return Effect(demand)
    return several.effect(demand, given, by)


def _done(several: Several, effect: Effect, given: Given, *, by: Actor) -> Effect:
    """Do it to one; whatever became of it meanwhile, the others are done all the same."""
    demand = demand_seen_by(by, number=effect.demand.pk)
    if not effect.told or demand is None:
        return Effect(effect.demand)
    try:
        several.do(demand, given, by)
    except _CANNOT:
        return Effect(effect.demand)
    return Effect(demand, effect.told, effect.body)
