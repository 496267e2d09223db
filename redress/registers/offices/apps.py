from django.apps import AppConfig


class OfficesConfig(AppConfig):
    """Places, bodies and topics."""

    name = "redress.registers.offices"
    label = "offices"
