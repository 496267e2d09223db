from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from redress.demands.hear import HeardWords, hear_demand
from redress.demands.models import Demand
from redress.formats.attachments import read_attachment
from redress.registers.accounts.models import User
from redress.registers.journal.models import Entry
from redress.registers.ledger.models import Account
from redress.registers.offices.models import Office
from redress.registers.offices.scope import WHOLE, within
from redress.registers.registry.models import Household
from redress.relief.models import File, Grant
from redress.relief.states import FileState
from tests.conftest import (
    GOLANDASHT,
    NILKUH,
    NOON,
    Cast,
    answer,
    file,
    fund,
    hear,
    household,
    make_cast,
    propose,
    route,
    sort,
)
from tests.doors.at_desk import STAFF, made

WRITERS = ["officer", "second", "province"]
BODY = ["liaison", "manager"]


def one(model):
    with within(WHOLE):
        return model.objects.get()


def may(browser_of, path: str, *, post: dict | None = None) -> set[str]:
    """Name the staff for whom an address does not end in a refusal."""
    allowed = set()
    for name in STAFF:
        client = browser_of(name)
        page = client.get(path) if post is None else client.post(path, post)
        assert page.status_code in {200, 302, 403, 404, 422}, (name, page.status_code)
        allowed |= {name} if page.status_code in {200, 302, 422} else set()
    return allowed


PAGES = {
    "/desk/": set(STAFF),
    "/desk/demands": set(STAFF) - {"admin"},
    "/desk/households": {"officer", "second", "neighbour", "grassroots", "province", "auditor"},
    "/desk/households/new": {"officer", "second", "neighbour", "grassroots", "province"},
    "/desk/grants": {"officer", "second", "neighbour", "grassroots", "province", "auditor"},
    "/desk/journal": {"officer", "second", "neighbour", "province", "auditor"},
    "/desk/accounts": {"admin"},
    "/desk/accounts/new": {"admin"},
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_for_its_roles_and_for_no_others(cast: Cast, browser_of, path):
    assert may(browser_of, path) == PAGES[path]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_desk_asks_a_stranger_to_sign_in(cast: Cast, path):
    page = Client().get(path)

    assert page.status_code == 302
    assert page.url.startswith("/account/login/")


def test_a_demand_is_shown_to_its_county_its_body_and_those_above(cast: Cast, browser_of):
    demand = made(lambda: route(cast, hear(cast)))

    assert may(browser_of, f"/desk/demands/{demand.pk}") == {*WRITERS, *BODY, "auditor"}


def test_a_household_is_shown_to_officers_and_auditors_of_its_place_only(cast: Cast, browser_of):
    home = made(household, cast)

    assert may(browser_of, f"/desk/households/{home.pk}") == {*WRITERS, "auditor"}


def test_what_does_not_exist_and_what_is_not_yours_look_the_same(cast: Cast, browser_of):
    theirs = made(household, cast, path=GOLANDASHT)
    client = browser_of("officer")

    hidden, absent = (client.get(f"/desk/households/{n}") for n in (theirs.pk, 10**9))

    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert re.sub(rb"\d+", b"", hidden.content) == re.sub(rb"\d+", b"", absent.content)


def test_a_numbers_beyond_all_rows_are_not_found_rather_than_broken(cast: Cast, browser_of):
    for path in ("demands", "households"):
        assert browser_of("officer").get(f"/desk/{path}/{10**30}").status_code == 404


def test_an_officer_sorts_and_routes_and_the_body_answers(cast: Cast, browser_of):
    demand = made(hear, cast)
    officer, liaison = browser_of("officer"), browser_of("liaison")
    at = f"/desk/demands/{demand.pk}"

    officer.post(f"{at}/sort", {"topic": "pay.arrears", "urgency": "high"})
    officer.post(f"{at}/route", {"body": cast.labour_office.pk, "note": "Please name a day."})
    liaison.post(f"{at}/accept", {})
    liaison.post(f"{at}/answer", {"text": "On Sunday."})

    assert one(Demand).state == "answered"
    assert "On Sunday." in officer.get(at).content.decode()


@pytest.mark.parametrize(
    ("action", "post", "allowed"),
    [
        ("sort", {"topic": "pay.arrears", "urgency": "high"}, WRITERS),
        ("set-aside", {"why": "Town hall."}, WRITERS),
    ],
)
def test_a_forged_form_of_somebody_elses_changes_nothing(
    cast: Cast, browser_of, action, post, allowed
):
    demand = made(hear, cast)

    for name in sorted(set(STAFF) - set(allowed)):
        page = browser_of(name).post(f"/desk/demands/{demand.pk}/{action}", post)
        assert page.status_code in {403, 404}
    assert one(Demand).state == "heard"


def test_a_body_cannot_send_a_demand_on_by_itself(cast: Cast, browser_of):
    demand = made(lambda: route(cast, hear(cast)))

    page = browser_of("liaison").post(
        f"/desk/demands/{demand.pk}/route", {"body": cast.social_security.pk, "note": ""}
    )

    assert page.status_code == 403
    assert one(Demand).body_id == cast.labour_office.pk


def test_a_demand_cannot_be_sent_to_a_body_of_another_county_by_a_forged_choice(
    cast: Cast, browser_of
):
    demand = made(lambda: sort(cast, hear(cast)))

    browser_of("officer").post(
        f"/desk/demands/{demand.pk}/route", {"body": cast.neighbours_body.pk, "note": ""}
    )

    assert one(Demand).state == "sorted"


def test_a_form_without_its_token_is_refused(cast: Cast):
    demand = made(hear, cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="officer"))

    page = client.post(
        f"/desk/demands/{demand.pk}/sort", {"topic": "pay.arrears", "urgency": "high"}
    )

    assert page.status_code == 403
    assert one(Demand).state == "heard"


