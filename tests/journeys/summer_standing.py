"""Things of the demo's summers whose pages are looked at."""

from collections.abc import Callable
from typing import Any

from microcities.summerjobs.models import Application, Draw, Placement, Post, SummerHost, SummerScheme
from tests.journeys.standing import CHILD

# The one scheme that is neither closed nor drawn.
OPEN: dict[str, Any] = {"closed_at__isnull": True, "draws__isnull": True}


def open_scheme() -> str:
    """The scheme in which pupils apply now."""
    return str(SummerScheme.objects.get(**OPEN).pk)


def past_scheme() -> str:
    """The summer of 2019."""
    return str(SummerScheme.objects.get(year=2019).pk)


def part_of_scheme(code: str) -> Callable[[], tuple[str, str]]:
    """A period or a source of money of the open scheme."""
    return lambda: (open_scheme(), code)


def a_host(state: str) -> Callable[[], str]:
    """An employer of the open scheme in a state."""
    return lambda: str(SummerHost.objects.get(scheme__in=SummerScheme.objects.filter(**OPEN), state=state).pk)


def a_post(state: str) -> Callable[[], str]:
    """A post of the first employer in a state."""
    open_ones = SummerScheme.objects.filter(**OPEN)
    found = Post.objects.filter(host__scheme__in=open_ones, host__state="approved", state=state).order_by("pk")
    return lambda: str(found[0].pk)


def childs_application() -> str:
    """The application of the child with an account."""
    return str(Application.objects.get(person__account__email=CHILD, scheme__in=SummerScheme.objects.filter(**OPEN)).pk)


def childs_part(part: str) -> Callable[[], tuple[str, str]]:
    """A part of that application."""
    return lambda: (childs_application(), part)


def drawn_scheme() -> str:
    """Holiday work whose places are offered."""
    return str(SummerScheme.objects.get(closed_at__isnull=True, draws__published_at__isnull=False).pk)


def frozen_draw() -> str:
    """The draw that waits for its seed."""
    return str(Draw.objects.under_way().get().pk)


def first_draw() -> str:
    """The draw of 2019."""
    return str(Draw.objects.get(scheme__year=2019).pk)


def drawn_application() -> str:
    """The child's application in the scheme that is drawn."""
    return str(Application.objects.get(person__account__email=CHILD, scheme=drawn_scheme()).pk)


def an_offer() -> str:
    """A place of holiday work that waits for an answer."""
    return str(Placement.objects.unanswered().order_by("pk")[0].public_id)


def worked_place() -> str:
    """A place of the summer of 2019."""
    return str(Placement.objects.filter(state="completed").order_by("pk")[0].public_id)


def chosen_post() -> str:
    """The post of the open scheme with places that the employer chooses."""
    return str(Post.objects.get(host__scheme=open_scheme(), chosen_places__gt=0, state="approved").pk)


def agreed_place() -> str:
    """The place whose agreement waits for signatures."""
    return str(Placement.objects.get(agreements__replaced_at__isnull=True, agreements__isnull=False).public_id)


def party_of_agreement(party: str) -> Callable[[], tuple[str, str]]:
    """A party of that agreement."""
    return lambda: (agreed_place(), party)


def agreed_host() -> str:
    """The employer of that agreement."""
    return str(Placement.objects.get(public_id=agreed_place()).post.host_id)


def feedback_of_employer() -> tuple[str, str]:
    """A place of 2019 at the employer with an account, for the supervisor's side."""
    host = SummerHost.objects.get(pk=agreed_host())
    worked = Placement.objects.filter(state="completed", post__host__organisation=host.organisation_id)
    return str(worked.order_by("pk")[0].public_id), "employer"
