from django.apps import AppConfig


class ClockworkConfig(AppConfig):
    """Periodic tasks; procrastinate finds ``tasks`` here."""

    name = "redress.doors.clockwork"
    label = "clockwork"
