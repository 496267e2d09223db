from __future__ import annotations

import logging
import sys

import pytest
from django.db import IntegrityError, transaction

from redress.config.logs import WithoutValues
from redress.registers.registry.models import Household
from tests.conftest import NILKUH, NOON, Cast


@pytest.mark.usefixtures("whole")
def test_a_row_that_the_database_refuses_is_not_written_into_the_log(cast: Cast):
    number = "-".join(["maryams", "own", "number"])  # so that no line of code holds it
    same = {"path": NILKUH, "head_name": "Maryam Ahmadi", "head_name_normal": "m", "found_at": NOON}
    Household.objects.create(**same, source="list", source_id=number)
    try:
        with transaction.atomic():
            Household.objects.create(**same, source="list", source_id=number)
    except IntegrityError:
        told = sys.exc_info()

    raw, written = (kind().formatException(told) for kind in (logging.Formatter, WithoutValues))

    assert number in raw
    assert number not in written
    assert "a_source_names_a_household_once" in written
