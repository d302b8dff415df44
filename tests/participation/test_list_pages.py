"""The pages of lists as a browser uses them, with the background work done in between."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from microcities.notices.worklist import tasks_for
from microcities.participation.actions.work import apply_list, check_list, undo_list
from microcities.participation.lists.progress import forget, progress_of, report
from microcities.participation.models import ColumnMapping, ListImport, ListState, Participation
from microcities.people.models import Person
from tests.participation.lists import applied, compared, csv_file, xlsx_file
from tests.participation.test_list_import import JANIS, LIGA
from tests.world import World

pytestmark = pytest.mark.django_db


def text(response: HttpResponse) -> str:
    return response.content.decode()


def titles(account: object) -> list[str]:
    return [str(task.title) for task in tasks_for(account)]


def test_list_journey_from_upload_to_undo(client: Client, world: World) -> None:
    client.force_login(world.valda)
    assert "Bring a list" in text(client.get("/en/lists/"))
    sent = client.post(
        "/en/lists/new/", {"activity": world.summer.pk, "file": xlsx_file([LIGA, JANIS]), "funding_source": world.erdf.pk}
    )
    the_list = ListImport.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/en/lists/{the_list.pk}/")
    assert "Match the columns of a list" in titles(world.valda)
    shown = text(client.get(f"/en/lists/{the_list.pk}/columns/"))
    assert '<option value="2" selected>Dzimšanas datums</option>' in shown
    client.post(f"/en/lists/{the_list.pk}/columns/", the_list.mapping)
    waiting = text(client.get(f"/en/lists/{the_list.pk}/"))
    assert '<meta http-equiv="refresh" content="2">' in waiting
    assert "Waiting for its turn" in waiting
    assert ProcrastinateJob.objects.get().args == {"list_id": the_list.pk, "account_id": world.valda.pk}
    check_list(actor=world.valda, list_id=the_list.pk)
    shown = text(client.get(f"/en/lists/{the_list.pk}/"))
    assert "Look at what a list would change" in titles(world.valda)
    assert "2 × new person" in shown
    assert "Līga Bērziņa" in shown
    assert "Apply the list" in shown
    client.post(f"/en/lists/{the_list.pk}/apply/")
    apply_list(actor=world.valda, list_id=the_list.pk)
    assert Participation.objects.filter(batch_id=the_list.pk).count() == 2
    client.post(f"/en/lists/{the_list.pk}/undo/", {"reason": "wrong year"})
    undo_list(actor=world.valda, list_id=the_list.pk)
    shown = text(client.get(f"/en/lists/{the_list.pk}/"))
    assert "wrong year" in shown
    assert not Person.objects.filter(given_name="Līga").exists()


def test_list_page_shows_refusals_with_row_and_column(client: Client, world: World) -> None:
    bad = ("Anna", "Ozola", "31.02.2004", "anna@example.org", "2019-06-03")
    the_list = compared(world.valda, world.summer, csv_file([LIGA, bad]))
    client.force_login(world.valda)
    shown = text(client.get(f"/en/lists/{the_list.pk}/"))
    assert "1 row is refused" in shown
    assert "Column C “Dzimšanas datums”, “31.02.2004”: There is no such day. Check the day and the month." in shown
    assert "Apply the list" not in shown
    narrowed = text(client.get(f"/en/lists/{the_list.pk}/", {"outcome": "refused"}))
    assert "Anna Ozola" in narrowed
    assert "Līga Bērziņa" not in narrowed
    assert "Līga Bērziņa" in text(client.get(f"/en/lists/{the_list.pk}/", {"person": "berz"}))
    exported = b"".join(client.get(f"/en/lists/{the_list.pk}/", {"format": "csv"}).streaming_content).decode("utf-8-sig")
    assert exported.splitlines()[0] == "Row,Person,Born,Outcome,What and why"
    assert exported.splitlines()[1].startswith("2,Līga Bērziņa,2004-03-12,new person")
    assert "31.02.2004" in exported.splitlines()[2]


def test_list_page_speaks_latvian_headings_and_keeps_them(client: Client, world: World) -> None:
    client.force_login(world.valda)
    compared(world.valda, world.summer, csv_file([LIGA]))
    assert ColumnMapping.objects.get().header == ["Vārds", "Uzvārds", "Dzimšanas datums", "E-pasts", "Sācis"]
    client.post("/en/lists/new/", {"activity": world.summer.pk, "file": csv_file([JANIS])})
    assert ListImport.objects.latest("pk").state == ListState.CHECKING


def test_columns_page_says_what_is_missing(client: Client, world: World) -> None:
    client.force_login(world.valda)
    client.post("/en/lists/new/", {"activity": world.summer.pk, "file": csv_file([LIGA])})
    the_list = ListImport.objects.get()
    answer = client.post(f"/en/lists/{the_list.pk}/columns/", {"given_name": "0", "family_name": "0", "birth_on": "2"})
    assert answer.status_code == 422
    assert "This column is chosen twice" in text(answer)
    assert "Say which column holds the day" in text(answer)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("list.csv", b"", "empty"),
        ("list.csv", b"\n\n", "no rows"),
        ("list.xlsx", b"PK\x03\x04 not a workbook", "not what its ending says"),
        ("list.pdf", b"%PDF-1.7", "cannot be used here"),
    ],
)
def test_bring_refuses_what_is_no_list_and_says_why(
    client: Client, world: World, name: str, content: bytes, words: str
) -> None:
    client.force_login(world.valda)
    answer = client.post(
        "/en/lists/new/", {"activity": world.summer.pk, "file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 422
    assert words in text(answer)
    assert not ListImport.objects.exists()


def test_bring_offers_own_activities_only(client: Client, world: World) -> None:
    client.force_login(world.valda)
    shown = text(client.get("/en/lists/new/"))
    assert "Summer employment programme" in shown
    assert "Retraining course" not in shown
    answer = client.post("/en/lists/new/", {"activity": world.course.pk, "file": csv_file([LIGA])})
    assert answer.status_code == 422
    assert not ListImport.objects.exists()


@pytest.mark.parametrize(
    ("account", "status"), [("ventis", 404), ("otto", 403), ("svens", 403), ("pupil", 403), ("dace", 200), ("marta", 200)]
)
def test_list_is_seen_by_its_partner_and_by_those_who_see_everybody(
    client: Client, world: World, account: str, status: int
) -> None:
    the_list = applied(world.valda, world.summer, csv_file([LIGA]))
    client.force_login(world.everybody()[account])
    answer = client.get(f"/en/lists/{the_list.pk}/")
    assert answer.status_code == status
    assert ("Bērziņa" in text(answer)) == (status == 200)
    found = client.get("/en/lists/")
    assert ("saraksts.csv" in text(found)) == (status == 200)


@pytest.mark.parametrize("verb", ["apply", "discard", "resume", "undo", "confirm"])
def test_list_of_another_partner_cannot_be_changed(client: Client, world: World, verb: str) -> None:
    the_list = compared(world.valda, world.summer, csv_file([LIGA]))
    client.force_login(world.ventis)
    assert client.post(f"/en/lists/{the_list.pk}/{verb}/", {"reason": "x"}).status_code in (403, 404)
    the_list.refresh_from_db()
    assert the_list.state == ListState.CHECKED


def test_auditor_sees_a_list_and_changes_nothing(client: Client, world: World) -> None:
    the_list = applied(world.valda, world.summer, csv_file([LIGA]))
    client.force_login(world.aija)
    shown = text(client.get(f"/en/lists/{the_list.pk}/"))
    assert "Līga Bērziņa" in shown
    assert "Undo the list" not in shown
    assert client.post(f"/en/lists/{the_list.pk}/undo/", {"reason": "x"}).status_code == 403


def test_list_records_are_confirmed_by_somebody_else(client: Client, world: World) -> None:
    the_list = applied(world.valda, world.summer, csv_file([LIGA, JANIS]))
    client.force_login(world.valda)
    assert client.get(f"/en/lists/{the_list.pk}/confirm/").status_code == 403
    assert "Confirm participants&#x27; records" not in titles(world.valda)
    client.force_login(world.marta)
    assert "Confirm participants' records" in titles(world.marta)
    client.post(f"/en/lists/{the_list.pk}/confirm/", {"reason": "signed attendance sheets"})
    assert set(Participation.objects.values_list("verification", "verified_by_id")) == {("confirmed", world.marta.pk)}
    assert "Confirm participants' records" not in titles(world.marta)


def test_progress_is_seen_and_forgotten(world: World, client: Client) -> None:
    the_list = compared(world.valda, world.summer, csv_file([LIGA]))
    ListImport.objects.update(state=ListState.APPLYING)
    report(the_list.pk, "compare", 3000, 50000)
    assert progress_of(the_list.pk) == ("compare", 3000, 50000)
    client.force_login(world.valda)
    shown = text(client.get(f"/en/lists/{the_list.pk}/"))
    assert re.search(r'<progress aria-label="Rows compared" max="50000" value="3000">', shown)
    forget()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # activity is read once for each transaction
    assert progress_of(the_list.pk) is None


def test_list_pages_ask_the_same_number_of_queries_for_any_number_of_rows(client: Client, world: World) -> None:
    client.force_login(world.valda)
    names = [f"Vārds{letter}" for letter in "abcdefghijklmnopqrst"]
    rows = [(name, "Ozols", f"0{n % 9 + 1}.03.2004", f"p{n}@example.org", "2019-06-03") for n, name in enumerate(names)]
    few, many = (applied(world.valda, world.summer, csv_file(part)) for part in (rows[:1], rows[1:]))
    counts = []
    for the_list in (few, many):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/en/lists/{the_list.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20
