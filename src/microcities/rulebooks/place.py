"""Whose law this installation follows: one setting, asked for in one place."""

from django.conf import settings


def here() -> str:
    """The territory code of the installation, for rules that depend on the place and not on who pays.

    The setting TERRITORY (environment MICROCITIES_TERRITORY); rules of wider territories follow by themselves.
    """
    return str(settings.TERRITORY)
