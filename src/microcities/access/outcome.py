"""Tells a visitor what became of a button: done, or refused and why."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

from microcities.access.answers import RefusedError


def try_to(act: Callable[[], object], request: HttpRequest, said: "str | Promise") -> bool:
    """Do it and say so on the next page, or say there why not; whether it was done."""
    try:
        act()
    except RefusedError as refusal:
        messages.error(request, str(refusal.reason))
        return False
    messages.success(request, str(said))
    return True
