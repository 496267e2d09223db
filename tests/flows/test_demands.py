from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.db import IntegrityError, connection, transaction

from redress.demands.backlog import (
    Wanted,
    demand_seen_by,
    is_overdue,
    read_attachment,
    story,
    tally,
    wanted_demands,
)
from redress.demands.hear import Fate, HeardWords, NothingSaid, hear_demand, import_demands
from redress.demands.models import Demand
from redress.demands.pursue import accept_demand, return_demand
from redress.demands.resolve import (
    answer_demand,
    confirm_solved,
    dispute_answer,
    withdraw_demand,
)
from redress.demands.route import WrongArea, route_demand
from redress.demands.sort import ReasonMissing, set_demand_aside, sort_demand
from redress.demands.states import CloseKind, Said, State, Urgency, WrongState
from redress.formats.attachments import read_attachment as take_in_file
from redress.registers.accounts.roles import SYSTEM, NotAllowed
from redress.registers.journal.reads import story_of
from redress.registers.journal.steps import WhyTooLong
from tests.conftest import DAY, GOLANDASHT, NILKUH, NOON, Cast, answer, hear, route, sort, topic

pytestmark = pytest.mark.usefixtures("whole")
ONE_DAY = dt.timedelta(days=1)


def test_a_demand_walks_from_hearing_to_the_workers_word(cast: Cast):
    demand = answer(cast, hear(cast))

    closed = confirm_solved(demand, text="Thank you.", by=cast.worker, at=NOON)

    assert (closed.state, closed.close_kind) == (State.CLOSED, CloseKind.RESOLVED)
    assert [entry.deed for entry in story_of(closed)] == [
        "demand.heard",
        "demand.sorted",
        "demand.routed",
        "demand.accepted",
        "demand.answered",
        "demand.confirmed",
    ]


def test_the_words_are_kept_to_the_letter(cast: Cast):
    words = "  كارگر نساجي\u200c مهرگان\r\n«سه ماه»  "
    demand = hear(cast, words)

    demand.refresh_from_db()

    assert demand.text == words
    assert demand.text_sha256 == hashlib.sha256(words.encode()).hexdigest()


@pytest.mark.parametrize(
    "change", ["text = 'other'", "text_sha256 = ''", "heard_on = heard_on - 1"]
)
def test_the_database_refuses_to_change_the_words_or_the_day_they_were_heard(cast: Cast, change):
    hear(cast)

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        connection.cursor().execute(f"UPDATE demands_demand SET {change}")


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 20_001, "a\x00b"])
def test_what_is_no_demand_is_not_stored(cast: Cast, text):
    with pytest.raises(NothingSaid):
        hear(cast, text)
    assert Demand.objects.count() == 0


def test_the_office_has_ten_days_for_an_ordinary_demand_and_one_for_a_danger(cast: Cast):
    ordinary = hear(cast)

    danger = sort_demand(
        ordinary, topic=topic("safety.hazard"), urgency=Urgency.CRITICAL, by=cast.officer, at=NOON
    )

    assert ordinary.due_on == DAY + 10 * ONE_DAY
    assert danger.due_on == DAY + ONE_DAY


def test_a_body_has_its_own_days_counted_in_working_days(cast: Cast):
    demand = route(cast, hear(cast))

    # Twenty working days of Iran after Monday 15 June 2026 with its holidays.
    assert demand.due_on == demand.referrals.get().due_on
    assert demand.due_on > DAY + 20 * ONE_DAY


def test_a_backlog_demand_keeps_its_own_day_and_is_due_from_today(cast: Cast):
    words = HeardWords(text="Since 2023.", path=NILKUH, heard_on=dt.date(2023, 5, 1))

    demand = hear_demand(words, by=cast.officer, at=NOON)

    assert demand.heard_on == dt.date(2023, 5, 1)
    assert demand.due_on == DAY + 10 * ONE_DAY


