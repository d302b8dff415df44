"""Things of the demo's summers whose pages are looked at."""

from collections.abc import Callable

from microcities.summerjobs.models import Application, Post, SummerHost, SummerScheme
from tests.journeys.standing import CHILD


def open_scheme() -> str:
    """The scheme that is open now."""
    return str(SummerScheme.objects.get(closed_at__isnull=True).pk)


def past_scheme() -> str:
    """The summer of 2019."""
    return str(SummerScheme.objects.get(year=2019).pk)


def part_of_scheme(code: str) -> Callable[[], tuple[str, str]]:
    """A period or a source of money of the open scheme."""
    return lambda: (open_scheme(), code)


def a_host(state: str) -> Callable[[], str]:
    """An employer of the open scheme in a state."""
    return lambda: str(SummerHost.objects.get(scheme__closed_at__isnull=True, state=state).pk)


def a_post(state: str) -> Callable[[], str]:
    """A post of the first employer in a state."""
    found = Post.objects.filter(host__scheme__closed_at__isnull=True, host__state="approved", state=state).order_by("pk")
    return lambda: str(found[0].pk)


def childs_application() -> str:
    """The application of the child with an account."""
    return str(Application.objects.get(person__account__email=CHILD).pk)


def childs_part(part: str) -> Callable[[], tuple[str, str]]:
    """A part of that application."""
    return lambda: (childs_application(), part)
