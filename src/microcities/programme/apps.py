"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ProgrammeConfig(AppConfig):
    """The app `programme`; its package says what it is for."""

    name = "microcities.programme"

    def ready(self) -> None:
        """Let every app register what it offers and what of it can be found."""
        autodiscover_modules("shell", "offers", "search", "directory")
