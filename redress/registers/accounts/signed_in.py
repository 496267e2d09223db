"""From the account that signed in to the person who acts."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Q

from redress.registers.accounts.models import Post, User
from redress.registers.accounts.roles import NOBODY, Actor, Policy, Role
from redress.values.days import country_of


def actor_of(user: User, *, on: dt.date) -> Actor:
    """Say as what an account acts on a day; without a post that day it may nothing."""
    post = (
        Post.objects
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=on), user=user, since_on__lte=on)
        .select_related("office", "body")
        .first()
    )
    if post is None:
        return NOBODY
    return Actor(
        name=user.full_name,
        role=Role(post.role),
        user_id=user.pk,
        path=post.office.path if post.office else None,
        country=country_of(post.path),
        body_id=post.body_id,
    )


def lacks_second_factor(user: User, actor: Actor) -> bool:
    """Say whether this account must set up a second factor before anything else."""
    return Policy(actor).needs_second_factor and not is_mfa_enabled(user)
