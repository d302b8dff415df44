"""What of agreements waits for whom on My work."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microcities.decisions.models import State
from microcities.notices.worklist import Task, waits_for
from microcities.privacy.rules import has_record
from microcities.summerjobs.agreement_rules import may_sign
from microcities.summerjobs.models import Agreement, Party, Placement
from microcities.summerjobs.queries import firms, own_and_wards, runs
from microcities.summerjobs.rules import may_see_two_sides

MOST_SHOWN = 20
RELATED = ("placement__post__host__scheme", "placement__person")


def _unsigned(rows: QuerySet[Agreement], account: Any, parties: tuple[Party, ...]) -> Iterator[Task]:
    rows = rows.in_force().filter(placement__state="accepted").select_related(*RELATED).prefetch_related("signatures")  # type: ignore[attr-defined]
    for each in rows.order_by("placement__first_on", "pk")[:MOST_SHOWN]:
        if any(may_sign(account, each, party) for party in parties):
            placement = each.placement
            href = reverse("summerjobs:agreement", args=[placement.public_id])
            yield Task(_("Sign an agreement on summer work"), href, due_on=placement.first_on, detail=str(placement.post))


@waits_for("summerjobs.agreements_own", only=has_record)
def to_sign(account: Any) -> Iterator[Task]:
    """Agreements of the pupil or the child."""
    rows = Agreement.objects.filter(placement__person_id__in=own_and_wards(account))
    yield from _unsigned(rows, account, (Party.PUPIL, Party.GUARDIAN))


@waits_for("summerjobs.agreements_sides", only=may_see_two_sides)
def to_make_and_sign(account: Any) -> Iterator[Task]:
    """Accepted places without an agreement, and agreements without the employer's or the city's signature."""
    sides = Q(post__host__organisation_id__in=firms(account)) | Q(post__host__scheme__organisation_id__in=runs(account))
    standing = Agreement.objects.in_force().filter(placement=OuterRef("pk"))
    rows = Placement.objects.filter(
        sides, Q(draw__isnull=True) | Q(draw__run__state=State.CONFIRMED), ~Exists(standing), state="accepted",
        post__state="approved", post__host__scheme__closed_at__isnull=True,
    )
    for each in rows.select_related("post").order_by("first_on", "pk")[:MOST_SHOWN]:
        href = reverse("summerjobs:agreement", args=[each.public_id])
        yield Task(_("Make the agreement on summer work"), href, due_on=each.first_on, detail=str(each.post))
    sided = Agreement.objects.filter(placement__in=Placement.objects.filter(sides).values("pk"))
    yield from _unsigned(sided, account, (Party.EMPLOYER, Party.CITY))
