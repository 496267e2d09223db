"""Finding demands by words: however typed, within one's own places, and by nothing hidden."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from redress.demands import search
from redress.demands.add import add_words
from redress.demands.backlog import TooShort, Wanted, wanted_demands
from redress.demands.mark import mark_demand
from redress.demands.models import Demand
from redress.demands.pursue import return_demand
from redress.demands.resolve import Reply, answer_demand, dispute_answer
from redress.demands.route import recall_demand, route_demand
from redress.demands.states import Said
from redress.demands.take_over import correct_demand
from redress.registers.accounts.roles import Actor
from redress.registers.offices.scope import Scope, enter, within
from redress.values.places import EVERYWHERE, PathRange, path_below
from redress.values.spans import Span, SpanKind
from tests.conftest import DAY, GOLANDASHT, NILKUH, NOON, WORKS, Cast, hear, later, route, sort

pytestmark = pytest.mark.usefixtures("whole")


def found(by: Actor, words: str) -> list[int]:
    """Search as at one's desk: both locks are on."""
    with within(by.scope):
        listed = wanted_demands(Wanted(words=words), seen_by=by, today=DAY)
        return sorted(one.pk for one in listed)


def found_directly(by: Actor | Scope, query: str) -> list[int]:
    """Call the database's function itself, past all our code."""
    scope = by if isinstance(by, Scope) else by.scope
    with within(scope), connection.cursor() as cursor:
        cursor.execute("SELECT demands_found(%s::tsquery, 99)", [query])
        return sorted(number for (number,) in cursor.fetchall())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("حقوق ما را نمي‌دهند", "نمی دهند"),  # an Arabic yeh, a joiner; asked for with a space
        ("حقوق ما را نمی دهند", "نمی‌دهند"),
        ("كارگران نساجي", "کارگران نساجی"),  # Arabic kaf and yeh
        ("کارگران نساجی", "كارگران نساجي"),
        ("خانه‌های کارگری", "خانه های"),
        ("سه ماه، ۱۵٬۰۰۰٬۰۰۰ ریال", "15000000"),
        ("拖欠我们三个月工资", "三个月"),
        ("拖欠我们三个月工资", "工资"),
        ("Pay us the three MONTHS you owe us.", "months"),
        ("Pay us the three months.", "MONTHS, three"),
    ],
)
def test_a_demand_is_found_however_its_words_are_typed(cast: Cast, text, words):
    demand = hear(cast, text)

    assert found(cast.officer, words) == [demand.pk]


@pytest.mark.parametrize("words", ["years", "three years", "مزد", "奖金", "***"])
def test_what_is_not_in_a_demand_does_not_find_it(cast: Cast, words):
    hear(cast, "Pay us the three months 三个月工资 حقوق")

    assert found(cast.officer, words) == []


def test_one_chinese_character_is_too_short_and_two_are_enough(cast: Cast):
    demand = hear(cast, "拖欠工资")

    with pytest.raises(TooShort):
        found(cast.officer, "工")
    assert found(cast.officer, "工资") == [demand.pk]


def test_the_employer_and_the_workplace_are_found_too(cast: Cast):
    demand = hear(cast, "Pay us.", employer="Mehregan Textiles", workplace="Hall Seven")

    assert found(cast.officer, "mehregan") == found(cast.officer, "seven") == [demand.pk]
    correct_demand(demand, changed={"employer": "Sepid Yarn"}, by=cast.officer, at=NOON)
    assert found(cast.officer, "mehregan") == []
    assert found(cast.officer, "sepid") == [demand.pk]


def test_signs_of_the_query_language_are_words_and_not_commands(cast: Cast):
    hear(cast, "Pay us.")

    for typed in ("!pay", "pay | years", "'", "\\", "pay:*", "(", "@ir.", f"#{9}", "' & '"):
        assert found(cast.officer, typed) in ([], [Demand.objects.get().pk])
    assert found(cast.officer, "pay | years") == []


