"""Makes the rulebooks an app of Django and puts their check into `manage.py check`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from microcities.rulebooks import checks
from microcities.ui.shell import register_nav


class RulebooksConfig(AppConfig):
    """Rules as dated data, and their public pages."""

    name = "microcities.rulebooks"
    verbose_name = _("Rules")

    def ready(self) -> None:
        """Put the rules page into the footer; the system check is registered by its import."""
        register_nav("footer", _("Rules"), "rulebooks:list", 60)


__all__ = ["RulebooksConfig", "checks"]
