"""What of schemes, employers and posts waits for whom on My work."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microcities.notices.worklist import Task, waits_for
from microcities.summerjobs.models import Post, SummerHost
from microcities.summerjobs.queries import firms, runs
from microcities.summerjobs.rules import may_offer_posts, may_run_summer

MOST_SHOWN = 10


@waits_for("summerjobs.city_checks", only=may_run_summer)
def to_check(account: Any) -> Iterator[Task]:
    """Employers and posts that wait for the city's decision."""
    hosts = SummerHost.objects.filter(
        scheme__organisation_id__in=runs(account), scheme__closed_at__isnull=True, state="applied"
    ).exclude(organisation_id__in=firms(account)).select_related("organisation")
    for each in hosts.order_by("pk")[:MOST_SHOWN]:
        yield Task(_("Check an employer's papers"), reverse("summerjobs:host-decide", args=[each.pk]), detail=str(each))
    posts = Post.objects.filter(
        host__scheme__organisation_id__in=runs(account), host__scheme__closed_at__isnull=True, state="offered"
    ).select_related("host__organisation")
    for post in posts.order_by("offered_at", "pk")[:MOST_SHOWN]:
        yield Task(_("Check a summer post"), reverse("summerjobs:post", args=[post.pk]), detail=f"{post}, {post.host}")


@waits_for("summerjobs.employer", only=may_offer_posts)
def for_employers(account: Any) -> Iterator[Task]:
    """Posts that the city returned, drafts not yet offered, and papers that are missing."""
    returned = Post.objects.of_firms(account).filter(state="returned", host__scheme__closed_at__isnull=True)
    for post in returned.order_by("pk")[:MOST_SHOWN]:
        yield Task(_("Answer the city about a post"), reverse("summerjobs:post", args=[post.pk]), detail=str(post))
    drafts = Post.objects.of_firms(account).filter(state="draft", host__scheme__closed_at__isnull=True)
    for post in drafts.select_related("host__scheme").order_by("pk")[:MOST_SHOWN]:
        due_on = post.host.scheme.posts_until_on
        href = reverse("summerjobs:post", args=[post.pk])
        yield Task(_("Offer the post that you wrote"), href, due_on=due_on, detail=str(post))
    hosts = SummerHost.objects.of_firms(account).filter(state="applied", scheme__closed_at__isnull=True)
    for host in hosts.filter(risks_assessed_on__isnull=True).select_related("scheme").order_by("pk")[:MOST_SHOWN]:
        yield Task(_("Bring the papers that are missing"), reverse("summerjobs:host", args=[host.pk]), detail=str(host.scheme))
