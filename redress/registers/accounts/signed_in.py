"""From the account that signed in to the person who acts."""

from __future__ import annotations

import datetime as dt

from redress.registers.accounts.models import Post, User
from redress.registers.accounts.roles import NOBODY, Actor, Role
from redress.values.days import country_of, local_day


def actor_of(user: User, *, at: dt.datetime) -> Actor:
    """Say as what an account acts at a moment; without a post that day it may nothing.

    The day is that of the post's own country.
    """
    posts = Post.objects.filter(user=user).select_related("office", "body")
    for post in posts:
        country = country_of(post.path)
        if post.holds_on(local_day(at, country=country)):
            return Actor(
                name=user.full_name,
                role=Role(post.role),
                user_id=user.pk,
                path=post.office.path if post.office else None,
                country=country,
                body_id=post.body_id,
            )
    return NOBODY
