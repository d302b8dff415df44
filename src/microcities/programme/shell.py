"""What every page says of the programme: its name, and that its people are synthetic."""

from django.http import HttpRequest

from microcities.programme.models import Programme


def programme(request: HttpRequest) -> dict[str, Programme | None]:
    """Template context: the programme this installation shows first (the newest)."""
    return {"programme": Programme.objects.order_by("-starts_on").first()}
