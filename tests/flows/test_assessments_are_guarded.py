"""What the database itself refuses to write of assessments and runs, whatever a page would do."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from redress.registers.accounts.roles import SYSTEM
from redress.registers.offices.scope import within
from redress.relief.assess_all import ask_for_run_of
from redress.relief.models import Assessment, Run, SchemeText
from redress.relief.schemes import kept_text, scheme_named
from tests.conftest import DAY, GOLANDASHT, NILKUH, NOON, WORKS, Cast, household

pytestmark = pytest.mark.usefixtures("small_aid")


@pytest.fixture
def text(cast) -> SchemeText:
    with within(SYSTEM.scope):
        return kept_text(scheme_named("small-aid"))


def write_as(by, write):
    with within(by.scope), transaction.atomic():
        return write()


@pytest.mark.parametrize(
    ("of", "path"), [(NILKUH, GOLANDASHT), (NILKUH, WORKS), (GOLANDASHT, NILKUH)]
)
def test_an_assessment_is_written_where_its_household_lies_and_nowhere_else(
    cast: Cast, text, of, path
):
    with within(SYSTEM.scope):
        home = household(cast, path=of)

    def put(at):
        return Assessment.objects.create(
            household_id=home.pk, path=at, scheme=text, on=DAY, facts={}, outcome={}, at=NOON
        )

    with pytest.raises(DatabaseError):
        write_as(cast.officer, lambda: put(path))
    if of == NILKUH:
        assert write_as(cast.officer, lambda: put(of)).pk


def test_a_run_is_neither_written_nor_moved_to_another_county(cast: Cast, text):
    scheme = scheme_named("small-aid")
    write_as(cast.officer, lambda: ask_for_run_of(cast.officer, scheme=scheme, at=NOON))

    for write in (
        lambda: Run.objects.create(path=GOLANDASHT, scheme=text, on=DAY, asked_at=NOON),
        lambda: Run.objects.update(path=GOLANDASHT),
    ):
        with pytest.raises(DatabaseError):
            write_as(cast.officer, write)
    assert write_as(cast.neighbour, lambda: Run.objects.update(counts={})) == 0
    assert write_as(cast.grassroots, Run.objects.count) == 0
