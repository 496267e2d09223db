"""Pages of meetings and promises: what they take, what they refuse, and to whom they open."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from redress.demands.kinds import HearingKind, Kept
from redress.demands.meet import Item, ItemKind, Minutes, write_minutes
from redress.demands.minutes import cut_minutes
from redress.demands.models import Demand, Hearing, Promise
from redress.demands.promises import Judgement, judge_promise
from redress.demands.pursue import promise_day
from redress.registers.accounts.models import User
from redress.registers.journal.models import Entry
from redress.registers.offices.scope import WHOLE, within
from redress.values.days import local_day
from tests.conftest import GOLANDASHT, NILKUH, WORKS, Cast, hear, make_cast, route
from tests.doors.at_desk import STAFF

DEMANDED = "We want our wages of spring."
PROMISED = "The director promised to pay half by July."
TEXT = f"{DEMANDED}\r\n{PROMISED}\r\nIt was hot."
TODAY = local_day(timezone.now(), country="ir")  # the day the desk reckons by
AHEAD = TODAY + dt.timedelta(days=30)
NEW = "/desk/hearings/new"


def there(model):
    with within(WHOLE):
        return list(model.objects.order_by("id"))


def keys(text: str = TEXT) -> list[str]:
    return [one.key for one in cut_minutes(text)]


def day(name: str, value: dt.date) -> dict[str, str]:
    return {
        f"{name}_0": str(value.year),
        f"{name}_1": str(value.month),
        f"{name}_2": str(value.day),
    }


def sheet(text: str = TEXT, *, do: str = "write", **changes) -> dict:
    """Fill the page in: the first sentence a demand, the second a promise."""
    cut = keys(text)
    given = {
        "kind": "open_door",
        "county": NILKUH,
        "place": "Hall",
        "present": "All",
        "raised_by": "group",
        "minutes": text,
        "form_id": "form-1",
        "cut": " ".join(cut),
        "demand": cut[:1],
        "promise": cut[1:2],
        "do": do,
        **day("held_on", TODAY),
    }
    return {**given, **changes}


def details(cast: Cast, of: int = 1, text: str = TEXT, **changes) -> dict:
    prefix = f"p-{keys(text)[of]}"
    given = {
        f"{prefix}-body": cast.labour_office.pk,
        f"{prefix}-person_name": "Mr Rahimi",
        **day(f"{prefix}-by_on", AHEAD),
    }
    return {**given, **{f"{prefix}-{name}": value for name, value in changes.items()}}


def shown(page) -> str:
    return unescape(page.content.decode())


def write(cast: Cast, *, path: str = NILKUH, text: str = TEXT, by_on: dt.date = AHEAD, body=None):
    one, two, *_rest = cut_minutes(text)
    items = [
        Item(ItemKind.DEMAND, one.start, one.end),
        Item(ItemKind.PROMISE, two.start, two.end, body or cast.labour_office, "Mr Rahimi", by_on),
    ]
    minutes = Minutes(path, HearingKind.OPEN_DOOR, min(TODAY, by_on), text, "Hall", "All")
    with within(WHOLE):
        return write_minutes(minutes, items=items, by=cast.province, at=timezone.now())


# Taking minutes.


def test_words_are_cut_into_sentences_with_what_they_make_likely(cast: Cast, browser_of):
    first = sheet(do="cut", cut="", demand=[], promise=[])

    page = browser_of("officer").post(NEW, first)

    ticked = re.findall(r'name="(demand|promise)" value="(\w+)" checked', shown(page))
    assert page.status_code == 200
    assert ticked == [("demand", keys()[0]), ("promise", keys()[1])]
    assert there(Hearing) == []


def test_a_likely_promise_is_asked_for_who_and_when_without_being_called_wrong(
    cast: Cast, browser_of
):
    page = browser_of("officer").post(NEW, sheet(do="cut", cut="", demand=[], promise=[]))

    text = shown(page)
    assert f'name="p-{keys()[1]}-body"' in text
    assert f'name="p-{keys()[0]}-body"' not in text
    assert "Choose who promised it." not in text


def test_the_first_press_writes_nothing_even_if_it_says_write(cast: Cast, browser_of):
    page = browser_of("officer").post(NEW, sheet(cut=""))

    assert page.status_code == 422
    assert there(Hearing) == []


def test_one_press_writes_minutes_demands_and_promises(cast: Cast, browser_of):
    client = browser_of("officer")

    page = client.post(NEW, sheet() | details(cast))

    (hearing,), (demand,), (promise,) = there(Hearing), there(Demand), there(Promise)
    assert (page.status_code, page.url) == (302, f"/desk/hearings/{hearing.pk}")
    assert (hearing.minutes, hearing.held_on, hearing.place) == (TEXT, TODAY, "Hall")
    assert (demand.text, demand.raised_by, demand.hearing_id) == (DEMANDED, "group", hearing.pk)
    assert (promise.text, promise.by_on, promise.person_name) == (PROMISED, AHEAD, "Mr Rahimi")


def test_spaces_and_line_ends_of_the_minutes_stay_as_sent(cast: Cast, browser_of):
    text = "\r\n  We want bread. \t\n\r\n "

    browser_of("officer").post(NEW, sheet(text))

    assert [one.minutes for one in there(Hearing)] == [text]


def test_sentences_taken_together_become_one_demand(cast: Cast, browser_of):
    cut = keys()
    marks = {"demand": cut, "promise": [], "joined": cut[1:2]}

    browser_of("officer").post(NEW, sheet(**marks))

    assert [one.text for one in there(Demand)] == [f"{DEMANDED}\r\n{PROMISED}", "It was hot."]


def test_sentences_taken_together_become_one_promise_with_one_set_of_fields(cast: Cast, browser_of):
    cut = keys()
    marks = {"demand": cut[:1], "promise": cut[1:], "joined": cut[2:]}

    browser_of("officer").post(NEW, sheet(**marks) | details(cast))

    assert [one.text for one in there(Promise)] == [f"{PROMISED}\r\nIt was hot."]


def refused(cast: Cast, browser_of, given: dict, *, status: int = 422) -> str:
    page = browser_of("officer").post(NEW, given)
    assert page.status_code == status
    assert [*there(Hearing), *there(Demand), *there(Promise)] == []
    return shown(page)


def test_a_promise_without_body_and_day_is_named_with_both_reasons(cast: Cast, browser_of):
    text = refused(cast, browser_of, sheet())

    assert "Sentence 2: Choose who promised it." in text
    assert "Sentence 2: Write by when it is promised." in text
    assert "Sentence 1:" not in text


def test_a_promise_day_before_the_meeting_is_refused_at_its_sentence(cast: Cast, browser_of):
    early = TODAY - dt.timedelta(days=1)
    given = details(cast) | day(f"p-{keys()[1]}-by_on", early)

    text = refused(cast, browser_of, sheet() | given)

    assert "Sentence 2: The promised day lies before the meeting." in text


def test_a_day_that_no_calendar_has_is_refused_at_its_sentence(cast: Cast, browser_of):
    text = refused(cast, browser_of, sheet() | details(cast, by_on_1="13"))

    assert "Sentence 2: There is no such day" in text


def test_a_forged_body_of_another_county_is_refused(cast: Cast, browser_of):
    text = refused(cast, browser_of, sheet() | details(cast, body=cast.neighbours_body.pk))

    assert "Sentence 2: That body does not serve the office that held the meeting." in text


@pytest.mark.parametrize("body", ["x", "-1", "9" * 30, "\x00", "1.5"])
def test_a_body_that_is_no_number_of_one_is_refused(cast: Cast, browser_of, body):
    text = refused(cast, browser_of, sheet() | details(cast, body=body))

    assert "Sentence 2: That body does not serve" in text


def test_minutes_of_another_county_by_a_forged_choice_are_refused(cast: Cast, browser_of):
    text = refused(cast, browser_of, sheet(county=GOLANDASHT) | details(cast))

    assert "Something is missing or wrong" in text


def test_both_boxes_ticked_are_refused(cast: Cast, browser_of):
    text = refused(cast, browser_of, sheet(promise=keys()[:2]) | details(cast))

    assert "Sentence 1: Choose one: a demand or a promise." in text


def test_together_with_one_of_another_kind_is_refused(cast: Cast, browser_of):
    text = refused(cast, browser_of, sheet(joined=keys()[1:2]) | details(cast))

    assert "Sentence 2: The sentence before is not marked the same" in text


def test_the_first_sentence_has_none_before_it(cast: Cast, browser_of):
    text = refused(cast, browser_of, sheet(joined=keys()[:1]) | details(cast))

    assert "Sentence 1: The sentence before is not marked the same" in text


def test_what_was_typed_and_marked_is_kept_when_something_is_refused(cast: Cast, browser_of):
    given = details(cast, person_name="Mr Karimi", by_on_2="")

    text = refused(cast, browser_of, sheet(place="Yard", present="Ten") | given)

    for typed in ('value="Yard"', "Ten</textarea>", 'value="Mr Karimi"', 'value="form-1"'):
        assert typed in text
    assert f'value="{keys()[0]}" checked' in text
    assert f'<option value="{cast.labour_office.pk}" selected>' in text
    assert f'value="{AHEAD.year}"' in text


def test_changed_minutes_are_shown_again_before_they_are_written(cast: Cast, browser_of):
    text = TEXT.replace("hot", "cold. We want water")

    page = refused(cast, browser_of, sheet() | details(cast) | {"minutes": text})

    ticked = re.findall(r'name="(demand|promise)" value="(\w+)" checked', page)
    cut = keys(text)
    assert "The minutes were changed" in page
    # What was marked stays so, and the new demand is suggested.
    assert ticked == [("demand", cut[0]), ("promise", cut[1]), ("demand", cut[3])]


def test_a_promise_whose_words_were_corrected_keeps_its_mark_and_its_fields(cast: Cast, browser_of):
    text = TEXT.replace("half", "one half")

    page = refused(cast, browser_of, sheet() | details(cast) | {"minutes": text})

    new = keys(text)[1]
    assert new not in keys()
    assert f'name="promise" value="{new}" checked' in page
    assert re.search(rf'name="p-{new}-person_name" value="Mr Rahimi"', page)


def test_a_name_typed_at_a_sentence_that_is_no_promise_any_more_is_not_lost(cast: Cast, browser_of):
    page = browser_of("officer").post(NEW, sheet(do="cut", promise=[]) | details(cast))

    assert 'value="Mr Rahimi"' in shown(page)


def test_minutes_that_are_too_long_keep_their_marks(cast: Cast, browser_of):
    # 71 characters a round, over 20,000 in 300.
    long = (
        TEXT
        + "\r\nAnd so on and on and on and on and on and on and on and on and so it goes." * 300
    )

    text = refused(cast, browser_of, sheet() | details(cast) | {"minutes": long})

    assert "at most 20000 characters" in text
    assert f'name="promise" value="{keys()[1]}" checked' in text


@pytest.mark.parametrize("text", ["", " \r\n\t", "We\x00 want bread."])
def test_minutes_without_words_or_with_nul_are_refused(cast: Cast, browser_of, text):
    assert "Something is missing or wrong" in refused(cast, browser_of, sheet() | {"minutes": text})


def test_no_more_is_suggested_than_one_form_can_send(cast: Cast, browser_of, settings):
    # 60 fields, 16 of them the meeting's: 22 for each half, so 22 demands and 22 // 6 = 3 promises.
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 60
    text = "We want bread.\r\nThey promised it.\r\n" * 30

    page = shown(
        browser_of("officer").post(NEW, sheet(text, do="cut", cut="", demand=[], promise=[]))
    )

    ticked = re.findall(r'name="(demand|promise)" value="\w+" checked', page)
    assert (ticked.count("demand"), ticked.count("promise")) == (22, 3)
    assert "more than one page can send" not in page


def test_more_than_one_form_can_send_is_said_before_it_is_lost(cast: Cast, browser_of, settings):
    # 16 of the meeting, 9 ticks and 5 fields for each of 9 promises: 70.
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 69
    text = "They promised it.\r\n" * 9

    page = browser_of("officer").post(NEW, sheet(text, promise=keys(text), demand=[]))

    assert "more than one page can send" in shown(page)


@pytest.mark.parametrize("name", ["place", "present", "form_id", "cut", "county", "kind", "do"])
def test_nul_in_any_other_field_breaks_nothing(cast: Cast, browser_of, name):
    page = browser_of("officer").post(NEW, sheet(**{name: "\x00"}) | details(cast))

    assert page.status_code in {200, 422}
    assert there(Hearing) == []


@pytest.mark.parametrize("name", ["minutes", "place", "cut", "demand", "form_id"])
def test_a_field_of_ten_megabytes_is_refused(cast: Cast, browser_of, name):
    page = browser_of("officer").post(NEW, sheet(**{name: "x" * 10_000_000}) | details(cast))

    assert page.status_code in {400, 413}
    assert there(Hearing) == []


def test_marks_of_sentences_there_are_not_do_nothing(cast: Cast, browser_of):
    page = browser_of("officer").post(
        NEW, sheet(demand=["0", "-1", "99999", "x" * 500], promise=["[0,999]"])
    )

    assert page.status_code == 302
    assert (len(there(Hearing)), there(Demand), there(Promise)) == (1, [], [])


def test_days_in_arabic_and_persian_digits_are_read(cast: Cast, browser_of):
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    held_on = {name: value.translate(arabic) for name, value in day("held_on", TODAY).items()}
    by_on = day(f"p-{keys()[1]}-by_on", AHEAD)
    by_on = {name: value.translate(persian) for name, value in by_on.items()}

    browser_of("officer").post(NEW, sheet() | details(cast) | held_on | by_on)

    assert [one.held_on for one in there(Hearing)] == [TODAY]
    assert [one.by_on for one in there(Promise)] == [AHEAD]


def test_days_are_read_in_the_pages_own_calendar(cast: Cast, browser_of):
    client = browser_of("officer", headers={"accept-language": "fa"})
    # 1 Azar 1404 is 22 November 2025; 20 Bahman 1404 is 9 February 2026.
    held_on = {"held_on_0": "۱۴۰۴", "held_on_1": "۹", "held_on_2": "۱"}
    by_on = {f"p-{keys()[1]}-by_on_{at}": part for at, part in enumerate(("1404", "11", "20"))}

    client.post(NEW, sheet() | details(cast) | held_on | by_on)

    assert [one.held_on for one in there(Hearing)] == [dt.date(2025, 11, 22)]
    assert [one.by_on for one in there(Promise)] == [dt.date(2026, 2, 9)]


@pytest.mark.parametrize(
    "held_on", [TODAY + dt.timedelta(days=2), TODAY - dt.timedelta(days=4_000)]
)
def test_a_meeting_ahead_or_long_past_is_refused(cast: Cast, browser_of, held_on):
    text = refused(cast, browser_of, sheet(promise=[]) | day("held_on", held_on))

    assert "The day lies ahead, or more than ten years back" in text


def test_pressing_twice_writes_once(cast: Cast, browser_of):
    client = browser_of("officer")
    given = sheet() | details(cast)

    first, second = client.post(NEW, given), client.post(NEW, given)

    assert (first.status_code, second.status_code, first.url) == (302, 302, second.url)
    assert (len(there(Hearing)), len(there(Demand)), len(there(Promise))) == (1, 1, 1)


def test_going_back_and_writing_something_else_is_refused_and_names_the_first(
    cast: Cast, browser_of
):
    client = browser_of("officer")
    client.post(NEW, sheet() | details(cast))

    page = client.post(NEW, sheet(promise=[], place="Yard"))

    assert page.status_code == 409
    assert "wrote its minutes already" in shown(page)
    assert 'value="Yard"' in shown(page)
    assert len(there(Hearing)) == 1


def test_two_presses_at_once_write_once(committed):
    with within(WHOLE):
        cast = make_cast()
    clients = [signed_in("officer") for _press in range(4)]
    given = sheet() | details(cast)

    def press(client: Client):
        try:
            return client.post(NEW, given)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(press, clients))

    assert {page.status_code for page in pages} == {302}
    assert len({page.url for page in pages}) == 1
    assert (len(there(Hearing)), len(there(Demand)), len(there(Promise))) == (1, 1, 1)


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def test_forms_without_their_token_are_refused(cast: Cast):
    (promise,) = write(cast).promises
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="officer"))

    pages = [
        client.post(NEW, sheet() | details(cast)),
        client.post(f"/desk/promises/{promise.pk}/judge", {"kept": "kept", "why": "x"}),
    ]

    assert [page.status_code for page in pages] == [403, 403]
    assert (len(there(Hearing)), there(Promise)[0].kept) == (1, "open")


def test_words_typed_as_markup_are_shown_as_words(cast: Cast, browser_of):
    text = "We want <script>alert(1)</script> bread."
    client = browser_of("officer")

    cut = client.post(NEW, sheet(text, do="cut")).content.decode()
    page = client.post(NEW, sheet(text), follow=True).content.decode()

    assert "<script>alert" not in cut + page
    assert "&lt;script&gt;alert(1)" in page


# Reading meetings.


def may(browser_of, path: str) -> set[str]:
    return {name for name in STAFF if browser_of(name).get(path).status_code == 200}


def test_a_meeting_is_read_in_its_places_by_officers_and_auditors_only(cast: Cast, browser_of):
    number = write(cast).hearing.pk

    assert may(browser_of, f"/desk/hearings/{number}") == {
        "officer",
        "second",
        "province",
        "auditor",
    }


def test_an_officer_of_a_workplace_reads_the_meetings_of_it_alone(cast: Cast, browser_of):
    ours, theirs = write(cast, path=WORKS).hearing, write(cast).hearing
    client = browser_of("grassroots")

    statuses = [client.get(f"/desk/hearings/{one.pk}").status_code for one in (ours, theirs)]

    assert statuses == [200, 404]
    assert f"/desk/hearings/{theirs.pk}" not in shown(client.get("/desk/hearings"))


def test_a_meeting_there_is_not_is_not_found(cast: Cast, browser_of):
    for number in (10**9, 10**30):
        assert browser_of("officer").get(f"/desk/hearings/{number}").status_code == 404


def test_only_officers_take_minutes(cast: Cast, browser_of):
    officers = {"officer", "second", "neighbour", "grassroots", "province"}

    assert may(browser_of, NEW) == officers


def test_the_page_of_a_meeting_shows_all_words_with_marked_parts_leading_on(cast: Cast, browser_of):
    written = write(cast)

    page = shown(browser_of("officer").get(f"/desk/hearings/{written.hearing.pk}"))

    quoted = re.search(r"<blockquote[^>]*>(.*?)</blockquote>", page, re.DOTALL)[1]
    assert re.sub(r"<[^>]+>", "", quoted) == TEXT
    demand = f'<a href="/desk/demands/{written.demands[0].pk}"><mark class="demand">{DEMANDED}'
    assert demand in quoted
    assert f'#promise{written.promises[0].pk}"><mark class="promise">{PROMISED}' in quoted


def test_a_demand_of_a_meeting_leads_back_to_it_for_officers(cast: Cast, browser_of):
    written = write(cast)

    page = browser_of("officer").get(f"/desk/demands/{written.demands[0].pk}")

    assert f"/desk/hearings/{written.hearing.pk}" in shown(page)


def test_meetings_are_narrowed_by_kind_and_year(cast: Cast, browser_of):
    number = write(cast).hearing.pk
    client = browser_of("officer")

    def found(query: str) -> bool:
        return f"/desk/hearings/{number}" in shown(client.get(f"/desk/hearings?{query}"))

    assert found("")
    assert found("kind=open_door")
    assert found(f"year={TODAY.year}")
    assert not found("kind=meeting")
    assert not found(f"year={TODAY.year - 1}")


@pytest.mark.parametrize("query", ["kind=x", "year=x", "year=0", "year=99999", "year=-5", "page=x"])
def test_filters_that_cannot_be_read_narrow_nothing(cast: Cast, browser_of, query):
    number = write(cast).hearing.pk

    page = browser_of("officer").get(f"/desk/hearings?{query}")

    assert page.status_code == 200
    assert f"/desk/hearings/{number}" in shown(page)


def test_an_auditor_is_offered_no_writing(cast: Cast, browser_of):
    assert NEW not in shown(browser_of("auditor").get("/desk/hearings"))
    assert browser_of("auditor").post(NEW, sheet() | details(cast)).status_code == 403
    assert there(Hearing) == []


# The register of promises.


def test_the_register_opens_to_officers_auditors_and_bodies(cast: Cast, browser_of):
    assert may(browser_of, "/desk/promises") == set(STAFF) - {"admin"}


def who_sees(browser_of, promise: Promise) -> set[str]:
    return {
        name
        for name in STAFF
        if f'id="promise{promise.pk}"' in shown(browser_of(name).get("/desk/promises"))
    }


def test_a_promise_is_seen_in_its_places_and_by_its_body(cast: Cast, browser_of):
    (promise,) = write(cast).promises

    assert who_sees(browser_of, promise) == {
        *("officer", "second", "province", "auditor"),
        *("liaison", "manager"),
    }


def test_a_body_reads_its_promise_but_nothing_else_of_the_minutes(cast: Cast, browser_of):
    written = write(cast)

    page = shown(browser_of("liaison").get("/desk/promises"))

    assert PROMISED in page
    assert DEMANDED not in page
    assert f"/desk/hearings/{written.hearing.pk}" not in page


def test_a_body_sees_no_hearing_of_a_promise_by_a_forged_filter(cast: Cast, browser_of):
    number = write(cast, body=cast.social_security).hearing.pk

    page = shown(browser_of("liaison").get(f"/desk/promises?hearing={number}"))

    assert PROMISED not in page


def test_an_overdue_promise_says_how_many_days_late_it_is(cast: Cast, browser_of):
    write(cast, by_on=TODAY - dt.timedelta(days=5))

    page = shown(browser_of("officer").get("/desk/promises?standing=overdue"))

    assert PROMISED in page
    assert "5 days late" in page


def judge(browser_of, promise: Promise, *, by: str = "officer", query: str = "", **changes):
    given = {"kept": "broken", "why": "Nobody was paid.", "stamp": "", **changes}
    return browser_of(by).post(f"/desk/promises/{promise.pk}/judge{query}", given)


def test_an_officer_judges_and_comes_back_to_the_same_list(cast: Cast, browser_of):
    (promise,) = write(cast).promises

    page = judge(browser_of, promise, query="?standing=open")

    assert (page.status_code, page.url) == (
        302,
        f"/desk/promises?standing=open#promise{promise.pk}",
    )
    (now,) = there(Promise)
    assert (now.kept, now.judged_why, now.judged_by) == ("broken", "Nobody was paid.", "Officer")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *(("liaison", 403), ("manager", 403), ("auditor", 403), ("admin", 403)),
        *(("neighbour", 404), ("grassroots", 404), ("other_liaison", 404)),
    ],
)
def test_who_may_not_judge_is_refused_and_changes_nothing(cast: Cast, browser_of, who, status):
    (promise,) = write(cast).promises

    assert judge(browser_of, promise, by=who).status_code == status
    assert [one.kept for one in there(Promise)] == ["open"]


def test_an_officer_of_a_workplace_reads_its_promises_and_judges_none(cast: Cast, browser_of):
    (promise,) = write(cast, path=WORKS).promises

    assert f'id="promise{promise.pk}"' in shown(browser_of("grassroots").get("/desk/promises"))
    assert judge(browser_of, promise, by="grassroots").status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"why": "  "},
        {"why": "x" * 2_001},
        {"why": "a\x00"},
        {"kept": "x"},
        {"kept": ""},
        {"kept": "open"},
        {"stamp": "x" * 500},
    ],
)
def test_a_judgement_that_is_not_in_order_is_shown_again_with_its_words(
    cast: Cast, browser_of, changes
):
    (promise,) = write(cast).promises

    page = judge(browser_of, promise, **{"why": "Typed.", **changes})

    assert page.status_code == 422
    assert [one.kept for one in there(Promise)] == ["open"]
    assert changes.get("why", "Typed.")[:10].strip() in shown(page)


def test_a_sent_judgement_is_shown_even_where_the_filter_hides_its_promise(cast: Cast, browser_of):
    (promise,) = write(cast).promises

    page = judge(browser_of, promise, why="", query="?standing=kept")

    assert f'id="promise{promise.pk}"' in shown(page)


def test_pressing_twice_judges_once(cast: Cast, browser_of):
    (promise,) = write(cast).promises

    pages = [judge(browser_of, promise) for _time in range(2)]

    with within(WHOLE):
        entries = Entry.objects.filter(deed="promise.judged").count()
    assert ([page.status_code for page in pages], entries) == ([302, 302], 1)


def test_who_judges_second_is_told_what_stands_and_may_then_judge_anew(cast: Cast, browser_of):
    (promise,) = write(cast).promises
    judge(browser_of, promise, by="second", kept="kept", why="Seen.")

    page = judge(browser_of, promise, why="Nobody was paid.")

    assert page.status_code == 409
    assert "it now stands at “Kept”" in shown(page)
    assert "Nobody was paid." in shown(page)
    assert [one.kept for one in there(Promise)] == ["kept"]
    stamp = re.search(r'name="stamp" value="([^"]+)"', shown(page))[1]
    assert judge(browser_of, promise, stamp=stamp).status_code == 302
    assert [one.kept for one in there(Promise)] == ["broken"]


def test_earlier_judgements_stay_to_be_read(cast: Cast, browser_of):
    (promise,) = write(cast).promises
    with within(WHOLE):
        for why, kept in (("First.", Kept.KEPT), ("Second.", Kept.BROKEN)):
            told = Judgement(kept, why)
            judge_promise(promise, judgement=told, by=cast.officer, at=timezone.now())

    page = shown(browser_of("auditor").get("/desk/promises"))

    assert ("First." in page, "Second." in page, "Judged before" in page) == (True, True, True)


def test_a_promise_about_a_demand_leads_to_it(cast: Cast, browser_of):
    with within(WHOLE):
        demand = route(cast, hear(cast))
        at = timezone.now()
        promise_day(demand, text="On Sunday.", by_on=AHEAD, by=cast.liaison, at=at)

    for name in ("officer", "liaison"):
        page = shown(browser_of(name).get("/desk/promises"))
        assert f"/desk/demands/{demand.pk}" in page


@pytest.mark.parametrize(
    "query",
    ["standing=x", "body=x", "body=-1", f"body={'9' * 18}", f"hearing={'9' * 40}", "body=٣"],
)
def test_a_filter_of_the_register_that_cannot_be_read_breaks_nothing(cast: Cast, browser_of, query):
    write(cast)

    assert browser_of("officer").get(f"/desk/promises?{query}").status_code == 200


def test_a_promise_there_is_not_cannot_be_judged(cast: Cast, browser_of):
    for number in (10**9, 10**30):
        page = browser_of("officer").post(f"/desk/promises/{number}/judge", {})
        assert page.status_code == 404


@pytest.mark.parametrize("language", ["fa", "zh-hans", "en"])
@pytest.mark.parametrize("address", ["/desk/hearings", NEW, "/desk/promises"])
def test_empty_pages_say_what_to_do_in_every_language(cast: Cast, browser_of, language, address):
    client = browser_of("officer", headers={"accept-language": language})

    page = client.get(address).content.decode().lower()
    assert f'<html lang="{language}"' in page
    assert address == NEW or 'class="empty"' in page
