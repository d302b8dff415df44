"""Django's handle on the app."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """The app `results`; its package says what it is for."""

    name = "microcities.results"