def test_a_day_in_the_future_becomes_today(cast: Cast):
    words = HeardWords(text="x", path=NILKUH, heard_on=DAY + 40 * ONE_DAY)

    assert hear_demand(words, by=cast.officer, at=NOON).heard_on == DAY


def test_a_demand_goes_only_to_a_body_that_serves_its_place(cast: Cast):
    demand = sort(cast, hear(cast))

    with pytest.raises(WrongArea):
        route_demand(demand, to=cast.neighbours_body, by=cast.officer, at=NOON)


def test_a_demand_without_topic_is_not_sent(cast: Cast):
    with pytest.raises(WrongState):
        route_demand(hear(cast), to=cast.labour_office, by=cast.officer, at=NOON)


def test_a_returned_demand_waits_for_the_union_and_the_return_is_counted(cast: Cast):
    demand = return_demand(route(cast, hear(cast)), why="Not ours.", by=cast.liaison, at=NOON)

    assert (demand.state, demand.returned_count) == (State.RETURNED, 1)
    assert demand.referrals.get().return_reason == "Not ours."
    again = route_demand(demand, to=cast.social_security, by=cast.officer, at=NOON)
    assert again.body == cast.social_security
    assert demand_seen_by(cast.liaison, number=demand.pk) is None


@pytest.mark.parametrize("deed", [return_demand, set_demand_aside])
def test_giving_back_or_setting_aside_needs_a_reason(cast: Cast, deed):
    demand = route(cast, hear(cast)) if deed is return_demand else hear(cast)
    by = cast.liaison if deed is return_demand else cast.officer

    with pytest.raises(ReasonMissing):
        deed(demand, why=" ", by=by, at=NOON)


def test_an_answer_says_something(cast: Cast):
    with pytest.raises(ReasonMissing):
        answer_demand(route(cast, hear(cast)), text=" ", by=cast.liaison, at=NOON)


def test_an_answered_demand_is_not_closed_and_nothing_is_due_of_the_body(cast: Cast):
    demand = answer(cast, hear(cast))

    assert (demand.state, demand.closed_at, demand.due_on) == (State.ANSWERED, None, None)


@pytest.mark.parametrize("said", [Said.PARTLY, Said.NOT_SOLVED])
def test_a_disputed_answer_reaches_the_body_again_with_a_new_day(cast: Cast, said):
    demand = answer(cast, hear(cast))

    again = dispute_answer(demand, said=said, text="Half.", by=cast.worker, at=NOON + 9 * ONE_DAY)

    assert (again.state, again.body, again.reopened_count) == (State.ROUTED, cast.labour_office, 1)
    assert again.referrals.count() == 2
    assert demand_seen_by(cast.liaison, number=again.pk) == again


def test_a_closed_demand_can_still_be_opened_again_by_the_worker(cast: Cast):
    closed = confirm_solved(answer(cast, hear(cast)), by=cast.worker, at=NOON)

    again = dispute_answer(
        closed, said=Said.NOT_SOLVED, text="It came back.", by=cast.worker, at=NOON
    )

    assert (again.state, again.close_kind, again.closed_at) == (State.ROUTED, "", None)


def test_what_was_set_aside_went_to_no_body_and_cannot_be_opened_there(cast: Cast):
    aside = set_demand_aside(hear(cast), why="Ask the town hall.", by=cast.officer, at=NOON)

    with pytest.raises(WrongState):
        dispute_answer(aside, said=Said.NOT_SOLVED, text="", by=cast.worker, at=NOON)


def test_a_withdrawn_demand_is_never_overdue(cast: Cast):
    demand = withdraw_demand(hear(cast), by=cast.worker, at=NOON)

    assert not is_overdue(demand, today=DAY + 999 * ONE_DAY)


def test_a_demand_is_overdue_from_the_day_after_it_was_due(cast: Cast):
    demand = hear(cast)

    assert not is_overdue(demand, today=demand.due_on)
    assert is_overdue(demand, today=demand.due_on + ONE_DAY)


