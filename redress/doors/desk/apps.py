from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Templates and static files of this door."""

    name = "redress.doors.desk"
    label = "desk"
