"""What a fault may carry into a log: where it was, never what a person wrote."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from redress.registers.registry.models import Household, Member
from tests.conftest import NILKUH, NOON, Cast, household


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (
            lambda home: Household.objects.create(
                path=NILKUH, head_name="x", head_name_normal="x", found_at=NOON, pk=home.pk
            ),
            "registry_household_pkey",
        ),
        (
            lambda home: Member.objects.create(
                household=home, full_name="Zahra Particular", relation="head", since_at=NOON
            ),
            "a_household_has_one_head",
        ),
    ],
)
def test_the_database_quotes_no_row_of_a_secured_table_in_its_error(cast: Cast, make, rule):
    home = household(cast)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        make(home)

    assert rule in str(refused.value)
    assert "DETAIL" not in str(refused.value)
