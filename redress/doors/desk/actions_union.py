"""What officers of the union do with a demand: let in, sort, send, set aside, merge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from redress.demands.backlog import demand_seen_by
from redress.demands.route import recall_demand, route_demand, usual_body
from redress.demands.sort import (
    NotTheSame,
    contest_setting_aside,
    merge_demand,
    release_demand,
    set_demand_aside,
    sort_demand,
    suggested_topics,
    unmerge_demand,
)
from redress.demands.states import (
    CONTEST,
    MERGE,
    RECALL,
    RELEASE,
    ROUTE,
    SET_ASIDE,
    SORT,
    UNMERGE,
    CloseKind,
    Urgency,
)
from redress.doors.desk.actions import Action, plain
from redress.doors.desk.demand_forms import (
    MergeForm,
    RouteForm,
    SortForm,
)
from redress.doors.desk.forms import WhyForm
from redress.registers.accounts.roles import Actor
from redress.registers.offices.places import (
    EMPLOYER,
    bodies_serving,
    body_with_id,
    suggested_bodies,
    topics,
)

if TYPE_CHECKING:
    from redress.demands.models import Demand
    from redress.registers.offices.models import Body


def _sort_form(demand: Demand, _actor: Actor, **given: Any) -> SortForm:  # Any: Django's own
    suggested = suggested_topics(demand)
    initial = {"topic": demand.topic_id or "", "urgency": demand.urgency}
    return SortForm(initial=initial, suggested=suggested, **given)


def _named(body: Body, demand: Demand) -> str:
    if body.kind_id == EMPLOYER and demand.keep_name_from_employer:
        return _("%(body)s (the employer, from whom the name is kept)") % {"body": body}
    return str(body)


def _route_form(demand: Demand, _actor: Actor, **given: Any) -> RouteForm:  # Any: Django's own
    bodies = suggested_bodies(topic_code=demand.topic_id or "", path=demand.path)
    first = usual_body(demand)
    form = RouteForm(initial={"body": first.pk if first else None}, **given)
    listed = [(body.pk, _named(body, demand)) for body in bodies]
    body, joint = form.fields["body"], form.fields["joint"]
    if isinstance(body, forms.ChoiceField) and isinstance(joint, forms.ChoiceField):
        body.choices = [("", _("Choose")), *listed]
        joint.choices = listed
    if not demand.is_joint:
        del form.fields["joint"]
    return form


def _sort(demand: Demand, given: dict[str, Any], by: Actor) -> object:
    topic = topics().get(pk=given["topic"])
    urgency = Urgency(given["urgency"])
    return sort_demand(demand, topic=topic, urgency=urgency, by=by, at=timezone.now())


def _route(demand: Demand, given: dict[str, Any], by: Actor) -> object:
    joint = list(bodies_serving(demand.path).filter(pk__in=given.get("joint") or []))
    to, note = body_with_id(given["body"]), given["note"]
    return route_demand(demand, to=to, joint=joint, note=note, by=by, at=timezone.now())


def _merge(demand: Demand, given: dict[str, Any], by: Actor) -> object:
    other = demand_seen_by(by, number=given["into"])
    if other is None:
        raise NotTheSame
    return merge_demand(demand, into=other, by=by, at=timezone.now())


UNION: Final = [
    Action(
        "release",
        RELEASE,
        _("Held back by the brakes of the public form"),
        _("Let it in"),
        _("Let in; its clock has run all the while."),
        lambda demand, _given, by: release_demand(demand, by=by, at=timezone.now()),
        note=_("It came too fast, too often or with the same text. A real demand is let in here."),
        offered=lambda demand, _actor: bool(demand.held_back),
    ),
    Action(
        "route",
        ROUTE,
        _("Send to a body"),
        _("Send it"),
        _("Sent to the body."),
        _route,
        form=_route_form,
    ),
    Action(
        "sort",
        SORT,
        _("What is it about, and how urgent?"),
        _("Sort"),
        _("Sorted."),
        _sort,
        form=_sort_form,
    ),
    Action(
        "recall",
        RECALL,
        _("Take it back from the body"),
        _("Take it back"),
        _("Taken back; the body sees it no more."),
        lambda demand, given, by: recall_demand(demand, why=given["why"], by=by, at=timezone.now()),
        form=plain(WhyForm),
    ),
    Action(
        "set-aside",
        SET_ASIDE,
        _("Set aside: not a worker's matter"),
        _("Set aside"),
        _("Set aside; the worker reads your reason."),
        lambda demand, given, by: set_demand_aside(
            demand, why=given["why"], by=by, at=timezone.now()
        ),
        form=plain(WhyForm),
        note=_("Say where to go instead; the worker reads it."),
    ),
    Action(
        "contest",
        CONTEST,
        _("The worker says it is a worker's matter"),
        _("Open it again"),
        _("Open again; the union has it."),
        lambda demand, given, by: contest_setting_aside(
            demand, text=given["why"], by=by, at=timezone.now()
        ),
        form=plain(WhyForm),
        offered=lambda demand, _actor: demand.close_kind == CloseKind.NOT_A_WORKERS_MATTER,
    ),
    Action(
        "merge",
        MERGE,
        _("Filed twice: follow it with another"),
        _("Merge"),
        _("Merged; its words and papers stay its own."),
        _merge,
        form=plain(MergeForm),
        note=_(
            "Only for one person, who left the same contact with both. For many people, make a"
            " group."
        ),
    ),
    Action(
        "unmerge",
        UNMERGE,
        _("Follow it alone again"),
        _("Take it out"),
        _("It is followed alone again."),
        lambda demand, given, by: unmerge_demand(
            demand, why=given["why"], by=by, at=timezone.now()
        ),
        form=plain(WhyForm),
    ),
]
