"""Django's handle on the app."""

from django.apps import AppConfig

from microcities.privacy.ties import tie_to_programme


class ParticipationConfig(AppConfig):
    """Activities and participations."""

    name = "microcities.participation"

    def ready(self) -> None:
        tie_to_programme("participation.Participation", "activity.programme")
