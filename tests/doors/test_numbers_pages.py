from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
from collections import Counter
from itertools import product

import pytest
from django.test import Client
from django.utils import timezone

from redress.demands.models import Demand
from redress.demands.number_groups import By
from redress.demands.public_numbers import publish_numbers
from redress.demands.pursue import promise_day, return_demand
from redress.demands.route import route_demand
from redress.doors.look.sheets import guarded
from redress.registers.offices.models import Body
from redress.registers.offices.scope import WHOLE, within
from redress.values.days import local_day
from tests.conftest import GOLANDASHT, Cast, hear, route, sort
from tests.doors.at_desk import made, text
from tests.flows.bulk_history import make_many
from tests.flows.told_history import make_history

OFFICERS = {"officer", "second", "neighbour", "grassroots", "province"}
BODY = {"liaison", "manager", "other_liaison"}
STAFF = [*sorted(OFFICERS), *sorted(BODY), "auditor", "admin"]
A, B, C = (f"{number:064x}" for number in range(3))


@pytest.fixture
def history(cast: Cast) -> Cast:
    made(make_history, cast, 25, seed=3, until=timezone.now())
    return cast


def figures_of(page) -> dict[str, str]:
    """Read the page's lines: the name of each figure, and what stands as its value."""
    rows = re.findall(
        r'<th scope="row">([^<]*)</th>\s*<td class="sum" data-label="Value">(.*?)</td>',
        page.content.decode(),
        re.DOTALL,
    )
    return {
        html.unescape(name): " ".join(html.unescape(re.sub(r"<[^>]+>", " ", value)).split())
        for name, value in rows
    }


def links_of(page, *, text: str = "") -> list[str]:
    found = re.findall(r'<a href="(/desk/numbers/rows[^"]*)">([^<]*)</a>', page.content.decode())
    return [html.unescape(link) for link, written in found if not text or written == text]


PAGES = {
    "/desk/numbers": {*OFFICERS, "auditor"},
    "/desk/numbers.csv": {*OFFICERS, "auditor"},
    "/desk/numbers/rows?figure=pending": {*OFFICERS, "auditor"},
    "/desk/numbers/rows?figure=late": {*OFFICERS, "auditor", *BODY},
    "/desk/lies-with-me": {*OFFICERS, *BODY},
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_figures_opens_for_its_roles_and_for_no_others(cast: Cast, browser_of, path):
    opened = {name for name in (*STAFF, "second") if browser_of(name).get(path).status_code == 200}

    assert opened == PAGES[path]
    assert Client().get(path).status_code == 302


def test_every_breakdown_is_shown_in_every_language(history: Cast, browser_of):
    for language, by in product(("en", "fa", "zh-hans"), By):
        page = browser_of("province", HTTP_ACCEPT_LANGUAGE=language).get(
            "/desk/numbers", {"by": by, "days": "all"}
        )

        told = page.content.decode()
        assert f'<html lang="{language}"' in told.lower()
        assert told.count("<tbody>") > 1  # the figures, and their parts
        assert 'style="' not in told


def test_every_number_opens_its_rows_and_no_others(history: Cast, browser_of):
    client = browser_of("province")
    page = client.get("/desk/numbers", {"by": "county", "days": "all"})
    links = re.findall(r'<a href="(/desk/numbers/rows[^"]*)">([\d,]+)</a>', page.content.decode())

    assert len(links) > 40
    for link, written in links:
        rows = client.get(html.unescape(link))
        told = int(re.search(r"([\d,]+) demands?\b", text(rows))[1])
        # A demand that was sent, or ended, twice counts twice and stands in the rows once.
        assert 0 <= told <= int(written), link
        assert (told > 0) == (int(written) > 0), link


def test_a_county_sees_its_own_places_and_a_workplace_its_own(history: Cast, browser_of):
    made(hear, history, receipt="e" * 64, path=GOLANDASHT)

    def received(name: str) -> int:
        page = browser_of(name).get("/desk/numbers", {"days": "all"})
        return int(figures_of(page)["Received"].split()[0])

    with within(WHOLE):
        kept = Demand.objects.filter(held_back="")
        here = kept.filter(path__startswith="ir.sp.nk.").count()
        works = kept.filter(path__startswith="ir.sp.nk.tx.").count()
    assert received("officer") == here
    assert received("grassroots") == works < here
    assert received("neighbour") == 1
    assert received("province") == received("auditor") == here + 1


def test_a_group_of_another_county_is_not_found_by_its_address(history: Cast, browser_of):
    made(hear, history, receipt="e" * 64, path=GOLANDASHT)
    address = f"/desk/numbers/rows?figure=received&days=all&by=county&of={GOLANDASHT}"

    assert browser_of("province").get(address).status_code == 200
    assert browser_of("officer").get(address).status_code == 404
    assert browser_of("officer").get(address.replace("received", "text")).status_code == 404


def test_a_year_in_an_address_holds_in_every_language(history: Cast, browser_of):
    for year in ("1404", "2025"):
        address = f"/desk/numbers/rows?figure=received&days=all&by=year&of={year}"
        for language in ("en", "fa"):
            page = browser_of("province", HTTP_ACCEPT_LANGUAGE=language).get(address)
            assert page.status_code == 200


def test_days_of_ones_own_may_be_of_either_calendar(cast: Cast, browser_of):
    client = browser_of("officer")
    made(hear, cast, at=dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC))

    # 15 June 2026 is 25 Khordad 1405.
    for since, until in (("2026-06-15", "2026-06-15"), ("۱۴۰۵/۳/۲۵", "1405-03-25")):
        page = client.get("/desk/numbers", {"since": since, "until": until})
        assert figures_of(page)["Received"].startswith("1 ")
    page = client.get("/desk/numbers", {"since": "2026-06-16", "until": "2026-06-20"})
    assert figures_of(page)["Received"] == "0 0 workers"


