from __future__ import annotations

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from redress.registers.ledger.models import Account
from redress.registers.offices.models import NAME_CHARS_MAX, codes, path_field
from redress.registers.offices.scope import PlacedQuerySet
from redress.registers.registry.models import Household
from redress.relief.states import (
    OPEN_FILES,
    PACK_CHARS_MAX,
    Cause,
    ExitKind,
    FileState,
    GrantState,
    Need,
    RunState,
)
from redress.values.money import Money

DIGEST_CHARS: Final = 64


class File(models.Model):
    """A household's file: its situation, the cause, the need, and how it ended."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="files")
    path = path_field()
    state = models.CharField(
        max_length=16,
        choices=codes(FileState),
        default=FileState.ON_FILE,
    )
    situation = models.TextField()
    main_cause = models.CharField(max_length=16, choices=codes(Cause))
    further_causes = ArrayField(models.CharField(max_length=16), default=list)
    needs = ArrayField(models.CharField(max_length=16))
    opened_at = models.DateTimeField()
    exit_kind = models.CharField(max_length=10, choices=codes(ExitKind), blank=True)
    exited_at = models.DateTimeField(null=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state__in=[state.value for state in OPEN_FILES]),
                name="a_household_has_one_open_file",
            ),
            models.CheckConstraint(
                condition=~Q(situation="") & ~Q(needs=[]),
                name="a_file_says_situation_and_need",
            ),
            models.CheckConstraint(
                condition=Q(state="exited", exited_at__isnull=False)
                | Q(~Q(state="exited"), exited_at__isnull=True),
                name="an_exited_file_has_its_moment",
            ),
        ]


class Grant(models.Model):
    """A sum for a household: proposed by one person, decided by another, paid once."""

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="grants")
    path = path_field()
    need = models.CharField(max_length=16, choices=codes(Need))
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    fund = models.ForeignKey(Account, on_delete=models.PROTECT)
    reason = models.TextField()
    pack = models.CharField(max_length=PACK_CHARS_MAX, blank=True)  # the scheme it rests on
    item = models.CharField(max_length=PACK_CHARS_MAX, blank=True)
    state = models.CharField(
        max_length=10,
        choices=codes(GrantState),
        default=GrantState.PROPOSED,
    )
    proposed_at = models.DateTimeField()
    proposed_by_user_id = models.BigIntegerField()
    proposed_by_name = models.CharField(max_length=NAME_CHARS_MAX)
    decided_at = models.DateTimeField(null=True)
    decided_by_user_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    decision_reason = models.TextField(blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_grant_is_above_zero"),
            models.CheckConstraint(
                condition=Q(decided_by_user_id__isnull=True)
                | ~Q(decided_by_user_id=F("proposed_by_user_id")),
                name="a_grant_is_decided_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by_user_id__isnull=True)
                | Q(~Q(state="proposed"), decided_by_user_id__isnull=False),
                name="a_decided_grant_names_who_decided",
            ),
        ]

    @property
    def money(self) -> Money:
        """The sum."""
        return Money(self.currency, self.minor)


class SchemeText(models.Model):
    """The text of a scheme as it stood when it was first decided by; never changed."""

    digest = models.CharField(max_length=DIGEST_CHARS, unique=True)
    pack = models.CharField(max_length=PACK_CHARS_MAX, db_index=True)
    version = models.CharField(max_length=PACK_CHARS_MAX)
    text = models.TextField()


class Assessment(models.Model):
    """One decision of a scheme about one household: facts as then known, scheme, day, outcome.

    Never changed: deciding again makes another. ``facts`` are those the scheme asks for, by its
    names; ``outcome`` is the decision as ``redress explain --json`` writes it, without the trace.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="assessments")
    path = path_field()
    scheme = models.ForeignKey(SchemeText, on_delete=models.PROTECT)
    on = models.DateField()
    facts = models.JSONField()
    outcome = models.JSONField()
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=NAME_CHARS_MAX)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["household", "-at"], name="latest_assessments")]


class Run(models.Model):
    """One scheme decided for all households of a place, from the copy of the register."""

    path = path_field()
    scheme = models.ForeignKey(SchemeText, on_delete=models.PROTECT)
    on = models.DateField()
    state = models.CharField(max_length=8, choices=codes(RunState), default=RunState.WAITING)
    asked_at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=NAME_CHARS_MAX)
    copied_at = models.DateTimeField(null=True)  # how old the copy was that it ran on
    done_at = models.DateTimeField(null=True)
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    counts = models.JSONField(default=dict)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
