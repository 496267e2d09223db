from __future__ import annotations

import datetime as dt
from typing import Final, cast

from django.db import models
from django.db.models import Exists, OuterRef, Q

from redress.demands.kinds import Part
from redress.demands.states import (
    ENDED,
    Channel,
    CloseKind,
    HeldBack,
    Holder,
    Language,
    RaisedBy,
    State,
    Urgency,
)
from redress.formats.demands import SOURCE_CHARS_MAX
from redress.registers.limits.models import Deadline
from redress.registers.offices.models import NAME_CHARS_MAX, Body, Topic, codes, path_field
from redress.registers.offices.scope import HeldQuerySet, Scope

FINGERPRINT_CHARS: Final = 64
_ENDED: Final = sorted(state.value for state in ENDED)
# Before a body is named, or ended without one.
_WITHOUT_BODY: Final = ["heard", "sorted", "to_clarify", "merged", *_ENDED]


class DemandQuerySet(HeldQuerySet):
    """Demands that also a second body may see: one that answers jointly, or stands above."""

    def seen_in(self, scope: Scope) -> DemandQuerySet:
        """Keep the demands of a scope's places, body or receipt."""
        if scope.body_id is None:
            return cast("DemandQuerySet", super().seen_in(scope))
        at_the_table = Party.objects.filter(
            demand=OuterRef("pk"), body_id=scope.body_id, until_at=None
        )
        return self.filter(Q(body_id=scope.body_id) | Exists(at_the_table))

    def held_by(self, scope: Scope) -> DemandQuerySet:
        """Keep what a body holds itself, or what lies in a scope's places: for lists and counts."""
        if scope.body_id is None:
            return self.seen_in(scope)
        return self.filter(body_id=scope.body_id)


class Demand(models.Model):
    """What a worker asks, in the worker's own words.

    ``text`` is never changed, which the database sees to; all else is said about it. ``deadline``
    is the last day of the limit that runs now; whether it has passed is read off it, never stored.
    ``body`` is the body it was last sent to; it keeps seeing the demand until another one is.
    ``read_by_body`` is what a body reads of it: side matter left out, personal data masked.
    ``linked_to`` is, for a worker punished for complaining, the demand that they were punished for.
    """

    path = path_field(indexed=False)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=FINGERPRINT_CHARS)
    text_normal = models.TextField()
    read_by_body = models.TextField(blank=True)
    language = models.CharField(max_length=2, choices=codes(Language))
    channel = models.CharField(max_length=14, choices=codes(Channel))
    raised_by = models.CharField(max_length=14, choices=codes(RaisedBy), default=RaisedBy.WORKER)
    written_by = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    heard_at = models.DateTimeField()
    heard_on = models.DateField()
    workplace = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    employer = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    workers_count = models.PositiveIntegerField(default=1)
    keep_name_from_employer = models.BooleanField(default=True)
    receipt_fingerprint = models.CharField(max_length=FINGERPRINT_CHARS, null=True)  # noqa: DJ001 - absent is not empty
    source = models.CharField(max_length=SOURCE_CHARS_MAX, blank=True)
    source_id = models.CharField(max_length=SOURCE_CHARS_MAX, blank=True)
    hearing = models.ForeignKey(
        "demands.Hearing",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="demands",
    )
    linked_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_index=False, related_name="retaliations"
    )
    held_back = models.CharField(max_length=10, choices=codes(HeldBack), blank=True)

    state = models.CharField(max_length=10, choices=codes(State), default=State.HEARD)
    asked_from = models.CharField(max_length=10, choices=codes(State), blank=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, db_index=False)
    urgency = models.CharField(max_length=8, choices=codes(Urgency), default=Urgency.NORMAL)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, db_index=False)
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, null=True, db_index=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_index=False, related_name="merged"
    )
    close_kind = models.CharField(max_length=24, choices=codes(CloseKind), blank=True)
    closed_at = models.DateTimeField(null=True)
    returned_count = models.PositiveSmallIntegerField(default=0)
    reopened_count = models.PositiveSmallIntegerField(default=0)

    objects = DemandQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            # All that an office's lists narrow and sort by, and what row security compares: a list
            # of thousands is counted and cut without a look at the rows, which hold people's texts.
            models.Index(
                fields=["path", "state"],
                include=[
                    *("held_back", "deadline", "topic", "id"),
                    *("body", "receipt_fingerprint"),
                ],
                name="lists_of_a_place",
            ),
            models.Index(fields=["body", "state"], name="demands_of_a_body"),
            models.Index(fields=["deadline", "id"], name="demands_of_a_deadline"),
            # Few demands have these; the others need no place in the index.
            *(
                models.Index(
                    fields=[name],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"demands_by_{name}",
                )
                for name in ("hearing", "linked_to", "merged_into")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["receipt_fingerprint"], name="a_receipt_opens_one_demand"
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source_id=""),
                name="a_source_names_a_demand_once",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_demand_says_something"),
            models.CheckConstraint(
                condition=Q(workers_count__gte=1), name="a_demand_is_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_WITHOUT_BODY) | Q(body__isnull=False),
                name="a_sent_demand_lies_with_a_body",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ENDED, closed_at__isnull=False)
                | Q(~Q(state__in=_ENDED), closed_at__isnull=True),
                name="an_ended_demand_has_its_moment",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.MERGED) & Q(merged_into__isnull=False))
                | (~Q(state=State.MERGED) & Q(merged_into__isnull=True)),
                name="a_merged_demand_names_the_other",
            ),
            models.CheckConstraint(
                condition=Q(state=State.TO_CLARIFY) | Q(asked_from=""),
                name="a_question_is_open_or_forgotten",
            ),
        ]

    @property
    def due_on(self) -> dt.date | None:
        """Give the day by which whoever holds it must act; None where nobody must."""
        return None if self.deadline is None else self.deadline.last_on

    @property
    def is_joint(self) -> bool:
        """Say whether it went to and fro so often that bodies must answer together."""
        return self.returned_count >= JOINT_FROM_RETURNS


JOINT_FROM_RETURNS: Final = 2


class Hold(models.Model):
    """From a day on, a demand lay with somebody, until the next row says otherwise.

    Never changed. The days of the worker's clock are the differences between these rows, so the
    shares of all holders add up to it. ``deadline`` is what ran meanwhile.
    """

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="holds")
    since_on = models.DateField()
    at = models.DateTimeField()
    holder = models.CharField(max_length=6, choices=codes(Holder))
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True)
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, null=True)

    class Meta:
        ordering = ["id"]


class Party(models.Model):
    """A second body that may read a demand: it answers jointly, or the matter went up to it."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="parties")
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    path = path_field()
    part = models.CharField(max_length=5, choices=codes(Part))
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "body"],
                condition=Q(until_at__isnull=True),
                name="a_body_sits_at_a_table_once",
            )
        ]


class SealedIdentity(models.Model):
    """Who asks and how to reach them, encrypted; kept apart, and never shown to a body.

    ``contact_fingerprint`` tells that two demands are of one person without telling who.
    """

    demand = models.OneToOneField(Demand, on_delete=models.PROTECT, related_name="sealed_identity")
    sealed = models.BinaryField()
    contact_fingerprint = models.CharField(max_length=FINGERPRINT_CHARS, blank=True)
