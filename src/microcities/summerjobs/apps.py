"""Django's handle on the app."""

from django.apps import AppConfig

from microcities.privacy.ties import tie_to_programme


class SummerJobsConfig(AppConfig):
    """The app `summerjobs`; its package says what it is for."""

    name = "microcities.summerjobs"

    def ready(self) -> None:
        tie_to_programme("summerjobs.Application", "scheme.programme")