@pytest.mark.parametrize(
    ("since", "until"), [("2026-02-30", ""), ("2026-06-16", "2026-06-15"), ("", "2199-01-01")]
)
def test_days_that_are_none_are_refused_in_words_and_what_was_typed_stays(
    history: Cast, browser_of, since, until
):
    page = browser_of("officer").get("/desk/numbers", {"since": since, "until": until})

    assert "These are no days up to today" in text(page)
    assert f'value="{since or until}"' in page.content.decode()


def test_without_demands_the_page_says_what_to_expect(cast: Cast, browser_of):
    page = browser_of("officer").get("/desk/numbers")

    assert "Figures come with the first one" in text(page)


def test_a_short_history_makes_no_forecast_and_says_why(cast: Cast, browser_of):
    made(hear, cast, at=timezone.now() - dt.timedelta(days=30))

    told = text(browser_of("officer").get("/desk/numbers"))
    assert "There is no forecast: it takes 37 whole weeks" in told


def test_a_forecast_says_what_such_forecasts_were_worth(history: Cast, browser_of):
    told = text(browser_of("officer").get("/desk/numbers"))

    assert re.search(r"Tried out from [\d,]+ past weeks, .* it held \d+\.\d%", told)


def marks(page) -> list[float]:
    """Give the places of the words below the first chart's axis, the first week first."""
    chart = page.content.decode().split("<svg", 2)[1]
    return [float(at) for at in re.findall(r'class="below" x="([\d.]+)"', chart)]


def test_time_runs_in_reading_direction(history: Cast, browser_of):
    english = marks(browser_of("officer").get("/desk/numbers"))
    persian = marks(browser_of("officer", HTTP_ACCEPT_LANGUAGE="fa").get("/desk/numbers"))

    assert english == sorted(english)
    assert len(english) > 2
    assert persian == sorted(persian, reverse=True)
    assert len(persian) > 2


def test_a_chart_says_in_words_what_it_shows_and_has_its_table(history: Cast, browser_of):
    page = browser_of("officer").get("/desk/numbers").content.decode()

    for chart in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        assert re.search(r'role="img" aria-labelledby="(\w+) (\w+)"', chart)
        assert re.search(r"<desc id=\"\w+\">[^<]{4,}</desc>", chart)
    assert page.count("The same as a table") == 2


# The sheet


def sheet(client: Client, **given) -> list[dict[str, str]]:
    page = client.get("/desk/numbers.csv", given)
    written = b"".join(page.streaming_content).decode("utf-8")
    assert written.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(written[1:])))


def days(written: str) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None


WATCHED = dt.timedelta(days=90)
AFTER_AN_ANSWER = {"resolved", "partly", "refused", "moved", "by_sample", "silent"}


