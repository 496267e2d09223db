"""The form for facts: what was told oddly, another country's scheme, and what nobody touched."""

from __future__ import annotations

import re

import pytest

from redress.registers.registry.households import NewFact
from redress.registers.registry.models import Fact
from redress.relief.assess import tell_facts
from redress.relief.models import Assessment
from tests.conftest import DAY, NOON, Cast, file, household
from tests.doors.at_desk import made
from tests.doors.test_desk_pages import one
from tests.doors.test_scheme_pages import body
from tests.schemes import small_scheme

pytestmark = pytest.mark.usefixtures("small_aid")
LABEL = {"en": "a", "fa": "ب", "zh": "中"}


def told(cast, of, **facts):
    news = tuple(NewFact(name, value, DAY) for name, value in facts.items())
    made(lambda: tell_facts(of, facts=news, by=cast.officer, at=NOON))


def names(**of):
    found = Fact.objects.filter(**of).order_by("name")
    return made(lambda: list(found.values_list("name", flat=True)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("born_on", odd) for odd in ("1400", 5, True, ["a"], "")],
        *[("ill", odd) for odd in ("xx", 7, ["yes"])],
        *[("size", odd) for odd in ("two", ["1"], True, 10**30)],
    ],
)
def test_a_fact_that_was_told_as_something_else_leaves_its_field_empty(
    cast: Cast, browser_of, name, value
):
    home, officer = made(household, cast), browser_of("officer")
    told(cast, home, **{name: value})

    pages = [
        officer.get(f"/desk/households/{home.pk}/facts/small-aid"),
        officer.get(f"/desk/households/{home.pk}"),
        officer.post(f"/desk/households/{home.pk}/assess", follow=True),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]


def test_no_told_in_words_is_not_shown_as_yes(cast: Cast, browser_of):
    home = made(household, cast)
    told(cast, home, ill="no")

    page = body(browser_of("officer").get(f"/desk/households/{home.pk}/facts/small-aid"))

    assert '<option value="no" selected>' in page


def test_another_countrys_scheme_takes_in_no_facts(cast: Cast, browser_of, settings):
    (settings.REDRESS_SCHEMES / "z.yaml").write_text(small_scheme(pack="theirs", country="cn"))
    home, officer = made(household, cast), browser_of("officer")
    address = f"/desk/households/{home.pk}/facts/theirs"

    assert officer.get(address).status_code == 404
    sent = officer.post(address, {"source": "said", "fact_size": "2"})
    assert (sent.status_code, names(name="size")) == (404, [])


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_nobody_touched_is_not_told_again(cast: Cast, browser_of, small_aid, language):
    small_aid(
        inputs={
            "born_on": {"type": "date", "label": LABEL},
            "months": {"type": "list", "of": "money", "label": LABEL},
            "income": {"type": "money", "label": LABEL},
            "ill": {"type": "bool", "label": LABEL},
        },
        derived=[],
        items=[{"id": "a", "batch": "living", "when": "ill and age_on(born_on, day) > 1",
                "amount": "max(months) + 0 * income + 0 * LINE", "label": LABEL}],
        cases=[{"id": "one", "on": "2026-06-01", "facts": {}, "expect": {"granted": {}}}],
    )  # fmt: skip
    home = made(household, cast)
    told(cast, home, born_on="2001-03-04", months=["1", "2"], ill=False)
    officer = browser_of("officer", headers={"accept-language": language})
    address = f"/desk/households/{home.pk}/facts/small-aid"
    page = body(officer.get(address))
    sent = dict(re.findall(r'<input type="text" name="(\w+)" value="([^"]*)"', page))
    assert len(sent) >= 3, page
    sent |= {"source": "document", "fact_months": "1\r\n2", "fact_ill": "no", "fact_income": "۵"}

    after = officer.post(address, sent)

    assert after.status_code == 302
    assert names(source="document") == ["income"]


def test_a_grant_in_another_currency_fills_in_no_sum(cast: Cast, browser_of, small_aid):
    line, share = ({"unit": unit, "label": LABEL, "values": [
        {"from": "2020-01-01", "value": number, "status": "illustrative"}
    ]} for unit, number in (("EUR/person/month", "5000"), ("share", "0.1")))  # fmt: skip
    small_aid(currency="EUR", parameters={"LINE": line, "SHARE": share}, cases=[
        {"id": "one", "on": "2026-06-01", "facts": {"size": "1", "income": "60000"},
         "expect": {"granted": {}}}
    ])  # fmt: skip
    opened, officer = made(file, cast), browser_of("officer")
    address = f"/desk/households/{opened.household_id}"
    officer.post(f"{address}/facts/small-aid", {"source": "said", "fact_income": "1"})
    assessment = one(Assessment)
    assert assessment.outcome["granted"] == {"living": "1000"}  # 5,000 x 0.1 x 2

    page = body(officer.get(f"{address}?assessment={assessment.pk}&item=living"))

    assert 'value="1000' not in page  # a thousand euros are no thousand rials
