"""Minutes become demands and promises, whole or not at all; promises are judged and counted."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from redress.demands.hear import NothingSaid
from redress.demands.kinds import HearingKind, Kept
from redress.demands.meet import (
    ITEMS_MAX,
    Item,
    ItemFault,
    ItemKind,
    ItemsUnfit,
    Minutes,
    MinutesUnfit,
    WrittenOtherwise,
    faults_of,
    write_minutes,
    write_minutes_once,
)
from redress.demands.minutes import (
    PARTS_MAX,
    WantedHearings,
    cut_minutes,
    first_and_last_day,
    hearing_seen_by,
    hearings,
    read_minutes,
)
from redress.demands.models import Demand, Hearing, Promise
from redress.demands.promises import (
    JudgedMeanwhile,
    Judgement,
    Standing,
    WantedPromises,
    days_late,
    earlier_judgements,
    judge_promise,
    promise_seen_by,
    promise_tally,
    promises,
    stamp_of,
)
from redress.demands.pursue import promise_day
from redress.demands.sort import ReasonMissing
from redress.demands.states import RaisedBy
from redress.registers.accounts.roles import NotAllowed
from redress.registers.journal.models import Entry
from redress.registers.offices.scope import WHOLE, enter, within
from redress.values.text import text_sha256
from tests.conftest import (
    DAY,
    GOLANDASHT,
    NILKUH,
    NOON,
    WORKS,
    Cast,
    hear,
    make_cast,
    route,
)

DEMANDED = "We want our wages of spring."
PROMISED = "The director promised to pay half by July."
#  0 ........................... 28 29 ........................................... 71
TEXT = f"{DEMANDED}\r\n{PROMISED} It was hot."
WHERE_DEMANDED = (0, len(DEMANDED))
WHERE_PROMISED = (len(DEMANDED) + 2, len(DEMANDED) + 2 + len(PROMISED))
JULY = dt.date(2026, 7, 1)


def minutes(text: str = TEXT, **changes) -> Minutes:
    return replace(Minutes(NILKUH, HearingKind.OPEN_DOOR, DAY, text), **changes)


def demanded(**changes) -> Item:
    return replace(Item(ItemKind.DEMAND, *WHERE_DEMANDED), **changes)


def promised(cast: Cast, **changes) -> Item:
    whole = Item(ItemKind.PROMISE, *WHERE_PROMISED, cast.labour_office, "Mr Rahimi", JULY)
    return replace(whole, **changes)


def write(cast: Cast, *, by=None, **changes):
    items = [demanded(), promised(cast)]
    return write_minutes(minutes(**changes), items=items, by=by or cast.officer, at=NOON)


def nothing_is_there() -> bool:
    return not (Hearing.objects.exists() or Demand.objects.exists() or Promise.objects.exists())


def test_the_minutes_are_kept_exactly_with_line_ends_and_spaces(cast: Cast, whole):
    text = "  A\r\n\tB\n\u200cپ \u00a0\r\n"

    hearing = write_minutes(minutes(text), items=[], by=cast.officer, at=NOON).hearing

    hearing.refresh_from_db()
    assert (hearing.minutes, hearing.minutes_sha256) == (text, text_sha256(text))


def test_a_marked_demand_is_opened_in_its_own_words_on_the_day_of_the_meeting(cast: Cast, whole):
    held_on = DAY - dt.timedelta(days=3)

    written = write(cast, held_on=held_on, kind=HearingKind.SITE_VISIT)

    (demand,) = written.demands
    assert demand.text == DEMANDED
    assert (demand.channel, demand.heard_on, demand.hearing) == ("visit", held_on, written.hearing)


def test_who_raised_it_is_kept_with_the_demand(cast: Cast, whole):
    item = demanded(raised_by=RaisedBy.COUNCIL)

    written = write_minutes(minutes(), items=[item], by=cast.officer, at=NOON)

    assert written.demands[0].raised_by == "council"


def test_a_marked_promise_is_kept_with_who_what_and_by_when(cast: Cast, whole):
    (promise,) = write(cast).promises

    assert (promise.text, promise.person_name, promise.by_on) == (PROMISED, "Mr Rahimi", JULY)
    assert (promise.body, promise.kept, promise.made_on) == (cast.labour_office, "open", DAY)


def test_offsets_count_code_points_not_bytes_or_halves_of_characters(cast: Cast, whole):
    # Each of the first three is one code point, in UTF-16 two, in UTF-8 four bytes.
    text = "🙂🙂🙂 工资"

    written = write_minutes(
        minutes(text), items=[Item(ItemKind.DEMAND, 4, 6)], by=cast.officer, at=NOON
    )

    assert written.demands[0].text == "工资"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"start": -1}, ItemFault.OUTSIDE),
        ({"end": len(TEXT) + 1}, ItemFault.OUTSIDE),
        ({"start": 40, "end": 40}, ItemFault.OUTSIDE),
        ({"start": 40, "end": 39}, ItemFault.OUTSIDE),
        ({"start": len(DEMANDED), "end": len(DEMANDED) + 2}, ItemFault.EMPTY),
        ({"start": len(DEMANDED) - 1}, ItemFault.OVERLAP),
        ({"body": None}, ItemFault.NO_BODY),
        ({"by_on": None}, ItemFault.NO_DAY),
        ({"by_on": DAY - dt.timedelta(days=1)}, ItemFault.DAY_BEFORE),
        ({"by_on": DAY + dt.timedelta(days=3661)}, ItemFault.DAY_TOO_FAR),
        ({"person_name": "x" * 201}, ItemFault.NAME_UNFIT),
        ({"person_name": "a\x00"}, ItemFault.NAME_UNFIT),
    ],
)
def test_an_unfit_part_is_named_with_its_reason_and_nothing_is_written(
    cast: Cast, whole, changes, fault
):
    items = [demanded(), promised(cast, **changes)]

    with pytest.raises(ItemsUnfit) as refused:
        write_minutes(minutes(), items=items, by=cast.officer, at=NOON)

    assert refused.value.faults == {1: fault}
    assert nothing_is_there()


def test_a_promise_may_fall_on_the_day_of_the_meeting_and_ten_years_after(cast: Cast):
    days = [DAY, DAY + dt.timedelta(days=3660)]

    assert [faults_of(minutes(), [promised(cast, by_on=day)]) for day in days] == [{}, {}]


def test_a_body_of_another_county_cannot_promise_in_this_one(cast: Cast, whole):
    items = [promised(cast, body=cast.neighbours_body)]

    with pytest.raises(ItemsUnfit) as refused:
        write_minutes(minutes(), items=items, by=cast.officer, at=NOON)

    assert refused.value.faults == {0: ItemFault.BODY_ELSEWHERE}


def test_a_body_of_the_county_can_promise_at_a_workplace_in_it(cast: Cast, whole):
    written = write(cast, path=WORKS)

    assert written.promises[0].path == WORKS


def test_all_unfit_parts_are_named_at_once(cast: Cast):
    items = [demanded(start=-1), promised(cast, by_on=None)]

    assert faults_of(minutes(), items) == {0: ItemFault.OUTSIDE, 1: ItemFault.NO_DAY}


def test_more_parts_than_one_meeting_takes_are_refused(cast: Cast):
    items = [Item(ItemKind.DEMAND, at, at + 1) for at in range(ITEMS_MAX + 1)]

    faults = faults_of(minutes("x" * (ITEMS_MAX + 1)), items)

    assert faults == {ITEMS_MAX: ItemFault.TOO_MANY}


@pytest.mark.parametrize("text", ["", " \r\n", "x" * 20_001, "a\x00b"])
def test_minutes_without_words_too_long_or_with_nul_are_refused(cast: Cast, whole, text):
    with pytest.raises(NothingSaid):
        write_minutes(minutes(text), items=[], by=cast.officer, at=NOON)


@pytest.mark.parametrize(
    "changes",
    [
        {"held_on": DAY + dt.timedelta(days=1)},
        {"held_on": DAY - dt.timedelta(days=3661)},
        {"place": "x" * 201},
        {"present": "x" * 4_001},
        {"place": "\x00"},
    ],
)
def test_a_meeting_that_cannot_have_been_so_is_refused(cast: Cast, whole, changes):
    with pytest.raises(MinutesUnfit):
        write_minutes(minutes(**changes), items=[], by=cast.officer, at=NOON)

    assert nothing_is_there()


def test_today_is_the_day_of_the_country_not_of_greenwich(cast: Cast, whole):
    # 21:00 in Greenwich is half past midnight of the next day in Tehran.
    late = dt.datetime(2026, 6, 15, 21, 0, tzinfo=dt.UTC)

    written = write_minutes(
        minutes(held_on=dt.date(2026, 6, 16)), items=[], by=cast.officer, at=late
    )

    assert written.hearing.held_on == dt.date(2026, 6, 16)


@pytest.mark.parametrize("who", ["neighbour", "grassroots", "liaison", "auditor", "admin"])
def test_who_has_no_matters_of_a_place_writes_no_minutes_of_it(cast: Cast, whole, who):
    with pytest.raises(NotAllowed):
        write(cast, by=getattr(cast, who))

    assert nothing_is_there()


def test_an_officer_of_a_workplace_writes_its_minutes(cast: Cast, whole):
    assert write(cast, by=cast.grassroots, path=WORKS).hearing.path == WORKS


def once(cast: Cast, *, form="form-1", items=None, by=None, **changes):
    given = [demanded(), promised(cast)] if items is None else items
    return write_minutes_once(
        minutes(form=form, **changes), items=given, by=by or cast.officer, at=NOON
    )


def test_the_same_form_again_writes_nothing_twice(cast: Cast, whole):
    first, was_new = once(cast)
    second, is_new = once(cast)

    assert (first.pk, was_new, is_new) == (second.pk, True, False)
    assert (Hearing.objects.count(), Demand.objects.count(), Promise.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"text": f"{TEXT} And more."},
        {"held_on": DAY - dt.timedelta(days=1)},
        {"place": "The hall"},
        {"items": []},
    ],
)
def test_the_same_form_with_something_else_is_refused_and_leads_to_the_first(
    cast: Cast, whole, change
):
    first, _new = once(cast)

    with pytest.raises(WrittenOtherwise) as refused:
        once(cast, **change)

    assert refused.value.hearing == first
    assert Hearing.objects.count() == 1


def test_the_same_form_with_another_promised_day_is_refused(cast: Cast, whole):
    once(cast)

    with pytest.raises(WrittenOtherwise):
        once(cast, items=[demanded(), promised(cast, by_on=JULY + dt.timedelta(days=1))])


def test_two_people_may_have_forms_of_one_number(cast: Cast, whole):
    once(cast)
    once(cast, by=cast.second)

    assert Hearing.objects.count() == 2


def test_without_a_number_each_time_is_another_meeting(cast: Cast, whole):
    once(cast, form="")
    once(cast, form="")

    assert Hearing.objects.count() == 2


def test_two_clicks_at_once_write_one_meeting(committed):
    with within(WHOLE):
        cast = make_cast()

    def click(_time: int) -> bool:
        try:
            with within(cast.officer.scope):
                return once(cast)[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        news = list(pool.map(click, range(4)))

    with within(WHOLE):
        there = (Hearing.objects.count(), Demand.objects.count(), Promise.objects.count())
    assert (sorted(news), there) == ([False, False, False, True], (1, 1, 1))


def test_pieces_of_the_minutes_joined_are_the_minutes_and_lead_to_what_came_of_them(
    cast: Cast, whole
):
    written = write(cast)

    read = read_minutes(Hearing.objects.get())

    assert "".join(piece.text for piece in read.pieces) == TEXT
    assert [(one.text, one.demand, one.promise) for one in read.pieces] == [
        (DEMANDED, written.demands[0], None),
        ("\r\n", None, None),
        (PROMISED, None, written.promises[0]),
        (" It was hot.", None, None),
    ]


def test_of_two_same_sentences_only_the_marked_one_leads_on(cast: Cast, whole):
    item = Item(ItemKind.DEMAND, 7, 13)
    write_minutes(minutes("Water. Water."), items=[item], by=cast.officer, at=NOON)

    read = read_minutes(Hearing.objects.get())

    assert [(one.text, bool(one.demand)) for one in read.pieces] == [
        ("Water. ", False),
        ("Water.", True),
    ]


def test_meetings_are_listed_by_day_with_how_much_came_of_them(cast: Cast, whole):
    old = write(cast, held_on=DAY - dt.timedelta(days=9)).hearing
    new = write_minutes(minutes(), items=[demanded()], by=cast.officer, at=NOON).hearing

    listed = hearings(WantedHearings(), seen_by=cast.officer)

    assert [(one.pk, one.demanded, one.promised) for one in listed] == [
        (new.pk, 1, 0),
        (old.pk, 1, 1),
    ]


def test_meetings_are_narrowed_by_kind_and_days(cast: Cast, whole):
    written = write(cast, kind=HearingKind.MEETING).hearing

    def found(*wanted) -> list[Hearing]:
        return list(hearings(WantedHearings(*wanted), seen_by=cast.officer))

    assert found("meeting", DAY, DAY) == [written]
    assert found("open_door") == []
    assert found("", DAY + dt.timedelta(days=1)) == []
    assert found("", None, DAY - dt.timedelta(days=1)) == []


@pytest.mark.parametrize("is_locked", [False, True])
def test_meetings_are_seen_in_their_places_only_by_either_lock_alone(cast: Cast, whole, is_locked):
    number = write(cast).hearing.pk
    seen = {}
    for name in ("officer", "second", "province", "auditor", "neighbour", "grassroots", "liaison"):
        actor = getattr(cast, name)
        with within(actor.scope if is_locked else WHOLE):
            seen[name] = (
                hearing_seen_by(actor, number=number) is not None,
                hearings(WantedHearings(), seen_by=actor).count(),
                first_and_last_day(seen_by=actor),
            )

    those = {"officer", "second", "province", "auditor"}
    assert seen == {
        name: (True, 1, (DAY, DAY)) if name in those else (False, 0, None) for name in seen
    }


def test_the_second_lock_hides_minutes_from_a_body_that_promised_in_them(cast: Cast, whole):
    write(cast)

    enter(cast.liaison.scope)

    assert (Promise.objects.count(), Hearing.objects.count()) == (1, 0)


def test_a_body_reads_its_own_promises_and_no_others(cast: Cast, whole):
    write(cast)

    def seen(actor) -> int:
        return promises(WantedPromises(), seen_by=actor, today=DAY).count()

    assert [seen(cast.liaison), seen(cast.manager), seen(cast.other_liaison)] == [1, 1, 0]
    assert [seen(cast.neighbour), seen(cast.grassroots), seen(cast.worker)] == [0, 0, 0]


def test_whether_a_promise_is_overdue_follows_from_the_day_it_is_asked(cast: Cast, whole):
    (promise,) = write(cast).promises

    def overdue(today: dt.date) -> bool:
        found = promises(WantedPromises(Standing.OVERDUE.value), seen_by=cast.officer, today=today)
        return promise in found

    days = [JULY, JULY + dt.timedelta(days=1), JULY + dt.timedelta(days=5)]
    assert [overdue(day) for day in days] == [False, True, True]
    assert [days_late(promise, today=day) for day in days] == [0, 1, 5]


def judged(cast: Cast, promise: Promise, kept: Kept, why: str = "Seen on the slips.", **more):
    return judge_promise(
        promise,
        judgement=Judgement(kept, why, more.pop("stamp", None)),
        by=more.pop("by", cast.officer),
        at=more.pop("at", NOON),
    )


def test_promises_are_counted_by_how_they_stand(cast: Cast, whole):
    # By 1 July; asked on 25 June: 6 days ahead. The second fell due on 20 June: overdue.
    write(cast)
    late = promised(cast, by_on=dt.date(2026, 6, 20))
    items = [replace(late, start=at, end=at + 1) for at in range(4)]
    others = write_minutes(minutes("abcd"), items=items, by=cast.officer, at=NOON).promises
    for promise, kept in zip(others[1:], [Kept.KEPT, Kept.PARTLY, Kept.BROKEN], strict=True):
        judged(cast, promise, kept)

    count = promise_tally(seen_by=cast.officer, today=dt.date(2026, 6, 25))

    assert (count.open, count.week, count.overdue) == (2, 1, 1)
    assert (count.kept, count.partly, count.broken) == (1, 1, 1)
    assert promise_tally(seen_by=cast.neighbour, today=DAY).open == 0


def test_what_falls_due_in_seven_days_is_due_within_a_week_and_in_eight_not(cast: Cast, whole):
    write(cast)  # by 1 July

    counted = [
        promise_tally(seen_by=cast.officer, today=dt.date(2026, 6, day)).week for day in (23, 24)
    ]

    assert counted == [0, 1]


def test_promises_are_narrowed_by_body_meeting_and_how_they_came_out(cast: Cast, whole):
    written = write(cast)
    judged(cast, written.promises[0], Kept.BROKEN)

    def found(**wanted) -> int:
        return promises(WantedPromises(**wanted), seen_by=cast.officer, today=DAY).count()

    assert found(standing="broken", body=cast.labour_office.pk, hearing=written.hearing.pk) == 1
    assert found(standing="kept") == 0
    assert found(body=cast.social_security.pk) == 0
    assert found(hearing=written.hearing.pk + 1) == 0


def test_a_promise_about_a_demand_stands_in_the_register_too(cast: Cast, whole):
    demand = route(cast, hear(cast))
    promise = promise_day(demand, text="On Sunday.", by_on=JULY, by=cast.liaison, at=NOON)

    found = promises(WantedPromises(), seen_by=cast.manager, today=DAY)

    assert [(one.pk, one.demand_id) for one in found] == [(promise.pk, demand.pk)]


def test_a_judgement_says_how_it_is_known(cast: Cast, whole):
    (promise,) = write(cast).promises

    with pytest.raises(ReasonMissing):
        judged(cast, promise, Kept.KEPT, "  ")
    judged(cast, promise, Kept.KEPT)

    promise.refresh_from_db()
    assert (promise.kept, promise.judged_why) == ("kept", "Seen on the slips.")
    assert (promise.judged_by, promise.judged_at) == ("Officer", NOON)


def test_a_judgement_is_corrected_and_the_journal_keeps_each(cast: Cast, whole):
    (promise,) = write(cast).promises
    first = judged(cast, promise, Kept.KEPT)
    later = NOON + dt.timedelta(hours=1)
    second = judged(cast, first, Kept.BROKEN, "The slips were false.", at=later)

    entries = Entry.objects.filter(deed="promise.judged").order_by("id")

    assert [(one.detail["kept"], one.detail["before"], one.why) for one in entries] == [
        ("kept", "open", "Seen on the slips."),
        ("broken", "kept", "The slips were false."),
    ]
    assert [one.why for one in earlier_judgements([second])[promise.pk]] == ["Seen on the slips."]


def test_earlier_judgements_of_a_promise_about_a_demand_are_found_in_its_case(cast: Cast, whole):
    demand = route(cast, hear(cast))
    promise = promise_day(demand, text="On Sunday.", by_on=JULY, by=cast.liaison, at=NOON)
    judged(cast, promise, Kept.KEPT)
    now = judged(cast, promise, Kept.PARTLY, "Half.", at=NOON + dt.timedelta(hours=1))

    assert [one.detail["kept"] for one in earlier_judgements([now])[promise.pk]] == ["kept"]


def test_a_judgement_can_be_taken_back(cast: Cast, whole):
    (promise,) = write(cast).promises
    judged(cast, promise, Kept.KEPT)

    back = judged(cast, promise, Kept.OPEN, "That was another promise.")

    assert days_late(back, today=JULY + dt.timedelta(days=2)) == 2


def test_who_judges_what_somebody_judged_meanwhile_is_refused(cast: Cast, whole):
    (promise,) = write(cast).promises
    read = stamp_of(promise)
    judged(cast, promise, Kept.KEPT, stamp=read)

    with pytest.raises(JudgedMeanwhile):
        judged(cast, promise, Kept.BROKEN, stamp=read, by=cast.second)

    promise.refresh_from_db()
    assert promise.kept == "kept"


@pytest.mark.parametrize(
    "who", ["liaison", "manager", "auditor", "neighbour", "grassroots", "other_liaison"]
)
def test_who_may_not_judge_changes_nothing(cast: Cast, whole, who):
    (promise,) = write(cast).promises

    with pytest.raises(NotAllowed):
        judged(cast, promise, Kept.KEPT, by=getattr(cast, who))

    promise.refresh_from_db()
    assert promise.kept == "open"


def test_one_promise_is_seen_by_its_places_and_its_body_only(cast: Cast, whole):
    number = write(cast).promises[0].pk
    names = ["officer", "province", "auditor", "liaison", "other_liaison", "neighbour", "worker"]

    seen = [promise_seen_by(getattr(cast, one), number=number) is not None for one in names]

    assert seen == [True, True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("words", "likely"),
    [
        ("The director promised to pay half by July.", ItemKind.PROMISE),
        ("They will answer in writing by the tenth.", ItemKind.PROMISE),
        ("رئیس اداره قول داد حقوق‌ها را بدهد.", ItemKind.PROMISE),
        ("مدیر متعهد شد سرویس را راه بیندازد.", ItemKind.PROMISE),
        ("پرداخت تا پایان خرداد انجام می‌شود.", ItemKind.PROMISE),
        ("局长承诺六月底前补发工资。", ItemKind.PROMISE),
        ("厂方答应换掉坏的机器。", ItemKind.PROMISE),
        ("劳动局将于七月答复。", ItemKind.PROMISE),
        ("We want our wages of spring.", ItemKind.DEMAND),
        ("ما خواستار پرداخت حقوق بهار هستیم.", ItemKind.DEMAND),
        ("The room was full.", None),
        ("The goodwill of all was felt.", None),
    ],
)
def test_words_make_a_demand_or_a_promise_likely(words, likely):
    assert [one.likely for one in cut_minutes(words)] == [likely]


def test_sentences_hold_all_words_and_tell_same_ones_apart():
    cut = cut_minutes("Water. Water.\r\nBread.")

    assert [(one.start, one.end, one.text) for one in cut] == [
        (0, 6, "Water."),
        (7, 13, "Water."),
        (15, 21, "Bread."),
    ]
    assert len({one.key for one in cut}) == 3


def test_the_key_of_a_sentence_stays_when_others_change():
    before, after = cut_minutes("Water. Bread."), cut_minutes("Water and more. And so on. Bread.")

    assert before[-1].key == after[-1].key


def test_far_too_many_sentences_are_put_together_a_few_at_a_time():
    # 6,000 lines, so six at a time: 1,000 parts.
    text = "\n".join(f"a{number}" for number in range(6_000))

    cut = cut_minutes(text)

    assert len(cut) == PARTS_MAX
    assert "\n".join(one.text for one in cut) == text
    assert cut[0].text == "a0\na1\na2\na3\na4\na5"


def test_minutes_of_another_county_are_not_written_by_the_second_lock(cast: Cast, whole):
    enter(cast.officer.scope)

    with pytest.raises(NotAllowed):
        write(cast, path=GOLANDASHT)
