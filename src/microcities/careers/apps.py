"""Django's handle on the app."""

from django.apps import AppConfig

from microcities.privacy.ties import tie_to_programme


class CareersConfig(AppConfig):
    """The app `careers`; its package says what it is for."""

    name = "microcities.careers"

    def ready(self) -> None:
        tie_to_programme("careers.Enrolment", "school_class.school.programme")
        tie_to_programme("careers.GuidanceTalk", "programme")
