"""How django-allauth behaves here: nobody signs up alone, and second-factor secrets lie encrypted."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import timezone

from redress.registers.accounts.roles import Policy
from redress.registers.accounts.signed_in import actor_of
from redress.registers.sealing import seal, unseal
from redress.values.networks import network_of


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts are opened by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse everybody."""
        del request
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401 - allauth's own signature
        """Count a try, good or not, against the name from all networks together too.

        Raises:
            ValidationError: there were too many.
        """
        super().pre_authenticate(request, **credentials)
        name = str(credentials.get("username", "")).lower()
        if not ratelimit.consume(request, action="login_of_name", key=name):
            raise self.validation_error("too_many_login_attempts")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ANN401 - allauth's own signature
        """Count failed tries by name and network, so that nobody elsewhere keeps an officer out."""
        name = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{name}/{network_of(self.get_client_ip(request))}"

    def add_message(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - allauth's own signature
        """Say nothing: the pages show what has changed, in our own words."""
        del args, kwargs


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Second-factor secrets are worth nothing without the key outside the database."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse to take off a factor that the role needs."""
        actor = actor_of(authenticator.user, at=timezone.now())
        return not Policy(actor).needs_second_factor

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for storing."""
        return seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a stored secret."""
        return unseal(encrypted_text.encode())
