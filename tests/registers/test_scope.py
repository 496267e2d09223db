"""The second lock: the database shows nothing to a query that forgot its scope."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, connections, transaction

from redress.demands.backlog import demands
from redress.demands.kinds import HearingKind
from redress.demands.meet import Item, ItemKind, Minutes, write_minutes
from redress.demands.models import CheckIn, Demand, Party, SealedIdentity
from redress.registers.ledger.models import Posting
from redress.registers.offices.scope import NoTransaction, Scope, enter, within
from redress.registers.registry.models import Household
from redress.relief.assess import assess_household
from redress.relief.assess_all import ask_for_run_of
from redress.relief.pay import approve_and_pay_grant
from redress.relief.schemes import scheme_named
from redress.values.places import path_below
from tests.conftest import (
    DAY,
    GOLANDASHT,
    NILKUH,
    NOON,
    RECEIPT,
    Cast,
    household,
    make_body,
    propose,
)
from tests.flows.full_case import full_case

# Tables of no person's matter, each with the reason why every query may see it.
OPEN_TABLES = {
    "offices_office": "names of offices",
    "offices_body": "names of bodies",
    "offices_bodykind": "installed data",
    "offices_tenure": "public office holders",
    "offices_topic": "installed data",
    "offices_route": "installed data",
    "accounts_user": "sign-in reads it before anybody is known",
    "accounts_post": "sign-in reads it before anybody is known",
    "mfa_authenticator": "sign-in reads it; secrets are encrypted",
    "account_emailaddress": "of the sign-in library; unused",
    "account_emailconfirmation": "of the sign-in library; unused",
    "auth_group": "of the framework; unused",
    "auth_group_permissions": "of the framework; unused",
    "auth_permission": "of the framework",
    "django_content_type": "of the framework",
    "django_migrations": "of the framework",
    "django_session": "sign-in reads it before anybody is known",
    "redress_cache": "counts of tries",
    "limits_limit": "time limits, which everybody may know",
    "limits_deadline": "days that limits lead to; they name no case",
    "demands_publicnumbers": "figures that were published, and name nobody",
    "relief_schemetext": "texts of schemes, which everybody may read",
    "procrastinate_jobs": "tasks; they carry ids only",
    "procrastinate_events": "tasks",
    "procrastinate_periodic_defers": "tasks",
    "procrastinate_workers": "tasks",
}


# Read by one function of the owner's and by no query: no policy lets anybody at them.
UNREAD = {"demands_words"}


def tables() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


def tables_with_row_security() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_every_table_is_either_row_secured_or_named_open_with_a_reason():
    assert tables() - OPEN_TABLES.keys() == tables_with_row_security()


@pytest.mark.django_db
def test_every_table_with_a_jurisdiction_is_row_secured_or_a_place_itself():
    placed = {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.name == "path" for field in model._meta.get_fields())
    }

    open_ones = {"offices_office", "offices_body", "limits_limit"}
    assert placed - open_ones <= tables_with_row_security()


@pytest.mark.django_db
def test_a_table_that_nobody_reads_has_row_security_and_no_policy():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public'")
        with_policy = {name for (name,) in cursor.fetchall()}

    assert tables_with_row_security() - with_policy == UNREAD


@pytest.fixture
def a_full_house(cast: Cast, whole, small_aid) -> Cast:
    full_case(cast)
    paid = approve_and_pay_grant(propose(cast), by=cast.second, at=NOON)
    scheme = scheme_named("small-aid")
    assess_household(paid.file.household, scheme=scheme, on=DAY, by=cast.officer, at=NOON)
    ask_for_run_of(cast.officer, scheme=scheme, at=NOON)
    promised = Item(ItemKind.PROMISE, 0, 1, body=cast.labour_office, by_on=DAY)
    minutes = Minutes(NILKUH, HearingKind.MEETING, DAY, "x")
    write_minutes(minutes, items=[promised], by=cast.officer, at=NOON)
    return cast


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return cursor.fetchone()[0]


def test_a_query_that_forgot_its_scope_returns_nothing_from_any_secured_table(a_full_house):
    filled = {table: count(table) for table in tables_with_row_security() - UNREAD}

    enter(Scope())

    assert all(rows > 0 for rows in filled.values()), filled
    assert {table: count(table) for table in filled} == dict.fromkeys(filled, 0)


def test_another_countys_scope_returns_nothing_from_any_secured_table(a_full_house):
    enter(Scope(path_below(GOLANDASHT)))

    assert {table for table in tables_with_row_security() if count(table)} == set()


def test_the_countys_scope_returns_its_rows_from_every_secured_table(a_full_house):
    enter(Scope(path_below(NILKUH)))

    secured = tables_with_row_security() - UNREAD
    assert {table for table in secured if not count(table)} == set()


# What a body reads of its own demand; of the other secured tables it reads nothing at all.
OF_A_BODY = {
    *("demands_demand", "demands_hold", "demands_party", "demands_referral", "demands_answer"),
    *("demands_workerword", "demands_verification", "demands_attachment", "demands_marking"),
    *("demands_promise", "demands_notice"),
    "journal_entry",
}


@pytest.mark.parametrize("who", ["liaison", "manager", "other_liaison"])
def test_a_body_reads_of_a_case_what_it_must_answer_and_neither_identity_nor_group(
    a_full_house, who
):
    enter(getattr(a_full_house, who).scope)

    own = OF_A_BODY | ({"demands_question"} if who != "other_liaison" else set())  # who asked
    assert {table for table in tables_with_row_security() if count(table)} == own
    assert Demand.objects.count() == 1
    assert SealedIdentity.objects.count() == CheckIn.objects.count() == 0
    assert Household.objects.count() == Posting.objects.count() == 0


def test_a_body_sees_no_demand_that_neither_lies_with_it_nor_at_its_table(a_full_house):
    stranger = make_body("bank", NILKUH, "Workers' bank")
    enter(Scope(body_id=stranger.pk))

    assert {table for table in tables_with_row_security() if count(table)} == set()


def test_a_body_at_the_table_reads_a_case_and_the_database_lets_it_write_none(a_full_house):
    demand = Demand.objects.filter(linked_to=None).get()
    enter(a_full_house.other_liaison.scope)

    assert Demand.objects.get() == demand
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Demand.objects.filter(pk=demand.pk).update(state="routed", closed_at=None)


def test_who_left_the_table_reads_nothing_more(a_full_house):
    Party.objects.update(until_at=NOON)
    enter(a_full_house.other_liaison.scope)

    assert {table for table in tables_with_row_security() if count(table)} == set()


def test_a_receipt_opens_one_demand(a_full_house):
    enter(Scope(receipt=RECEIPT))

    assert [demand.receipt_fingerprint for demand in Demand.objects.all()] == [RECEIPT]


def test_an_empty_receipt_opens_nothing(a_full_house):
    Demand.objects.update(receipt_fingerprint=None)
    enter(Scope(receipt=""))

    assert Demand.objects.count() == 0


def test_the_first_lock_holds_alone_when_the_second_is_open(a_full_house):
    # The whole scope is set, so only the query's own filter is at work.
    assert demands(seen_by=a_full_house.neighbour).count() == 0
    assert demands(seen_by=a_full_house.officer).count() == 2
    assert demands(seen_by=a_full_house.admin).count() == 0
    assert demands(seen_by=a_full_house.stranger).count() == 0


def test_a_row_cannot_be_written_into_another_countys_place(cast: Cast, whole):
    enter(Scope(path_below(NILKUH)))

    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Household.objects.create(
            path=GOLANDASHT, head_name="x", head_name_normal="x", found_at=NOON
        )


def test_a_scope_outside_a_transaction_is_refused(committed):
    with pytest.raises(NoTransaction):
        enter(Scope())


def test_a_scope_ends_with_its_block(cast: Cast):
    with within(Scope(path_below(NILKUH))):
        household(cast)
        inside = Household.objects.count()

    assert (inside, Household.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_the_application_owns_no_table_and_cannot_switch_row_security_off():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        owned = cursor.fetchone()[0]
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        unbound = cursor.fetchone()[0]

    assert (owned, unbound) == (0, False)
    assert (
        connections["default"].settings_dict["USER"] != connections["owner"].settings_dict["USER"]
    )
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE demands_demand DISABLE ROW LEVEL SECURITY")