def test_who_comes_second_is_told_that_somebody_acted(cast: Cast, browser_of):
    demand = made(lambda: route(cast, hear(cast)))
    at = f"/desk/demands/{demand.pk}/accept"
    browser_of("liaison").post(at, {})

    page = browser_of("manager").post(at, {})

    assert page.status_code == 409
    assert "somebody has acted meanwhile" in page.content.decode()


def test_what_was_typed_is_kept_when_somebody_acted_meanwhile(cast: Cast, browser_of):
    demand = made(lambda: route(cast, hear(cast)))
    at = f"/desk/demands/{demand.pk}"
    browser_of("liaison").post(f"{at}/answer", {"text": "First."})

    page = browser_of("manager").post(f"{at}/answer", {"text": "A long and careful answer."})

    assert "What you wrote is kept here" in page.content.decode()
    assert "A long and careful answer." in page.content.decode()


def test_what_was_typed_stays_in_its_form_when_something_is_missing(cast: Cast, browser_of):
    demand = made(lambda: sort(cast, hear(cast)))

    page = browser_of("officer").post(
        f"/desk/demands/{demand.pk}/route", {"body": "", "note": "Please name a day."}
    )

    assert page.status_code == 422
    assert "Please name a day.</textarea>" in page.content.decode()


@pytest.mark.parametrize("action", ["delete", "sort%00", "nothing"])
def test_there_is_nothing_else_to_do_to_a_demand(cast: Cast, browser_of, action):
    demand = made(hear, cast)

    assert browser_of("officer").post(f"/desk/demands/{demand.pk}/{action}", {}).status_code == 404


def test_an_action_is_never_done_by_a_link(cast: Cast, browser_of):
    demand = made(lambda: route(cast, hear(cast)))

    page = browser_of("liaison").get(f"/desk/demands/{demand.pk}/accept")
    assert (page.status_code, page.url) == (302, f"/desk/demands/{demand.pk}")
    assert one(Demand).state == "routed"


def test_the_filters_stand_in_the_address_and_odd_ones_narrow_nothing(cast: Cast, browser_of):
    made(hear, cast)
    client = browser_of("officer")

    shown = client.get("/desk/demands?state=heard&due=week&language=en&words=months")
    odd = client.get("/desk/demands?state=%00&topic=%27&body=x&due=never&page=-1&words=%00")

    assert '<option value="heard" selected>' in shown.content.decode()
    assert odd.status_code == 200


