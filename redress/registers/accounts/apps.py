from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts and posts."""

    name = "redress.registers.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Connect to the sign-in library."""
        from redress.registers.accounts import second_factor  # noqa: F401, PLC0415 - its receivers
