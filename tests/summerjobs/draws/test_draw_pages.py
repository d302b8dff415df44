"""Pages of draw day: the city's steps, what everybody sees of them, offers and their answers, and employers' rankings."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from microcities.decisions.models import DecisionRun
from microcities.notices.worklist import tasks_for
from microcities.people.models import Account
from microcities.summerjobs.actions.draws import freeze_draw
from microcities.summerjobs.models import Draw, GroupClaim, GuardianWord, Placement, Ranking, SummerScheme
from microcities.trail.models import Look
from tests.summerjobs.applications.test_application_pages import statuses, text
from tests.summerjobs.draws.test_draws import SEED, SOURCE, closed, published
from tests.summerjobs.summer import NOW, TODAY, Summer, make_application, make_placement, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def titles(account: Account) -> set[str]:
    return {str(task.title) for task in tasks_for(account)}


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_who_may_open_which_page_of_draw_day(summer: Summer) -> None:
    post = make_post(summer, chosen_places=1)
    make_application(summer, summer.anna, post, about="Man patīk dati.", shown_to_employers=True)
    base = f"/en/summer/{summer.scheme.pk}"
    assert statuses(summer, f"/en/summer/posts/{post.pk}/ranking/") == [403, 403, 200, 403, 403, 403, 403, 403, 302]
    draw = freeze_draw(actor=summer.coordinator, scheme=closed(summer))
    one = f"/en/summer/draws/{draw.pk}/"
    city = [200, 404, 403, 403, 403, 403, 403, 403, 302]
    pages = {
        f"{base}/draws/": [200] * 9,
        f"{base}/placements/": [200, 403, 403, 403, 403, 403, 200, 403, 302],
        one: [200, 404, 404, 404, 404, 404, 200, 404, 404],
        f"{one}outlook/": [200, 404, 403, 403, 403, 403, 200, 403, 302],
        f"{one}seed/": city,
        f"{one}set-aside/": city,
        f"{one}input.json": [404] * 9,
    }
    assert {path: statuses(summer, path) for path in pages} == pages
    placement = make_placement(summer, make_application(summer, summer.child, post), post, state="offered", answered_at=None)
    offer = f"/en/summer/placements/{placement.public_id}/"
    assert statuses(summer, offer) == [200, 404, 404, 404, 200, 200, 200, 404, 302]
    Placement.objects.filter(pk=placement.pk).update(state="accepted", answered_at=NOW)
    assert statuses(summer, offer) == [200, 404, 200, 404, 200, 200, 200, 404, 302]
    assert statuses(summer, f"{offer}withdraw/") == [200, 404, 403, 404, 200, 200, 403, 404, 302]


def test_city_holds_draw_day_on_the_pages(summer: Summer) -> None:
    post = make_post(summer, places=1)
    own = make_application(summer, summer.anna, post)
    other = make_application(summer, None, post)
    scheme, client = closed(summer), signed_in(summer.coordinator)
    base = f"/en/summer/{scheme.pk}/draws/"
    assert "Freeze the draw of summer places" in titles(summer.coordinator)
    page = text(client.get(base))
    assert "2 applications are not checked yet" in page
    client.post(f"{base}freeze/")
    draw = Draw.objects.get()
    one = f"/en/summer/draws/{draw.pk}/"
    # The digest is public before the seed is known; the draw itself is not.
    assert draw.frozen_sha256 in text(Client().get(base))
    assert Client().get(one).status_code == 404
    assert "Enter the seed of the draw" in titles(summer.coordinator)
    assert "9 other seeds" in text(client.get(f"{one}outlook/"))
    assert client.post(f"{one}seed/", {"public_seed": SEED}).status_code == 422
    client.post(f"{one}seed/", {"public_seed": SEED, "source": SOURCE})
    assert "Run the draw" in titles(summer.coordinator)
    client.post(f"{one}run/")
    assert "Look at the draw and publish it" in titles(summer.coordinator)
    review = text(client.get(one))
    assert "Checked by a second calculation" in review
    assert "Publish the draw" in review
    client.post(f"{one}publish/")
    assert DecisionRun.objects.get().state == "confirmed"
    public = text(Client().get(one))
    for each in (own, other):
        assert each.code in public
        assert each.person.family_name not in public
    assert "all places are taken; the last number admitted is 1" in public
    assert other.code not in text(Client().get(one, {"code": own.code}))
    file = Client().get(f"{one}input.json")
    assert json.loads(file.content)["public_seed"] == SEED
    assert not {"Run the draw", "Freeze the draw of summer places"} & titles(summer.coordinator)


def test_draw_that_is_set_aside_stays_with_its_reason(summer: Summer) -> None:
    make_application(summer, summer.anna, make_post(summer))
    draw = freeze_draw(actor=summer.coordinator, scheme=closed(summer))
    client = signed_in(summer.coordinator)
    client.post(f"/en/summer/draws/{draw.pk}/set-aside/", {"reason": "Viena darba vieta bija ievadīta nepareizi."})
    assert "ievadīta nepareizi" in text(Client().get(f"/en/summer/{summer.scheme.pk}/draws/"))
    assert signed_in(summer.coordinator).get(f"/en/summer/draws/{draw.pk}/seed/").status_code == 403


def test_input_that_says_of_pupils_is_not_for_everybody(summer: Summer) -> None:
    group = summer.scheme.rules.priority[0].code if summer.scheme.rules.priority else "orphan"
    own = make_application(summer, summer.anna, make_post(summer))
    GroupClaim.objects.create(application=own, group=group, seen_on=TODAY, seen_by_id=summer.coordinator.pk)
    published(summer)
    path = f"/en/summer/draws/{Draw.objects.get().pk}/input.json"
    assert statuses(summer, path) == [200, 404, 404, 404, 404, 404, 200, 404, 404]
    page = text(Client().get(path.removesuffix("input.json")))
    assert "only the city and the auditor can open it" in page


def test_pupil_reads_the_result_and_takes_the_place(summer: Summer) -> None:
    post = make_post(summer, places=1)
    own = make_application(summer, summer.anna, post)
    placement = published(summer)[0]
    client = signed_in(summer.anna_account)
    assert "Answer the offered summer place" in titles(summer.anna_account)
    assert "Answer the offered summer place" in titles(summer.guardian)
    page = text(client.get(f"/en/summer/applications/{own.pk}/"))
    assert "Your number by lot: 1." in page
    assert f"/en/summer/placements/{placement.public_id}/" in page
    offer = f"/en/summer/placements/{placement.public_id}/"
    shown = text(client.get(offer))
    assert "I take the place" in shown
    assert "70.0" in shown  # ten days of seven hours
    assert "accepted" not in text(signed_in(summer.firm_account).get(f"/en/summer/posts/{post.pk}/"))
    client.post(f"{offer}accept/")
    placement.refresh_from_db()
    assert placement.state == "accepted"
    assert "The place is yours" in text(client.get(offer))
    assert "Answer the offered summer place" not in titles(summer.anna_account)
    # Twice is told, not done.
    assert "it is too late for it" in text(client.post(f"{offer}decline/", follow=True))
    employer = text(signed_in(summer.firm_account).get(offer))
    assert summer.anna.name in employer
    assert Look.objects.filter(reason="summerjobs.placement", person_id=summer.anna.pk).exists()


def test_guardian_declines_and_the_next_is_offered_the_place(summer: Summer) -> None:
    post = make_post(summer, places=1)
    own = make_application(summer, summer.child, post)
    GuardianWord.objects.create(application=own, guardian=summer.guardian.person, kind="consent", text="x", said_at=NOW)
    placement = published(summer)[0]
    waiting = make_application(summer, summer.anna, post)
    signed_in(summer.guardian).post(f"/en/summer/placements/{placement.public_id}/decline/")
    assert Placement.objects.get(application=waiting).state == "offered"
    refilled = text(Client().get(f"/en/summer/draws/{Draw.objects.get(kind='refill').pk}/"))
    assert waiting.code in refilled
    assert "You have declined the place" in text(signed_in(summer.child_account).get(f"/en/summer/applications/{own.pk}/"))


def test_placement_is_given_up_or_ended_with_a_reason(summer: Summer) -> None:
    post = make_post(summer)
    first = make_placement(summer, make_application(summer, summer.anna, post), post)
    path = f"/en/summer/placements/{first.public_id}/"
    client = signed_in(summer.anna_account)
    assert client.post(f"{path}withdraw/", {"reason": ""}).status_code == 422
    client.post(f"{path}withdraw/", {"reason": "Braucu prom."})
    assert "Braucu prom." in text(client.get(path))
    assert signed_in(summer.firm_account).get(f"{path}end/").status_code == 404


def test_employer_ranks_by_code_and_sees_no_name(summer: Summer) -> None:
    post = make_post(summer, chosen_places=2)
    shown = [make_application(summer, None, post, about="Protu tabulas.", shown_to_employers=True) for _each in range(2)]
    hidden = make_application(summer, summer.anna, post, about="Nerādīt.")
    client, path = signed_in(summer.firm_account), f"/en/summer/posts/{post.pk}/ranking/"
    assert "Say whom you would choose" in titles(summer.firm_account)
    assert path in text(client.get(f"/en/summer/posts/{post.pk}/"))
    page = text(client.get(path))
    for each in shown:
        assert each.code in page
        assert each.person.family_name not in page
    assert hidden.code not in page
    twice = {f"rank_{each.pk}": "1" for each in shown}
    assert "Two pupils have the same number" in text(client.post(path, twice))
    client.post(path, {f"rank_{shown[0].pk}": "7", f"rank_{shown[1].pk}": "3"})
    assert list(Ranking.objects.order_by("rank").values_list("application_id", "rank")) == [(shown[1].pk, 1), (shown[0].pk, 2)]
    assert "Say whom you would choose" not in titles(summer.firm_account)
    # Somebody who does not want to be read any more is chosen no more.
    shown[1].shown_to_employers = False
    shown[1].save()
    draw = freeze_draw(actor=summer.coordinator, scheme=closed(summer))
    assert json.loads(draw.frozen_input)["posts"][0]["ranking"] == [shown[0].code]
    assert client.get(path).status_code == 403


def test_pages_of_draws_ask_no_more_for_more_pupils(summer: Summer) -> None:
    post = make_post(summer, places=3)
    published_draw(summer, post, 3)
    client = signed_in(summer.coordinator)
    paths = [f"/en/summer/draws/{Draw.objects.get().pk}/", f"/en/summer/{summer.scheme.pk}/placements/"]
    counts = []
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(connection, ) as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert max(counts) <= 40


def published_draw(summer: Summer, post: Any, pupils: int) -> None:
    for _each in range(pupils):
        make_application(summer, None, post)
    published(summer)


def test_offers_that_lapse_are_told_on_the_page(summer: Summer) -> None:
    post = make_post(summer)
    own = make_application(summer, summer.anna, post)
    placement = make_placement(
        summer, own, post, state="offered", answered_at=None, offered_at=timezone.now() - timedelta(days=8),
        answer_by=timezone.now() - timedelta(days=1),
    )
    path = f"/en/summer/placements/{placement.public_id}/"
    client = signed_in(summer.anna_account)
    assert "I take the place" not in text(client.get(path))
    assert "The time to answer is over" in text(client.post(f"{path}accept/", follow=True))
    SummerScheme.objects.filter(pk=summer.scheme.pk).update(closed_at=NOW)
    assert client.get(path).status_code == 200
