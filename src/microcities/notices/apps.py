"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NoticesConfig(AppConfig):
    """The app `notices`; its package says what it is for."""

    name = "microcities.notices"

    def ready(self) -> None:
        """Let every app register its tasks for My work and its kinds of notices."""
        autodiscover_modules("worklist", "account_tasks", "privacy_tasks")
