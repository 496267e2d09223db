from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from redress.registers.offices.models import BodyKind, Named, codes, path_field
from redress.values.days import Unit

CODE_CHARS_MAX: Final = 40
WORDS_CHARS_MAX: Final = 400


class LimitKind(StrEnum):
    """Whose word a limit is."""

    STATUTORY = "statutory"
    PROMISED = "promised"
    HOUSE = "house"


class Stage(StrEnum):
    """Which part of a body's work a limit is for."""

    ACCEPT = "accept"
    ANSWER = "answer"


class Limit(Named):
    """One version of a time limit: how long, from which event, since when it holds.

    ``body_kind`` and ``stage`` say for which bodies' work it runs; a limit without them runs where
    the house names its code. A body's own limit has the code ``body.<id>``.
    """

    is_about_staff: ClassVar[bool] = True  # no case of anybody's: changed by administrators

    code = models.CharField(max_length=CODE_CHARS_MAX)
    country = models.CharField(max_length=2)
    path = path_field()
    kind = models.CharField(max_length=10, choices=codes(LimitKind))
    start_en = models.CharField(max_length=WORDS_CHARS_MAX, blank=True)
    start_fa = models.CharField(max_length=WORDS_CHARS_MAX, blank=True)
    start_zh = models.CharField(max_length=WORDS_CHARS_MAX, blank=True)
    count = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=8, choices=codes(Unit))
    extension = models.PositiveSmallIntegerField(default=0)
    extendable_to = models.PositiveSmallIntegerField(null=True)
    extension_condition = models.CharField(max_length=WORDS_CHARS_MAX, blank=True)
    at_least = models.BooleanField(default=False)
    source = models.CharField(max_length=WORDS_CHARS_MAX, blank=True)
    note = models.CharField(max_length=WORDS_CHARS_MAX, blank=True)
    status = models.CharField(max_length=WORDS_CHARS_MAX, blank=True)
    body_kind = models.ForeignKey(BodyKind, on_delete=models.PROTECT, null=True)
    stage = models.CharField(max_length=6, choices=codes(Stage), blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        ordering = ["path", "code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "country", "valid_from"], name="a_limit_has_one_version_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="a_limit_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="a_limit_gives_time"),
        ]

    @property
    def start(self) -> str:
        """Name the event it runs from, in the reader's language."""
        return self.in_language("start")

    @property
    def count_extended(self) -> int:
        """Give its length once it is lawfully extended; as before where the law knows none."""
        return max(self.count, self.extendable_to or self.count + self.extension)

    @property
    def may_be_extended(self) -> bool:
        """Say whether the law knows an extension."""
        return self.count_extended > self.count


class Deadline(models.Model):
    """The last day of a limit that began on some day; one row for all cases that share both.

    Cases point here instead of keeping a day of their own: when a limit changes, some thousands of
    these rows are worked out anew, and every list and count of any number of cases is right.
    """

    code = models.CharField(max_length=CODE_CHARS_MAX)
    country = models.CharField(max_length=2)
    since_on = models.DateField()
    extended = models.BooleanField(default=False)
    last_on = models.DateField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "country", "since_on", "extended"], name="one_deadline_a_start"
            )
        ]
