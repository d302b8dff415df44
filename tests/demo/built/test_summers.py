"""The demo's summers have the published numbers of employers and places, and the next one has something for everybody."""

import pytest
from django.db.models import Sum
from django.utils import translation

from microcities.decisions.canonical import sha256_of_text
from microcities.decisions.rerun import rerun
from microcities.notices.worklist import tasks_for
from microcities.people.models import Account
from microcities.programme.models import Programme
from microcities.summerjobs.models import Application, Draw, Placement, Post, SummerHost, SummerScheme
from microcities.trail.models import Action

pytestmark = pytest.mark.django_db


def places(year: int, **only: bool) -> int:
    """Places of all posts of a summer."""
    rows = Post.objects.filter(host__scheme__year=year, **only)
    return int(rows.aggregate(all=Sum("places"))["all"] or 0)


def titles(email: str) -> set[str]:
    with translation.override("en"):
        return {str(task.title) for task in tasks_for(Account.objects.get(email=email))}


def test_summers_have_the_published_employers_and_places(demo: Programme) -> None:
    assert SummerHost.objects.filter(scheme__year=2019).count() == 29
    assert (places(2019), places(2019, is_stem=True), places(2021)) == (281, 66, 342)
    stem = Post.objects.filter(host__scheme__year=2019, is_stem=True)
    assert stem.values("host").distinct().count() == 8
    assert set(stem.values_list("fund__source__code", flat=True)) == {"nextgen-erdf"}
    with translation.override("lv"):
        june = SummerScheme.objects.get(year=2020).periods.get(code="june")
    assert june.called_off
    assert set(Post.objects.filter(host__scheme__year=2021).values_list("programme__code", flat=True)) == {"municipal", "firms"}
    assert not SummerScheme.objects.filter(year__lte=2021, closed_at__isnull=True).exists()


def test_next_summer_waits_for_everybody(demo: Programme) -> None:
    scheme = SummerScheme.objects.get(closed_at__isnull=True, draws__isnull=True)
    assert set(Post.objects.filter(host__scheme=scheme).values_list("state", flat=True)) == {
        "approved", "offered", "returned", "draft"
    }
    sent = Application.objects.filter(scheme=scheme, submitted_at__isnull=False)
    assert sent.count() == 7
    assert not sent.filter(wishes__isnull=True).exists()
    assert {"Check an employer's papers", "Check a summer post", "Check applications"} <= titles("koordinatore@demo.example")
    assert "Say whether your child may work" in titles("vecaks@demo.example")
    assert "Answer the city about a post" in titles("uznemums@demo.example")


def test_people_of_the_next_summer_act_for_themselves(demo: Programme) -> None:
    verbs = (
        "summerjobs.offer_post", "summerjobs.approve_post", "summerjobs.send_application", "summerjobs.freeze_draw",
        "summerjobs.enter_seed", "summerjobs.run_draw", "summerjobs.publish_draw", "summerjobs.rank_pupils",
    )
    assert not Action.objects.filter(verb__in=verbs, actor_id__isnull=True).exists()


def test_draw_of_2019_fills_its_places_and_can_be_run_again(demo: Programme) -> None:
    draw = Draw.objects.select_related("run").get(scheme__year=2019)
    assert draw.run is not None
    again = rerun(draw.run)
    assert again.is_same
    figures, certificate = draw.run.output["figures"], draw.run.output["certificate"]
    assert (figures["places"], figures["stem_places"]) == (281, 66)
    assert figures["placed"] == Placement.objects.filter(draw=draw).count() > 250
    assert certificate["stable"]
    assert sha256_of_text(draw.frozen_input) == draw.frozen_sha256


def test_one_draw_waits_for_its_seed_and_of_another_the_places_are_offered(demo: Programme) -> None:
    assert Draw.objects.under_way().get().public_seed == ""
    offered = Placement.objects.unanswered()
    assert offered.exists()
    assert set(offered.values_list("draw__run__state", flat=True)) == {"confirmed"}
    assert "Enter the seed of the draw" in titles("koordinatore@demo.example")
    assert "Sign an agreement on summer work" in titles("skolniece@demo.example")
    assert "Say whom you would choose" in titles("uznemums@demo.example")
