"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from microcities.privacy.ties import tie_to_programme


class EventsConfig(AppConfig):
    """The app `events`; its package says what it is for."""

    name = "microcities.events"

    def ready(self) -> None:
        autodiscover_modules("event_links")
        tie_to_programme("events.Attendee", "event.programme")
