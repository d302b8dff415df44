"""Django's handle on the app; gathers what services offer and installs views and triggers after each migrate."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

from microcities.evidence import install


class EvidenceConfig(AppConfig):
    """Evidence."""

    name = "microcities.evidence"

    def ready(self) -> None:
        autodiscover_modules("indicators")
        post_migrate.connect(_install, dispatch_uid="evidence.install")


def _install(sender: AppConfig, using: str, **_: Any) -> None:
    # post_migrate comes once for each app with models; after the last one all tables are there.
    if sender is [config for config in apps.get_app_configs() if config.models_module][-1]:
        install.install(using)
