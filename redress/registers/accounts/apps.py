from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts and posts."""

    name = "redress.registers.accounts"
    label = "accounts"
