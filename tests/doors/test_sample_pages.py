"""Drawn samples at the desk: drawing, calling, and closing by them."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from redress.demands import close_many
from redress.demands.close_many import Rule, draw_members
from redress.demands.collect import dissolve
from redress.demands.kinds import Outcome
from redress.demands.models import Demand, Sample, SampleCall
from redress.demands.resolve import confirm_solved, fall_silent
from redress.demands.sample import Called, Lot, draw_ended, note_call
from redress.demands.sort import sort_demand
from redress.demands.states import Said, Urgency
from redress.registers.accounts.roles import SYSTEM
from redress.registers.journal.models import Entry
from redress.registers.offices.scope import WHOLE, within
from tests.conftest import GOLANDASHT, NILKUH, NOON, WORKS, Cast, answer, later, topic
from tests.doors.at_desk import STAFF, made, text
from tests.flows.groups import PERSIAN, together, told

READERS = {"officer", "second", "province", "auditor"}
DAYS = {
    "closed_from_0": "2026",
    "closed_from_1": "6",
    "closed_from_2": "1",
    "closed_until_0": "2026",
    "closed_until_1": "6",
    "closed_until_2": "30",
}
NEW = {"county": NILKUH, "wanted": "10", **DAYS}
NOT_SOLVED = {
    "outcome": "reached",
    "said": "not_solved",
    "goes_on": "on",
    "text": "Nothing came.",
}


def ended(cast: Cast, **about) -> Demand:
    return confirm_solved(answer(cast, told(cast, **about)), by=cast.second, at=NOON)


@pytest.fixture
def sample(cast: Cast) -> Sample:
    """Give a sample of one ended demand, sorted by the officer, its word put down by the second."""
    return made(
        lambda: (
            ended(cast, text=PERSIAN, contact="0900"),
            draw_ended(Lot(NILKUH, 10), by=cast.officer, at=NOON),
        )[1]
    )


def only(model):
    with within(WHOLE):
        return model.objects.get()


def entries() -> int:
    with within(WHOLE):
        return Entry.objects.count()


def call_address(sample: Sample) -> str:
    return f"/desk/samples/{sample.pk}/calls/{only(SampleCall).pk}"


# -- who sees and does what


def test_a_sample_is_seen_in_its_county_and_above(browser_of, sample):
    for path in ("", "/numbers"):
        came = {
            name: browser_of(name).get(f"/desk/samples/{sample.pk}{path}").status_code
            for name in STAFF
        }
        assert {name for name, status in came.items() if status == 200} == READERS
        assert came["neighbour"] == came["grassroots"] == 404
        assert came["liaison"] == came["manager"] == came["admin"] == 403


def test_who_may_not_draw_is_refused(cast: Cast, browser_of):
    made(ended, cast)
    came = {name: browser_of(name).post("/desk/samples/new", NEW).status_code for name in STAFF}

    assert {name for name, status in came.items() if status == 302} == {
        "officer",
        "second",
        "province",
    }
    assert came["neighbour"] == 422  # the county is not among their offices
    assert {came[name] for name in ("grassroots", "auditor", "liaison", "admin")} == {403}


def test_an_auditor_puts_no_call_down_and_closes_nothing(browser_of, sample):
    before = entries()
    client = browser_of("auditor")

    assert client.post(call_address(sample), NOT_SOLVED).status_code == 403
    assert client.post(f"/desk/samples/{sample.pk}/close").status_code == 403
    assert entries() == before
    assert "Put down the call" not in text(client.get(f"/desk/samples/{sample.pk}"))


def test_another_countys_officer_finds_nothing(browser_of, sample):
    client = browser_of("neighbour")

    assert client.post(call_address(sample), NOT_SOLVED).status_code == 404
    assert client.post(f"/desk/samples/{sample.pk}/close").status_code == 404


def test_an_officer_of_a_workplace_reads_and_does_nothing(cast: Cast, browser_of):
    sample = made(
        lambda: (ended(cast, path=WORKS), draw_ended(Lot(WORKS, 5), by=cast.officer, at=NOON))[1]
    )
    client = browser_of("grassroots")

    page = client.get(f"/desk/samples/{sample.pk}")
    assert page.status_code == 200
    assert "Put down the call" not in text(page)
    assert client.post(call_address(sample), NOT_SOLVED).status_code == 403


def test_a_sample_from_a_place_above_is_not_drawn_by_a_forged_form(cast: Cast, browser_of):
    made(ended, cast)

    for county in ("ir.sp.", "ir.", GOLANDASHT, "", "x"):
        page = browser_of("officer").post("/desk/samples/new", {**NEW, "county": county})
        assert page.status_code == 422

    with within(WHOLE):
        assert not Sample.objects.exists()


@pytest.mark.parametrize("path", ["{0}/calls/999999", "999999", "{0}/calls/1{1}"])
def test_what_is_not_there_is_not_found(browser_of, sample, path):
    address = f"/desk/samples/{path.format(sample.pk, '0' * 30)}"

    assert browser_of("officer").post(address, NOT_SOLVED).status_code == 404


def test_a_call_of_another_sample_is_not_found_here(cast: Cast, browser_of, sample):
    call = only(SampleCall)
    other = made(lambda: draw_ended(Lot(NILKUH, 10), by=cast.officer, at=NOON))

    page = browser_of("province").post(f"/desk/samples/{other.pk}/calls/{call.pk}", NOT_SOLVED)

    assert page.status_code == 404


# -- the draw


def test_a_sample_is_drawn_from_the_days_given(cast: Cast, browser_of):
    made(lambda: [ended(cast) for _one in range(3)])

    page = browser_of("officer").post("/desk/samples/new", {**NEW, "wanted": "۲"}, follow=True)

    assert "ended 1 June 2026 to 30 June 2026" in text(page)
    assert (only(Sample).population, only(Sample).wanted) == (3, 2)


def test_days_are_written_in_the_readers_own_calendar(cast: Cast, browser_of):
    made(ended, cast)
    client = browser_of("officer")
    client.cookies["django_language"] = "fa"
    # 1 to 31 Khordad 1405 are 22 May to 21 June 2026.
    parts = ["1405", "3", "1", "۱۴۰۵", "۳", "۳۱"]
    post = {**NEW, **dict(zip(DAYS, parts, strict=True))}

    client.post("/desk/samples/new", post, headers={"accept-language": "fa"})

    drawn = only(Sample)
    assert (str(drawn.closed_from), str(drawn.closed_until)) == ("2026-05-22", "2026-06-21")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"closed_from_0": "2027"}, "The last day lies before the first."),
        ({"closed_from_1": "13"}, "There is no such day"),
        ({"wanted": "0"}, "greater than or equal to 1"),
        ({"wanted": "1001"}, "less than or equal to 1000"),
        ({"closed_until_1": "6", "closed_until_2": "2"}, "no demand a body answered ended"),
    ],
)
def test_an_unfit_draw_is_refused_in_words(cast: Cast, browser_of, changed, said):
    made(ended, cast)  # on 15 June

    page = browser_of("officer").post("/desk/samples/new", {**NEW, **changed})

    assert page.status_code == 422
    assert said in text(page)


def test_the_list_shows_what_came_of_each_in_few_queries(cast: Cast, browser_of):
    made(ended, cast)
    client = browser_of("officer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as run:
            assert client.get("/desk/samples").status_code == 200
        return len(run)

    made(lambda: draw_ended(Lot(NILKUH, 5), by=cast.officer, at=NOON))
    one = queries()
    made(lambda: [draw_ended(Lot(NILKUH, 5), by=cast.officer, at=NOON) for _one in range(49)])

    assert queries() == one


def test_anybody_can_draw_again_from_what_the_page_gives(cast: Cast, browser_of):
    made(lambda: [ended(cast) for _one in range(6)])
    sample = made(lambda: draw_ended(Lot(NILKUH, 2), by=cast.officer, at=NOON))
    client = browser_of("auditor")

    page = client.get(f"/desk/samples/{sample.pk}").content.decode()
    seed = re.search(r"<code dir=\"ltr\">([0-9a-f]{32})</code>", page)[1]
    lines = client.get(f"/desk/samples/{sample.pk}/numbers").content.decode()
    again = sorted(
        map(int, lines.split()), key=lambda n: hashlib.sha256(f"{seed}/{n}".encode()).hexdigest()
    )

    with within(WHOLE):
        assert set(sample.calls.values_list("demand_id", flat=True)) == set(again[:2])
    assert hashlib.sha256(lines.encode()).hexdigest() in page


# -- the calls


def test_who_handled_it_is_told_who_can_call(browser_of, sample):
    page = text(browser_of("officer").get(f"/desk/samples/{sample.pk}"))

    assert "You handled this demand. It can be called by: Province" in page
    assert "Put down the call" not in page


def test_where_everybody_handled_it_that_is_said(cast: Cast, browser_of):
    def handled_by_all() -> Sample:
        heard = told(cast)
        for officer in (cast.second, cast.province):
            sort_demand(heard, topic=topic(), urgency=Urgency.LOW, by=officer, at=NOON)
        confirm_solved(answer(cast, heard), by=cast.officer, at=NOON)
        return draw_ended(Lot(NILKUH, 5), by=cast.officer, at=NOON)

    sample = made(handled_by_all)

    page = text(browser_of("officer").get(f"/desk/samples/{sample.pk}"))

    assert "Everybody here handled this demand." in page


def test_a_forged_call_by_who_handled_it_changes_nothing(browser_of, sample):
    page = browser_of("officer").post(call_address(sample), NOT_SOLVED)

    assert page.status_code == 409
    assert "you handled this demand" in text(page)
    assert "Nothing came." in page.content.decode()  # what was typed is kept
    assert only(SampleCall).outcome == Outcome.WAITING


def test_a_call_reaches_the_body_again(browser_of, sample):
    page = browser_of("province").post(call_address(sample), NOT_SOLVED, follow=True)

    assert "Reached: Not solved" in text(page)
    demand = only(Demand)
    assert (demand.state, demand.reopened_count) == ("routed", 1)
    body = browser_of("liaison").get(f"/desk/demands/{demand.pk}")
    assert "Nothing came." in text(body)


def test_a_call_is_put_down_once(browser_of, sample):
    client = browser_of("province")
    client.post(call_address(sample), {"outcome": "declined"})
    before = entries()

    page = client.post(call_address(sample), NOT_SOLVED)

    assert page.status_code == 409
    assert "put down already" in text(page)
    assert (entries(), only(Demand).state) == (before, "closed")


def test_who_was_not_reached_can_be_tried_again(browser_of, sample):
    client = browser_of("province")

    page = client.post(call_address(sample), {"outcome": "not_reached"}, follow=True)
    assert "Try again" in text(page)
    client.post(call_address(sample), {"outcome": "reached", "said": "solved"})

    assert only(SampleCall).said == Said.SOLVED


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"said": ""}, "Write what the worker says."),
        ({"outcome": "declined"}, "Only who was reached has said something."),
        ({"outcome": "waiting"}, "Select a valid choice"),
        ({"outcome": ""}, "This field is required"),
        ({"text": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_an_unfit_call_is_refused_in_words_and_kept(browser_of, sample, changed, said):
    page = browser_of("province").post(call_address(sample), {**NOT_SOLVED, **changed})

    assert page.status_code == 422
    assert said in text(page)
    assert only(SampleCall).outcome == Outcome.WAITING
    assert ("Nothing came." in page.content.decode()) == ("text" not in changed)


def test_nothing_solved_cannot_be_left_at_that_and_the_page_says_what_to_do(cast: Cast, browser_of):
    def silent() -> Sample:
        fall_silent(answer(cast, told(cast)), by=SYSTEM, at=later(90))
        return draw_ended(Lot(NILKUH, 5), by=cast.officer, at=NOON)

    sample = made(silent)
    post = {"outcome": "reached", "said": "not_solved", "text": "Kept."}

    page = browser_of("province").post(call_address(sample), post)

    assert page.status_code == 409
    assert "Tick that it must go on." in text(page)
    assert "Kept." in page.content.decode()


def test_the_result_counts_nobody_as_satisfied_who_did_not_say_so(browser_of, sample):
    client = browser_of("province")
    assert "nothing is known" in text(client.get(f"/desk/samples/{sample.pk}"))

    client.post(call_address(sample), {"outcome": "reached", "said": "solved"})
    page = text(client.get(f"/desk/samples/{sample.pk}"))

    assert "Everybody was asked: 1 of 1 are satisfied." in page
    assert "Did not want to say 0" in page


def test_a_worker_without_a_contact_is_shown_as_such(cast: Cast, browser_of):
    sample = made(lambda: (ended(cast), draw_ended(Lot(NILKUH, 5), by=cast.officer, at=NOON))[1])

    assert "The worker left no contact." in text(
        browser_of("province").get(f"/desk/samples/{sample.pk}")
    )


def test_a_large_sample_is_shown_in_pages_and_few_queries(cast: Cast, browser_of):
    sample = made(
        lambda: (
            [ended(cast) for _one in range(55)],
            draw_ended(Lot(NILKUH, 55), by=cast.officer, at=NOON),
        )[1]
    )

    with CaptureQueriesContext(connection) as run:
        page = browser_of("province").get(f"/desk/samples/{sample.pk}")

    assert "Page 1 of 2" in text(page)
    assert len(run) < 40, len(run)


# -- closing by samples


@pytest.fixture
def called(cast: Cast, monkeypatch) -> Sample:
    """Give a sample of three of five members, all called and solved; three speak for the others."""
    monkeypatch.setattr(close_many, "RULE", Rule(reached=3))

    def make() -> Sample:
        group = together(cast, *(answer(cast, told(cast)) for _one in range(5)))
        sample = draw_members(group, wanted=3, by=cast.officer, at=NOON)
        for call in sample.calls.all():
            note_call(call, called=Called(Outcome.REACHED, Said.SOLVED), by=cast.province, at=NOON)
        return sample

    return made(make)


def test_the_page_states_the_rule_and_what_closing_does(browser_of, called):
    page = text(browser_of("officer").get(f"/desk/samples/{called.pk}"))

    assert "Every call was made; 0 are still to be made." in page
    assert "At least 90 in 100 of those reached say solved; it is 3 of 3." in page
    assert "This closes 2 members that nobody asked." in page


def test_closing_by_sample_closes_those_that_nobody_asked_and_says_so(browser_of, called):
    page = browser_of("officer").post(f"/desk/samples/{called.pk}/close", follow=True)

    assert "Closed 2 demands by the sample." in text(page)
    assert "No member is left that this sample speaks for." in text(page)
    with within(WHOLE):
        assert Demand.objects.filter(close_kind="by_sample").count() == 2
    group = browser_of("officer").get(f"/desk/collectives/{called.collective_id}")
    assert "Closed because a drawn sample says it is solved" in text(group)


def test_a_sample_that_does_not_carry_closes_nothing(cast: Cast, browser_of, called, monkeypatch):
    monkeypatch.setattr(close_many, "RULE", Rule())  # thirty must be reached

    page = browser_of("officer").post(f"/desk/samples/{called.pk}/close")

    assert page.status_code == 409
    assert "the rule for it does not hold now" in text(page)
    with within(WHOLE):
        assert not Demand.objects.filter(close_kind="by_sample").exists()


def test_of_a_dissolved_group_nothing_is_closed(cast: Cast, browser_of, called):
    made(lambda: dissolve(called.collective, why="x", by=cast.officer, at=NOON))
    client = browser_of("officer")

    assert "Close 2 by sample" not in text(client.get(f"/desk/samples/{called.pk}"))
    assert client.post(f"/desk/samples/{called.pk}/close").status_code == 409


@pytest.mark.parametrize("language", ["fa", "zh-hans", "en"])
def test_the_pages_stand_in_every_language(browser_of, called, language):
    client = browser_of("officer")
    client.cookies["django_language"] = language

    for path in ("", f"/{called.pk}"):
        page = client.get(f"/desk/samples{path}", headers={"accept-language": language})
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.content.decode().lower()
