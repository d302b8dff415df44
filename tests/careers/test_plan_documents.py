"""Documents of a career plan: checked by content, opened by the owner and by counsellors while shown, gone with their file."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from microcities.access.answers import RefusedError
from microcities.careers.actions.plan_documents import MOST_BYTES, MOST_DOCUMENTS, add_document, remove_document
from microcities.careers.actions.plans import delete_plan, share_plan, write_plan
from microcities.careers.models import CareerPlan, CareerPlanDocument
from microcities.privacy.erasure import erase_person
from microcities.privacy.export import export_json
from microcities.trail.models import Change, Look
from tests.careers.conftest import Schools

pytestmark = pytest.mark.django_db
BASE = "/en/careers/mine/career-plan/"
PDF_BYTES = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
PNG_BYTES = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
OnCommit = Callable[..., Any]


def text(response: Any) -> str:
    return response.content.decode()


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "file_permissions_mode": 0o600},
        },
    }
    return tmp_path


def stored(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


def pdf(name: str = "mans-cv.pdf", content: bytes = PDF_BYTES) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def planned(schools: Schools) -> CareerPlan:
    return write_plan(actor=schools.pupil_account, person=schools.pupil, goal="Kļūt par elektriķi")


def kept(schools: Schools, plan: CareerPlan, title: str = "Dzīves apraksts") -> CareerPlanDocument:
    return add_document(actor=schools.pupil_account, plan=plan, title=title, file=pdf())


def test_document_is_added_on_the_page_and_downloaded_by_its_owner(client: Client, schools: Schools, files: Path) -> None:
    planned(schools)
    client.force_login(schools.pupil_account)
    assert "No document yet" in text(client.get(BASE))
    answer = client.post(f"{BASE}documents/new/", {"title": "Dzīves apraksts", "file": pdf()})
    assert answer.headers["Location"] == BASE
    found = CareerPlanDocument.objects.get()
    assert (found.title, found.name, found.size, found.added_on) == (
        "Dzīves apraksts", "mans-cv.pdf", len(PDF_BYTES), timezone.localdate()
    )
    (path,) = stored(files)
    assert (path.parent.name, "cv" in path.name, oct(path.stat().st_mode & 0o777)) == ("career-plans", False, "0o600")
    address = f"/en/careers/career-plans/documents/{found.pk}/"
    assert address in text(client.get(BASE))
    file = client.get(address)
    assert b"".join(file.streaming_content) == PDF_BYTES  # type: ignore[attr-defined]
    assert (file.headers["Content-Type"], file.headers["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert file.headers["Content-Disposition"] == 'attachment; filename="mans-cv.pdf"'


@pytest.mark.parametrize(
    ("name", "content"),
    [("cv.pdf", b"MZ not a pdf"), ("cv.png", PDF_BYTES), ("cv.exe", PDF_BYTES), ("cv.html", b"<script>1</script>"),
     ("cv.csv", b"a;b\n"), ("cv.pdf", b"")],
)
def test_file_that_is_not_what_it_says_is_refused_and_not_kept(
    client: Client, schools: Schools, files: Path, name: str, content: bytes
) -> None:
    plan = planned(schools)
    client.force_login(schools.pupil_account)
    answer = client.post(f"{BASE}documents/new/", {"title": "Apraksts", "file": pdf(name, content)})
    assert (answer.status_code, CareerPlanDocument.objects.count(), stored(files)) == (422, 0, [])
    with pytest.raises(RefusedError):
        add_document(actor=schools.pupil_account, plan=plan, title="Apraksts", file=pdf(name, content))
    assert stored(files) == []


def test_file_that_is_too_large_is_refused(client: Client, schools: Schools, files: Path) -> None:
    plan = planned(schools)
    large = PDF_BYTES[:9] + b"0" * MOST_BYTES + b"%%EOF\n"
    with pytest.raises(RefusedError, match="3 MB"):
        add_document(actor=schools.pupil_account, plan=plan, title="Apraksts", file=pdf("cv.pdf", large))
    client.force_login(schools.pupil_account)
    assert client.post(f"{BASE}documents/new/", {"title": "Apraksts", "file": pdf("cv.pdf", large)}).status_code == 422
    assert stored(files) == []


def test_plan_holds_no_more_documents_than_the_most(schools: Schools, files: Path) -> None:
    plan = planned(schools)
    for place in range(MOST_DOCUMENTS):
        kept(schools, plan, f"Dokuments {place}")
    with pytest.raises(RefusedError, match="10"):
        kept(schools, plan)
    assert len(stored(files)) == MOST_DOCUMENTS


def test_counsellor_opens_a_document_only_while_the_plan_is_shown_and_the_look_is_logged(
    client: Client, schools: Schools
) -> None:
    plan = planned(schools)
    address = f"/en/careers/career-plans/documents/{kept(schools, plan).pk}/"

    def answers() -> list[int]:
        found = []
        for account in (schools.anna, schools.baiba, schools.guardian, schools.world.marta, schools.world.svens):
            client.force_login(account)
            found.append(client.get(address).status_code)
        return found

    assert answers() == [404] * 5
    share_plan(actor=schools.pupil_account, plan=plan, shared=True)
    assert answers() == [200, 404, 404, 404, 404]
    assert Look.objects.filter(person_id=schools.pupil.pk, what="a document of a career plan").count() == 1
    client.force_login(schools.anna)
    shown = text(client.get(f"/en/careers/career-plans/{plan.pk}/"))
    assert (address in shown, "Add a document" in shown, "documents/new" in shown) == (True, False, False)
    share_plan(actor=schools.pupil_account, plan=plan, shared=False)
    assert answers() == [404] * 5
    client.logout()
    assert client.get(address).status_code == 302


def test_nobody_else_adds_or_removes_a_document(
    client: Client, schools: Schools, files: Path
) -> None:
    plan = planned(schools)
    share_plan(actor=schools.pupil_account, plan=plan, shared=True)
    document = kept(schools, plan)
    for account in (schools.anna, schools.guardian):
        with translation.override("en"):
            with pytest.raises(RefusedError, match="by the person alone"):
                add_document(actor=account, plan=plan, title="Cits", file=pdf())
            with pytest.raises(RefusedError, match="by the person alone"):
                remove_document(actor=account, document=document)
        client.force_login(account)
        assert client.post(f"{BASE}documents/{document.pk}/remove/").status_code == 404
    assert len(stored(files)) == 1


def test_removed_document_is_gone_with_its_file_and_history(
    client: Client, schools: Schools, files: Path, django_capture_on_commit_callbacks: OnCommit
) -> None:
    plan = planned(schools)
    document = kept(schools, plan)
    kept(schools, plan, "Otrs")
    client.force_login(schools.pupil_account)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{BASE}documents/{document.pk}/remove/")
    assert [each.title for each in plan.documents.all()] == ["Otrs"]
    assert len(stored(files)) == 1
    left = Change.objects.filter(table_name="careers_careerplandocument", row_id=document.pk, old__isnull=False)
    assert left.count() == 0


def test_deleted_plan_takes_its_documents_along(
    schools: Schools, files: Path, django_capture_on_commit_callbacks: OnCommit
) -> None:
    plan = planned(schools)
    kept(schools, plan)
    with django_capture_on_commit_callbacks(execute=True):
        delete_plan(actor=schools.pupil_account, plan=plan)
    assert (CareerPlanDocument.objects.count(), stored(files)) == (0, [])
    assert Change.objects.filter(table_name="careers_careerplandocument", old__isnull=False).count() == 0


def test_refused_upload_in_a_transaction_that_fails_leaves_no_file(
    schools: Schools, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(schools)

    def fail(**_fields: Any) -> None:
        raise IntegrityError("no")

    monkeypatch.setattr(CareerPlanDocument.objects, "create", fail)
    with pytest.raises(IntegrityError):
        kept(schools, plan)
    assert stored(files) == []


def test_document_goes_with_the_erased_person(schools: Schools, files: Path) -> None:
    kept(schools, planned(schools))
    erased = erase_person(actor=schools.world.dace, person=schools.pupil, reason="lūgums")
    assert (erased.files, CareerPlanDocument.objects.count(), stored(files)) == (1, 0, [])
    assert Change.objects.filter(table_name="careers_careerplandocument", old__isnull=False).count() == 0


def test_document_is_in_the_export_with_its_content(schools: Schools) -> None:
    document = kept(schools, planned(schools))
    whole = json.loads(export_json(schools.pupil))
    assert whole["files"] == [{"path": document.file.name, "base64": base64.b64encode(PDF_BYTES).decode()}]
    rows = next(each for each in whole["records"] if each["table"] == "careers.CareerPlanDocument")["rows"]
    values = {each["name"]: each["value"] for each in rows[0]["fields"]}
    assert (values["title"], values["name"], values["file"]) == ("Dzīves apraksts", "mans-cv.pdf", document.file.name)
    default_storage.delete(document.file.name)
    assert json.loads(export_json(schools.pupil))["files"] == []
    assert json.loads(export_json(schools.stranger))["files"] == []


def test_adult_without_a_school_keeps_documents_too(client: Client, schools: Schools) -> None:
    client.force_login(schools.guardian)
    client.post(f"{BASE}goal/", {"goal": "Apgūt jaunu amatu"})
    client.post(f"{BASE}documents/new/", {"title": "Apliecība", "file": SimpleUploadedFile("a.png", PNG_BYTES)})
    assert CareerPlanDocument.objects.get().plan.person == schools.guardian.person


def test_document_needs_a_plan_first(client: Client, schools: Schools) -> None:
    client.force_login(schools.pupil_account)
    assert client.get(f"{BASE}documents/new/").status_code == 404


def test_database_keeps_documents_sane(schools: Schools) -> None:
    plan = planned(schools)
    right = {"plan": plan, "title": "CV", "file": "career-plans/x.pdf", "name": "x.pdf", "size": 1,
             "added_on": timezone.localdate()}
    for wrong in ({"title": ""}, {"file": ""}, {"name": ""}, {"size": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CareerPlanDocument.objects.create(**{**right, **wrong})
