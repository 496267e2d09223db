from __future__ import annotations

from django.db import models

from redress.registers.accounts.roles import Role
from redress.registers.journal.steps import WHY_CHARS_MAX
from redress.registers.offices.models import NAME_CHARS_MAX, path_field
from redress.registers.offices.scope import PlacedQuerySet


class Entry(models.Model):
    """One deed. Written by ``record`` alone; the database refuses to change or delete it.

    ``subject`` is the case the deed belongs to (a demand, a household), ``row`` the exact row.
    ``detail`` holds codes, ids and days, never words or names of a worker.
    """

    at = models.DateTimeField()
    deed = models.CharField(max_length=60)
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=NAME_CHARS_MAX)
    by_role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    path = path_field()
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    row_kind = models.CharField(max_length=30)
    row_id = models.BigIntegerField()
    why = models.CharField(max_length=WHY_CHARS_MAX, blank=True)
    detail = models.JSONField(default=dict)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "at"], name="story_of_a_case"),
            models.Index(fields=["-at"], name="latest_deeds"),
        ]