def test_of_two_who_accept_at_once_the_second_is_told(cast: Cast):
    demand = route(cast, hear(cast))
    stale = Demand.objects.get(pk=demand.pk)
    accept_demand(demand, by=cast.liaison, at=NOON)

    with pytest.raises(WrongState):
        accept_demand(stale, by=cast.manager, at=NOON)


def everybody_but(cast: Cast, *allowed):
    return [one for one in cast.everybody() if one not in allowed]


def test_nobody_but_its_body_answers(cast: Cast):
    demand = route(cast, hear(cast))

    for one in everybody_but(cast, cast.liaison, cast.manager):
        with pytest.raises(NotAllowed):
            answer_demand(demand, text="Done.", by=one, at=NOON)


def test_nobody_but_the_worker_says_whether_it_is_solved(cast: Cast):
    demand = answer(cast, hear(cast))

    for one in everybody_but(cast, cast.worker):
        with pytest.raises(NotAllowed):
            confirm_solved(demand, by=one, at=NOON)


def test_nobody_but_officers_of_the_place_sorts(cast: Cast):
    demand = hear(cast)

    for one in everybody_but(cast, cast.officer, cast.second, cast.province):
        with pytest.raises(NotAllowed):
            sort_demand(demand, topic=topic(), urgency=Urgency.LOW, by=one, at=NOON)


def seen(cast: Cast, demand: Demand) -> set[str]:
    return {
        name
        for name in vars(cast)
        if (one := getattr(cast, name)) in cast.everybody()
        and demand_seen_by(one, number=demand.pk)
    }


def test_an_unsent_demand_is_seen_by_its_worker_its_county_and_those_above(cast: Cast):
    assert seen(cast, hear(cast)) == {"worker", "officer", "second", "province", "auditor"}


def test_a_sent_demand_is_also_seen_by_its_body(cast: Cast):
    assert seen(cast, route(cast, hear(cast))) == {
        *("worker", "officer", "second", "province", "auditor"),
        *("liaison", "manager"),
    }


def numbers(found) -> list[int]:
    return [demand.pk for demand in found]


def test_the_list_narrows_by_state_holder_topic_day_language_and_words(cast: Cast):
    mine = hear(cast, "حقوق ما را بدهید", receipt="1" * 64)
    sent = route(cast, hear(cast, "Pay us.", receipt="2" * 64))

    def listed(**wanted):
        today = DAY + 11 * ONE_DAY
        return numbers(wanted_demands(Wanted(**wanted), seen_by=cast.officer, today=today))

    assert listed() == [mine.pk, sent.pk]
    assert listed(holder="body") == listed(state="routed") == [sent.pk]
    assert listed(topic="pay") == listed(topic="pay.arrears") == [sent.pk]
    assert listed(due="overdue") == listed(language="fa") == [mine.pk]
    assert listed(words="حقوق  ما") == [mine.pk]
    assert listed(words="حقوق", language="en") == []
    assert listed(body=cast.labour_office.pk) == [sent.pk]


def test_the_tally_counts_what_the_list_shows(cast: Cast):
    hear(cast, receipt="1" * 64)
    route(cast, hear(cast, receipt="2" * 64))

    count = tally(seen_by=cast.officer, today=DAY + 11 * ONE_DAY)

    assert (count.open, count.new, count.with_bodies, count.overdue) == (2, 1, 1, 1)
    assert tally(seen_by=cast.neighbour, today=DAY).open == 0


def test_a_body_is_not_told_whether_a_name_was_left(cast: Cast):
    words = HeardWords(text="x", path=NILKUH, name="Maryam", contact="0912")
    demand = route(cast, hear_demand(words, by=cast.officer, at=NOON))

    assert story(demand, seen_by=cast.officer).has_sealed_identity
    assert not story(demand, seen_by=cast.liaison).has_sealed_identity
    assert b"Maryam" not in bytes(demand.sealed_identity.sealed)


