"""Django's handle on the app."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The app `operations`; its package says what it is for."""

    name = "microcities.operations"