def test_an_attached_file_is_a_download_and_its_reading_is_put_down(cast: Cast, browser_of):
    attached = read_attachment("slip.pdf", b"%PDF-1.7")
    words = HeardWords(text="x", path=NILKUH, attachments=[attached])
    demand = made(hear_demand, words, by=cast.officer, at=NOON)
    with within(WHOLE):
        number = demand.attachments.get().pk

    page = browser_of("officer").get(f"/desk/demands/{demand.pk}/files/{number}")

    assert page.content == b"%PDF-1.7"
    assert page["Content-Disposition"] == 'attachment; filename="slip.pdf"'
    assert page["X-Content-Type-Options"] == "nosniff"
    with within(WHOLE):
        assert (
            Entry.objects.filter(deed="demand.file_read", by_user_id=cast.officer.user_id).count()
            == 1
        )
    assert (
        browser_of("neighbour").get(f"/desk/demands/{demand.pk}/files/{number}").status_code == 404
    )


def members(**first) -> dict[str, str]:
    management = {"members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0"}
    return {**management, **{f"members-0-{name}": value for name, value in first.items()}}


def test_a_household_is_entered_with_solar_dates_and_persian_digits(cast: Cast, browser_of):
    client = browser_of("officer", headers={"accept-language": "fa"})

    page = client.post(
        "/desk/households/new",
        {
            "county": NILKUH,
            "head_name": "مریم احمدی",
            "birth_on_0": "۱۳۵۹",
            "birth_on_1": "۱۲",
            "birth_on_2": "۱۰",
            "income_per_month": "۹۰٬۰۰۰٬۰۰۰",
            **members(full_name="علی", relation="child"),
        },
    )

    assert page.status_code == 302
    with within(WHOLE):
        home = Household.objects.get()
        head, child = home.members.order_by("pk")
        assert head.birth_on.isoformat() == "1981-03-01"  # 10 Esfand 1359
        assert (child.full_name, child.relation) == ("علی", "child")
        assert home.facts.get().minor == 90_000_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"head_name": ""},
        {"county": GOLANDASHT},
        {"birth_on_0": "1404", "birth_on_1": "13", "birth_on_2": "1"},
        {"birth_on_0": "1404"},
        {"income_per_month": "much"},
        {"rent_per_month": "-5"},
        {"head_name": "a\x00b"},
    ],
)
def test_a_household_with_something_wrong_is_not_entered(cast: Cast, browser_of, wrong):
    fields = {"county": NILKUH, "head_name": "Maryam", **members(), **wrong}

    page = browser_of("officer").post("/desk/households/new", fields)

    assert page.status_code == 422
    with within(WHOLE):
        assert Household.objects.count() == 0


def test_a_household_is_granted_approved_paid_and_leaves_its_file(cast: Cast, browser_of):
    home, paid_out = made(household, cast), made(fund, cast)
    officer, second, at = browser_of("officer"), browser_of("second"), f"/desk/households/{home.pk}"

    officer.post(f"{at}/file", {"situation": "Ill.", "main_cause": "illness", "needs": ["medical"]})
    officer.post(
        f"{at}/grant",
        {
            "need": "medical",
            "amount": "20,000,000",
            "fund": paid_out.pk,
            "reason": "Part of the bill.",
        },
    )
    second.post(f"/desk/grants/{one(Grant).pk}/approve", {})
    officer.post(f"{at}/exit", {"kind": "out", "why": "Healthy again."})

    assert (one(Grant).state, one(File).state) == ("paid", "exited")
    with within(WHOLE):
        assert Account.objects.get(kind="aid").balance_minor == 20_000_000
    page = officer.get(at).content.decode()
    assert "20,000,000 IRR" in page
    assert "Healthy again." in page


def test_the_proposer_is_told_that_a_second_person_decides(cast: Cast, browser_of):
    grant = made(propose, cast)

    page = browser_of("officer").post(f"/desk/grants/{grant.pk}/approve", {})

    assert "a second person must decide it" in page.content.decode()
    assert one(Grant).state == "proposed"


@pytest.mark.parametrize("action", ["approve", "refuse"])
def test_a_grant_is_decided_by_officers_of_its_place_only(cast: Cast, browser_of, action):
    grant = made(propose, cast)

    for name in ["neighbour", "grassroots", "liaison", "manager", "auditor", "admin"]:
        page = browser_of(name).post(
            f"/desk/grants/{grant.pk}/{action}", {f"refuse{grant.pk}-why": "no"}
        )
        assert page.status_code in {403, 404}
    assert one(Grant).state == "proposed"


