"""Read households and their files: who is on file, what waits for approval, what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from redress.registers.accounts.roles import Actor
from redress.registers.journal.models import Entry
from redress.registers.journal.reads import story_of
from redress.registers.registry.households import households, latest_facts, members_of
from redress.registers.registry.models import Fact, Household, Member
from redress.relief.models import File, Grant
from redress.relief.states import OPEN_FILES, GrantState
from redress.values.money import Money
from redress.values.text import normal_form

NO_FILE: Final = "none"
ANY_OPEN: Final = "open"
WORDS_CHARS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class WantedHouseholds:
    """Which households of a list are wanted; an empty field does not narrow it."""

    state: str = ""  # a FileState, "none" or "open"
    cause: str = ""
    words: str = ""


def wanted_households(wanted: WantedHouseholds, *, seen_by: Actor) -> QuerySet[Any]:
    """List the households that fit, newest first, each with its last file's state and cause."""
    last_file = File.objects.filter(household=OuterRef("pk")).order_by("-opened_at")
    found = households(seen_by=seen_by).annotate(
        file_state=Subquery(last_file.values("state")[:1]),
        file_cause=Subquery(last_file.values("main_cause")[:1]),
    )
    if wanted.state == NO_FILE:
        found = found.filter(~Exists(File.objects.filter(household=OuterRef("pk"))))
    elif wanted.state == ANY_OPEN:
        found = found.filter(file_state__in=OPEN_FILES)
    elif wanted.state:
        found = found.filter(file_state=wanted.state)
    if wanted.cause:
        found = found.filter(file_cause=wanted.cause)
    if words := normal_form(wanted.words[:WORDS_CHARS_MAX]):
        found = found.filter(head_name_normal__contains=words)
    ordered: QuerySet[Any] = found.order_by("-id")
    return ordered


def household_seen_by(actor: Actor, *, number: int) -> Household | None:
    """Give one household if it exists and is this person's to see."""
    found: Household | None = households(seen_by=actor).filter(pk=number).first()
    return found


def households_with_numbers(numbers: list[int], *, seen_by: Actor) -> dict[int, Household]:
    """Give some households by their numbers, as far as they are this person's to see."""
    found: dict[int, Household] = households(seen_by=seen_by).in_bulk(numbers)
    return found


@dataclass(frozen=True, slots=True)
class HouseholdStory:
    """What belongs to one household."""

    members: list[Member]
    facts: list[Fact]
    files: list[File]
    grants: list[Grant]
    entries: list[Entry]
    paid: list[Money]

    @property
    def open_file(self) -> File | None:
        """The file that stands, if any."""
        return next((file for file in self.files if file.state in OPEN_FILES), None)


def household_story(household: Household) -> HouseholdStory:
    """Gather what belongs to a household: six queries."""
    grants = list(Grant.objects.filter(file__household=household).select_related("file", "fund"))
    paid = [grant.money for grant in grants if grant.state == GrantState.PAID]
    sums: dict[str, Money] = {}
    for money in paid:
        sums[money.currency] = sums.get(money.currency, Money(money.currency, 0)) + money
    return HouseholdStory(
        members=members_of(household),
        facts=latest_facts(household),
        files=list(household.files.all()),
        grants=grants,
        entries=list(story_of(household)),
        paid=list(sums.values()),
    )


def grants(*, seen_by: Actor, state: str = "", of_others: bool = False) -> QuerySet[Any]:
    """List grants, the latest first; ``of_others`` leaves out what this person proposed."""
    found = Grant.objects.seen_in(seen_by.scope).select_related("file__household", "fund")
    if of_others and seen_by.user_id is not None:
        found = found.exclude(proposed_by_user_id=seen_by.user_id)
    return found.filter(state=state) if state else found


def grant_seen_by(actor: Actor, *, number: int) -> Grant | None:
    """Give one grant if it is this person's to see."""
    found: Grant | None = grants(seen_by=actor).filter(pk=number).first()
    return found


@dataclass(frozen=True, slots=True)
class ReliefTally:
    """Counts for a person's first page."""

    households: int
    on_file: int
    exited: int
    to_approve: int


def relief_tally(*, seen_by: Actor) -> ReliefTally:
    """Count a person's households, files and grants: three queries."""
    files = File.objects.seen_in(seen_by.scope).aggregate(
        on_file=Count("pk", filter=Q(state__in=OPEN_FILES)),
        exited=Count("pk", filter=Q(state="exited")),
    )
    waiting = grants(seen_by=seen_by, state=GrantState.PROPOSED, of_others=True)
    return ReliefTally(
        households=households(seen_by=seen_by).count(),
        on_file=files["on_file"],
        exited=files["exited"],
        to_approve=waiting.count(),
    )
