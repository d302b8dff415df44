"""Registers the component set as a Django app, so that its templates, styles and tags are found."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from microcities.ui.shell import check_nav


class UiConfig(AppConfig):
    """The app at the bottom of the import order; its package says what it is for."""

    name = "microcities.ui"

    def ready(self) -> None:
        """Have `check` find navigation links that lead nowhere."""
        register(check_nav, Tags.urls)
