from django.apps import AppConfig


class LimitsConfig(AppConfig):
    """Time limits."""

    name = "redress.registers.limits"
    label = "limits"
