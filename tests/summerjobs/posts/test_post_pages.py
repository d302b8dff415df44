"""Pages of schemes, employers and posts: who gets them, few questions to the database, whole ways through them, bad input."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from microcities.summerjobs.models import HostDocument, Post, SummerHost, SummerScheme
from tests.summerjobs.posts.test_posts import PDF
from tests.summerjobs.summer import TODAY, YEAR, Summer, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WHO = ("coordinator", "other_coordinator", "firm_account", "other_account", "anna_account", "auditor", "stranger")


def text(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def statuses(summer: Summer, path: str, *, post: bool = False) -> list[int]:
    """What each of WHO gets, in that order, and a visitor without an account."""
    found = []
    for name in WHO:
        client = Client()
        client.force_login(getattr(summer, name))
        found.append((client.post(path) if post else client.get(path)).status_code)
    return [*found, (Client().post(path) if post else Client().get(path)).status_code]


def test_published_schemes_and_approved_posts_are_public(summer: Summer) -> None:
    post = make_post(summer)
    for path in ("/en/summer/", f"/en/summer/{summer.scheme.pk}/", f"/en/summer/posts/{post.pk}/"):
        assert statuses(summer, path) == [200] * 8
    assert "Rīgas iela 1" in text(Client().get(f"/summer/posts/{post.pk}/"))
    SummerScheme.objects.filter(pk=summer.scheme.pk).update(published_at=None)
    assert statuses(summer, f"/en/summer/{summer.scheme.pk}/") == [200, 404, 404, 404, 404, 200, 404, 404]
    assert statuses(summer, f"/en/summer/posts/{post.pk}/") == [200, 404, 200, 404, 404, 200, 404, 404]


def test_each_side_has_its_own_pages(summer: Summer) -> None:
    draft, offered = make_post(summer, state="draft"), make_post(summer, state="offered")
    scheme, host = summer.scheme.pk, summer.host.pk
    expected = {
        f"{scheme}/desk/": [200, 403, 403, 403, 403, 200, 403, 302],
        f"{scheme}/change/": [200, 403, 403, 403, 403, 403, 403, 302],
        f"{scheme}/periods/new/": [200, 403, 403, 403, 403, 403, 403, 302],
        f"{scheme}/periods/june/": [200, 403, 403, 403, 403, 403, 403, 302],
        f"{scheme}/periods/june/call-off/": [200, 403, 403, 403, 403, 403, 403, 302],
        f"{scheme}/money/city/": [200, 403, 403, 403, 403, 403, 403, 302],
        "new/": [200, 200, 403, 403, 403, 403, 403, 302],
        "employer/": [403, 403, 200, 200, 403, 403, 403, 302],
        f"{scheme}/join/": [403, 403, 200, 200, 403, 403, 403, 302],
        f"hosts/{host}/": [200, 404, 200, 404, 403, 200, 403, 302],
        f"hosts/{host}/change/": [403, 403, 200, 404, 403, 403, 403, 302],
        f"hosts/{host}/decide/": [200, 404, 403, 403, 403, 403, 403, 302],
        f"hosts/{host}/documents/new/": [403, 403, 200, 404, 403, 403, 403, 302],
        f"hosts/{host}/supervisors/new/": [403, 403, 200, 404, 403, 403, 403, 302],
        f"hosts/{host}/posts/new/": [403, 403, 200, 404, 403, 403, 403, 302],
        f"posts/{draft.pk}/": [200, 404, 200, 404, 404, 200, 404, 404],
        f"posts/{draft.pk}/change/": [403, 403, 200, 404, 403, 403, 403, 302],
        f"posts/{offered.pk}/approve/": [200, 404, 403, 403, 403, 403, 403, 302],
        f"posts/{offered.pk}/return/": [200, 404, 403, 403, 403, 403, 403, 302],
    }
    assert {path: statuses(summer, f"/en/summer/{path}") for path in expected} == expected


def test_buttons_answer_to_posts_alone(summer: Summer) -> None:
    post = make_post(summer, state="draft")
    for path in (
        f"{summer.scheme.pk}/publish/", f"{summer.scheme.pk}/close/", f"hosts/{summer.host.pk}/withdraw/",
        f"posts/{post.pk}/offer/", f"posts/{post.pk}/withdraw/",
    ):
        client = Client()
        client.force_login(summer.coordinator)
        assert client.get(f"/en/summer/{path}").status_code in {403, 405}, path
        client.force_login(summer.stranger)
        assert client.post(f"/en/summer/{path}").status_code == 403, path
    assert Post.objects.get(pk=post.pk).state == "draft"


def test_number_of_questions_does_not_grow_with_posts(summer: Summer, client: Client) -> None:
    client.force_login(summer.coordinator)
    for path in (f"/en/summer/{summer.scheme.pk}/", f"/en/summer/{summer.scheme.pk}/desk/"):
        make_post(summer)
        client.get(path)
        with CaptureQueriesContext(connection, ) as few:
            client.get(path)
        for _each in range(4):
            make_post(summer)
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(many) <= len(few) <= 40


def form_of(summer: Summer, **fields: Any) -> dict[str, Any]:
    return {
        "name": "Datu ievade", "tasks": "Ievada datus.", "address": "Rīgas iela 2", "period": summer.june.pk,
        "programme": summer.programme.pk, "age_from": 15, "age_to": 18, "places": 2, "starts_at": "09:00",
        "break_minutes": 30, "work_days": 10, "supervisor": summer.supervisor.pk, **fields,
    }


def test_employer_writes_offers_and_city_approves_through_the_pages(summer: Summer, client: Client) -> None:
    client.force_login(summer.firm_account)
    new = f"/en/summer/hosts/{summer.host.pk}/posts/new/"
    made = client.post(new, form_of(summer))
    post = Post.objects.get(name="Datu ievade")
    assert made["Location"] == f"/en/summer/posts/{post.pk}/"
    assert "Offer the post" in text(client.get(made["Location"]))
    client.post(f"/en/summer/posts/{post.pk}/offer/")
    client.force_login(summer.coordinator)
    assert "Check a summer post" in text(client.get("/en/work/"))
    answer = client.post(
        f"/en/summer/posts/{post.pk}/approve/", {"fund": summer.fund.pk, "supervisor": summer.supervisor.pk}
    )
    assert answer.status_code == 302
    assert Post.objects.get(pk=post.pk).state == "approved"
    client.force_login(summer.firm_account)
    client.post(f"/en/summer/posts/{post.pk}/change/", form_of(summer, tasks="Ievada un pārbauda datus."))
    assert Post.objects.get(pk=post.pk).state == "offered"
    assert "Datu ievade" in text(client.get(f"{new}?like={post.pk}"))


@pytest.mark.parametrize(("field", "value", "said"), [
    ("age_to", 12, "13 or more"), ("age_to", 14, "younger than the youngest"), ("places", 0, "1 or more"),
    ("starts_at", "9 o'clock", "time"), ("chosen_places", 9, "more than all places"), ("name", "", "is empty"),
    ("monthly_wage", "-5", "1 or more"), ("period", "999999", "not among the choices"),
])
def test_bad_input_is_refused_at_its_field_and_nothing_typed_is_lost(
    summer: Summer, client: Client, field: str, value: Any, said: str
) -> None:
    client.force_login(summer.firm_account)
    page = client.post(f"/en/summer/hosts/{summer.host.pk}/posts/new/", form_of(summer, **{field: value}))
    assert page.status_code == 422
    assert said in text(page)
    assert "Ievada datus." in text(page)
    assert not Post.objects.filter(name="Datu ievade").exists()


def test_papers_are_opened_by_the_two_sides_alone(summer: Summer, client: Client) -> None:
    SummerHost.objects.filter(pk=summer.host.pk).update(state="applied")
    client.force_login(summer.firm_account)
    paper = SimpleUploadedFile("riski.pdf", PDF, content_type="application/pdf")
    client.post(f"/en/summer/hosts/{summer.host.pk}/documents/new/", {"title": "Riski", "file": paper})
    found = HostDocument.objects.get()
    assert statuses(summer, f"/en/summer/host-documents/{found.pk}/") == [200, 404, 200, 404, 403, 200, 403, 302]
    assert "Riski" in text(client.get(f"/en/summer/hosts/{summer.host.pk}/"))
    client.post(f"/en/summer/host-documents/{found.pk}/remove/")
    assert not HostDocument.objects.exists()


def test_employer_joins_and_city_decides_through_the_pages(summer: Summer, client: Client) -> None:
    client.force_login(summer.other_account)
    assert "Cities ask for posts now" in text(client.get("/en/summer/employer/"))
    given = {
        "organisation": summer.other_firm.pk, "insured": "on", "no_tax_debt": "on", "risks_assessed_on": f"{TODAY:%Y-%m-%d}"
    }
    assert client.post(f"/en/summer/{summer.scheme.pk}/join/", given).status_code == 302
    host = SummerHost.objects.get(organisation=summer.other_firm)
    client.force_login(summer.coordinator)
    assert "Check an employer" in text(client.get("/en/work/"))
    decide = f"/en/summer/hosts/{host.pk}/decide/"
    assert client.post(decide, {"refuse": "1", "finding": ""}).status_code == 422
    assert client.post(decide, {"approve": "1", "aid_basis": ""}).status_code == 422
    assert client.post(decide, {"approve": "1", "aid_basis": "general_measure"}).status_code == 302
    host.refresh_from_db()
    assert host.state == "approved"


def test_scheme_is_opened_through_the_pages(summer: Summer, client: Client) -> None:
    client.force_login(summer.coordinator)
    names = ("posts_from_on", "posts_until_on", "apply_from_on", "apply_until_on", "holidays_from_on", "holidays_until_on")
    days = dict.fromkeys(names, f"{TODAY:%Y-%m-%d}")
    given = {
        "organisation": summer.city.pk, "programme": summer.world.programme.pk, "city": summer.world.valmiera.pk, "year": YEAR,
        "rules_version": "valmiera-2019", "name": "Otra vasara", "most_wishes": 5, "answer_days": 5, **days,
    }
    wrong = client.post("/en/summer/new/", given | {"apply_until_on": "2020-01-01"})
    assert (wrong.status_code, "last day comes before" in text(wrong)) == (422, True)
    assert client.post("/en/summer/new/", given).status_code == 302
    made = SummerScheme.objects.get(name="Otra vasara")
    desk = f"/en/summer/{made.pk}/desk/"
    assert "No period yet" in text(client.get(desk))
    client.post(f"/en/summer/{made.pk}/publish/")
    made.refresh_from_db()
    assert made.published_at is None
    period = {"code": "june", "name": "Jūnijs", "name_en": "June", "first_on": f"{YEAR}-06-01", "last_on": f"{YEAR}-06-20"}
    client.post(f"/en/summer/{made.pk}/periods/new/", period)
    client.post(f"/en/summer/{made.pk}/money/city/", {"source": summer.world.city_budget.pk, "budget": "1000.00"})
    client.post(f"/en/summer/{made.pk}/publish/")
    made.refresh_from_db()
    assert made.published_at is not None
    client.post(f"/en/summer/{made.pk}/periods/june/call-off/", {"reason": "Ārkārtas stāvoklis"})
    assert "Ārkārtas stāvoklis" in text(client.get(f"/en/summer/{made.pk}/"))


def test_search_finds_open_posts(summer: Summer, client: Client) -> None:
    make_post(summer, name="Robotu skaitīšana")
    assert "Robotu skaitīšana" in text(client.get("/en/search/?q=robotu"))
