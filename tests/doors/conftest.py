from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from redress.registers.accounts.models import User


@pytest.fixture
def browser_of(cast):
    """Give a signed-in client for one of the cast, with a second factor where the role needs one."""

    def sign_in(username: str, **headers) -> Client:
        user = User.objects.get(username=username)
        if username in {"province", "auditor", "admin"}:
            Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
        client = Client(**headers)
        client.force_login(user)
        session = client.session
        session["second_factor_shown_by"] = user.pk
        session.save()
        return client

    return sign_in
