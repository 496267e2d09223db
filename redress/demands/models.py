from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q

from redress.demands.states import ENDED, Channel, CloseKind, Language, Said, State, Urgency
from redress.formats.demands import SOURCE_CHARS_MAX
from redress.registers.offices.models import NAME_CHARS_MAX, Body, Topic, codes, path_field
from redress.registers.offices.scope import HeldQuerySet

FINGERPRINT_CHARS: Final = 64
_ENDED: Final = sorted(state.value for state in ENDED)
# Before a body is named, or ended without one.
_WITHOUT_BODY: Final = ["heard", "sorted", *_ENDED]


class Demand(models.Model):
    """What a worker asks, in the worker's own words.

    ``text`` is never changed, which the database sees to; all else is said about it. ``due_on`` is
    the day by which whoever holds it must act; whether it is overdue is read off it, never stored.
    ``body`` is the body it was last sent to; it keeps seeing the demand until another one is.
    """

    path = path_field()
    text = models.TextField()
    text_sha256 = models.CharField(max_length=FINGERPRINT_CHARS)
    text_normal = models.TextField()
    language = models.CharField(max_length=2, choices=codes(Language))
    channel = models.CharField(max_length=10, choices=codes(Channel))
    heard_at = models.DateTimeField()
    heard_on = models.DateField()
    workplace = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    employer = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    workers_count = models.PositiveIntegerField(default=1)
    keep_name_from_employer = models.BooleanField(default=True)
    receipt_fingerprint = models.CharField(max_length=FINGERPRINT_CHARS, null=True, unique=True)  # noqa: DJ001 - absent is not empty
    source = models.CharField(max_length=SOURCE_CHARS_MAX, blank=True)
    source_id = models.CharField(max_length=SOURCE_CHARS_MAX, blank=True)

    state = models.CharField(
        max_length=10,
        choices=codes(State),
        default=State.HEARD,
    )
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True)
    urgency = models.CharField(max_length=8, choices=codes(Urgency), default=Urgency.NORMAL)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True)
    due_on = models.DateField(null=True)
    close_kind = models.CharField(max_length=24, choices=codes(CloseKind), blank=True)
    closed_at = models.DateTimeField(null=True)
    returned_count = models.PositiveSmallIntegerField(default=0)
    reopened_count = models.PositiveSmallIntegerField(default=0)

    objects = HeldQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["path", "state", "due_on"], name="what_is_due_in_a_place"),
            models.Index(fields=["body", "state", "due_on"], name="what_is_due_at_a_body"),
        ]
        constraints = [
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
        ]


class SealedIdentity(models.Model):
    """Who asks and how to reach them, encrypted; kept apart, and never shown to a body."""

    demand = models.OneToOneField(Demand, on_delete=models.PROTECT, related_name="sealed_identity")
    sealed = models.BinaryField()


class Attachment(models.Model):
    """A file that came with a demand, byte for byte; its type is what its content says."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=NAME_CHARS_MAX)
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=FINGERPRINT_CHARS)
    content = models.BinaryField()


class Referral(models.Model):
    """A demand sent to one body, with the day by which it must answer."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="referrals")
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    sent_at = models.DateTimeField()
    due_on = models.DateField()
    note = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["sent_at", "id"]


class Answer(models.Model):
    """What a body claims."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="answers")
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["at", "id"]


class WorkerWord(models.Model):
    """What the worker says of an answer."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="worker_words")
    at = models.DateTimeField()
    said = models.CharField(max_length=10, choices=codes(Said))
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
