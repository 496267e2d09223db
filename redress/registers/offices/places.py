"""Reads of offices and bodies; reference data that everybody may know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from django.db.models import Q, QuerySet

from redress.registers.offices.models import Body, Office, Route, Tenure, Topic
from redress.values.days import country_of
from redress.values.places import path_below, paths_above
from redress.values.text import normal_form

EMPLOYER: Final = "employer"  # the kind of body that a worker's name may be kept from


def counties() -> QuerySet[Office]:
    """List all counties, by path."""
    return Office.objects.filter(kind=Office.Kind.COUNTY)


def county_paths() -> list[str]:
    """List the paths of all counties."""
    return list(counties().values_list("path", flat=True))


def county_of(path: str) -> Office | None:
    """Give the county that a path lies in, if it is that deep."""
    return counties().filter(path__in=paths_above(path)).first()


def office_of(path: str) -> Office | None:
    """Give the nearest union office that a path lies in."""
    return Office.objects.filter(path__in=paths_above(path)).order_by("path").last()


def offices_at(paths: Iterable[str]) -> dict[str, Office]:
    """Give offices by their paths; unknown paths are left out."""
    return {office.path: office for office in Office.objects.filter(path__in=set(paths))}


def office_named(written: str) -> Office | None:
    """Find an office by its path or by its name in any of the three languages."""
    wanted = written.strip()
    by_name = Q(name_en__iexact=wanted) | Q(name_fa=wanted) | Q(name_zh=wanted)
    return Office.objects.filter(Q(path=wanted) | by_name).first()


def offices_in(path: str) -> QuerySet[Office]:
    """List the offices of a place and below it; none for no place."""
    if not path:
        return Office.objects.none()
    places = path_below(path)
    return Office.objects.filter(path__gte=places.lo, path__lt=places.hi)


def office_with_id(office_id: int) -> Office:
    """Give one office."""
    return Office.objects.get(pk=office_id)


def bodies_serving(path: str) -> QuerySet[Body]:
    """List the bodies whose area holds a place."""
    return Body.objects.filter(path__in=paths_above(path)).select_related("kind")


def bodies_in(path: str) -> QuerySet[Body]:
    """List the bodies of a place, below it and above it."""
    places = path_below(path)
    below = Q(path__gte=places.lo, path__lt=places.hi)
    return Body.objects.filter(below | Q(path__in=paths_above(path))).select_related("kind")


def body_with_id(body_id: int) -> Body:
    """Give one body."""
    return Body.objects.select_related("kind").get(pk=body_id)


def suggested_bodies(*, topic_code: str, path: str) -> list[Body]:
    """Order the bodies that serve a place: those that answer the topic first, nearest first."""
    return _in_line(_answering(topic_code, path), path)


def _in_line(kinds: list[str], path: str) -> list[Body]:
    def place_in_line(body: Body) -> tuple[int, int, str]:
        rank = kinds.index(body.kind_id) if body.kind_id in kinds else len(kinds)
        return rank, -len(body.path), body.name_en

    return sorted(bodies_serving(path), key=place_in_line)


def bodies_of_topic(*, topic_code: str, path: str, but: str = "") -> list[Body]:
    """List the bodies that answer a topic at a place, the most fitting and nearest first.

    Args:
        topic_code: the topic; empty for none yet.
        path: the place.
        but: a kind of body that is not to be named.
    """
    kinds = [kind for kind in _answering(topic_code, path) if kind != but]
    return [body for body in _in_line(kinds, path) if body.kind_id in kinds] if kinds else []


def _answering(topic_code: str, path: str) -> list[str]:
    """Name the kinds of bodies that answer a topic in a place's country, the most fitting first."""
    routes = Route.objects.filter(topic_id=topic_code, country=country_of(path))
    return [route.body_kind_id for route in routes]


def topics() -> QuerySet[Topic]:
    """List the topics a demand can have: leaves only, by code."""
    codes = set(Topic.objects.values_list("code", flat=True))
    groups = {code.split(".")[0] for code in codes if "." in code}
    return Topic.objects.exclude(code__in=groups)


@lru_cache(maxsize=1)
def listed_topics() -> tuple[Topic, ...]:
    """Give the topics for a form's choice; installed data, read once a process."""
    return tuple(topics())


def manager_of(body: Body, *, on: dt.date) -> Tenure | None:
    """Say who managed a body on a day."""
    return body.tenures.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on),
        function=Tenure.Function.MANAGER,
        since_on__lte=on,
    ).first()


class Places:
    """Offices by what people write for them, read once: for long lists."""

    def __init__(self) -> None:
        self._paths: dict[str, str] = {}
        for office in Office.objects.all():
            names = (office.path, office.name_en.lower(), office.name_fa, office.name_zh)
            self._paths.update({normal_form(name): office.path for name in names})

    def path_of(self, written: str) -> str | None:
        """Give the path of an office by its path or its name in any language; None if unknown."""
        return self._paths.get(normal_form(written))
