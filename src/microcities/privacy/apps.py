"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PrivacyConfig(AppConfig):
    """The app `privacy`; its package says what it is for."""

    name = "microcities.privacy"

    def ready(self) -> None:
        """Let every app say how its rows and actions are presented in histories (trail.reading)."""
        autodiscover_modules("presentations")
