"""Collective demands at the desk."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from redress.demands.collect import dissolve, members
from redress.demands.models import Collective, Membership, Sample
from redress.demands.resolve import dispute_answer
from redress.demands.sort import merge_demand
from redress.demands.states import Said
from redress.registers.journal.models import Entry
from redress.registers.offices.scope import WHOLE, within
from tests.conftest import GOLANDASHT, NILKUH, NOON, WORKS, Cast, answer, sort
from tests.doors.at_desk import STAFF, made, text
from tests.flows.groups import CHINESE, ENGLISH, PERSIAN, together, told

READERS = {"officer", "second", "province", "auditor"}  # of the county
WAGES = "The cause of the three months"


def rows(model) -> int:
    with within(WHOLE):
        return model.objects.count()


@pytest.fixture
def group(cast: Cast) -> Collective:
    return made(
        lambda: together(
            cast,
            told(cast, PERSIAN, contact="0900", workers=12),
            told(cast, CHINESE),
            told(cast, ENGLISH),
            title=WAGES,
            workforce=100,
            workforce_source="Payroll of May.",
        )
    )


def inside(group: Collective, cast: Cast) -> set[int]:
    return made(lambda: set(members(group, seen_by=cast.province).values_list("pk", flat=True)))


# -- who sees what


@pytest.mark.parametrize(
    ("path", "opens"),
    [
        ("/desk/collectives", {*READERS, "neighbour", "grassroots"}),
        ("/desk/collectives/new", {"officer", "second", "province", "neighbour"}),
        ("/desk/samples", {*READERS, "neighbour", "grassroots"}),
    ],
)
def test_a_page_opens_for_its_roles_and_for_no_others(cast: Cast, browser_of, path, opens):
    came = {name: browser_of(name).get(path).status_code for name in STAFF}

    assert {name for name, status in came.items() if status == 200} == opens
    assert set(came.values()) == {200, 403}


def test_a_collective_demand_is_seen_in_its_county_and_above(browser_of, group):
    came = {
        name: browser_of(name).get(f"/desk/collectives/{group.pk}").status_code for name in STAFF
    }

    assert {name for name, status in came.items() if status == 200} == READERS
    assert came["neighbour"] == came["grassroots"] == 404  # another county, a place above
    assert came["liaison"] == came["manager"] == came["admin"] == 403


def test_an_officer_of_a_workplace_reads_and_makes_none(cast: Cast, browser_of):
    here = made(lambda: together(cast, told(cast, path=WORKS), path=WORKS))
    client = browser_of("grassroots")

    page = client.get(f"/desk/collectives/{here.pk}")

    assert page.status_code == 200
    assert "Take out" not in text(page)
    assert "What may belong to it" not in text(page)
    for action, post in POSTS.items():
        assert client.post(f"/desk/collectives/{here.pk}/{action}", post).status_code == 403


# Each with what makes its form valid; numbers and entries may be any.
POSTS = {
    "add": {"numbers": "1"},
    "take-out": {"numbers": "1"},
    "workforce": {"workforce": "5", "source": "x"},
    "dissolve": {"why": "x"},
    "restore": {"why": "x"},
    "draw": {"wanted": "5"},
}


@pytest.mark.parametrize("action", POSTS)
def test_an_auditor_reads_only(browser_of, group, action):
    before = rows(Entry)

    page = browser_of("auditor").post(f"/desk/collectives/{group.pk}/{action}", POSTS[action])

    assert (page.status_code, rows(Entry)) == (403, before)


@pytest.mark.parametrize("action", POSTS)
def test_another_countys_officer_gets_not_found(browser_of, group, action):
    page = browser_of("neighbour").post(f"/desk/collectives/{group.pk}/{action}", POSTS[action])

    assert page.status_code == 404


def test_a_forged_form_without_its_token_is_refused(cast: Cast, group, browser_of):
    client = browser_of("officer", enforce_csrf_checks=True)

    page = client.post(f"/desk/collectives/{group.pk}/dissolve", {"why": "x"})

    assert page.status_code == 403


def test_what_cannot_be_done_to_it_is_not_found(browser_of, group):
    assert browser_of("officer").post(f"/desk/collectives/{group.pk}/burn").status_code == 404
    assert browser_of("officer").get(f"/desk/collectives/{group.pk}/add").status_code == 405
    assert browser_of("officer").get(f"/desk/collectives/{10**30}").status_code == 404


# -- the list


def test_the_list_shows_counts_and_level(browser_of, group):
    page = text(browser_of("officer").get("/desk/collectives"))

    # 12, 1 and 1 workers of a hundred
    assert WAGES in page
    assert "14 in 100" in page
    assert "Workplace level" in page


def test_dissolved_ones_are_in_a_list_of_their_own(cast: Cast, browser_of, group):
    made(lambda: dissolve(group, why="x", by=cast.officer, at=NOON))
    client = browser_of("officer")

    assert WAGES not in text(client.get("/desk/collectives"))
    assert WAGES in text(client.get("/desk/collectives?state=dissolved"))


def test_the_list_is_searched_by_title(browser_of, group):
    client = browser_of("officer")

    assert WAGES in text(client.get("/desk/collectives?words=three months"))
    assert WAGES not in text(client.get("/desk/collectives?words=%00overtime"))


def test_fifty_rows_take_as_many_queries_as_one(cast: Cast, browser_of):
    client = browser_of("officer")

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as run:
            assert client.get(path).status_code == 200
        return len(run)

    made(lambda: together(cast, told(cast)))
    one = queries("/desk/collectives")
    made(lambda: [together(cast, told(cast), told(cast)) for _one in range(49)])

    assert queries("/desk/collectives") == one


@pytest.mark.parametrize("language", ["fa", "zh-hans", "en"])
def test_the_pages_stand_in_every_language(browser_of, group, language):
    client = browser_of("officer")
    client.cookies["django_language"] = language

    for path in ("", f"/{group.pk}", "/new"):
        page = client.get(f"/desk/collectives{path}", headers={"accept-language": language})
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.content.decode().lower()


def test_an_empty_list_says_what_to_do(cast: Cast, browser_of):
    assert "Make one here" in text(browser_of("officer").get("/desk/collectives"))


# -- a new one


NEW = {"county": NILKUH, "title": WAGES, "topic": "pay.arrears", "employer": "Nilkuh Textile"}


def test_it_is_made_and_shown(cast: Cast, browser_of):
    post = {**NEW, "workforce": "۱۲۰", "source": "Payroll."}

    page = browser_of("officer").post("/desk/collectives/new", post, follow=True)

    assert WAGES in text(page)
    assert "120" in text(page)


def test_it_can_be_started_from_a_demand(cast: Cast, browser_of):
    demand = made(lambda: sort(cast, told(cast, PERSIAN, employer="Nilkuh Textile")))
    client = browser_of("officer")

    page = client.get(f"/desk/collectives/new?from={demand.pk}")
    form = page.context["form"]
    assert form["employer"].value() == "Nilkuh Textile"
    assert form["topic"].value() == "pay.arrears"
    assert PERSIAN in text(page)
    client.post("/desk/collectives/new", {**NEW, "first": demand.pk})

    with within(WHOLE):
        assert Membership.objects.get().demand_id == demand.pk


@pytest.mark.parametrize("number", ["{theirs}", "x", "9" * 30, "-1", ""])
def test_it_is_not_started_from_what_is_not_seen(cast: Cast, browser_of, number):
    theirs = made(lambda: told(cast, ENGLISH, path=GOLANDASHT))
    client = browser_of("officer")
    number = number.format(theirs=theirs.pk)

    assert ENGLISH not in text(client.get(f"/desk/collectives/new?from={number}"))
    client.post("/desk/collectives/new", {**NEW, "first": number})

    assert rows(Membership) == 0


def merged_demand(cast: Cast):
    """The same person files twice."""
    first, again = (told(cast, contact="0900") for _time in range(2))
    return merge_demand(first, into=again, by=cast.officer, at=NOON)


def test_started_from_a_merged_demand_it_says_why_that_is_no_member(cast: Cast, browser_of):
    merged = made(lambda: merged_demand(cast))

    page = browser_of("officer").post(
        "/desk/collectives/new", {**NEW, "first": merged.pk}, follow=True
    )

    assert "cannot join" in text(page)
    assert rows(Membership) == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"workforce": "5"}, "Write how that is known"),
        ({"workforce": "0", "source": "x"}, "greater than or equal to 1"),
        ({"county": "ir.sp."}, "Select a valid choice"),
        ({"county": GOLANDASHT}, "Select a valid choice"),
        ({"topic": "nonsense"}, "Select a valid choice"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"title": "a\x00b"}, "Null characters"),
    ],
)
def test_an_unfit_form_is_refused_in_words_and_nothing_typed_is_lost(
    cast: Cast, browser_of, changed, said
):
    page = browser_of("officer").post(
        "/desk/collectives/new", {**NEW, "employer": "Kept here", **changed}
    )

    assert page.status_code == 422
    assert said in text(page)
    assert "Kept here" in page.content.decode()
    assert rows(Collective) == 0


# -- one, and what is done to it


def test_members_keep_their_own_words_in_their_own_language(browser_of, group):
    page = browser_of("officer").get(f"/desk/collectives/{group.pk}").content.decode()

    assert re.search(rf'lang="fa"[^>]*>{re.escape(PERSIAN)}', page)
    assert re.search(rf'lang="zh"[^>]*>{re.escape(CHINESE)}', page)


def test_the_page_says_how_far_the_next_level_is(browser_of, group):
    page = text(browser_of("officer").get(f"/desk/collectives/{group.pk}"))

    # 14 of 100; the county's level is from 30
    assert "16 more workers raise it to: County level" in page
    assert "at least 12" in page  # one demand alone speaks for twelve


def test_it_is_said_when_more_are_counted_than_work_there(cast: Cast, browser_of):
    group = made(
        lambda: together(cast, told(cast, workers=50), workforce=20, workforce_source="A guess.")
    )

    assert "Some number is wrong" in text(
        browser_of("officer").get(f"/desk/collectives/{group.pk}")
    )


def test_suggestions_say_why_and_what_adding_all_would_do(cast: Cast, browser_of):
    mill = {"employer": "Nilkuh Textile", "workforce": 100, "workforce_source": "Payroll of May."}
    first = made(lambda: told(cast, PERSIAN, contact="0900", workers=12))
    others = made(lambda: [told(cast, CHINESE), told(cast, ENGLISH)])
    group = made(lambda: together(cast, first, *others, title=WAGES, **mill))
    made(lambda: [told(cast, ENGLISH, employer="Nilkuh Textile", workers=10) for _one in "12"])

    page = text(browser_of("officer").get(f"/desk/collectives/{group.pk}"))

    assert "same employer" in page
    # 14 workers and twice 10 are 34 of 100
    assert "Adding all adds 2 demands: 5 demands of 34 workers." in page
    assert "That raises the level to: County level." in page


def test_what_is_ticked_is_tried_before_it_is_added(cast: Cast, browser_of, group):
    demand = made(lambda: told(cast, "Something else", workers=20))
    client = browser_of("officer")
    post = {"numbers": demand.pk, "find": str(demand.pk), "preview": "1"}

    page = client.post(f"/desk/collectives/{group.pk}/add", post)

    assert "Adding the ticked one makes it 4 demands of 34 workers." in text(page)
    assert re.search(rf'value="{demand.pk}" checked', page.content.decode())
    assert demand.pk not in inside(group, cast)


def test_adding_can_be_taken_back_at_once_and_later(cast: Cast, browser_of, group):
    before = inside(group, cast)
    new = made(lambda: [told(cast).pk for _one in range(3)])
    client, at = browser_of("officer"), f"/desk/collectives/{group.pk}"

    page = client.post(f"{at}/add", {"numbers": new}, follow=True)
    assert "Added 3 demands." in text(page)
    assert "Was that a mistake?" in text(page)
    entry = re.search(r'name="entry" value="(\d+)"', page.content.decode())[1]
    page = client.post(f"{at}/undo", {"entry": entry}, follow=True)

    assert "Took 3 demands out again." in text(page)
    assert inside(group, cast) == before
    assert "Was that a mistake?" not in text(client.get(f"{at}?added={entry}"))


def test_an_adding_of_another_collective_demand_is_not_undone_here(cast: Cast, browser_of, group):
    other = made(lambda: together(cast, told(cast)))
    with within(WHOLE):
        entry = Entry.objects.get(
            deed="collective.added", subject_kind="collective", subject_id=other.pk
        )

    page = browser_of("officer").post(f"/desk/collectives/{group.pk}/undo", {"entry": entry.pk})

    assert page.status_code == 409
    assert len(inside(other, cast)) == 1


def test_a_member_is_taken_out_and_found_again_by_its_number(cast: Cast, browser_of, group):
    number = min(inside(group, cast))
    client, at = browser_of("officer"), f"/desk/collectives/{group.pk}"

    client.post(f"{at}/take-out", {"numbers": number})

    assert number not in inside(group, cast)
    assert "was taken out before" in text(client.get(f"{at}?find={number}"))


def test_candidates_are_searched_by_words(cast: Cast, browser_of, group):
    made(lambda: told(cast, "The showers are cold."))
    client = browser_of("officer")

    page = text(client.get(f"/desk/collectives/{group.pk}?find=cold showers"))

    assert "The showers are cold." in page


@pytest.mark.parametrize("find", ["x' | '", "厂", "%00", "9" * 99, "!!!"])
def test_a_strange_search_breaks_nothing(browser_of, group, find):
    page = browser_of("officer").get(f"/desk/collectives/{group.pk}?find={find}")

    assert page.status_code == 200


def test_forged_numbers_add_nothing(cast: Cast, browser_of, group):
    theirs = made(lambda: told(cast, path=GOLANDASHT))
    merged = made(lambda: merged_demand(cast))
    before = inside(group, cast)
    client, at = browser_of("officer"), f"/desk/collectives/{group.pk}/add"

    page = client.post(at, {"numbers": [theirs.pk, merged.pk, 10**14]})
    assert page.status_code == 409
    assert "or are of another place" in text(page)
    for wrong in (["x"], ["-1"], ["9" * 40], ["1.5"], [""], []):
        assert client.post(at, {"numbers": wrong}).status_code == 422
    assert client.post(at, {"numbers": list(range(1, 502))}).status_code == 422  # 501 at once

    assert inside(group, cast) == before


def test_a_second_click_adds_nothing_and_is_told(cast: Cast, browser_of, group):
    demand = made(lambda: told(cast))
    client, at = browser_of("officer"), f"/desk/collectives/{group.pk}/add"
    client.post(at, {"numbers": demand.pk})
    before = rows(Entry)

    page = client.post(at, {"numbers": demand.pk})

    assert page.status_code == 409
    assert "added or taken out meanwhile" in text(page)
    assert rows(Entry) == before


def test_of_some_that_fit_and_some_that_do_not_it_is_said_how_many(cast: Cast, browser_of, group):
    theirs, ours = made(lambda: (told(cast, path=GOLANDASHT), told(cast)))

    page = browser_of("officer").post(
        f"/desk/collectives/{group.pk}/add", {"numbers": [theirs.pk, ours.pk]}, follow=True
    )

    assert "Added 1 demand. The others are in it already" in text(page)


def test_the_workforce_is_changed_and_the_level_follows(browser_of, group):
    client, at = browser_of("officer"), f"/desk/collectives/{group.pk}"

    page = client.post(
        f"{at}/workforce", {"workforce": "20", "source": "Counted at the gate."}, follow=True
    )

    assert "Provincial level" in text(page)  # 14 of 20
    assert "Counted at the gate." in text(page)


@pytest.mark.parametrize("action", ["dissolve", "workforce"])
def test_a_refused_form_is_shown_again_with_what_was_typed(browser_of, group, action):
    post = {"source": "Typed with care.", "workforce": "x", "why": " "}

    page = browser_of("officer").post(f"/desk/collectives/{group.pk}/{action}", post)

    assert page.status_code == 422
    assert action == "dissolve" or "Typed with care." in page.content.decode()


def test_dissolving_and_restoring_keep_all_and_say_why(cast: Cast, browser_of, group):
    before = inside(group, cast)
    client, at = browser_of("officer"), f"/desk/collectives/{group.pk}"

    gone = client.post(f"{at}/dissolve", {"why": "It was two causes."}, follow=True)
    assert "It was two causes." in text(gone)
    assert "Add those ticked" not in text(gone)
    late = client.post(f"{at}/add", {"numbers": [1]})
    assert late.status_code == 409
    assert "Restore it first" in text(late)
    back = client.post(f"{at}/restore", {"why": "One after all."}, follow=True)

    assert "One after all." in text(back)
    assert inside(group, cast) == before


def test_members_are_drawn_to_be_called(cast: Cast, browser_of):
    group = made(lambda: together(cast, *(answer(cast, told(cast)) for _one in range(3))))
    client = browser_of("officer")

    page = client.post(f"/desk/collectives/{group.pk}/draw", {"wanted": "2"}, follow=True)

    assert "Drawn. Make the calls." in text(page)
    assert rows(Sample) == 1
    again = client.post(f"/desk/collectives/{group.pk}/draw", {"wanted": "2"})
    assert again.status_code == 409
    assert "make the calls of the last sample first" in text(again)


def test_who_goes_on_alone_is_seen_in_the_group(cast: Cast, browser_of):
    def goes_on() -> Collective:
        demand = answer(cast, told(cast))
        dispute_answer(demand, said=Said.NOT_SOLVED, by=cast.officer, at=NOON)
        return together(cast, demand, answer(cast, told(cast)))

    page = text(browser_of("officer").get(f"/desk/collectives/{made(goes_on).pk}"))

    assert "Not solved, goes on 1" in page
    assert "Waits for a word 1" in page


def test_words_of_people_are_shown_as_words(cast: Cast, browser_of):
    evil = "<script>alert(1)</script>"
    group = made(lambda: together(cast, told(cast, evil), title=evil, employer=evil))

    for path in ("", f"/{group.pk}"):
        page = browser_of("officer").get(f"/desk/collectives{path}").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_large_group_is_shown_in_pages_and_few_queries(cast: Cast, browser_of):
    group = made(lambda: together(cast, *(told(cast, f"Pay {n}") for n in range(60))))
    client = browser_of("officer")

    with CaptureQueriesContext(connection) as run:
        page = client.get(f"/desk/collectives/{group.pk}")

    assert "Page 1 of 2" in text(page)
    assert len(run) < 45, len(run)


def test_a_stranger_is_asked_to_sign_in(cast: Cast, group):
    page = Client().get(f"/desk/collectives/{group.pk}")

    assert page.status_code == 302
    assert page.url.startswith("/account/login/")
