"""Who sees how the installation is."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.people.roles import Permission


def may_see_operations(account: Any) -> Answer:
    """Rule of the operator's page."""
    if account.is_authenticated and account.may(Permission.SEE_OPERATIONS):
        return YES
    return no(_("This page is for the operator of the installation."))
