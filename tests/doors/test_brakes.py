"""Brakes on the public form: what they hold back is heard all the same, and an officer lets it in."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.db import connection

from redress.demands.models import Demand
from redress.doors.limits import clear_ended_counts
from redress.doors.worker.brakes import DEMANDS_PER_HOUR_MAX, QUICK_ONES_MAX, SAME_TEXT_PER_HOUR_MAX
from redress.values.networks import network_of
from redress.values.text import normal_form, text_sha256
from tests.conftest import NILKUH, Cast
from tests.doors.at_desk import made

FROM = "198.51.100.7"


def filed(client, text: str, *, seconds: int = 60, address: str = FROM, with_form: bool = True):
    """Open the form, wait, and send it."""
    with time_machine.travel("2026-06-15T08:00:00Z", tick=False) as clock:
        given = {"text": text, "county": NILKUH}
        if with_form:
            shown = client.get("/demands/new", REMOTE_ADDR=address).content.decode()
            given["form_id"] = re.search(r'name="form_id" value="([^"]+)"', shown)[1]
        clock.shift(seconds)
        return client.post("/demands/new", given, REMOTE_ADDR=address)


def held_back() -> list[str]:
    return [demand.held_back for demand in made(lambda: list(Demand.objects.order_by("pk")))]


@pytest.fixture
def phone(cast: Cast, client):
    return client


def test_a_few_quick_demands_are_people_in_a_hurry(phone):
    for number in range(QUICK_ONES_MAX):
        filed(phone, f"Pay us, number {number}.", seconds=1)

    assert held_back() == [""] * QUICK_ONES_MAX


def test_a_stream_of_forms_sent_at_once_is_held_back(phone):
    for number in range(QUICK_ONES_MAX + 2):
        filed(phone, f"Pay us, number {number}.", seconds=1)

    assert held_back() == [""] * QUICK_ONES_MAX + ["too_fast"] * 2


def test_who_takes_their_time_is_not_held_back(phone):
    for number in range(QUICK_ONES_MAX + 2):
        filed(phone, f"Pay us, number {number}.", seconds=4)

    assert set(held_back()) == {""}


def test_the_same_text_again_and_again_from_one_network_is_held_back(phone):
    for last in range(1, SAME_TEXT_PER_HOUR_MAX + 2):
        filed(phone, "Pay us.", address=f"198.51.100.{last}")

    assert held_back() == [""] * SAME_TEXT_PER_HOUR_MAX + ["same_text"]


def test_the_same_text_from_other_networks_is_a_collective_demand_and_is_not_held_back(phone):
    for network in range(1, SAME_TEXT_PER_HOUR_MAX + 3):
        filed(phone, "Pay us.", address=f"198.51.{network}.7")

    assert set(held_back()) == {""}


def test_too_many_from_one_network_are_held_back_and_not_refused(phone):
    answers = [
        filed(phone, f"Pay us, number {number}.", with_form=False)
        for number in range(DEMANDS_PER_HOUR_MAX + 1)
    ]

    assert {answer.status_code for answer in answers} == {201}
    assert held_back() == [""] * DEMANDS_PER_HOUR_MAX + ["too_many"]


def test_what_is_held_back_has_its_receipt_and_its_clock(phone):
    for _again in range(SAME_TEXT_PER_HOUR_MAX + 1):
        page = filed(phone, "Pay us.")

    code = re.search(r'name="code" value="(\d{16})"', page.content.decode())[1]
    followed = phone.post("/receipt", {"code": code})
    demand = made(lambda: Demand.objects.latest("pk"))
    assert demand.held_back == "same_text"
    assert demand.due_on is not None
    assert "Pay us." in followed.content.decode()


def test_an_officer_lets_it_in_with_one_press(phone, browser_of):
    for _again in range(SAME_TEXT_PER_HOUR_MAX + 1):
        filed(phone, "Pay us.")
    held = made(lambda: Demand.objects.exclude(held_back="").get())
    officer = browser_of("officer")
    before = officer.get("/desk/demands").content.decode()
    waiting = officer.get("/desk/demands?special=held_back").content.decode()

    officer.post(f"/desk/demands/{held.pk}/release", {})

    after = officer.get("/desk/demands").content.decode()
    link = f'href="/desk/demands/{held.pk}"'
    assert (link in before, link in waiting, link in after) == (False, True, True)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:1:2:3::9", "2001:db8:1::/48"),
        ("::ffff:198.51.100.7", "198.51.100.0/24"),
        ("not an address", "not an address"),
    ],
)
def test_a_network_is_a_slash_24_or_a_slash_48_and_an_old_address_in_a_new_one_the_same(
    address, network
):
    assert network_of(address) == network


def test_a_network_is_counted_for_the_whole_hour(phone):
    with time_machine.travel("2026-06-15T08:00:00Z", tick=False) as clock:
        for _round in range(SAME_TEXT_PER_HOUR_MAX + 1):
            phone.post("/demands/new", {"text": "Pay us.", "county": NILKUH}, REMOTE_ADDR=FROM)
            clock.shift(14 * 60)  # the fourth at 8:42

    assert held_back() == [""] * SAME_TEXT_PER_HOUR_MAX + ["same_text"]


def test_the_counts_tell_no_text_and_are_deleted_when_their_hour_is_over(phone):
    def counts() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key FROM redress_cache WHERE cache_key LIKE 'tries/%'")
            return [key for (key,) in cursor.fetchall()]

    with time_machine.travel("2026-06-15T08:00:00Z", tick=False) as clock:
        phone.post("/demands/new", {"text": "Pay us.", "county": NILKUH}, REMOTE_ADDR=FROM)
        counted = counts()
        assert counted
        assert not any(text_sha256(normal_form("Pay us.")) in key for key in counted)

        clock.shift(59 * 60)
        clear_ended_counts()
        assert len(counts()) >= 2  # the network's, and the text's from it

        clock.shift(2 * 60)
        clear_ended_counts()
        assert counts() == []
