"""Groups by which figures are broken down: bodies, their managers, counties, topics, years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from redress.demands.number_facts import Facts, day_of, number_of
from redress.demands.number_rows import NEVER
from redress.registers.offices.models import Body, Office, Tenure, Topic
from redress.values.calendars import Calendar, read_day, write_day

Array = npt.NDArray[Any]
NO_GROUP: Final = ""


class By(StrEnum):
    """What figures are broken down by."""

    COUNTY = "county"
    TOPIC = "topic"
    YEAR = "year"  # in which it was raised
    BODY = "body"
    MANAGER = "manager"  # of the body on the day that counts


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Groups, and how to tell of which group something is.

    Attributes:
        keys: as they stand in an address; ``NO_GROUP`` is what belongs to none.
        labels: likewise, in the reader's language; a year as its number.
        of_demands: whether a demand is of one group; else only a holding is.
        demands: gives the groups of some demands, by their places.
        holdings: gives the groups of some holdings on some days.
    """

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    of_demands: bool
    demands: Callable[[Facts, Array], Array]
    holdings: Callable[[Facts, Array, Array], Array]

    @staticmethod
    def of_all(*, of_demands: bool = True) -> Grouping:
        """Put everything into one group; or holdings alone, for the people of a body."""
        whole = _by_demand([NO_GROUP], [""], lambda of: np.zeros(len(of.demands.heard), int))
        return replace(whole, of_demands=of_demands)

    def place_of(self, key: str) -> int:
        """Give the place of a key; -1 for an unknown one."""
        return self.keys.index(key) if key in self.keys else -1


def grouping(facts: Facts, by: By, *, calendar: Calendar) -> Grouping:
    """Make the groups of a breakdown; ``calendar`` is whose years are meant."""
    if by is By.COUNTY:
        return _by_county(facts)
    if by is By.TOPIC:
        return _by_topic(facts)
    if by is By.YEAR:
        return _by_year(facts, calendar)
    return _by_body(facts) if by is By.BODY else _by_manager(facts)


def _by_demand(keys: list[str], labels: list[str], group_of: Callable[[Facts], Array]) -> Grouping:
    return Grouping(
        keys=tuple(keys),
        labels=tuple(labels),
        of_demands=True,
        demands=lambda facts, places: group_of(facts)[places],
        holdings=lambda facts, places, _days: group_of(facts)[facts.holdings.demand[places]],
    )


def _by_county(facts: Facts) -> Grouping:
    offices = {one.path: str(one) for one in Office.objects.filter(path__in=facts.counties)}
    used = np.unique(np.append(facts.demands.county, 0))
    keys = [facts.counties[at - 1] if at else NO_GROUP for at in used]
    labels = [offices.get(key, key) for key in keys]
    return _by_demand(keys, labels, lambda of: np.searchsorted(used, of.demands.county))


def topic_group(code: str) -> str:
    """Give the group that a topic's code begins with."""
    return code.split(".", 1)[0]


def topic_group_names() -> dict[str, str]:
    """Name the groups of topics, in the reader's language."""
    named = {one.code: str(one) for one in Topic.objects.order_by("-code")}
    # A group without a name of its own has that of its first topic.
    first = {topic_group(code): name for code, name in named.items()}
    return {group: named.get(group, name) for group, name in first.items()}


def _by_topic(facts: Facts) -> Grouping:
    names = topic_group_names()
    keys = [NO_GROUP, *sorted({topic_group(code) for code in facts.topics})]
    of_topic = np.array([0, *(keys.index(topic_group(code)) for code in facts.topics)])
    labels = [names.get(key, key) for key in keys]
    return _by_demand(keys, labels, lambda of: of_topic[of.demands.topic])


def _by_year(facts: Facts, calendar: Calendar) -> Grouping:
    first = int(facts.demands.heard.min(initial=facts.until))
    years = [write_day(_day(at), calendar=calendar).year for at in (first, facts.until)]
    listed = range(years[0], years[1] + 1)
    starts = [number_of(read_day(year, 1, 1, calendar=calendar)) for year in listed]
    labels = [str(year) for year in listed]
    return _by_demand(
        labels, labels, lambda of: np.searchsorted(starts, of.demands.heard, side="right") - 1
    )


def _day(number: int) -> dt.date:
    day = day_of(number)
    return dt.date.max if day is None else day


def _by_body(facts: Facts) -> Grouping:
    used = np.unique(facts.holdings.body)
    names = {one.pk: str(one) for one in Body.objects.filter(pk__in=used.tolist())}
    return Grouping(
        keys=tuple(str(pk) for pk in used),
        labels=tuple(names.get(int(pk), "") for pk in used),
        of_demands=False,
        demands=lambda _facts, places: np.zeros(len(places), int),
        holdings=lambda of, places, _days: np.searchsorted(used, of.holdings.body[places]),
    )


def _by_manager(facts: Facts) -> Grouping:
    """Group by who managed the body; of two at once, by the one who came later."""
    bodies = np.unique(facts.holdings.body).tolist()
    found = Tenure.objects.filter(function=Tenure.Function.MANAGER, body_id__in=bodies)
    tenures = list(found.select_related("body").order_by("since_on", "pk"))
    labels = [f"{one.person_name} · {one.body}" for one in tenures]

    def group(of: Facts, places: Array, days: Array) -> Array:
        group_of, body = np.zeros(len(places), int), of.holdings.body[places]
        order = np.argsort(body, kind="stable")
        for at, one in enumerate(tenures, start=1):
            first, last = np.searchsorted(body, [one.body_id, one.body_id + 1], sorter=order)
            of_body = order[first:last]
            until = number_of(one.until_on) if one.until_on else NEVER
            there = (days[of_body] >= number_of(one.since_on)) & (days[of_body] <= until)
            group_of[of_body[there]] = at
        return group_of

    return Grouping(
        keys=(NO_GROUP, *(str(one.pk) for one in tenures)),
        labels=("", *labels),
        of_demands=False,
        demands=lambda _facts, places: np.zeros(len(places), int),
        holdings=group,
    )
