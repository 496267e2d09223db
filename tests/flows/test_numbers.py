from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

import pytest

from redress.demands.models import Demand
from redress.demands.number_choices import OF_DEMANDS, OF_HOLDINGS, SHARES, Span
from redress.demands.number_facts import Facts
from redress.demands.number_groups import By, grouping
from redress.demands.number_rows import FOUND, SAID, rows
from redress.demands.number_standing import facts
from redress.demands.numbers import Age, Figures, Time, figures, figures_by, rows_behind
from redress.demands.pursue import accept_excuse, return_demand
from redress.demands.resolve import (
    Reply,
    answer_demand,
    confirm_solved,
    dispute_answer,
    fall_silent,
    leave_it_there,
    withdraw_demand,
)
from redress.demands.route import recall_demand, route_demand
from redress.demands.sort import merge_demand, unmerge_demand
from redress.demands.states import Claim, Found, HeldBack, Said
from redress.demands.verify import verify_answer
from redress.registers.accounts.roles import SYSTEM, Actor
from redress.registers.offices.models import Tenure
from redress.registers.offices.scope import within
from redress.values.calendars import Calendar
from redress.values.days import local_day
from tests.conftest import DAY, GOLANDASHT, NOON, WORKS, Cast, answer, hear, later, route
from tests.flows.told_history import Told, make_history, told

pytestmark = pytest.mark.usefixtures("whole")
WATCHED = dt.timedelta(days=90)
A, B, C, D = (f"{number:064x}" for number in range(4))


