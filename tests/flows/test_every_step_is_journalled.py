"""Walk every step there is; one without a journal entry, or without a walk here, fails."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import redress
from redress.demands.kinds import HearingKind, Kept
from redress.demands.meet import Item, ItemKind, Minutes, write_minutes
from redress.demands.promises import Judgement, judge_promise
from redress.doors.commands.rotate_keys import KeyChange, Look, note_change
from redress.registers.accounts.models import Post
from redress.registers.accounts.roles import SYSTEM, Role
from redress.registers.journal.models import Entry
from redress.registers.journal.steps import STEPS
from redress.registers.offices.models import Office
from redress.registers.registry.households import NewFact, NewHousehold, NewMember
from redress.registers.staffing import NewAccount, end_post, open_account, reset_sign_in
from redress.relief.assess import assess_household, tell_facts
from redress.relief.assess_all import ask_for_run_of, finish_run
from redress.relief.find import find_household, import_households, open_file, take_over_changes
from redress.relief.grant import approve_grant, refuse_grant
from redress.relief.pay import pay_grant
from redress.relief.schemes import scheme_named
from redress.relief.states import ExitKind
from redress.relief.verify import exit_file
from tests.conftest import (
    DAY,
    DIFFICULTY,
    NILKUH,
    NOON,
    Cast,
    file,
    fund,
    household,
    propose,
)
from tests.flows import demand_walks, groups

NEW = NewHousehold(
    path=NILKUH, head=NewMember("A", "head"), source="l", source_id="1", source_digest="d"
)
MINUTES = Minutes(NILKUH, HearingKind.MEETING, DAY, "x")


def run(cast: Cast):
    return ask_for_run_of(cast.officer, scheme=scheme_named("small-aid"), at=NOON)


def promise(cast: Cast):
    item = Item(ItemKind.PROMISE, 0, 1, body=cast.labour_office, by_on=DAY)
    return write_minutes(MINUTES, items=[item], by=cast.officer, at=NOON).promises[0]


# For each deed: make what it is done to, then do it.
WALKS = {
    **demand_walks.WALKS,
    **groups.WALKS,
    "hearing.written": lambda c: lambda: write_minutes(MINUTES, items=[], by=c.officer, at=NOON),
    "promise.judged": lambda c: (
        lambda p: (
            lambda: judge_promise(p, judgement=Judgement(Kept.KEPT, "x"), by=c.officer, at=NOON)
        )
    )(promise(c)),
    "household.found": lambda c: lambda: find_household(NEW, by=c.officer, at=NOON),
    "household.imported": lambda c: lambda: import_households([NEW], by=c.officer, at=NOON),
    "household.changed": lambda c: (
        lambda h: lambda: take_over_changes(h, new=NEW, by=c.officer, at=NOON)
    )(household(c)),
    "file.opened": lambda c: (
        lambda h: lambda: open_file(h, difficulty=DIFFICULTY, by=c.officer, at=NOON)
    )(household(c)),
    "file.exited": lambda c: (
        lambda f: lambda: exit_file(f, kind=ExitKind.OUT, why="x", by=c.officer, at=NOON)
    )(file(c)),
    "grant.proposed": lambda c: lambda: propose(c),
    "grant.approved": lambda c: (lambda g: lambda: approve_grant(g, by=c.second, at=NOON))(
        propose(c)
    ),
    "grant.refused": lambda c: (lambda g: lambda: refuse_grant(g, why="x", by=c.second, at=NOON))(
        propose(c)
    ),
    "grant.paid": lambda c: (lambda g: lambda: pay_grant(g, by=c.second, at=NOON))(
        approve_grant(propose(c), by=c.second, at=NOON)
    ),
    "household.facts_told": lambda c: (
        lambda h: lambda: tell_facts(h, facts=(NewFact("ill", True, DAY),), by=c.officer, at=NOON)
    )(household(c)),
    "household.assessed": lambda c: (
        lambda h: (
            lambda: assess_household(
                h, scheme=scheme_named("small-aid"), on=DAY, by=c.officer, at=NOON
            )
        )
    )(household(c)),
    "scheme.run_asked": lambda c: lambda: run(c),
    "scheme.run_done": lambda c: (lambda r: lambda: finish_run(r, by=SYSTEM, at=NOON))(run(c)),
    "fund.received": lambda c: lambda: fund(c),
    "account.opened": lambda c: (
        lambda: open_account(
            NewAccount("new", "New", Role.AUDITOR, Office.objects.get(path=NILKUH)),
            by=c.admin,
            at=NOON,
        )
    ),
    "account.reset": lambda c: lambda: reset_sign_in(Post.objects.first(), by=c.admin, at=NOON),
    "account.ended": lambda c: lambda: end_post(Post.objects.first(), by=c.admin, at=NOON),
    "identity.sealed_anew": lambda c: (
        lambda: note_change(KeyChange("x", NILKUH, Look()), by=SYSTEM, at=NOON)
    ),
}


def load_all_rooms() -> None:
    for module in pkgutil.walk_packages(redress.__path__, "redress."):
        if not module.name.startswith((
            "redress.config.web",
            "redress.config.tasks",
            "redress.config.wsgi",
        )):
            importlib.import_module(module.name)


def test_every_step_has_its_walk():
    load_all_rooms()

    assert STEPS.keys() == WALKS.keys()


@pytest.mark.parametrize("deed", WALKS)
def test_a_step_writes_its_journal_entry(cast: Cast, whole, small_aid, deed):
    walk = WALKS[deed](cast)
    before = Entry.objects.filter(deed=deed).count()

    walk()

    assert Entry.objects.filter(deed=deed).count() == before + 1
