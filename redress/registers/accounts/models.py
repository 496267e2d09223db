from __future__ import annotations

import datetime as dt
from typing import ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from redress.registers.accounts.roles import OF_A_BODY, POSTS
from redress.registers.offices.models import NAME_CHARS_MAX, Body, Office

USERNAME_CHARS_MAX: Final = 80


class Users(BaseUserManager["User"]):
    """Accounts by their user names."""

    def create_user(self, username: str, password: str | None = None, *, full_name: str) -> User:
        """Open an account; without a password nobody can sign in to it."""
        user = self.model(username=self.model.normalize_username(username), full_name=full_name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account of somebody who works with cases. Workers need none."""

    username = models.CharField(
        max_length=USERNAME_CHARS_MAX, unique=True, validators=[UnicodeUsernameValidator()]
    )
    full_name = models.CharField(max_length=NAME_CHARS_MAX)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = Users()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]


class Post(models.Model):
    """A role of a person at one office or one body, from when to when; never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(
        max_length=20, choices=[(role.value, role.value) for role in sorted(POSTS)]
    )
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True)
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-since_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(OF_A_BODY), body__isnull=False, office__isnull=True)
                | (~Q(role__in=sorted(OF_A_BODY)) & Q(body__isnull=True, office__isnull=False)),
                name="a_post_is_at_a_body_or_at_an_office_as_its_role_says",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(until_on__isnull=True),
                name="a_person_has_one_post_at_a_time",
            ),
        ]

    is_about_staff: ClassVar[bool] = True

    @property
    def path(self) -> str:
        """Where the post is."""
        place = self.office or self.body
        return place.path if place else ""

    def holds_on(self, day: dt.date) -> bool:
        """Say whether the post is held on a day; its first and last day count."""
        return self.since_on <= day and (self.until_on is None or day <= self.until_on)
