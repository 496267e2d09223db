from django.apps import AppConfig


class LookConfig(AppConfig):
    """Templates and static files of this door."""

    name = "redress.doors.look"
    label = "look"
