"""What of draws and placements waits for whom on My work."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.notices.worklist import Task, waits_for
from microcities.privacy.rules import has_record
from microcities.summerjobs.models import Draw, Placement, Post, SummerScheme
from microcities.summerjobs.queries import firms, own_and_wards, runs
from microcities.summerjobs.rules import may_offer_posts, may_run_summer


@waits_for("summerjobs.offers_own", only=has_record)
def offers(account: Any) -> Iterator[Task]:
    """Places that wait for the pupil's or the guardian's answer."""
    rows = Placement.objects.unanswered().filter(person_id__in=own_and_wards(account), answer_by__gte=timezone.now())
    for each in rows.select_related("post").order_by("answer_by", "pk"):
        href, due_on = reverse("summerjobs:offer", args=[each.public_id]), timezone.localdate(each.answer_by)
        yield Task(_("Answer the offered summer place"), href, due_on=due_on, detail=str(each.post))


@waits_for("summerjobs.draws_city", only=may_run_summer)
def draw_steps(account: Any) -> Iterator[Task]:
    """The next step of draw day in each scheme whose days of applying are over."""
    over = SummerScheme.objects.published().filter(
        organisation_id__in=runs(account), closed_at__isnull=True, apply_until_on__lt=timezone.localdate()
    )
    under_way = {
        each.scheme_id: each for each in Draw.objects.under_way().filter(scheme__in=over).defer("frozen_input")
    }
    drawn = set(Draw.objects.published().filter(scheme__in=over).values_list("scheme_id", flat=True))
    for scheme in over.order_by("pk"):
        if (draw := under_way.get(scheme.pk)) is not None:
            yield Task(_next_step(draw), reverse("summerjobs:draw", args=[draw.pk]), detail=str(scheme))
        elif scheme.pk not in drawn:
            yield Task(_("Freeze the draw of summer places"), reverse("summerjobs:draws", args=[scheme.pk]), detail=str(scheme))


def _next_step(draw: Draw) -> Any:
    if not draw.public_seed:
        return _("Enter the seed of the draw")
    return _("Run the draw") if draw.run_id is None else _("Look at the draw and publish it")


@waits_for("summerjobs.ranking_employer", only=may_offer_posts)
def to_rank(account: Any) -> Iterator[Task]:
    """Posts with places that the employer chooses, and nobody chosen yet though somebody may be."""
    rows = Post.objects.open().filter(
        host__organisation_id__in=firms(account), chosen_places__gt=0, ranking__isnull=True,
        wishes__application__shown_to_employers=True, wishes__application__submitted_at__isnull=False,
    ).exclude(host__scheme__draws__set_aside_at__isnull=True, host__scheme__draws__isnull=False)
    for each in rows.distinct().select_related("host__scheme").order_by("pk"):
        href = reverse("summerjobs:post-ranking", args=[each.pk])
        yield Task(_("Say whom you would choose"), href, due_on=each.host.scheme.apply_until_on, detail=str(each))
