"""A household decided by a scheme: from what facts, why, and again later to the same outcome."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from redress.registers.accounts.roles import NotAllowed
from redress.registers.registry.households import (
    NewFact,
    NewHousehold,
    NewMember,
    change_household,
)
from redress.registers.registry.kinds import FactName
from redress.relief.asking import NotRead, asked_facts, read_answer
from redress.relief.assess import (
    NothingNew,
    Undecidable,
    Unreadable,
    assess_household,
    assessment_seen_by,
    replay,
    standing_of,
    tell_facts,
)
from redress.relief.grant import AlreadyProposed, NotDecided, Proposal, propose_grant
from redress.relief.known import known_with_aid, year_began
from redress.relief.models import Assessment, SchemeText
from redress.relief.pay import approve_and_pay_grant
from redress.relief.schemes import scheme_named, schemes, title_of
from redress.relief.states import Need
from redress.relief.telling import tell_decision
from redress.values.money import Money
from tests.conftest import DAY, NOON, Cast, file, fund, household, propose

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("whole", "small_aid")


def tell(cast, home, **facts):
    told = tuple(NewFact(name, value, DAY, "document") for name, value in facts.items())
    return tell_facts(home, facts=told, by=cast.officer, at=NOON)


def assess(cast, home, on=DAY):
    scheme = scheme_named("small-aid")
    return assess_household(home, scheme=scheme, on=on, by=cast.officer, at=NOON)


def test_the_registers_facts_are_read_under_the_schemes_names(cast: Cast):
    # Two members and 90,000,000 a month: 45,000,000 a head, below 50,000,000.
    # Living aid: 50,000,000 x 0.1 x 2 = 10,000,000.
    assessment = assess(cast, household(cast))

    assert assessment.facts == {"size": 2, "income": "1080000000"}  # 12 x 90,000,000
    assert assessment.outcome["granted"] == {"living": "10000000"}


def test_what_was_told_for_the_scheme_goes_before_what_the_register_works_out(cast: Cast):
    home = tell(cast, household(cast), income=Money("IRR", 1_200_000_000))

    # 1,200,000,000 / 12 / 2 = 50,000,000 exactly: not below the line
    assert assess(cast, home).outcome["granted"] == {}


def test_a_sum_of_another_currency_is_not_taken(cast: Cast):
    home = tell(cast, household(cast), income=Money("CNY", 100))

    assert assess(cast, home).facts["income"] == "1080000000"


def test_an_assessment_is_decided_again_to_the_same_when_facts_and_rules_have_moved_on(
    cast: Cast, small_aid
):
    first = assess(cast, household(cast))
    tell(cast, first.household, income=Money("IRR", 0), ill=True)
    small_aid(version="2", items=[{"id": "other", "when": "size > 0", "amount": "LINE"}])

    again = replay(Assessment.objects.get(pk=first.pk))

    assert again.is_same
    assert again.scheme.pack.version == "1"
    assert {item: str(minor) for item, minor in again.decision.granted.items()} == {
        "living": "10000000"
    }


def test_changed_facts_or_rules_make_an_assessment_stale(cast: Cast, small_aid):
    home = household(cast)
    assess(cast, home)
    assert [one.is_stale for one in standing_of(home, on=DAY)] == [False]

    tell(cast, home, ill=True)
    assert [one.is_stale for one in standing_of(home, on=DAY)] == [True]

    assess(cast, home)
    small_aid(version="2")
    assert [one.is_stale for one in standing_of(home, on=DAY)] == [True]


def test_the_same_facts_rules_and_day_give_the_assessment_that_stands(cast: Cast):
    home = household(cast)

    assert assess(cast, home).pk == assess(cast, home).pk
    assert assess(cast, home, on=DAY + dt.timedelta(days=1)).pk != assess(cast, home).pk


def test_a_fact_outside_the_schemes_range_refuses_and_keeps_nothing(cast: Cast):
    home = tell(cast, household(cast), size=31)

    with pytest.raises(Undecidable) as told:
        assess(cast, home)

    assert told.value.refused.fact == "size"
    assert not Assessment.objects.exists()
    assert standing_of(home, on=DAY)[0].refused is not None


def test_what_would_qualify_is_kept_and_true_when_decided_again(cast: Cast):
    home = tell(cast, household(cast), income=Money("IRR", 1_200_000_000))
    assessment = assess(cast, home)

    changes = {one["fact"]: one["to"] for one in assessment.outcome["would_qualify"]}

    # below 50,000,000 a head: one rial less, or one member more
    assert changes == {"size": "3", "income": "1199999999"}
    tell(cast, home, income=Money("IRR", 1_199_999_999))
    assert assess(cast, home).outcome["granted"] == {"living": "10000000"}


def test_aid_paid_this_year_counts_and_aid_of_last_year_does_not(cast: Cast):
    grant = propose(cast, rials=120_000_000, out_of=fund(cast, rials=120_000_000))
    paid = approve_and_pay_grant(grant, by=cast.second, at=NOON)
    home = paid.file.household

    # (1,080,000,000 + 120,000,000) / 12 / 2 = 50,000,000: on the line
    assert assess(cast, home).outcome["granted"] == {}
    next_year = DAY + dt.timedelta(days=365)
    assert assess(cast, home, on=next_year).outcome["granted"] == {"living": "10000000"}


@pytest.mark.parametrize(
    ("country", "day", "first"),
    [
        ("ir", dt.date(2026, 3, 20), dt.date(2025, 3, 21)),  # 29 Esfand 1404
        ("ir", dt.date(2026, 3, 21), dt.date(2026, 3, 21)),  # 1 Farvardin 1405
        ("cn", dt.date(2026, 12, 31), dt.date(2026, 1, 1)),
    ],
)
def test_a_year_begins_by_the_calendar_of_the_country(country, day, first):
    assert year_began(day, country=country) == first


def test_a_grant_that_names_an_item_needs_a_decision_that_grants_it(cast: Cast):
    opened, purse = file(cast), fund(cast)
    offered = Proposal(Need.LIVING, Money("IRR", 10), purse, "By the rules.", "small-aid", "living")

    with pytest.raises(NotDecided):
        propose_grant(opened, proposal=offered, by=cast.officer, at=NOON)
    assess(cast, opened.household)
    grant = propose_grant(opened, proposal=offered, by=cast.officer, at=NOON)

    assert (grant.pack, grant.item) == ("small-aid", "living")


def test_a_grant_by_the_rules_is_no_greater_than_they_grant_and_stands_once(cast: Cast):
    opened, purse = file(cast), fund(cast)
    assess(cast, opened.household)  # 10,000,000

    def propose_sum(rials):
        offered = Proposal(Need.LIVING, Money("IRR", rials), purse, "x", "small-aid", "living")
        return propose_grant(opened, proposal=offered, by=cast.officer, at=NOON)

    with pytest.raises(NotDecided):
        propose_sum(10_000_001)
    propose_sum(9_999_999)
    with pytest.raises(AlreadyProposed):
        propose_sum(10_000_000)


def test_a_grant_by_the_rules_needs_a_decision_of_the_facts_as_they_are(cast: Cast):
    opened, purse = file(cast), fund(cast)
    assess(cast, opened.household)
    tell(cast, opened.household, ill=True)
    offered = Proposal(Need.LIVING, Money("IRR", 10), purse, "x", "small-aid", "living")

    with pytest.raises(NotDecided):
        propose_grant(opened, proposal=offered, by=cast.officer, at=NOON)


def test_the_day_alone_can_make_an_assessment_stale(cast: Cast, small_aid):
    home = tell(cast, household(cast), ill=True, born_on="2008-06-16")  # of age the day after
    assess(cast, home)

    assert [one.is_stale for one in standing_of(home, on=DAY)] == [False]
    assert [one.is_stale for one in standing_of(home, on=DAY + dt.timedelta(days=1))] == [True]


def test_a_text_that_can_no_longer_be_read_is_told_and_its_outcome_kept(cast: Cast):
    assessment = assess(cast, household(cast))
    old = SchemeText.objects.create(digest="0" * 64, pack="small-aid", version="0", text="x: [")
    kept = Assessment(**{
        field.attname: getattr(assessment, field.attname)
        for field in Assessment._meta.fields
        if field.attname not in {"id", "scheme_id"}
    }, scheme=old)  # fmt: skip

    with pytest.raises(Unreadable):
        replay(kept)
    assert title_of(old, "fa") == "small-aid"


def test_what_was_given_on_an_item_this_year_is_told_to_its_scheme(cast: Cast):
    opened, purse = file(cast), fund(cast)
    assess(cast, opened.household)
    offered = Proposal(Need.LIVING, Money("IRR", 10), purse, "By the rules.", "small-aid", "living")
    grant = propose_grant(opened, proposal=offered, by=cast.officer, at=NOON)
    approve_and_pay_grant(grant, by=cast.second, at=NOON)

    facts = assess(cast, opened.household).facts

    assert facts["given"] == {"living": "10"}
    assert facts["prior_aid"] == "10"


def test_telling_what_is_known_already_is_refused(cast: Cast):
    home = tell(cast, household(cast), ill=True)

    with pytest.raises(NothingNew):
        tell(cast, home, ill=True)


def test_only_officers_of_the_place_tell_and_assess(cast: Cast):
    home = household(cast)
    scheme = scheme_named("small-aid")

    for one in (cast.neighbour, cast.liaison, cast.auditor, cast.admin, cast.worker):
        with pytest.raises(NotAllowed):
            assess_household(home, scheme=scheme, on=DAY, by=one, at=NOON)
        with pytest.raises(NotAllowed):
            tell_facts(home, facts=(NewFact("ill", True, DAY),), by=one, at=NOON)


def test_an_assessment_is_seen_where_its_household_is(cast: Cast):
    number = assess(cast, household(cast)).pk

    seen = {one.name for one in cast.everybody() if assessment_seen_by(one, number=number)}

    assert seen == {"Officer", "Second", "Province", "Auditor"}


def test_an_assessment_can_be_neither_changed_nor_deleted(cast: Cast):
    assessment = assess(cast, household(cast))

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(outcome={})


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("income", "۱٬۲۰۰", Money("IRR", 1200)),
        ("size", "٣", 3),
        ("ill", "yes", True),
        ("born_on", "1980-02-29", "1980-02-29"),
        ("income", " ", None),
    ],
)
def test_an_answer_is_read_in_any_digits_and_kept_as_the_register_keeps_it(name, given, told):
    assert read_answer(scheme_named("small-aid"), name, given, language="en") == told


@pytest.mark.parametrize(
    ("name", "given"), [("size", "0"), ("size", "2.5"), ("income", "-1"), ("born_on", "x")]
)
def test_an_answer_that_does_not_fit_is_refused_with_the_facts_name(name, given):
    with pytest.raises(NotRead) as wrong:
        read_answer(scheme_named("small-aid"), name, given, language="fa")

    assert "«" in str(wrong.value)


def test_facts_still_needed_are_asked_first():
    scheme = scheme_named("small-aid")

    asked = asked_facts(scheme, known={"size": 2}, needs=("income", "ill"), language="en")

    assert [one.name for one in asked] == ["income", "ill", "size", "prior_aid", "born_on"]
    assert [one.now for one in asked if one.name == "size"] == [2]


def test_a_pack_with_an_error_is_left_out_and_the_others_stay(small_aid, settings):
    (settings.REDRESS_SCHEMES / "broken.yaml").write_text("pack: broken\nitems: [")
    (settings.REDRESS_SCHEMES / "latin.yaml").write_bytes(b"pack: \xff")

    assert [one.id for one in schemes()] == ["small-aid"]


@pytest.mark.parametrize("language", ["en", "fa", "zh"])
def test_a_decision_is_told_with_its_numbers_in_the_readers_language(cast: Cast, language):
    again = replay(assess(cast, household(cast)))

    told = tell_decision(again.scheme, again.decision, language=language)

    digits = "۱۰٬۰۰۰٬۰۰۰" if language == "fa" else "10,000,000"
    assert told.granted[0].sum.startswith(digits)
    assert told.refused[0].why


def test_every_register_name_of_the_shipped_schemes_is_known_and_in_the_guide(cast: Cast, settings):
    settings.REDRESS_SCHEMES = ROOT / "schemes"
    sums = {name: Money("IRR", 5) for name in FactName}
    grant = propose(cast, rials=3, out_of=fund(cast))
    home = approve_and_pay_grant(grant, by=cast.second, at=NOON).file.household
    tell(cast, home, **sums)
    spouse = NewMember("B", "spouse")
    head = NewMember("A", "head", "female")
    change_household(
        home, NewHousehold(path=home.path, head=head, others=(spouse,)), by=cast.officer, at=NOON
    )

    known = {name.partition(".")[0] for name in known_with_aid([home], on=DAY)[0].facts}
    named = {one.register for scheme in schemes() for one in scheme.pack.inputs} - {""}

    assert named <= known
    guide = (ROOT / "docs" / "write-a-scheme.md").read_text()
    assert [name for name in sorted(known) if f"`{name}`" not in guide] == []
