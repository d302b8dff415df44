"""Django's handle on the app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The app `demo`; its package says what it is for."""

    name = "microcities.demo"