def counted(rows: list[dict[str, str]], since: dt.date, until: dt.date) -> Counter:
    """Count the page's figures anew, from the sheet and nothing else."""
    found: Counter = Counter()

    def inside(day: dt.date | None) -> bool:
        return day is not None and since <= day <= until

    for row in rows:
        found["Received"] += inside(days(row["Raised on (ISO)"]))
        found["Pending"] += not row["Ended on (ISO)"]
        holdings, ends = list(row.values())[-2:]
        for part in filter(None, ends.split(";")):
            day, how, opened = part.split("|")
            ended = inside(days(day))
            found["Disposed of"] += ended
            found["Opened again"] += inside(days(opened))
            answered = ended and how in AFTER_AN_ANSWER
            found["ended answered"] += answered
            found["verified"] += answered and "solved" in {
                row["Union's finding"],
                "solved" if how == "resolved" else "",
            }
        for part in filter(None, holdings.split(";")):
            _body, sent, over, due, how, late, excused, _again, fate, end, opened = part.split("|")
            answered = how == "answered" and inside(days(over))
            judged = answered and fate != "waits"
            found["Sent to bodies"] += inside(days(sent))
            found["Out of the bodies' hands"] += inside(days(over))
            watched = inside(days(end)) and fate != "withdrawn" and days(end) + WATCHED <= until
            found["watched"] += watched
            found["opened"] += watched and bool(opened) and days(opened) <= days(end) + WATCHED
            found["returned"] += inside(days(sent)) and how == "returned"
            found["Lie with bodies"] += how == "running"
            found["Lie with bodies, late"] += how == "running" and bool(late)
            found["Answered on time"] += answered and not late and bool(due)
            found["Late"] += inside(days(late)) and not excused
            found["Late, with an accepted reason"] += inside(days(late)) and bool(excused)
            found["Answers"] += answered
            found["Answers no longer waiting"] += judged
            found["satisfied"] += judged and fate == "resolved"
            found["disputed"] += judged and fate == "disputed"
            found["silent"] += judged and fate == "silent"
    return found


def share(above: int, below: int) -> str:
    return f"{100 * above / below:.1f}% {above:,} of {below:,}" if below else "–"


def test_the_pages_figures_are_counted_anew_from_the_sheet_alone(history: Cast, browser_of):
    client, today = browser_of("province"), timezone.localdate()
    page = figures_of(client.get("/desk/numbers", {"days": "365"}))
    found = counted(sheet(client, days="365"), today - dt.timedelta(days=364), today)

    for name in page.keys() & found.keys():
        assert page[name].split()[0] == f"{found[name]:,}", name
    due = [found[n] for n in ("Answered on time", "Late", "Late, with an accepted reason")]
    judged = found["Answers no longer waiting"]
    came = found["Received"] + found["Opened again"]
    assert page["Clearance rate"] == share(found["Disposed of"], came)
    assert page["On time share"] == share(due[0], sum(due))
    assert page["Satisfied share"] == share(found["satisfied"], judged)
    assert page["Disputed share"] == share(found["disputed"], judged)
    assert page["Silent share"] == share(found["silent"], judged)
    assert page["Clearance rate of bodies"] == share(
        found["Out of the bodies' hands"], found["Sent to bodies"]
    )
    assert page["Answers opened again within 90 days"] == share(found["opened"], found["watched"])
    assert page["Returned share"] == share(found["returned"], found["Sent to bodies"])
    assert page["Verified as solved"] == share(found["verified"], found["ended answered"])
    assert min(found[n] for n in ("Answers", "Late", "disputed", "returned", "watched")) > 0


def test_the_sheet_tells_the_workers_last_word_and_what_the_union_found(history: Cast, browser_of):
    rows = sheet(browser_of("province"))

    with within(WHOLE):
        for row in rows:
            demand = Demand.objects.get(pk=row["Number"])
            word, finding = demand.worker_words.last(), demand.verifications.last()
            assert row["Worker's last word"] == (word.said if word else "")
            answered = demand.answers.last()
            stands = finding and (
                answered is None or local_day(finding.at, country="ir") >= answered.answered_on
            )
            assert row["Union's finding"] == (finding.found if stands else "")
    assert any(row["Union's finding"] for row in rows)


def test_the_sheet_has_days_for_programmes_and_for_the_reader(cast: Cast, browser_of):
    made(hear, cast, at=dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC))

    (english,) = sheet(browser_of("officer"))
    assert english["Raised on (ISO)"] == english["Raised on"] == "2026-06-15"
    (persian,) = sheet(browser_of("officer", HTTP_ACCEPT_LANGUAGE="fa"))
    raised = list(persian.values())[1:3]
    assert raised == ["2026-06-15", "۱۴۰۵/۰۳/۲۵"]


