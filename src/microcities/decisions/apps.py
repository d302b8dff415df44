"""Django's handle on the app."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """The app `decisions`; its package says what it is for."""

    name = "microcities.decisions"
