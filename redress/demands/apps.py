from django.apps import AppConfig


class DemandsConfig(AppConfig):
    """The demand flow."""

    name = "redress.demands"
    label = "demands"
