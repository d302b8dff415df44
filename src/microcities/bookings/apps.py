"""Django's handle on the app."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """The app `bookings`; its package says what it is for."""

    name = "microcities.bookings"
