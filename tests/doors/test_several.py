"""Several demands of a list at once: looked at first, done one by one, and taken back."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from redress.demands.mark import mark_demand
from redress.demands.models import Demand
from redress.demands.pursue import accept_demand, return_demand
from redress.demands.resolve import Reply, answer_demand, dispute_answer
from redress.demands.route import route_demand
from redress.demands.states import HeldBack, Said
from redress.doors.desk import several
from redress.registers.journal.reads import story_of
from redress.registers.offices.scope import WHOLE, within
from redress.values.spans import Span, SpanKind
from tests.conftest import GOLANDASHT, NILKUH, NOON, Cast, hear, later, make_body, route, sort
from tests.doors.at_desk import made, text

SEVERAL = "/desk/demands/several"


@pytest.fixture
def sorted_three(cast: Cast) -> list[Demand]:
    """Three marked demands about arrears, which the labour office answers."""
    return made(
        lambda: [marked(cast, sort(cast, hear(cast, receipt=f"{n:064x}"))) for n in range(3)]
    )


def marked(cast: Cast, demand: Demand) -> Demand:
    return mark_demand(demand, spans=[Span(SpanKind.DEMAND, 0, 6)], by=cast.officer, at=NOON)


def states(demands: list[Demand]) -> list[str]:
    with within(WHOLE):
        kept = Demand.objects.in_bulk([one.pk for one in demands])
        return [kept[one.pk].state for one in demands]


def numbers(demands: list[Demand]) -> list[int]:
    return [one.pk for one in demands]


def test_what_it_would_do_is_said_and_nothing_is_done(sorted_three, browser_of):
    page = browser_of("officer").post(SEVERAL, {"numbers": numbers(sorted_three), "what": "send"})

    assert text(page).count("goes to Labour office, Nilkuh") == 3
    assert "This would be done with 3 demands. Nothing is changed yet." in text(page)
    assert states(sorted_three) == ["sorted"] * 3


def test_each_is_sent_and_all_are_taken_back_but_what_the_body_took_on(
    cast: Cast, sorted_three, browser_of
):
    client = browser_of("officer")
    sent = {"numbers": numbers(sorted_three), "what": "send", "confirmed": "yes"}
    page = client.post(SEVERAL, sent)
    assert "Done with 3 demands." in text(page)
    assert states(sorted_three) == ["routed"] * 3
    made(accept_demand, sorted_three[0], by=cast.liaison, at=later(1))

    undone = client.post(SEVERAL, sent | {"what": "take-back"})

    assert "Done with 2 demands." in text(undone)
    assert states(sorted_three) == ["accepted", "sorted", "sorted"]
    with within(WHOLE):
        assert story_of(sorted_three[1]).filter(deed="demand.recalled").get().why


def test_the_form_that_takes_back_stands_where_it_was_sent(sorted_three, browser_of):
    sent = {"numbers": numbers(sorted_three), "what": "send", "confirmed": "yes"}
    page = browser_of("officer").post(SEVERAL, sent).content.decode()

    form = next(
        one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if "take-back" in one
    )
    assert re.findall(r'name="numbers" value="(\d+)"', form) == [
        str(one.pk) for one in sorted_three
    ]


def test_sent_twice_it_is_done_once(sorted_three, browser_of):
    client = browser_of("officer")
    sent = {"numbers": numbers(sorted_three), "what": "send", "confirmed": "yes"}
    client.post(SEVERAL, sent)

    assert "Done with 0 demands." in text(client.post(SEVERAL, sent))
    with within(WHOLE):
        assert [one.referrals.count() for one in sorted_three] == [1, 1, 1]


def test_those_it_cannot_be_done_to_stay_and_are_named(cast: Cast, sorted_three, browser_of):
    lying = made(lambda: route(cast, hear(cast, receipt="e" * 64)))
    sent = {"numbers": [lying.pk, sorted_three[0].pk], "what": "send", "confirmed": "yes"}

    page = text(browser_of("officer").post(SEVERAL, sent))

    assert "Done with 1 demand." in page
    assert page.index("These stay as they are") < page.rindex(str(lying.pk))


def test_a_topic_is_given_to_many_and_their_urgency_stays(cast: Cast, browser_of):
    heard = made(lambda: [hear(cast, receipt=f"{n:064x}", urgency="critical") for n in range(2)])
    sent = {"numbers": numbers(heard), "what": "sort", "topic": "pay.arrears", "confirmed": "yes"}

    browser_of("officer").post(SEVERAL, sent)

    with within(WHOLE):
        kept = Demand.objects.filter(pk__in=numbers(heard))
        assert set(kept.values_list("state", "topic_id", "urgency")) == {
            ("sorted", "pay.arrears", "critical")
        }


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"numbers": [], "what": "send"}, "Choose at least one demand of the list."),
        ({"numbers": [1], "what": "sort"}, "Choose the topic."),
        ({"numbers": [1], "what": "burn"}, "Nothing was changed."),
        ({"numbers": ["x", "-1"], "what": "send"}, "Nothing was changed."),
        ({"numbers": range(1, 103), "what": "send"}, "Choose at most 100."),
    ],
)
def test_a_form_that_cannot_be_read_says_so(cast: Cast, browser_of, sent, words):
    page = browser_of("officer").post(SEVERAL, sent)

    assert page.status_code == 422
    assert words in text(page)


def test_nobody_does_anything_to_what_is_not_theirs(cast: Cast, sorted_three, browser_of):
    far = made(hear, cast, receipt="f" * 64, path=GOLANDASHT)
    sent = {"numbers": [far.pk, sorted_three[0].pk], "what": "send", "confirmed": "yes"}

    assert str(far.pk) not in re.findall(r"\d+", text(browser_of("officer").post(SEVERAL, sent)))
    assert states([far]) == ["heard"]
    taken = {"numbers": numbers(sorted_three), "what": "sort", "topic": "pay.arrears"}
    browser_of("liaison").post(SEVERAL, taken | {"confirmed": "yes"})
    assert states(sorted_three) == ["routed", "sorted", "sorted"]
    assert browser_of("auditor").post(SEVERAL, sent).status_code == 403


def test_a_liaison_takes_several_on(cast: Cast, sorted_three, browser_of):
    made(lambda: [route(cast, one) for one in sorted_three])

    browser_of("liaison").post(
        SEVERAL, {"numbers": numbers(sorted_three), "what": "accept", "confirmed": "yes"}
    )

    assert states(sorted_three) == ["accepted"] * 3


def test_one_that_somebody_changed_meanwhile_does_not_stop_the_others(
    cast: Cast, sorted_three, browser_of, monkeypatch
):
    def with_a_rival(demand: Demand, given, by):
        if demand.pk == sorted_three[1].pk:  # another officer is quicker by a moment
            route(cast, demand, at=later(0))
        return send(demand, given, by)

    send = several.SEVERAL["send"].do
    monkeypatch.setitem(
        several.SEVERAL,
        "send",
        several.Several(several.ROUTE, "", "", several.SEVERAL["send"].effect, do=with_a_rival),
    )
    sent = {"numbers": numbers(sorted_three), "what": "send", "confirmed": "yes"}

    assert "Done with 2 demands." in text(browser_of("officer").post(SEVERAL, sent))
    assert states(sorted_three) == ["routed"] * 3


def test_the_list_offers_what_somebody_may_do(sorted_three, cast: Cast, browser_of):
    made(lambda: route(cast, sorted_three[0]))

    def offered(name: str) -> set[str]:
        page = browser_of(name).get("/desk/demands").content.decode()
        form = page.partition('id="several"')[2].partition("</form>")[0]
        return set(re.findall(r'<option value="(sort|send|accept)"', form))

    assert offered("officer") == {"sort", "send"}
    assert offered("liaison") == {"accept"}
    assert offered("auditor") == set()


def will(client, demands: list[Demand], what: str, **more) -> str:
    return text(client.post(SEVERAL, {"numbers": numbers(demands), "what": what, **more}))


def test_what_needs_a_look_is_not_done_in_a_heap(cast: Cast, browser_of, sorted_three):
    unmarked = made(lambda: sort(cast, hear(cast, receipt="a" * 64)))
    known = made(lambda: sort(cast, hear(cast, receipt="b" * 64, keep_name_from_employer=False)))
    held = made(lambda: hear(cast, receipt="c" * 64, held_back=HeldBack.TOO_FAST))
    client = browser_of("officer")

    # Nobody looked for a name in the first; of the second the worker lets the name be known.
    assert "done with 0 demands" in will(client, [unmarked], "send")
    assert "done with 1 demand." in will(client, [known], "send")
    assert "done with 0 demands" in will(client, [held], "sort", topic="pay.arrears")
    # What has the topic already is not sorted a second time when the page is loaded anew.
    assert "done with 0 demands" in will(client, sorted_three, "sort", topic="pay.arrears")


def test_it_goes_to_no_body_that_gave_it_back_nor_to_an_employer_who_must_not_know(
    cast: Cast, browser_of, sorted_three
):
    client, (demand, other, _third) = browser_of("officer"), sorted_three
    employer = made(make_body, "employer", NILKUH, "Nilkuh Mill")

    def back(better) -> None:
        route_demand(demand, to=cast.labour_office, by=cast.officer, at=later(0))
        return_demand(demand, why="x", better=better, by=cast.liaison, at=later(0))

    made(back, employer)
    assert "Nilkuh Mill" not in will(client, [demand], "send")
    assert "Labour office" not in will(client, [demand], "send")
    assert "goes to Labour office" in will(client, [other], "send")


def test_another_body_than_was_said_is_not_sent_to(cast: Cast, browser_of, sorted_three):
    client, demand = browser_of("officer"), sorted_three[0]
    to = {"to": f"{demand.pk}-{cast.social_security.pk}", "confirmed": "yes"}

    assert "Done with 0 demands." in will(client, [demand], "send", **to)
    to["to"] = f"{demand.pk}-{cast.labour_office.pk}"
    assert "Done with 1 demand." in will(client, [demand], "send", **to)


def test_only_ones_own_slip_of_today_is_taken_back(cast: Cast, browser_of, sorted_three):
    mine, old, came_back = sorted_three
    client, theirs = browser_of("officer"), browser_of("second")
    will(client, [mine], "send", confirmed="yes")
    made(route_demand, old, to=cast.labour_office, by=cast.officer, at=later(-400))
    made(route_demand, came_back, to=cast.labour_office, by=cast.officer, at=timezone.now())
    made(answer_demand, came_back, reply=Reply("x"), by=cast.liaison, at=timezone.now())
    made(dispute_answer, came_back, said=Said.PARTLY, by=cast.officer, at=timezone.now())

    assert "done with 0 demands" in will(theirs, [mine], "take-back")
    assert "done with 0 demands" in will(client, [old, came_back], "take-back")
    assert "Done with 1 demand." in will(client, [mine], "take-back", confirmed="yes")


def test_a_forgotten_topic_is_asked_for_and_no_tick_is_lost(browser_of, sorted_three):
    page = browser_of("officer").post(SEVERAL, {"numbers": numbers(sorted_three), "what": "sort"})

    kept = re.findall(r'name="numbers" value="(\d+)"', page.content.decode())
    assert kept == [str(one) for one in numbers(sorted_three)]
    again = browser_of("officer").get(SEVERAL)
    assert (again.status_code, again.url) == (302, "/desk/demands")