def on(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def known(by: Actor, days: int) -> Facts:
    with within(by.scope):
        return facts(rows(seen_by=by, with_words=True), until=on(days))


def count(by: Actor, since: int, until: int) -> Figures:
    return figures(known(by, until), Span(on(since), on(until)))


def counts(by: Actor, since: int, until: int, *names: str) -> tuple[int, ...]:
    found = count(by, since, until)
    return tuple(found.counts[name] for name in names)


def due_on(demand: Demand) -> dt.date:
    return Demand.objects.get(pk=demand.pk).due_on


def test_what_came_less_what_ended_is_what_is_left(cast: Cast):
    confirm_solved(answer(cast, hear(cast, receipt=A)), by=cast.officer, at=later(5))
    withdraw_demand(hear(cast, receipt=B), by=cast.officer, at=later(6))
    hear(cast, receipt=C, at=later(3))
    hear(cast, receipt=D, at=later(9))

    # Days 0 to 8: three came, two ended; one was left. On day 9 another came.
    names = ("received", "ended", "pending")
    assert counts(cast.officer, 0, 8, *names) == (3, 2, 1)
    assert counts(cast.officer, 9, 9, *names) == (1, 0, 2)
    assert count(cast.officer, 0, 8).share("clearance") == 2 / 3


def test_workers_are_counted_beside_demands(cast: Cast):
    hear(cast, receipt=A, workers_count=40)
    withdraw_demand(hear(cast, receipt=B, workers_count=7), by=cast.officer, at=NOON)

    assert count(cast.officer, 0, 0).workers == {"received": 47, "pending": 40}


def test_an_old_demand_counts_on_the_day_it_was_raised_and_its_age_from_then(cast: Cast):
    hear(cast, receipt=A, heard_on=on(-400))
    hear(cast, receipt=B, heard_on=on(-10))
    hear(cast, receipt=C)

    found = count(cast.officer, -15, 5)
    assert (found.counts["received"], found.counts["pending"]) == (2, 3)
    # On day 5 they are 405, 15 and 5 days old.
    assert found.ages["pending"] == Age(median=15, oldest=405)


def test_a_demand_that_is_disputed_after_its_end_is_opened_again_and_may_end_twice(cast: Cast):
    demand = confirm_solved(answer(cast, hear(cast)), by=cast.officer, at=later(1))
    dispute_answer(demand, said=Said.NOT_SOLVED, by=cast.officer, at=later(11))
    answer_demand(demand, reply=Reply("x"), by=cast.liaison, at=later(12))
    confirm_solved(demand, by=cast.officer, at=later(13))

    names = ("received", "opened_again", "ended", "pending", "ended_answered", "verified")
    assert counts(cast.officer, 0, 10, *names) == (1, 0, 1, 0, 0, 0)
    assert counts(cast.officer, 11, 12, *names) == (0, 1, 0, 1, 0, 0)
    # What came in was 1 + 1, what ended 2; only the end that stands is an end as solved.
    assert counts(cast.officer, 0, 20, *names) == (1, 1, 2, 0, 1, 1)
    assert count(cast.officer, 0, 20).share("clearance") == 2 / 2


def test_reopening_is_told_of_ends_that_were_watched_for_ninety_days(cast: Cast):
    soon = confirm_solved(answer(cast, hear(cast, receipt=A)), by=cast.officer, at=later(1))
    dispute_answer(soon, said=Said.NOT_SOLVED, by=cast.officer, at=later(91))
    late = confirm_solved(answer(cast, hear(cast, receipt=B)), by=cast.officer, at=later(1))
    dispute_answer(late, said=Said.NOT_SOLVED, by=cast.officer, at=later(92))
    withdraw_demand(hear(cast, receipt=C), by=cast.officer, at=later(1))

    # Ended on day 1: opened 90 and 91 days later; who took it back cannot open it.
    assert counts(cast.officer, 0, 91, "watched", "opened_in_90") == (2, 1)
    assert count(cast.officer, 0, 91).share("opened_again_share") == 1 / 2
    # On day 90 nobody can tell yet.
    assert count(cast.officer, 0, 90).share("opened_again_share") is None


def test_a_reopening_stands_against_the_body_whose_answer_had_ended_the_demand(cast: Cast):
    demand = answer(cast, hear(cast))
    dispute_answer(demand, said=Said.PARTLY, by=cast.officer, at=later(1))
    answer_demand(demand, reply=Reply("x"), by=cast.liaison, at=later(2))
    confirm_solved(demand, by=cast.officer, at=later(3))
    dispute_answer(demand, said=Said.NOT_SOLVED, by=cast.officer, at=later(40))
    route(cast, hear(cast, receipt=B), at=later(100))

    # Of two answers one ended it, on day 3, and was opened again on day 40; the other ended nothing.
    names = ("answers", "answers_watched", "answers_opened")
    assert counts(cast.liaison, 0, 100, *names) == (2, 1, 1)
    assert counts(cast.liaison, 4, 100, *names[1:]) == (0, 0)
    # Sent four times, of which two were answered; two lie there, for 70 and 10 days.
    found = count(cast.liaison, 0, 110)
    assert found.share("handled_share") == 2 / 4
    assert found.ages["lying"] == Age(median=70, oldest=70)


def test_what_the_union_found_verifies_what_no_word_of_the_worker_did(cast: Cast):
    quiet, spoken, unseen = (answer(cast, hear(cast, receipt=one)) for one in (A, B, C))
    for one in (quiet, unseen):
        fall_silent(one, by=SYSTEM, at=later(32))
    confirm_solved(spoken, by=cast.officer, at=later(32))
    verify_answer(quiet, found=Found.NOT_SOLVED, text="x", by=cast.officer, at=later(33))
    verify_answer(quiet, found=Found.SOLVED, text="Paid.", by=cast.officer, at=later(34))

    # Of three that ended after an answer the worker says it of one, and the union found it of another.
    assert count(cast.officer, 0, 40).share("verified_share") == 2 / 3


def test_what_the_union_found_of_an_earlier_answer_verifies_no_later_one(cast: Cast):
    demand = answer(cast, hear(cast))
    verify_answer(demand, found=Found.SOLVED, text="x", by=cast.officer, at=later(1))
    dispute_answer(demand, said=Said.NOT_SOLVED, by=cast.officer, at=later(2))
    answer_demand(demand, reply=Reply("No.", Claim.REFUSED), by=cast.liaison, at=later(3))
    leave_it_there(demand, said=Said.NOT_SOLVED, by=cast.officer, at=later(4))

    assert count(cast.officer, 0, 10).share("verified_share") == 0 / 1


def test_silence_is_its_own_kind_and_a_later_word_counts_in_its_place(cast: Cast):
    demand = answer(cast, hear(cast))
    fall_silent(demand, by=SYSTEM, at=later(32))

    quiet = count(cast.officer, 0, 40)
    assert (quiet.share("silent_share"), quiet.share("satisfied_share")) == (1.0, 0.0)
    assert quiet.share("verified_share") == 0 / 1
    confirm_solved(demand, by=cast.officer, at=later(50))
    spoken = count(cast.officer, 0, 60)
    assert (spoken.share("silent_share"), spoken.share("satisfied_share")) == (0.0, 1.0)
    # It ended once, on the day that the clock stopped.
    assert counts(cast.officer, 32, 32, "ended") == (1,)
    assert counts(cast.officer, 33, 60, "ended") == (0,)


def test_an_answer_that_waits_for_a_word_is_in_no_share(cast: Cast):
    answer(cast, hear(cast, receipt=A))
    confirm_solved(answer(cast, hear(cast, receipt=B)), by=cast.officer, at=later(1))

    found = count(cast.officer, 0, 5)
    assert (found.counts["answers"], found.counts["judged"]) == (2, 1)
    assert found.share("satisfied_share") == 1.0


def test_a_disputed_answer_stays_disputed_whatever_comes_later(cast: Cast):
    demand = answer(cast, hear(cast), claim=Claim.SOLVED)
    dispute_answer(demand, said=Said.PARTLY, by=cast.officer, at=later(2))
    answer_demand(demand, reply=Reply("x"), by=cast.liaison, at=later(4))
    confirm_solved(demand, by=cast.officer, at=later(5))

    names = ("sent", "answers", "judged", "disputed", "satisfied")
    assert counts(cast.officer, 0, 9, *names) == (2, 2, 2, 1, 1)


def test_a_holding_tells_whether_it_was_sent_again_after_a_dispute(cast: Cast):
    demand = answer(cast, hear(cast))
    dispute_answer(demand, said=Said.PARTLY, by=cast.officer, at=later(2))
    return_demand(demand, why="x", by=cast.liaison, at=later(3))
    route_demand(demand, to=cast.social_security, by=cast.officer, at=later(4))

    # By the union, by the dispute, and by the union after the return.
    assert known(cast.officer, 9).holdings.is_again.tolist() == [False, True, False]


def test_on_time_is_answered_by_the_last_day_and_late_counts_from_the_day_after(cast: Cast):
    punctual, late = (route(cast, hear(cast, receipt=one)) for one in (A, B))
    last = due_on(punctual)
    after = (last - DAY).days + 1
    answer_demand(punctual, reply=Reply("x"), by=cast.liaison, at=later(after - 1))
    answer_demand(late, reply=Reply("x"), by=cast.liaison, at=later(after + 3))

    names = ("on_time", "late", "lying", "lying_late")
    assert counts(cast.officer, 0, after - 1, *names) == (1, 0, 1, 0)
    # It was late on the day after its last, though the answer came three days later.
    assert counts(cast.officer, after, after, *names) == (0, 1, 1, 1)
    assert counts(cast.officer, after + 1, after + 9, *names) == (0, 0, 0, 0)
    assert count(cast.officer, 0, after + 9).share("on_time_share") == 1 / 2


def test_an_accepted_reason_leaves_it_late_and_in_the_share(cast: Cast):
    demand = route(cast, hear(cast))
    after = (due_on(demand) - DAY).days + 1
    accept_excuse(demand, why="x", by=cast.officer, at=later(after))

    assert counts(cast.officer, 0, after, "late", "excused", "on_time") == (0, 1, 0)
    assert count(cast.officer, 0, after).share("on_time_share") == 0.0


def test_what_is_returned_in_time_is_a_bounce_and_neither_on_time_nor_late(cast: Cast):
    demand = route(cast, hear(cast))
    return_demand(demand, why="x", by=cast.liaison, at=later(2))
    route_demand(demand, to=cast.social_security, by=cast.officer, at=later(3))
    recall_demand(demand, why="x", by=cast.officer, at=later(4))

    found = count(cast.officer, 0, 9)
    assert (found.counts["sent"], found.counts["returned"]) == (2, 1)
    assert found.share("returned_share") == 1 / 2
    assert found.share("on_time_share") is None


def test_the_time_until_an_answer_counts_what_still_waits(cast: Cast):
    for receipt, days in ((A, 10), (B, 20)):
        demand = route(cast, hear(cast, receipt=receipt))
        answer_demand(demand, reply=Reply("x"), by=cast.liaison, at=later(days))
    for receipt in (C, D):
        hear(cast, receipt=receipt)

    # Of four, two are answered after 10 and 20 days: by day 20 half are. The two others still wait;
    # the mean of the answered would have said 15.
    first = count(cast.officer, 0, 30).times["first_answer"]
    assert (first.median, first.cases, first.waiting) == (20, 4, 2)
    assert count(cast.officer, 0, 19).times["first_answer"].median is None


def test_who_took_it_back_unanswered_counts_as_never_answered(cast: Cast):
    answer_demand(
        route(cast, hear(cast, receipt=A)), reply=Reply("x"), by=cast.liaison, at=later(10)
    )
    for receipt in (B, C):
        withdraw_demand(hear(cast, receipt=receipt), by=cast.officer, at=later(2))

    # One of three had an answer; were the other two left out, half would have had one by day 10.
    first = count(cast.officer, 0, 30).times["first_answer"]
    assert first == Time(median=None, low=first.low, high=None, cases=3, waiting=2)
    assert count(cast.officer, 0, 30).times["closing"].median == 2


def test_a_merged_demand_counts_with_the_other_and_again_when_it_is_taken_out(cast: Cast):
    one = hear(cast, receipt=A, contact="0912", workers_count=9)
    hear(cast, receipt=B, workers_count=9)
    two = hear(cast, receipt=C, contact="0912", workers_count=50)
    merge_demand(two, into=one, by=cast.officer, at=NOON)

    # Demands one and B's: 50 workers, the larger number of the two that are followed together, and 9.
    found = count(cast.officer, 0, 30)
    assert (found.counts["received"], found.workers["received"]) == (2, 59)
    route(cast, one, at=later(1))
    unmerge_demand(two, why="x", by=cast.officer, at=later(5))
    # What the other went through meanwhile is the other's alone.
    assert counts(cast.officer, 0, 30, "received", "sent") == (3, 1)


def test_what_is_held_back_does_not_count(cast: Cast):
    hear(cast, held_back=HeldBack.TOO_FAST)

    assert counts(cast.officer, 0, 1, "received", "pending") == (0, 0)


def test_each_row_tells_days_words_and_findings(cast: Cast):
    demand = route(cast, hear(cast), at=later(4))
    answer_demand(demand, reply=Reply("x"), by=cast.liaison, at=later(9))
    verify_answer(demand, found=Found.NOT_SOLVED, text="x", by=cast.officer, at=later(10))
    dispute_answer(demand, said=Said.NOT_SOLVED, by=cast.officer, at=later(11))

    row = known(cast.officer, 20).demands
    # Union 4, body 5 + 9, worker 2: together 20 days of the worker's clock.
    assert [row.with_union[0], row.with_body[0], row.with_worker[0], row.with_nobody[0]] == [
        *(4, 14, 2, 0)
    ]
    assert SAID[row.said[0] - 1] == Said.NOT_SOLVED
    assert FOUND[row.found[0] - 1] == Found.NOT_SOLVED


def test_groups_are_parts_that_add_up_to_the_whole(cast: Cast):
    make_history(cast, 30, seed=5, until=NOON)
    found, span = known(cast.province, 0), Span(on(-600), DAY)
    whole = figures(found, span)

    for by in By:
        parts = figures_by(found, span, grouping(found, by, calendar=Calendar.SOLAR_HIJRI))
        for name in whole.counts:
            if all(name in part.counts for part in parts):
                assert sum(part.counts[name] for part in parts) == whole.counts[name], (by, name)


def test_a_manager_answers_for_what_falls_in_the_own_time(cast: Cast):
    demand = route(cast, hear(cast))
    after = (due_on(demand) - DAY).days + 1
    body = cast.labour_office
    for name, since, until in (("Old", -900, after - 1), ("New", after, None)):
        Tenure.objects.create(
            body=body,
            person_name=name,
            function="manager",
            since_on=on(since),
            until_on=None if until is None else on(until),
        )
    found, span = known(cast.officer, after + 2), Span(on(-1), on(after + 2))
    groups = grouping(found, By.MANAGER, calendar=Calendar.GREGORIAN)

    nobody, old, new = figures_by(found, span, groups)
    assert [label.split(" · ")[0] for label in groups.labels] == ["", "Old", "New"]
    # Sent in the old one's time; it became late, and lies there, in the new one's.
    assert (old.counts["sent"], old.counts["late"], old.counts["lying"]) == (1, 0, 0)
    assert (new.counts["sent"], new.counts["late"], new.counts["lying"]) == (0, 1, 1)
    assert sum(nobody.counts.values()) == 0


def test_a_cohort_year_is_of_the_readers_calendar(cast: Cast):
    # 21 March 2026 is the first day of 1405.
    hear(cast, receipt=A, heard_on=dt.date(2026, 3, 20))
    hear(cast, receipt=B, heard_on=dt.date(2026, 3, 21))
    found, span = known(cast.officer, 0), Span(on(-300), DAY)

    def by_year(calendar: Calendar) -> dict[str, int]:
        years = grouping(found, By.YEAR, calendar=calendar)
        parts = figures_by(found, span, years)
        return {
            label: one.counts["pending"] for label, one in zip(years.labels, parts, strict=True)
        }

    assert by_year(Calendar.SOLAR_HIJRI) == {"1404": 1, "1405": 1}
    assert by_year(Calendar.GREGORIAN) == {"2026": 2}


def test_officers_count_their_own_places_and_no_others(cast: Cast):
    hear(cast, receipt=A)
    hear(cast, receipt=B, path=WORKS)
    hear(cast, receipt=C, path=GOLANDASHT)

    seen = {
        name: count(getattr(cast, name), 0, 0).counts["received"]
        for name in ("officer", "grassroots", "neighbour", "province", "auditor", "admin")
    }
    assert list(seen.values()) == [2, 1, 1, 3, 3, 0]


def test_the_first_lock_holds_alone_when_the_second_is_open(cast: Cast):
    hear(cast, receipt=A)
    hear(cast, receipt=B, path=GOLANDASHT)

    # The whole scope is set, so only the query's own choice is at work.
    for actor, wanted in ((cast.officer, 1), (cast.neighbour, 1), (cast.province, 2)):
        assert len(facts(rows(seen_by=actor), until=DAY).demands.number) == wanted
    assert len(facts(rows(seen_by=cast.worker), until=DAY).demands.number) == 0


def test_a_body_counts_its_own_holdings_also_those_that_have_gone_on(cast: Cast):
    demand = route(cast, hear(cast))
    return_demand(demand, why="x", by=cast.liaison, at=later(2))
    route_demand(demand, to=cast.social_security, by=cast.officer, at=later(3))
    answer(cast, hear(cast, receipt=B), at=later(4))

    def own(by: Actor) -> tuple[int, ...]:
        found = figures(known(by, 9), Span(DAY, on(9)), of_demands=False)
        return tuple(found.counts[name] for name in ("sent", "returned", "lying", "answers"))

    assert own(cast.liaison) == (2, 1, 0, 1)
    assert own(cast.other_liaison) == (1, 0, 1, 0)
    # The union counts the same for each body.
    found, span = known(cast.officer, 9), Span(DAY, on(9))
    groups = grouping(found, By.BODY, calendar=Calendar.GREGORIAN)
    for key, one in zip(groups.keys, figures_by(found, span, groups), strict=True):
        mine = cast.liaison if key == str(cast.labour_office.pk) else cast.other_liaison
        told_one = tuple(one.counts[name] for name in ("sent", "returned", "lying", "answers"))
        assert told_one == own(mine)


def test_a_demand_of_another_body_is_in_no_figure_of_a_body(cast: Cast):
    route(cast, hear(cast))

    assert len(known(cast.other_liaison, 0).holdings.demand) == 0


AFTER_AN_ANSWER = {"resolved", "partly", "refused", "moved", "by_sample", "silent"}


def counted(histories: list[Told], span: Span) -> dict[str, Counter]:
    """Count everything in the plainest way, each figure as the numbers of its demands."""

    def inside(day: dt.date | None) -> bool:
        return day is not None and span.since <= day <= span.until

    found: dict[str, Counter] = defaultdict(Counter)
    for one in histories:

        def note(name: str, condition: bool, one: Told = one) -> None:
            found[name][one.demand.pk] += int(condition)

        note("received", inside(one.demand.heard_on))
        note("pending", one.is_open)
        for day, how, opened in one.ends:
            ended, solved = inside(day), how == "resolved"
            watched = ended and how != "withdrawn" and day + WATCHED <= span.until
            note("ended", ended)
            note("opened_again", inside(opened))
            seen = one.demand.verifications.last()
            answers = [held.until for held in one.holdings if held.how == "answered"]
            seen_solved = (
                seen is not None
                and seen.found == "solved"
                and local_day(seen.at, country="ir") >= max(answers, default=seen.at.date())
            )
            note("verified", ended and (solved or (how in AFTER_AN_ANSWER and seen_solved)))
            note("ended_answered", ended and how in AFTER_AN_ANSWER)
            note("watched", watched)
            note("opened_in_90", watched and opened is not None and opened <= day + WATCHED)
        for held in one.holdings:
            late, fate = held.late_on is not None, held.fate
            answered = held.how == "answered" and inside(held.until)
            note("sent", inside(held.since))
            note("returned", inside(held.since) and held.how == "returned")
            note("lying", held.how == "running")
            note("lying_late", held.how == "running" and late)
            note("on_time", answered and not late)
            note("late", inside(held.late_on) and not held.excused)
            note("excused", inside(held.late_on) and held.excused)
            note("answers", answered)
            watched = (
                inside(held.ended) and fate != "withdrawn" and held.ended + WATCHED <= span.until
            )
            soon = held.opened is not None and watched and held.opened <= held.ended + WATCHED
            note("handled", inside(held.until))
            note("answers_watched", watched)
            note("answers_opened", soon)
            note("judged", answered and fate != "waits")
            note("satisfied", answered and fate == "resolved")
            note("left", answered and fate == "partly")
            note("disputed", answered and fate == "disputed")
            note("silent", answered and fate == "silent")
            note("otherwise", answered and fate in {"withdrawn", "opened_again"})
    return found


@pytest.mark.parametrize("seed", [2, 4])
def test_figures_from_holds_are_what_journal_and_answers_tell_one_by_one(cast: Cast, seed):
    make_history(cast, 90, seed=seed, until=NOON)
    kept = Demand.objects.filter(held_back="")

    for since, until in ((-900, 0), (-60, -30), (-900, -200)):
        span = Span(on(since), on(until))
        histories = [told(one, span.until) for one in kept.filter(heard_on__lte=span.until)]
        wanted, found = counted(histories, span), known(cast.province, until)
        whole = figures(found, span)
        for name in [*OF_DEMANDS, *OF_HOLDINGS]:
            behind = [number for number, many in sorted(wanted[name].items()) if many]
            assert whole.counts[name] == sum(wanted[name].values()), (name, span)
            assert rows_behind(found, span, name) == behind, (name, span)
            assert until or behind, f"{name} is never tried"
    for name, share in SHARES.items():
        assert len(rows_behind(found, span, name)) <= sum(whole.counts[one] for one in share.among)
