"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PeopleConfig(AppConfig):
    """People and organisations."""

    name = "microcities.people"

    def ready(self) -> None:
        """Let every app add to the pages of persons and name places, and tie ours to the libraries it stands on."""
        autodiscover_modules("person_parts", "place_names", "wiring")
