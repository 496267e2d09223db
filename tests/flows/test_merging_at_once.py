"""Who merges into a demand that somebody acts on does not wait: of two crosswise, none is thrown out."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from redress.demands.models import Demand
from redress.demands.sort import OtherIsHeld, merge_demand
from redress.demands.states import State
from redress.registers.offices.scope import WHOLE, within
from tests.conftest import NOON, hear, make_cast


def test_who_merges_into_what_another_holds_is_told_so_at_once(committed):
    with within(WHOLE):
        cast = make_cast()
        first = hear(cast, contact="0912")
        second = hear(cast, receipt="2" * 64, contact="0912")
    held, done = threading.Event(), threading.Event()

    def hold_first() -> None:
        with within(WHOLE):
            Demand.objects.select_for_update().get(pk=first.pk)
            held.set()
            done.wait(20)
        connection.close()

    other = threading.Thread(target=hold_first)
    other.start()
    try:
        assert held.wait(20)
        with pytest.raises(OtherIsHeld), within(WHOLE):
            merge_demand(second, into=first, by=cast.officer, at=NOON)
    finally:
        done.set()
        other.join()
    with within(WHOLE):
        assert Demand.objects.get(pk=second.pk).state == State.HEARD
