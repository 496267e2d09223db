"""What stands around single demands: meetings and promises, groups, samples, requests and reminders."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q

from redress.demands.kinds import HearingKind, Kept, Outcome, Wellbeing
from redress.demands.models.demand import FINGERPRINT_CHARS, Demand
from redress.demands.states import Said
from redress.registers.limits.models import Deadline
from redress.registers.offices.models import NAME_CHARS_MAX, Body, Topic, codes, path_field
from redress.registers.offices.scope import HeldQuerySet, PlacedQuerySet

CODE_CHARS_MAX: Final = 40


class Hearing(models.Model):
    """An open-door hour, a meeting or a visit to a site, with its minutes.

    The minutes are kept exactly; what was demanded and promised are spans of them.
    """

    path = path_field()
    kind = models.CharField(max_length=10, choices=codes(HearingKind))
    held_on = models.DateField()
    place = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    present = models.TextField(blank=True)
    minutes = models.TextField()
    minutes_sha256 = models.CharField(max_length=FINGERPRINT_CHARS)
    spans = models.JSONField(default=list)
    form_fingerprint = models.CharField(max_length=FINGERPRINT_CHARS, null=True, unique=True)  # noqa: DJ001 - absent is not empty
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=NAME_CHARS_MAX)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-id"]


class Promise(models.Model):
    """Who promised what by when, in a meeting or about a demand, and whether it was kept."""

    path = path_field()
    hearing = models.ForeignKey(
        Hearing, on_delete=models.PROTECT, null=True, related_name="promises"
    )
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, null=True, related_name="promises")
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    person_name = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    text = models.TextField()
    made_on = models.DateField()
    made_at = models.DateTimeField()
    by_on = models.DateField()
    kept = models.CharField(max_length=6, choices=codes(Kept), default=Kept.OPEN)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    judged_why = models.TextField(blank=True)

    objects = HeldQuerySet.as_manager()

    class Meta:
        ordering = ["by_on", "id"]
        indexes = [models.Index(fields=["body", "kept", "by_on"], name="promises_of_a_body")]


class CheckIn(models.Model):
    """A day on which the union asks a worker who was punished how they are."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="check_ins")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    how = models.CharField(max_length=11, choices=codes(Wellbeing), blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["demand", "due_on"], name="one_check_in_a_day")
        ]


class IdentityRequest(models.Model):
    """Somebody asks to see who filed a demand; never changed, so its history stays."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="identity_requests")
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField()
    by_name = models.CharField(max_length=NAME_CHARS_MAX)
    why = models.TextField()

    class Meta:
        ordering = ["id"]


class IdentityDecision(models.Model):
    """A second person grants or refuses such a request."""

    request = models.OneToOneField(
        IdentityRequest, on_delete=models.PROTECT, related_name="decision"
    )
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField()
    by_name = models.CharField(max_length=NAME_CHARS_MAX)
    granted = models.BooleanField()
    why = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]


class Collective(models.Model):
    """Many with one demand: laid over single demands, which stay whole and where they are.

    ``workforce`` is how many work where it comes from; a share of them raises its level.
    """

    path = path_field()
    title = models.CharField(max_length=NAME_CHARS_MAX)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True)
    employer = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    workforce = models.PositiveIntegerField(null=True)
    workforce_source = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=NAME_CHARS_MAX)
    dissolved_at = models.DateTimeField(null=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]


class Membership(models.Model):
    """A demand in a collective one, from when to when; taking it out undoes it without loss."""

    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="memberships")
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="memberships")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=NAME_CHARS_MAX)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=NAME_CHARS_MAX, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["collective", "demand"],
                condition=Q(removed_at__isnull=True),
                name="a_demand_is_in_a_collective_once",
            )
        ]


class Sample(models.Model):
    """Demands drawn by lot to be asked again, by a seed that anybody can draw with anew."""

    path = path_field()
    collective = models.ForeignKey(
        Collective, on_delete=models.PROTECT, null=True, related_name="samples"
    )
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=NAME_CHARS_MAX)
    seed = models.CharField(max_length=FINGERPRINT_CHARS)
    closed_from = models.DateField(null=True)
    closed_until = models.DateField(null=True)
    population = models.PositiveIntegerField()
    wanted = models.PositiveIntegerField()

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]


class SampleCall(models.Model):
    """One drawn demand, and what came of the call."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="calls")
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="sample_calls")
    outcome = models.CharField(max_length=11, choices=codes(Outcome), default=Outcome.WAITING)
    said = models.CharField(max_length=10, choices=codes(Said), blank=True)
    called_at = models.DateTimeField(null=True)
    called_by = models.CharField(max_length=NAME_CHARS_MAX, blank=True)

    class Meta:
        ordering = ["id"]

    @property
    def path(self) -> str:
        """Where it was drawn."""
        return self.sample.path


class Notice(models.Model):
    """A reminder, or word to somebody above, that a rung of the ladder called for; sent once.

    ``body`` and ``path`` say whom it is to: people of a body, or the union's office of a place.
    """

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="notices")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, db_index=False)
    rung = models.CharField(max_length=CODE_CHARS_MAX)
    at = models.DateTimeField()
    due_on = models.DateField()
    to = models.CharField(max_length=CODE_CHARS_MAX)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True)
    path = path_field()
    mailed_at = models.DateTimeField(null=True)

    objects = HeldQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "deadline", "rung"], name="a_rung_is_climbed_once_a_deadline"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(mailed_at__isnull=True), name="notices_to_mail"
            ),
            models.Index(fields=["body", "-id"], name="notices_of_a_body"),
        ]


class PublicNumbers(models.Model):
    """The figures of one closed month of a country, as they were published; never changed.

    Worked out anew, another small group might be the hidden one, and both together would show it.
    """

    country = models.CharField(max_length=2)
    since_on = models.DateField()
    until_on = models.DateField()
    made_at = models.DateTimeField()
    document = models.JSONField()

    class Meta:
        ordering = ["country", "-until_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "until_on"], name="a_month_is_published_once"
            )
        ]
