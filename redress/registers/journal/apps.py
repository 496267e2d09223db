from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal."""

    name = "redress.registers.journal"
    label = "journal"
