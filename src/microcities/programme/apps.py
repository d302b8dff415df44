"""Django's handle on the app."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """The app `programme`; its package says what it is for."""

    name = "microcities.programme"
