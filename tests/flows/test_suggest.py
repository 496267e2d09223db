"""Which demands are suggested for a collective one, and which are found."""

from __future__ import annotations

import pytest

from redress.demands import collect
from redress.demands.collect import (
    remove_members,
)
from redress.demands.models import Collective, Demand
from redress.demands.resolve import confirm_solved, withdraw_demand
from redress.demands.states import HeldBack
from redress.demands.suggest import TooShort, search_members, suggest_members
from redress.registers.journal.reads import story_of
from tests.conftest import (
    GOLANDASHT,
    NOON,
    WORKS,
    Cast,
    answer,
    hear,
    sort,
    topic,
)
from tests.flows.groups import CHINESE, ENGLISH, PERSIAN, together, told

pytestmark = pytest.mark.usefixtures("whole")


def because(cast: Cast, collective: Collective) -> dict[int, tuple[str, ...]]:
    found = suggest_members(collective, seen_by=cast.officer)
    return {one.demand.pk: one.because for one in found}


def test_one_employer_and_topic_are_suggested_in_every_language(cast: Cast):
    sorted_ones = [
        sort(cast, told(cast, text, employer="Nilkuh Textile"))
        for text in (PERSIAN, CHINESE, ENGLISH)
    ]
    told(cast, "Repair the shower.", employer="Nilkuh Textile")
    sort(cast, told(cast, ENGLISH, employer="Another Works"))

    found = because(cast, together(cast, employer="Nilkuh Textile", topic=topic()))

    assert set(found) == {one.pk for one in sorted_ones}
    assert all({"employer", "topic"} <= set(why) for why in found.values())


def test_an_employer_is_known_on_any_keyboard_and_in_the_text_itself(cast: Cast):
    arabic = told(cast, "مزد ما را نداده‌اند", employer="نساجي نيلكوه")  # Arabic yeh and kaf
    in_text = told(cast, PERSIAN)

    found = because(cast, together(cast, employer="نساجی نیلکوه"))

    assert set(found) == {arabic.pk, in_text.pk}


def test_another_language_learns_the_employers_name_from_a_member(cast: Cast):
    first = sort(cast, told(cast, CHINESE, employer="尼尔库纺织厂"))
    second = sort(cast, told(cast, "工资一直没有发。", employer="尼尔库纺织厂"))
    collective = together(cast, first, employer="نساجی نیلکوه", topic=topic())

    assert "employer" in because(cast, collective)[second.pk]


def test_a_workplace_stands_for_its_employer(cast: Cast):
    here = sort(cast, told(cast, CHINESE, path=WORKS))
    sort(cast, told(cast, CHINESE))

    found = because(cast, together(cast, path=WORKS, employer="Nilkuh Textile", topic=topic()))

    assert found == {here.pk: ("topic", "place")}


def test_words_like_those_of_the_members_are_suggested(cast: Cast):
    for number in range(30):
        told(cast, f"Quite other words about lamp {number} in the hall.")
    inside = [told(cast, f"The night bus to the quarry was cancelled, shift {n}") for n in range(3)]
    alike = told(cast, "The night bus to the quarry was cancelled again")

    found = because(cast, together(cast, *inside))

    assert found == {alike.pk: ("words",)}


def test_a_topic_alone_suffices_where_nothing_else_is_known(cast: Cast):
    one = sort(cast, told(cast))
    sort(cast, told(cast), code="pay.minimum")

    assert set(because(cast, together(cast, topic=topic()))) == {one.pk}


def test_what_is_ended_in_it_elsewhere_or_held_back_is_not_suggested(cast: Cast):
    about = {"employer": "Nilkuh Textile"}
    told(cast, path=GOLANDASHT, **about)
    inside = told(cast, **about)
    withdraw_demand(told(cast, **about), by=cast.officer, at=NOON)
    confirm_solved(answer(cast, told(cast, **about)), by=cast.officer, at=NOON)
    told(cast, held_back=HeldBack.SAME_TEXT, **about)

    assert because(cast, together(cast, inside, **about)) == {}