def test_the_sheet_holds_no_name_no_word_and_no_workplace(cast: Cast, browser_of):
    made(
        hear,
        cast,
        "Pay us, says Maryam.",
        name="Maryam",
        contact="0912 000 00 00",
        workplace="Hall seven",
        employer="Spindle and Sons",
    )

    told = json.dumps(sheet(browser_of("officer")), ensure_ascii=False)
    assert not any(word in told for word in ("Maryam", "0912", "Hall seven", "Spindle", "Pay us"))


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\uff1d1+1", "\uff0b1"]
)
def test_no_cell_is_a_formula(cast: Cast, browser_of, name):
    Body.objects.filter(pk=cast.labour_office.pk).update(name_en=name)
    made(lambda: route(cast, hear(cast)))

    (row,) = sheet(browser_of("officer"))
    assert row["Body"] == f"'{name}"
    assert all(cell == guarded(cell) for cell in row.values())


def test_words_that_are_no_formula_stay_as_they_are():
    assert [guarded(cell) for cell in ("", "a=b", "اداره", "۱-۲")] == ["", "a=b", "اداره", "۱-۲"]


# What lies with me


def test_a_body_sees_what_lies_with_it_the_longest_first_and_what_it_promised(
    cast: Cast, browser_of
):
    now = timezone.now()
    first, second = (
        made(lambda r=r, d=d: route(cast, hear(cast, receipt=r), at=now - dt.timedelta(days=d)))
        for r, d in ((A, 3), (B, 30))
    )
    made(
        promise_day,
        first,
        text="We pay on Sunday.",
        by_on=timezone.localdate() + dt.timedelta(days=3),
        by=cast.liaison,
        at=now,
    )
    page = browser_of("manager").get("/desk/lies-with-me")
    listed = re.findall(r'href="/desk/demands/(\d+)"', page.content.decode())

    assert listed == [str(second.pk), str(first.pk)]
    assert "We pay on Sunday." in text(page)
    assert figures_of(page)["Lie with bodies"] == "2"
    assert "Received" not in figures_of(page)


def test_a_body_counts_what_went_on_but_does_not_open_it(cast: Cast, browser_of):
    now = timezone.now()
    demand = made(lambda: route(cast, hear(cast), at=now - dt.timedelta(days=9)))
    made(return_demand, demand, why="x", by=cast.liaison, at=now - dt.timedelta(days=5))
    made(
        route_demand,
        demand,
        to=cast.social_security,
        by=cast.officer,
        at=now - dt.timedelta(days=4),
    )
    client = browser_of("liaison")
    page = client.get("/desk/lies-with-me")

    assert figures_of(page)["Returned share"] == "100.0% 1 of 1"
    rows = client.get(links_of(page, text="1")[0])
    assert "has gone on to another body" in text(rows)
    assert f"/desk/demands/{demand.pk}" not in rows.content.decode()
    assert client.get("/desk/numbers/rows?figure=received").status_code == 404
    assert (
        figures_of(browser_of("other_liaison").get("/desk/lies-with-me"))["Sent to bodies"] == "1"
    )


def test_an_officer_finds_what_they_handled_and_nothing_of_others(cast: Cast, browser_of):
    now = timezone.now()
    mine = made(lambda: sort(cast, hear(cast, receipt=A), at=now - dt.timedelta(days=2)))
    made(hear, cast, receipt=B)
    page = browser_of("officer").get("/desk/lies-with-me").content.decode()

    assert set(re.findall(r'href="/desk/demands/(\d+)"', page)) == {str(mine.pk)}
    other = text(browser_of("second").get("/desk/lies-with-me"))
    assert "You have handled no demand yet" in other


def test_what_a_body_returned_comes_back_to_who_sent_it(cast: Cast, browser_of):
    now = timezone.now()
    demand = made(lambda: route(cast, hear(cast), at=now - dt.timedelta(days=2)))
    made(return_demand, demand, why="x", by=cast.liaison, at=now)

    told = text(browser_of("officer").get("/desk/lies-with-me"))
    assert "Returned by a body" in told
    assert told.index("Returned by a body") < told.index("Handled last")


# For everybody


@pytest.fixture
def country(cast: Cast) -> Cast:
    last = timezone.localdate() - dt.timedelta(days=20)
    made(make_many, cast, 900, seed=1, first=last - dt.timedelta(days=120), last=last)
    publish_numbers(at=timezone.now())
    return cast


def test_the_public_page_is_read_without_an_account_and_sets_no_cookie(country: Cast):
    for path in ("/numbers", "/numbers.csv", "/numbers.json"):
        page = Client().get(path)
        assert (page.status_code, len(page.cookies)) == (200, 0), path


def test_before_anything_is_published_the_page_says_so_and_the_files_are_not_there(cast: Cast):
    assert "are being made" in text(Client().get("/numbers"))
    assert Client().get("/numbers.csv").status_code == 404
    assert Client().get("/numbers.json").status_code == 404


