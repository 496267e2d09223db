from django.apps import AppConfig


class ReliefConfig(AppConfig):
    """The relief flow."""

    name = "redress.relief"
    label = "relief"
