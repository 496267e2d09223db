"""What the three voices say of a demand, and the papers they bring."""

from __future__ import annotations

from typing import Final

from django.db import models

from redress.demands.models.demand import FINGERPRINT_CHARS, Demand
from redress.demands.states import Channel, Claim, Found, Holder, Said
from redress.registers.limits.models import Deadline
from redress.registers.offices.models import NAME_CHARS_MAX, Body, codes

# A body answers at its desk, or the union puts down what it wrote or said elsewhere.
AT_THE_DESK: Final = "desk"
# A worker's word comes with the receipt, or an officer puts it down.
BY_RECEIPT: Final = "receipt"
BY_SAMPLE_CALL: Final = "sample"


class Referral(models.Model):
    """A demand sent to one body."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="referrals")
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    sent_at = models.DateTimeField()
    note = models.TextField(blank=True)
    is_joint = models.BooleanField(default=False)
    returned_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)
    better_body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, related_name="recommended_in"
    )
    excused_at = models.DateTimeField(null=True)
    excuse = models.TextField(blank=True)

    class Meta:
        ordering = ["sent_at", "id"]


class Answer(models.Model):
    """What a body claims: solved, partly, refused with a reason, or moved to a procedure of the law.

    ``answered_on`` is the day it was given, which for a letter is earlier than ``at``, when it was
    put down. ``next_legal`` is the worker's next day in that procedure.
    """

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="answers")
    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    at = models.DateTimeField()
    answered_on = models.DateField()
    claim = models.CharField(max_length=7, choices=codes(Claim), default=Claim.SOLVED)
    text = models.TextField()
    next_legal = models.ForeignKey(Deadline, on_delete=models.PROTECT, null=True)
    channel = models.CharField(max_length=14, default=AT_THE_DESK)
    put_down_by = models.CharField(max_length=NAME_CHARS_MAX, blank=True)

    class Meta:
        ordering = ["at", "id"]


class WorkerWord(models.Model):
    """What the worker says of an answer; ``goes_on`` where they do not leave it at that."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="worker_words")
    at = models.DateTimeField()
    said = models.CharField(max_length=10, choices=codes(Said))
    goes_on = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    channel = models.CharField(max_length=14, default=BY_RECEIPT)
    put_down_by = models.CharField(max_length=NAME_CHARS_MAX, blank=True)

    class Meta:
        ordering = ["at", "id"]


class Verification(models.Model):
    """What the union found when it looked itself."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="verifications")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=NAME_CHARS_MAX)
    found = models.CharField(max_length=11, choices=codes(Found))
    text = models.TextField()

    class Meta:
        ordering = ["at", "id"]


class Addition(models.Model):
    """What a worker adds later; ``read_at`` is when somebody of the union opened the demand since."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="additions")
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    channel = models.CharField(max_length=14, default=BY_RECEIPT)
    put_down_by = models.CharField(max_length=NAME_CHARS_MAX, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["demand"], condition=models.Q(read_at=None), name="additions_not_read"
            )
        ]


class Attachment(models.Model):
    """A file that came with a demand, byte for byte; its type is what its content says.

    ``brought_by`` is whose voice it belongs to.
    """

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=NAME_CHARS_MAX)
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=FINGERPRINT_CHARS)
    content = models.BinaryField()
    brought_by = models.CharField(max_length=6, choices=codes(Holder), default=Holder.WORKER)
    answer = models.ForeignKey(
        Answer, on_delete=models.PROTECT, null=True, related_name="attachments"
    )
    verification = models.ForeignKey(
        Verification, on_delete=models.PROTECT, null=True, related_name="attachments"
    )
    addition = models.ForeignKey(
        Addition, on_delete=models.PROTECT, null=True, related_name="attachments"
    )

    class Meta:
        ordering = ["id"]


class Question(models.Model):
    """Something the union, or a body through it, asks the worker, and what the worker answers."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="questions")
    asked_at = models.DateTimeField()
    asked_on = models.DateField()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True)
    text = models.TextField()
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    channel = models.CharField(max_length=14, choices=codes(Channel), blank=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]


class Marking(models.Model):
    """Which parts of a demand's text are what: spans over the untouched words. The last one counts.

    ``spans`` is a list of [kind, start, end] in code points, the end exclusive.
    """

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="markings")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=NAME_CHARS_MAX)
    spans = models.JSONField()
    text_sha256 = models.CharField(max_length=FINGERPRINT_CHARS)

    class Meta:
        ordering = ["id"]


class MarkingWord(models.Model):
    """What the worker says of a marking."""

    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="words")
    at = models.DateTimeField()
    agrees = models.BooleanField()
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