def test_what_was_taken_out_is_suggested_last_and_said_to_be(cast: Cast):
    out, other = told(cast, employer="Nilkuh Textile"), told(cast, employer="Nilkuh Textile")
    collective = together(cast, out, employer="Nilkuh Textile")
    remove_members(collective, numbers=[out.pk], by=cast.officer, at=NOON)

    found = suggest_members(collective, seen_by=cast.officer)

    assert [(one.demand.pk, one.was_removed) for one in found] == [
        (other.pk, False),
        (out.pk, True),
    ]


def test_an_empty_cause_suggests_nothing(cast: Cast):
    told(cast)

    assert because(cast, together(cast, title="۱")) == {}


@pytest.mark.parametrize("written", ["{0}", "{0}, {1}", "{0}، {1}"])
def test_demands_are_found_by_their_numbers(cast: Cast, written):
    one, other = told(cast), told(cast, PERSIAN)
    collective = together(cast)

    found = search_members(collective, written.format(one.pk, other.pk), seen_by=cast.officer)

    assert {hit.demand.pk for hit in found} == {one.pk} | ({other.pk} if "1" in written else set())


def test_demands_are_found_by_words_open_or_not_in_the_place_only(cast: Cast):
    closed = confirm_solved(answer(cast, hear(cast, ENGLISH)), by=cast.worker, at=NOON)
    told(cast, ENGLISH, path=GOLANDASHT)

    found = search_members(together(cast), "textile works", seen_by=cast.province)

    assert [one.demand.pk for one in found] == [closed.pk]


def test_a_single_chinese_character_is_too_short_to_search_by(cast: Cast):
    with pytest.raises(TooShort):
        search_members(together(cast), "厂", seen_by=cast.officer)


@pytest.mark.parametrize("written", ["", "   ", "!!", "9" * 40, "' | demands"])
def test_a_strange_search_finds_nothing_and_breaks_nothing(cast: Cast, written):
    told(cast)

    assert search_members(together(cast), written, seen_by=cast.officer) == []


def test_what_is_kept_of_a_collective_demand_is_no_workers_words(cast: Cast):
    collective = together(cast, told(cast, PERSIAN), employer="Nilkuh Textile")

    kept = str(list(story_of(collective).values()))

    assert PERSIAN not in kept
    assert collect.ADD.name in kept


def test_a_name_that_few_members_give_stands_for_no_employer(cast: Cast):
    def of(employer: str) -> Demand:
        return sort(cast, told(cast, CHINESE, employer=employer))

    inside = [of("青梭针织厂"), of("青梭针织厂"), of("青梭针织厂"), of("别的厂")]
    ours, other = of("青梭针织厂"), of("别的厂")

    found = because(cast, together(cast, *inside, topic=topic()))

    assert "employer" in found[ours.pk]
    assert other.pk not in found


def test_a_members_slip_renames_no_employer(cast: Cast):
    inside = sort(cast, told(cast, employer="Another Works"))
    other = sort(cast, told(cast, employer="Another Works"))
    collective = together(cast, inside, employer="Nilkuh Textile", topic=topic())

    assert other.pk not in because(cast, collective)


def test_what_names_another_employer_or_topic_is_left_out_whatever_else_fits(cast: Cast):
    about = {"employer": "Nilkuh Textile", "path": WORKS}
    inside = sort(cast, told(cast, **about))
    guest = sort(cast, told(cast, path=WORKS, employer="Another Works"))  # same place and topic
    sorted_otherwise = sort(cast, told(cast, **about), code="pay.minimum")  # the very same words
    fits = sort(cast, told(cast, **about))

    found = because(
        cast, together(cast, inside, path=WORKS, employer="Nilkuh Textile", topic=topic())
    )

    assert set(found) == {fits.pk}
    assert {guest.pk, sorted_otherwise.pk}.isdisjoint(found)
