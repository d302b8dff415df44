"""Pages of applications: the whole way of a pupil and a guardian, who sees what, each look logged, and bad input."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from microcities.summerjobs.models import Application, GuardianWord
from microcities.trail.models import Look
from tests.summerjobs.posts.test_posts import PDF
from tests.summerjobs.summer import NOW, Summer, make_application, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WHO = (
    "coordinator", "other_coordinator", "firm_account", "anna_account", "child_account", "guardian", "auditor", "stranger"
)
BASE = "/en/summer/applications/"


def text(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def statuses(summer: Summer, path: str) -> list[int]:
    """What each of WHO gets, and a visitor without an account."""
    found = []
    for name in WHO:
        client = Client()
        client.force_login(getattr(summer, name))
        found.append(client.get(path).status_code)
    return [*found, Client().get(path).status_code]


def test_application_is_seen_by_pupil_guardian_and_the_schemes_city_alone(summer: Summer) -> None:
    own = make_application(summer, summer.anna, make_post(summer))
    pages = {
        f"{BASE}{own.pk}/": [404, 404, 404, 200, 404, 200, 403, 403, 302],
        f"{BASE}{own.pk}/wishes/": [404, 404, 404, 200, 404, 200, 403, 403, 302],
        f"{BASE}{own.pk}/parts/school/": [404, 404, 404, 200, 404, 200, 403, 403, 302],
        f"{BASE}{own.pk}/documents/": [404, 404, 404, 200, 404, 200, 403, 403, 302],
        f"{BASE}{own.pk}/send/": [404, 404, 404, 200, 404, 200, 403, 403, 302],
        f"{BASE}{own.pk}/check/": [200, 404, 403, 403, 403, 403, 200, 403, 302],
        f"{BASE}{own.pk}/refuse/": [200, 404, 403, 403, 403, 403, 403, 403, 302],
        f"/en/summer/{summer.scheme.pk}/applications/": [200, 403, 403, 403, 403, 403, 200, 403, 302],
    }
    assert {path: statuses(summer, path) for path in pages} == pages
    draft = make_application(summer, summer.child, submitted_at=None)
    assert statuses(summer, f"{BASE}{draft.pk}/check/")[0] == 404


def test_pupil_applies_on_the_pages_and_the_guardian_consents(summer: Summer, client: Client) -> None:
    post = make_post(summer)
    closed = make_post(summer, light_task="")
    client.force_login(summer.child_account)
    assert "Pupils apply now" in text(client.get("/en/summer/mine/"))
    begun = client.post(f"/en/summer/{summer.scheme.pk}/apply/", {"person": summer.child.pk})
    own = Application.objects.get(person=summer.child)
    base = f"{BASE}{own.pk}/"
    assert begun["Location"] == base
    client.post(f"{base}parts/school/", {"level": "basic", "school": summer.school.pk, "class_name": "8.a"})
    client.post(f"{base}parts/residence/", {"residence": "valmiera", "declared_on": "2015-01-01"})
    page = text(client.get(f"{base}wishes/"))
    assert str(post) in page
    assert f"{closed}, SIA Firma, June: By law you may do only light work" in page
    client.post(f"{base}wishes/", {"do": f"add-{post.pk}"})
    client.post(f"{base}wishes/", {"do": f"add-{closed.pk}"})
    assert [each.post for each in own.wishes.all()] == [post]
    assert "Check your answers" in text(client.get(f"{base}send/"))
    client.post(f"{base}send/")
    own.refresh_from_db()
    assert own.submitted_at is not None
    assert "waits for a guardian" in text(client.get(base))
    assert client.post(f"{base}guardian/", {"kind": "consent"}).status_code == 302
    assert not GuardianWord.objects.exists()
    client.force_login(summer.guardian)
    assert "Say whether your child may work" in text(client.get("/en/work/"))
    assert "I consent to the pupil working" in text(client.get(base))
    client.post(f"{base}guardian/", {"kind": "consent"})
    assert GuardianWord.objects.get().guardian == summer.guardian.person
    assert Look.objects.filter(person_id=summer.child.pk, reason="summerjobs.application").exists()
    client.force_login(summer.coordinator)
    assert own.code in text(client.get(f"/en/summer/{summer.scheme.pk}/applications/"))
    client.post(f"{base}confirm/")
    assert "goes into the draw" in text(client.get(f"{base}check/"))


def test_guardian_chooses_for_whom(summer: Summer, client: Client) -> None:
    client.force_login(summer.guardian)
    page = text(client.get(f"/en/summer/{summer.scheme.pk}/apply/"))
    assert "Anna Pupiņa" in page
    assert "Bērns Pupiņš" in page
    stranger = make_application(summer).person
    assert client.post(f"/en/summer/{summer.scheme.pk}/apply/", {"person": stranger.pk}).status_code == 422


@pytest.mark.parametrize(("part", "given", "said"), [
    ("school", {"level": ""}, "has no answer"),
    ("school", {"level": "basic", "basic_finished_on": "2090-01-01"}, "too far ahead"),
    ("residence", {"residence": "nowhere"}, "not among the choices"), ("friend", {"together_with": "NOBODY22"}, "Nobody"),
    ("about", {"about": "x" * 1001}, "Shorten it"),
])
def test_bad_input_stands_at_its_field(summer: Summer, client: Client, part: str, given: dict[str, str], said: str) -> None:
    own = make_application(summer, summer.anna)
    client.force_login(summer.anna_account)
    page = client.post(f"{BASE}{own.pk}/parts/{part}/", given)
    assert (page.status_code, said in text(page)) == (422, True)


def test_papers_are_opened_by_pupil_guardian_and_city(summer: Summer, client: Client) -> None:
    own = make_application(summer, summer.anna, make_post(summer))
    client.force_login(summer.anna_account)
    client.post(f"{BASE}{own.pk}/documents/", {"title": "Izziņa", "file": SimpleUploadedFile("izzina.pdf", PDF)})
    paper = own.documents.get()
    path = f"/en/summer/application-documents/{paper.pk}/"
    assert statuses(summer, path) == [200, 404, 404, 200, 404, 200, 200, 404, 302]
    assert Look.objects.filter(person_id=summer.anna.pk).count() >= 3
    client.post(f"{path}remove/")
    assert not own.documents.exists()


def test_staff_ask_and_refuse_on_the_pages(summer: Summer, client: Client) -> None:
    own = make_application(summer, summer.anna, make_post(summer))
    claim = own.groups.create(group="large_family")
    client.force_login(summer.coordinator)
    assert "Check applications" in text(client.get("/en/work/"))
    assert client.post(f"{BASE}{own.pk}/missing/", {"words": ""}).status_code == 422
    client.post(f"{BASE}{own.pk}/missing/", {"words": "Klase"})
    client.post(f"/en/summer/group-claims/{claim.pk}/seen/")
    client.post(f"{BASE}{own.pk}/refuse/", {"words": "Dzīvo citur"})
    own.refresh_from_db()
    claim.refresh_from_db()
    assert (own.missing, own.refused_reason, claim.seen_on is not None) == ("Klase", "Dzīvo citur", True)
    client.force_login(summer.anna_account)
    assert "Dzīvo citur" in text(client.get("/en/summer/mine/"))


def test_number_of_questions_does_not_grow(summer: Summer, client: Client) -> None:
    own = make_application(summer, summer.anna)
    for account, path in (
        (summer.coordinator, f"/en/summer/{summer.scheme.pk}/applications/"), (summer.anna_account, f"{BASE}{own.pk}/wishes/"),
    ):
        client.force_login(account)
        make_application(summer, None, make_post(summer))
        client.get(path)
        with CaptureQueriesContext(connection) as few:
            client.get(path)
        for _each in range(4):
            make_application(summer, None, make_post(summer))
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(many) <= len(few) <= 40, path


def test_latvian_pages_speak_latvian(summer: Summer, client: Client) -> None:
    own = make_application(summer, summer.anna, make_post(summer), submitted_at=NOW)
    client.force_login(summer.anna_account)
    for path in ("/summer/mine/", f"/summer/applications/{own.pk}/", f"/summer/applications/{own.pk}/wishes/"):
        assert "Vasaras darb" in text(client.get(path)) or "vasaras" in text(client.get(path)), path
