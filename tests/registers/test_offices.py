from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from redress.registers.offices.models import BodyKind, Route, Tenure, Topic
from redress.registers.offices.places import (
    Places,
    county_of,
    manager_of,
    office_named,
    suggested_bodies,
    topics,
)
from redress.registers.offices.taxonomy import install_taxonomy
from tests.conftest import DAY, NILKUH, WORKS, Cast


@pytest.mark.django_db
def test_forty_topics_and_twenty_two_kinds_of_body_are_installed_in_three_languages():
    assert (Topic.objects.count(), BodyKind.objects.count()) == (40, 22)
    named = [*Topic.objects.all(), *BodyKind.objects.all()]
    assert all(one.name_en and one.name_fa and one.name_zh for one in named)


@pytest.mark.django_db
def test_installing_twice_changes_nothing():
    before = list(Route.objects.values_list("topic", "country", "rank", "body_kind"))

    install_taxonomy()

    assert list(Route.objects.values_list("topic", "country", "rank", "body_kind")) == before


@pytest.mark.django_db
def test_a_demand_gets_a_leaf_as_its_topic_never_a_group():
    codes = {topic.code for topic in topics()}

    assert "pay.arrears" in codes
    assert "pay" not in codes
    assert len(codes) == 33  # 40 topics less the seven groups


def test_bodies_are_suggested_in_the_order_of_the_topic_and_of_this_place_only(cast: Cast):
    in_line = suggested_bodies(topic_code="ins.contributions", path=NILKUH)

    assert in_line == [cast.social_security, cast.labour_office]


def test_a_workplace_lies_in_its_county(cast: Cast):
    assert county_of(WORKS).path == NILKUH
    assert county_of("ir.sp.") is None


def test_an_office_is_found_by_path_or_name(cast: Cast):
    assert office_named("nilkuh").path == office_named(NILKUH).path == NILKUH
    assert office_named("nowhere") is None
    assert Places().path_of("  NILKUH ") == NILKUH


def test_the_manager_of_a_day_is_the_one_in_office_then(cast: Cast):
    day = dt.timedelta(days=1)
    body = cast.labour_office
    Tenure.objects.create(
        body=body, person_name="Old", function="manager", since_on=DAY - 9 * day, until_on=DAY
    )
    Tenure.objects.create(body=body, person_name="New", function="manager", since_on=DAY + day)

    assert manager_of(body, on=DAY).person_name == "Old"
    assert manager_of(body, on=DAY + day).person_name == "New"
    assert manager_of(body, on=DAY - 10 * day) is None


def test_a_body_has_one_manager_at_a_time(cast: Cast):
    Tenure.objects.create(
        body=cast.labour_office, person_name="A", function="manager", since_on=DAY
    )

    with pytest.raises(IntegrityError, match="one_manager_at_a_time"), transaction.atomic():
        Tenure.objects.create(
            body=cast.labour_office, person_name="B", function="manager", since_on=DAY
        )
