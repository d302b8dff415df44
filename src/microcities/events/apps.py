"""Django's handle on the app."""

from django.apps import AppConfig

from microcities.privacy.ties import tie_to_programme


class EventsConfig(AppConfig):
    """The app `events`; its package says what it is for."""

    name = "microcities.events"

    def ready(self) -> None:
        tie_to_programme("events.Attendee", "event.programme")
