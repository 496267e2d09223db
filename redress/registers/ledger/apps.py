from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The books."""

    name = "redress.registers.ledger"
    label = "ledger"