@pytest.mark.parametrize("language", ["en", "fa", "zh-hans"])
def test_every_public_figure_stands_beside_its_definition(country: Cast, language):
    page = Client(HTTP_ACCEPT_LANGUAGE=language).get("/numbers").content.decode()
    table = page.split("<table", 2)[1].split("</table>")[0]

    rows = table.count("<tr id=")
    assert rows == 16
    assert len(re.findall(r"<td><small>[^<]{4,}", table)) == rows


def test_the_public_page_names_nobody_and_no_workplace(country: Cast):
    for path in ("/numbers", "/numbers.csv", "/numbers.json"):
        told = Client().get(path).content.decode()
        assert not any(word in told for word in ("Maryam", "Hall seven", "Spindle"))


def exported() -> list[dict[str, str]]:
    written = Client().get("/numbers.csv").content.decode()
    assert written.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(written[1:])))


def test_every_public_share_is_worked_out_anew_from_the_file_alone(country: Cast):
    rows = exported()
    month = rows[0]["month_until"]
    rows = [row for row in rows if row["month_until"] == month]
    attributes = ("county", "topic", "year", "how", "judged", "excuse")

    def count(figure: str, **of: str) -> int:
        (row,) = (
            row
            for row in rows
            if row["figure"] == figure and all(row[name] == of.get(name, "") for name in attributes)
        )
        return int(row["value"])

    page = figures_of(Client().get("/numbers"))
    assert page["Came in"] == f"{count('came'):,}"
    assert page["Clearance rate"] == f"{100 * count('ended') / count('came'):.1f}%"
    solved = count("ended", how="resolved")
    assert page["Solved, as the worker says"] == f"{100 * solved / count('ended'):.1f}%"
    on_time = count("due", judged="on_time")
    assert page["On time share"] == f"{100 * on_time / count('due'):.1f}%"
    for figure, above, below in (
        ("clearance", count("ended"), count("came")),
        ("on_time_share", on_time, count("due")),
        ("solved_share", solved, count("ended")),
    ):
        (row,) = (row for row in rows if row["figure"] == figure)
        assert float(row["value"]) == pytest.approx(above / below, abs=1e-6)


def test_where_all_parts_are_shown_they_add_up_to_the_whole(country: Cast):
    document = Client().get("/numbers.json").json()
    checked = 0
    for month in document["months"]:
        tables = {(one["family"], tuple(one["by"])): one["cells"] for one in month["tables"]}
        for (family, by), cells in tables.items():
            whole = tables.get((family, ()))
            if by and whole and all(cell["count"] is not None for cell in cells):
                assert sum(cell["count"] for cell in cells) == whole[0]["count"], (family, by)
                checked += 1
    assert checked > 4


def test_file_and_programme_tell_the_same_counts(country: Cast):
    counts = Counter()
    for month in Client().get("/numbers.json").json()["months"]:
        for table in month["tables"]:
            counts.update(
                (month["until"], table["family"], cell["count"]) for cell in table["cells"]
            )
    told = Counter(
        (
            row["month_until"],
            row["figure"],
            int(row["value"]) if row["shown"] == "yes" else None,
        )
        for row in exported()
        if row["figure"] in {"came", "ended", "sent", "returned", "due"}
    )
    assert told == counts


def test_every_figure_in_the_files_has_its_definition(country: Cast):
    assert all(len(row["definition"]) > 10 for row in exported())
    document = Client().get("/numbers.json").json()
    for month in document["months"]:
        assert month["figures"].keys() <= document["definitions"].keys()
        assert {one["family"] for one in month["tables"]} <= document["definitions"].keys()
    assert all(
        len(words[language]["counts"]) >= 4
        for words in document["definitions"].values()
        for language in ("en", "fa", "zh-hans")
    )


def test_a_countys_page_tells_of_that_county_alone(country: Cast):
    page = Client().get("/numbers", {"county": GOLANDASHT})
    whole = figures_of(Client().get("/numbers"))
    here = figures_of(page)

    assert "Golandasht" in text(page)
    assert int(here["Came in"]) < int(whole["Came in"])
    assert Client().get("/numbers", {"county": "ir.sp.xx."}).status_code == 200


def test_an_older_month_is_found_by_its_last_day_and_a_wrong_one_is_the_latest(country: Cast):
    months = sorted({row["month_until"] for row in exported()}, reverse=True)
    selected = re.compile(r'<option value="([\d-]+)" selected')

    for wanted, shown in ((months[1], months[1]), ("x", months[0])):
        page = Client().get("/numbers", {"month": wanted}).content.decode()
        assert selected.search(page)[1] == shown
