"""Django's handle on the app."""

from django.apps import AppConfig


class SummerJobsConfig(AppConfig):
    """The app `summerjobs`; its package says what it is for."""

    name = "microcities.summerjobs"
