from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """Templates and static files of this door."""

    name = "redress.doors.worker"
    label = "worker"
