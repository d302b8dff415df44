"""Django's handle on the app."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from microcities.access.sessions import start_clocks


class AccessConfig(AppConfig):
    """The app `access`; its package says what it is for."""

    name = "microcities.access"

    def ready(self) -> None:
        """Every sign-in starts the clocks of its session."""
        user_logged_in.connect(start_clocks, dispatch_uid="access.sessions")