def test_an_officer_finds_what_lies_in_the_place_and_below_it_and_nothing_else(cast: Cast):
    here = hear(cast, "Pay us.", receipt="1" * 64)
    below = hear(cast, "Pay us.", receipt="2" * 64, path=WORKS)
    elsewhere = hear(cast, "Pay us.", receipt="3" * 64, path=GOLANDASHT)

    assert found(cast.officer, "pay") == [here.pk, below.pk]
    assert found(cast.grassroots, "pay") == [below.pk]
    assert found(cast.neighbour, "pay") == [elsewhere.pk]
    assert found(cast.province, "pay") == [here.pk, below.pk, elsewhere.pk]
    for nobody in (cast.liaison, cast.admin, cast.worker, cast.stranger):
        assert found(nobody, "pay") == []


ESCAPES = ["'pay'", "!'years'", "'pay' | '@ir.sp.gd.'", "'@ir.sp.gd.'", "'@ir.'", "!'#0'"]


@pytest.mark.parametrize("query", ESCAPES)
def test_the_databases_own_function_gives_nothing_of_another_place_whatever_it_is_asked(
    cast: Cast, query
):
    here = hear(cast, "Pay us.", receipt="1" * 64)
    hear(cast, "Pay us.", receipt="2" * 64, path=GOLANDASHT)

    assert set(found_directly(cast.officer, query)) <= {here.pk}
    for nobody in (cast.liaison, cast.admin, cast.worker, cast.stranger, Scope()):
        assert found_directly(nobody, query) == []


def test_a_scope_that_is_no_place_finds_nothing(cast: Cast):
    hear(cast, "Pay us.")

    for places in (PathRange("ir.", "ir0"), PathRange("ir.sp.nk.", "~"), PathRange("a", "z")):
        assert found_directly(Scope(places), "'pay'") == []
    assert found_directly(Scope(EVERYWHERE), "'pay'") != []


def test_a_body_finds_what_lies_with_it_and_not_what_lies_with_another(cast: Cast):
    first = route(cast, hear(cast, "Pay us.", receipt="1" * 64))
    second = hear(cast, "Pay us.", receipt="2" * 64)
    sort(cast, second)
    route_demand(second, to=cast.social_security, by=cast.officer, at=NOON)

    assert found(cast.liaison, "pay") == found_directly(cast.liaison, "'pay'") == [first.pk]
    assert found(cast.other_liaison, "pay") == [second.pk]
    other = cast.social_security.pk
    assert found_directly(cast.liaison, f"'#{other}'") == []
    assert found_directly(cast.liaison, f"'pay' | '#{other}'") == [first.pk]


def test_a_body_finds_a_demand_no_more_when_it_is_taken_from_it(cast: Cast):
    demand = route(cast, hear(cast, "Pay us."))

    recall_demand(demand, why="x", by=cast.officer, at=NOON)

    assert found(cast.liaison, "pay") == found_directly(cast.liaison, "'pay'") == []
    assert found(cast.officer, "pay") == [demand.pk]


def test_a_body_that_gave_a_demand_back_finds_it_until_another_has_it(cast: Cast):
    demand = route(cast, hear(cast, "Pay us."))
    return_demand(demand, why="x", by=cast.liaison, at=NOON)
    assert found(cast.liaison, "pay") == [demand.pk]

    route_demand(demand, to=cast.social_security, by=cast.officer, at=NOON)

    assert found_directly(cast.liaison, "'pay'") == []
    assert found_directly(cast.other_liaison, "'pay'") == [demand.pk]


def test_bodies_that_answer_together_find_it_and_after_a_dispute_still_do(cast: Cast):
    demand = hear(cast, "Pay us.")
    sort(cast, demand)
    together = [cast.social_security]
    route_demand(demand, to=cast.labour_office, joint=together, by=cast.officer, at=NOON)
    assert found_directly(cast.other_liaison, "'pay'") == [demand.pk]

    answer_demand(demand, reply=Reply("x"), by=cast.liaison, at=NOON)
    dispute_answer(demand, said=Said.PARTLY, by=cast.worker, at=later(1))

    assert found_directly(cast.other_liaison, "'pay'") == [demand.pk]


HIDDEN = "Pay us. The park is dirty. I am Maryam, call 09123456789."


