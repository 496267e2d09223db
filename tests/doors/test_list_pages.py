"""Lists are cut into pages, and narrowed by a choice of one."""

from __future__ import annotations

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from redress.demands.backlog import Wanted, wanted_demands
from redress.doors.desk import pages
from redress.registers.offices.scope import within
from tests.conftest import DAY, Cast, hear, later, route


@pytest.mark.parametrize("page", ["", "1", "2", "3", "4", "0", "-1", "999999999", "two", "۲"])
def test_a_page_holds_what_the_plain_way_of_cutting_gives(cast: Cast, whole, monkeypatch, page):
    monkeypatch.setattr(pages, "ROWS_A_PAGE", 3)
    for number in range(7):
        demand = hear(cast, receipt=f"{number:064x}", at=later(-number))
        if number % 2:
            route(cast, demand)
    with within(cast.officer.scope):
        rows = wanted_demands(Wanted(), seen_by=cast.officer, today=DAY)
        plain = Paginator(rows, 3).get_page(page)
        cut = pages.page_of(rows, RequestFactory().get("/", {"page": page}))

        assert list(cut) == list(plain)
        assert (cut.number, cut.paginator.count) == (plain.number, 7)


def test_a_list_of_nothing_has_one_empty_page(cast: Cast):
    with within(cast.officer.scope):
        rows = wanted_demands(Wanted(topic="none"), seen_by=cast.officer, today=DAY)
        cut = pages.page_of(rows, RequestFactory().get("/"))

    assert (list(cut), cut.number, cut.paginator.count) == ([], 1, 0)


def test_a_choice_of_one_says_what_is_chosen_and_escapes_what_people_wrote():
    offered = [(1, "Labour <office>"), (2, "Governor")]
    shown = Template('{% select_field "body" "Body" offered 2 first="Any" %}').render(
        Context({"offered": offered})
    )

    assert shown == (
        '<div class="field"><label for="body">Body</label><select id="body" name="body">'
        '<option value="">Any</option><option value="1">Labour &lt;office&gt;</option>'
        '<option value="2" selected>Governor</option></select></div>'
    )
