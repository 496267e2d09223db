"""The first page of the desk: what now?"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from redress.demands.backlog import Wanted, tally, wanted_demands
from redress.demands.promises import promise_tally
from redress.doors.acting import ActingRequest
from redress.doors.desk.pages import desk_page, first_of
from redress.registers.accounts.roles import OF_A_BODY, POSTS, Role
from redress.registers.offices.places import body_with_id, offices_at
from redress.relief.progress import relief_tally

_FIRST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that opens its rows."""

    many: int
    what: str
    address: str
    late: bool = False


@desk_page(POSTS | {Role.WORKER})
def show_home(request: ActingRequest) -> HttpResponse:
    """Show what waits for this person."""
    actor = request.actor
    if actor.role is Role.WORKER:
        return render(request, "desk/no_post.html", status=403)
    if actor.role is Role.ADMINISTRATOR:
        return render(request, "desk/home.html", {"where": _place(request), "tiles": []})
    today = timezone.localdate()
    of_a_body = actor.role in OF_A_BODY
    tiles = _body_tiles(request) if of_a_body else _officer_tiles(request)
    wanted = Wanted(holder="body" if of_a_body else "union")
    context = {
        "where": _place(request),
        "tiles": tiles,
        "of_a_body": of_a_body,
        "relief_tiles": [] if of_a_body else _relief_tiles(request),
        "first": first_of(wanted_demands(wanted, seen_by=actor, today=today), _FIRST_ROWS),
    }
    return render(request, "desk/home.html", context)


def _place(request: ActingRequest) -> str:
    actor = request.actor
    if actor.body_id is not None:
        return str(body_with_id(actor.body_id))
    return str(offices_at([actor.path])[actor.path]) if actor.path else ""


def _demand_tile(many: int, what: str, query: str, *, late: bool = False) -> Tile:
    return Tile(many, what, f"{reverse('demands')}?{query}", late=late and many > 0)


def _officer_tiles(request: ActingRequest) -> list[Tile]:
    count = tally(seen_by=request.actor, today=timezone.localdate())
    return [
        _demand_tile(count.overdue, _("overdue"), "due=overdue", late=True),
        _demand_tile(count.due_today, _("due today"), "due=today"),
        _demand_tile(count.new, _("new, to be sorted"), "state=heard"),
        _demand_tile(count.contested, _("marking contested"), "special=contested"),
        *(
            _demand_tile(many, what, f"special={special}")
            for many, what, special in (
                (count.added, _("with words added"), "added"),
                (count.check_ins, _("to be asked how they are"), "check_in"),
                (count.kept_out, _("held back"), "held_back"),
            )
            if many
        ),
        _demand_tile(count.sorted, _("sorted, to be sent"), "state=sorted"),
        _demand_tile(count.returned, _("returned to us"), "state=returned"),
        _demand_tile(count.with_bodies, _("with bodies"), "holder=body"),
        _demand_tile(count.with_workers, _("with the worker"), "holder=worker"),
    ]


def _body_tiles(request: ActingRequest) -> list[Tile]:
    today = timezone.localdate()
    count = tally(seen_by=request.actor, today=today)
    promised = promise_tally(seen_by=request.actor, today=today)
    return [
        _demand_tile(count.overdue_here, _("overdue"), "due=overdue&holder=body", late=True),
        _demand_tile(count.waiting, _("wait to be taken on"), "state=routed"),
        _demand_tile(count.accepted, _("taken on, to be answered"), "state=accepted"),
        _demand_tile(count.with_workers, _("wait for the worker's word"), "state=answered"),
        Tile(promised.open, _("promised, not yet judged"), f"{reverse('promises')}?standing=open"),
    ]


def _relief_tiles(request: ActingRequest) -> list[Tile]:
    count = relief_tally(seen_by=request.actor)
    listed = reverse("households")
    return [
        Tile(
            count.to_approve,
            _("grants wait for you as the second person"),
            f"{reverse('grants')}?state=proposed&of_others",
        ),
        Tile(count.on_file, _("households on file"), f"{listed}?state=open"),
        Tile(count.exited, _("left the file"), f"{listed}?state=exited"),
        Tile(count.households, _("households known"), listed),
    ]
