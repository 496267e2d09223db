from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from redress.registers.registry.households import latest_facts, members_of, national_id_of
from redress.registers.registry.models import Fact, Member
from redress.registers.sealing import BrokenSeal, fingerprint, seal, unseal
from tests.conftest import DAY, NOON, Cast, household


def test_a_national_id_is_stored_sealed_and_found_by_its_fingerprint(cast: Cast, whole):
    head = members_of(household(cast))[0]

    assert national_id_of(head) == "0001234567"
    assert b"0001234567" not in bytes(head.national_id_sealed)
    assert Member.objects.filter(
        national_id_fingerprint=fingerprint("0001234567", kind="national-id")
    ).exists()


def test_a_newer_fact_stands_beside_the_older(cast: Cast, whole):
    home = household(cast)
    Fact.objects.create(
        household=home,
        name="income_per_month",
        minor=5,
        currency="IRR",
        holds_on=DAY,
        source="seen",
        known_since_at=NOON.replace(hour=20),
    )

    assert [fact.minor for fact in latest_facts(home)] == [5]
    assert home.facts.count() == 2


def test_a_fact_is_never_changed(cast: Cast, whole):
    household(cast)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute("UPDATE registry_fact SET minor = 0")


def test_a_household_has_one_head(cast: Cast, whole):
    home = household(cast)

    with pytest.raises(IntegrityError, match="one_head"), transaction.atomic():
        Member.objects.create(household=home, full_name="Second", relation="head", since_at=NOON)


def test_a_sealed_text_opens_with_the_key_and_a_changed_one_not_at_all():
    sealed = seal("مریم")

    assert unseal(sealed) == "مریم"
    with pytest.raises(BrokenSeal):
        unseal(sealed[:-2] + b"AA")
    assert seal("x") != seal("x")
