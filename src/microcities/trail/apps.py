"""Django's handle on the app; installs the triggers after each migrate."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from microcities.trail import install


class TrailConfig(AppConfig):
    """History, chain, looks."""

    name = "microcities.trail"

    def ready(self) -> None:
        post_migrate.connect(_install, dispatch_uid="trail.install")


def _install(sender: AppConfig, using: str, **_: Any) -> None:
    # post_migrate comes once for each app with models; after the last one all tables are there.
    if sender is [config for config in apps.get_app_configs() if config.models_module][-1]:
        install.install(using)