@pytest.mark.parametrize("words", ["park", "maryam", "09123456789"])
def test_a_body_finds_nothing_by_side_matter_or_by_what_is_masked(cast: Cast, words):
    demand = route(cast, hear(cast, HIDDEN))
    who = HIDDEN.index("Maryam")
    spans = [
        Span(SpanKind.DEMAND, 0, 7),
        Span(SpanKind.NONWORKER, 8, HIDDEN.index("I am") - 1),
        Span(SpanKind.FACT, HIDDEN.index("I am"), len(HIDDEN)),
        Span(SpanKind.PERSONAL, who, who + 6),
        Span(SpanKind.PERSONAL, HIDDEN.index("0912"), len(HIDDEN) - 1),
    ]
    mark_demand(demand, spans=spans, by=cast.officer, at=NOON)

    assert found(cast.liaison, words) == found_directly(cast.liaison, f"'{words}'") == []
    assert found(cast.officer, words) == [demand.pk]
    assert found(cast.liaison, "pay") == [demand.pk]


def test_what_is_personal_by_its_form_is_not_found_in_an_unmarked_demand(cast: Cast):
    route(cast, hear(cast, HIDDEN))

    for words in ("09123456789", "9123456789"):
        assert found(cast.liaison, words) == []


def test_a_new_marking_hides_at_once_what_was_found_before(cast: Cast):
    demand = route(cast, hear(cast, HIDDEN))
    assert found(cast.liaison, "park") == [demand.pk]

    mark_demand(demand, spans=[Span(SpanKind.DEMAND, 0, 7)], by=cast.officer, at=NOON)

    assert found(cast.liaison, "park") == []


def test_the_table_of_words_is_read_and_written_by_nobody(cast: Cast):
    hear(cast, "Pay us.")

    for scope in (Scope(EVERYWHERE), Scope(path_below(NILKUH)), cast.liaison.scope):
        enter(scope)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM demands_words")
            assert cursor.fetchone() == (0,)
            cursor.execute("UPDATE demands_words SET for_body = ''")
            assert cursor.rowcount == 0


def test_three_chinese_characters_must_stand_together(cast: Cast):
    together = hear(cast, "请发放高温津贴。")
    hear(
        cast, "高温天气里温津两地都停工，津贴没有。", receipt="2" * 64
    )  # 高温, 温津 and 津贴, apart

    assert found(cast.officer, "高温津贴") == [together.pk]


def test_of_more_than_are_shown_the_newest_are_given_and_it_is_said(cast: Cast, monkeypatch):
    demands = [hear(cast, receipt=f"{number:064x}") for number in range(5)]
    monkeypatch.setattr(search, "FOUND_MAX", 3)

    found = search.found_by("months")

    assert list(found.numbers) == [one.pk for one in demands[:1:-1]]
    assert found.is_cut
    monkeypatch.setattr(search, "FOUND_MAX", 5)
    assert not search.found_by("months").is_cut


def test_what_a_worker_added_is_found_by_the_union_and_by_no_body(cast: Cast):
    demand = route(cast, hear(cast, "Overtime."))
    with within(Scope(receipt=demand.receipt_fingerprint or "")):
        add_words(demand, text="The foreman Bahram hit me.", by=cast.worker, at=NOON)
    with within(cast.liaison.scope):
        return_demand(demand, why="Not ours.", by=cast.liaison, at=later(1))
    route(cast, demand, at=later(2))

    assert found(cast.officer, "foreman") == found(cast.officer, "overtime") == [demand.pk]
    assert found(cast.liaison, "foreman") == found(cast.neighbour, "foreman") == []
    correct_demand(demand, changed={"employer": "Mill"}, by=cast.officer, at=later(3))
    assert found(cast.officer, "foreman mill") == [demand.pk]
    add_words(demand, text="班长打了我三次。", by=cast.worker, at=later(4))
    assert found(cast.officer, "打了我") == [demand.pk]


def test_the_words_of_another_countys_demand_are_neither_rewritten_nor_shown(cast: Cast):
    demand = hear(cast, "Overtime.")

    with within(cast.neighbour.scope), connection.cursor() as cursor:
        row = {"id": demand.pk, "union": ["@ir.sp.gd.", "stolen"], "body": []}
        for written in ("demands_note_words", "demands_note_readers"):
            cursor.execute(f"SELECT {written}(%s)", [json.dumps([row])])
        search.show_words([demand.pk], body=cast.neighbours_body.pk)
        assert list(search.found_by("stolen").numbers) == []
    with within(cast.officer.scope):
        assert list(search.found_by("overtime").numbers) == [demand.pk]
    with within(Scope(body_id=cast.neighbours_body.pk)):
        assert list(search.found_by("overtime").numbers) == []
