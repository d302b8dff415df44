"""The demo's summers have the published numbers of employers and places, and the next one has something for everybody."""

import pytest
from django.db.models import Sum
from django.utils import translation

from microcities.notices.worklist import tasks_for
from microcities.people.models import Account
from microcities.programme.models import Programme
from microcities.summerjobs.models import Application, Post, SummerHost, SummerScheme
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
    scheme = SummerScheme.objects.get(closed_at__isnull=True)
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
    verbs = ("summerjobs.offer_post", "summerjobs.approve_post", "summerjobs.send_application")
    assert not Action.objects.filter(verb__in=verbs, actor_id__isnull=True).exists()