def test_reading_an_attached_file_is_put_down(cast: Cast):
    file = take_in_file("slip.pdf", b"%PDF-1.7")
    words = HeardWords(text="x", path=NILKUH, attachments=[file])
    demand = hear_demand(words, by=cast.officer, at=NOON)

    read = read_attachment(demand, number=demand.attachments.get().pk, by=cast.officer, at=NOON)

    assert bytes(read.content) == b"%PDF-1.7"
    assert story_of(demand).last().deed == "demand.file_read"


def row(number: int, text: str = "Pay us.", path: str = NILKUH) -> HeardWords:
    return HeardWords(text=text, path=path, channel="import", source="list", source_id=str(number))


def test_an_import_done_twice_changes_nothing(cast: Cast):
    rows = [row(1), row(2, path=GOLANDASHT)]

    first = import_demands(rows, by=SYSTEM, at=NOON)
    again = import_demands(rows, by=SYSTEM, at=NOON)

    assert [fate for fate, _ in first] == [Fate.NEW, Fate.NEW]
    assert [fate for fate, _ in again] == [Fate.SAME, Fate.SAME]
    assert Demand.objects.count() == 2


def test_an_import_never_rewrites_a_demands_words(cast: Cast):
    import_demands([row(1)], by=SYSTEM, at=NOON)

    fates = import_demands([row(1, "Other words.")], by=SYSTEM, at=NOON)

    assert fates == [(Fate.REFUSED, "words_differ")]
    assert Demand.objects.get().text == "Pay us."


def test_each_imported_demand_has_its_journal_entry(cast: Cast):
    import_demands([row(1), row(2)], by=SYSTEM, at=NOON)

    assert {story_of(demand).get().deed for demand in Demand.objects.all()} == {"demand.imported"}


def test_an_officer_does_not_import_into_another_county(cast: Cast):
    with pytest.raises(NotAllowed):
        import_demands([row(1), row(2, path=GOLANDASHT)], by=cast.officer, at=NOON)
    assert Demand.objects.count() == 0


def test_sorting_again_does_not_put_the_day_off(cast: Cast):
    demand = hear(cast)
    late = NOON + 50 * ONE_DAY

    again = sort_demand(demand, topic=topic(), urgency=Urgency.NORMAL, by=cast.officer, at=late)

    assert again.due_on == DAY + 10 * ONE_DAY
    assert is_overdue(again, today=late.date())


def test_after_a_return_the_day_is_counted_from_the_return(cast: Cast):
    at = NOON + 5 * ONE_DAY
    demand = return_demand(route(cast, hear(cast)), why="Not ours.", by=cast.liaison, at=at)

    again = sort_demand(
        demand, topic=topic(), urgency=Urgency.NORMAL, by=cast.officer, at=at + 9 * ONE_DAY
    )

    assert again.due_on == at.date() + 10 * ONE_DAY


def test_what_was_returned_and_then_set_aside_is_not_opened_at_the_body_again(cast: Cast):
    demand = return_demand(route(cast, hear(cast)), why="Not ours.", by=cast.liaison, at=NOON)
    aside = set_demand_aside(demand, why="Town hall.", by=cast.officer, at=NOON)

    with pytest.raises(WrongState):
        dispute_answer(aside, said=Said.NOT_SOLVED, text="", by=cast.worker, at=NOON)


def test_a_body_is_not_late_with_what_it_returned(cast: Cast):
    return_demand(route(cast, hear(cast)), why="Not ours.", by=cast.liaison, at=NOON)

    late = DAY + 99 * ONE_DAY
    assert tally(seen_by=cast.liaison, today=late).overdue_here == 0
    assert tally(seen_by=cast.officer, today=late).overdue == 1


def test_a_reason_too_long_for_the_journal_is_refused_and_not_cut(cast: Cast):
    with pytest.raises(WhyTooLong):
        set_demand_aside(hear(cast), why="x" * 2001, by=cast.officer, at=NOON)
