"""Django's handle on the app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The app `events`; its package says what it is for."""

    name = "microcities.events"
