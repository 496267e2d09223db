from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redress.registers.ledger.accounts import funds, open_aid_account, open_fund, open_outside
from redress.registers.ledger.models import Account, Posting, Transaction
from redress.registers.ledger.posting import FundTooSmall, KeyUsedOtherwise, Leg, Unbalanced, post
from redress.registers.offices.scope import enter
from redress.values.money import Money
from tests.conftest import GOLANDASHT, NILKUH, NOON, Cast, fund, household


def rials(minor: int) -> Money:
    return Money("IRR", minor)


@pytest.fixture
def books(cast: Cast, whole):
    """A fund of 100 rials, the outside it came from, and a household's account."""
    filled = fund(cast, rials=100)
    aid = open_aid_account(path=NILKUH, household_id=household(cast).pk, currency="IRR")
    filled.refresh_from_db()
    return cast, filled, aid


def pay(books, minor: int, *, key: str = "pay/1"):
    cast, filled, aid = books
    legs = (Leg(aid, rials(minor)), Leg(filled, rials(-minor)))
    return post(legs, key=key, path=NILKUH, why="aid", by=cast.officer, at=NOON)


def balances(books) -> tuple[int, int]:
    for account in books[1:]:
        account.refresh_from_db()
    return books[1].balance_minor, books[2].balance_minor


def test_a_booking_moves_the_sum_from_one_account_to_the_other(books):
    pay(books, 30)

    assert balances(books) == (70, 30)  # 100 - 30, 0 + 30


def test_the_same_key_books_once_however_often_it_is_sent(books):
    first, again = pay(books, 30), pay(books, 30)

    assert first == again
    assert balances(books) == (70, 30)


def test_a_key_is_not_used_again_for_another_sum(books):
    pay(books, 30)

    with pytest.raises(KeyUsedOtherwise):
        pay(books, 31)


def test_a_fund_pays_its_last_rial_and_no_further(books):
    pay(books, 100)

    with pytest.raises(FundTooSmall):
        pay(books, 1, key="pay/2")
    assert balances(books) == (0, 100)
    assert not Transaction.objects.filter(key="pay/2").exists()


@pytest.mark.parametrize(
    "legs",
    [
        lambda a, b: (Leg(a, rials(5)), Leg(b, rials(-4))),
        lambda a, b: (Leg(a, rials(0)),),
        lambda a, b: (Leg(a, rials(5)), Leg(b, Money("CNY", -5))),
        lambda a, b: (),
    ],
)
def test_sides_that_do_not_sum_to_zero_are_refused(books, legs):
    cast, filled, aid = books

    with pytest.raises(Unbalanced):
        post(legs(aid, filled), key="x", path=NILKUH, why="", by=cast.officer, at=NOON)


def raw_booking(key="raw"):
    return Transaction.objects.create(path=NILKUH, key=key, at=NOON, currency="IRR", why="raw")


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_itself_refuses_a_booking_that_does_not_sum_to_zero(books):
    with pytest.raises(IntegrityError, match="sums to zero"), transaction.atomic():
        Posting.objects.create(transaction=raw_booking(), account=books[2], minor=5)
        check_now()


def test_the_database_itself_refuses_a_booking_without_postings(books):
    with pytest.raises(IntegrityError, match="sums to zero"), transaction.atomic():
        raw_booking()
        check_now()


def test_the_database_itself_refuses_a_posting_in_another_currency(books):
    yuan = open_fund(path=NILKUH, name="yuan", currency="CNY")

    with pytest.raises(IntegrityError, match="currency"), transaction.atomic():
        Posting.objects.create(transaction=raw_booking(), account=yuan, minor=5)


@pytest.mark.parametrize("table", ["ledger_transaction", "ledger_posting"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
def test_what_was_booked_is_never_changed(books, table, change):
    pay(books, 30)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute(change.format(table))


def test_a_balance_changes_by_postings_only(books):
    with pytest.raises(IntegrityError, match="postings only"), transaction.atomic():
        Account.objects.filter(pk=books[1].pk).update(balance_minor=10**9)


def test_an_account_cannot_be_born_with_a_balance(books):
    with pytest.raises(IntegrityError, match="begins at zero"), transaction.atomic():
        Account.objects.create(
            path=NILKUH, kind="fund", name="rich", currency="IRR", balance_minor=5
        )


def test_a_county_uses_its_own_funds(books):
    open_fund(path=GOLANDASHT, name="dues", currency="IRR")

    assert [one.pk for one in funds(seen_by=books[0].officer)] == [books[1].pk]


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 60)), max_size=12),
    st.data(),
)
def test_whatever_is_booked_the_books_sum_to_zero_and_no_fund_is_below_zero(books, moves, data):
    cast, filled, aid = books
    accounts = [filled, aid, open_outside(path=NILKUH, name="received", currency="IRR")]
    for giver, taker, minor in moves:
        key = f"move/{data.draw(st.integers(0, 10**9))}"
        legs = (Leg(accounts[taker], rials(minor)), Leg(accounts[giver], rials(-minor)))
        try:
            post(legs, key=key, path=NILKUH, why="any", by=cast.officer, at=NOON)
        except (FundTooSmall, KeyUsedOtherwise):
            continue

    stored = {account.pk: account.balance_minor for account in Account.objects.all()}
    posted = dict(Posting.objects.values_list("account").annotate(sum=Sum("minor")).order_by())
    assert sum(stored.values()) == 0
    assert stored == {pk: posted.get(pk, 0) for pk in stored}
    assert all(one.balance_minor >= 0 for one in Account.objects.filter(kind="fund"))


def test_a_posting_does_not_reach_an_account_of_another_county(books):
    theirs = open_fund(path=GOLANDASHT, name="dues", currency="IRR")
    enter(books[0].officer.scope)

    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Posting.objects.create(transaction=raw_booking(), account=theirs, minor=5)


def test_the_application_makes_no_temporary_table_that_could_stand_before_the_books(books):
    with connection.cursor() as cursor:
        # Rights on a database are not copied with it: ask of the one that was prepared.
        cursor.execute("SELECT has_database_privilege(current_user, 'redress', 'TEMPORARY')")
        assert cursor.fetchone() == (False,)
