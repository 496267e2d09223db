from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """People and households."""

    name = "redress.registers.registry"
    label = "registry"