def test_two_approvals_at_once_pay_once(committed):
    with within(WHOLE):
        cast = make_cast()
        grant = propose(cast, rials=30)

    def approve(name):
        client = Client()
        client.force_login(User.objects.get(username=name))
        try:
            return client.post(f"/desk/grants/{grant.pk}/approve", {}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(approve, ["second"] * 4))

    assert sorted(answers) == [302, 409, 409, 409]
    with within(WHOLE):
        assert Account.objects.get(kind="aid").balance_minor == 30
        assert Entry.objects.filter(deed="grant.paid").count() == 1


def test_a_forged_fund_of_another_county_is_not_drawn_on(cast: Cast, browser_of):
    opened = made(file, cast)
    with within(WHOLE):
        theirs = Account.objects.create(path=GOLANDASHT, kind="fund", name="dues", currency="IRR")

    browser_of("officer").post(
        f"/desk/households/{opened.household_id}/grant",
        {"need": "living", "amount": "5", "fund": theirs.pk, "reason": "x"},
    )

    with within(WHOLE):
        assert not Grant.objects.exists()


def test_a_file_is_not_opened_by_a_form_that_leaves_the_need_out(cast: Cast, browser_of):
    home = made(household, cast)

    page = browser_of("officer").post(
        f"/desk/households/{home.pk}/file",
        {"situation": "Ill.", "main_cause": "illness"},
        follow=True,
    )

    assert "What is needed" in page.content.decode()
    with within(WHOLE):
        assert not File.objects.exists()
        assert FileState.ON_FILE == "on_file"


def test_the_home_of_an_officer_counts_what_the_lists_show(cast: Cast, browser_of):
    made(hear, cast)
    client = browser_of("officer")
    page = client.get("/desk/").content.decode()

    tiles = {
        address: int(many)
        for address, many in re.findall(
            r'<a href="(/desk/demands[^"]*)"><span class="many">(\d+)', page
        )
    }

    for address, many in tiles.items():
        shown = client.get(address.replace("&amp;", "&")).content.decode()
        assert len(re.findall(r"<tbody>.*?</tbody>", shown, re.DOTALL)) <= 1
        assert shown.count('<a href="/desk/demands/') == many, address
    assert sum(tiles.values()) >= 1


def test_an_administrator_opens_an_account_and_ends_it(cast: Cast, browser_of):
    admin = browser_of("admin")
    office = f"{cast.officer.path}"
    with within(WHOLE):
        number = Office.objects.get(path=office).pk

    page = admin.post(
        "/desk/accounts/new",
        {
            "full_name": "New Comer",
            "username": "new",
            "role": "county_officer",
            "office": number,
            "body": "",
        },
    )

    password = re.search(r'class="code">([^<]+)<', page.content.decode())[1]
    fresh = Client()
    assert fresh.login(username="new", password=password)
    assert fresh.get("/desk/").status_code == 200
    post = User.objects.get(username="new").posts.get()
    admin.post(f"/desk/accounts/{post.pk}/end", {})
    assert fresh.get("/desk/").status_code == 302


def test_an_account_without_a_post_sees_no_case(cast: Cast):
    User.objects.create_user("bare", "x" * 12, full_name="Bare")
    demand = made(answer, cast, made(hear, cast))
    client = Client()
    client.force_login(User.objects.get(username="bare"))

    assert client.get("/desk/").status_code == 403
    assert client.get(f"/desk/demands/{demand.pk}").status_code == 403


def test_a_page_that_breaks_changes_nothing(cast: Cast, browser_of, monkeypatch):
    demand = made(hear, cast)
    client = browser_of("officer")
    client.raise_request_exception = False
    monkeypatch.setattr("redress.doors.desk.demand_case.redirect", lambda *_, **__: 1 / 0)

    page = client.post(
        f"/desk/demands/{demand.pk}/sort", {"topic": "pay.arrears", "urgency": "high"}
    )

    assert page.status_code == 500
    assert one(Demand).state == "heard"


@pytest.mark.parametrize("username", ["officer", "liaison"])
def test_moments_are_told_by_the_clock_of_the_place(cast: Cast, browser_of, username):
    demand = made(lambda: route(cast, hear(cast)))

    page = browser_of(username).get(f"/desk/demands/{demand.pk}").content.decode()

    assert "15 June 2026 12:00" in page  # 8:30 UTC in Tehran
