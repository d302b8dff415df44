"""The operator sees how the installation is and nothing of people, and is told when something is wrong."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from microcities.access.answers import RefusedError
from microcities.database.models import Upkeep, UpkeepKind
from microcities.database.upkeep import last_upkeep, note_upkeep, noting_failures
from microcities.notices.worklist import tasks_for
from microcities.operations import readings
from microcities.operations.actions import retry_job, set_job_aside
from microcities.operations.findings import findings, setting_findings
from microcities.operations.readings import read_failed_jobs, read_installation, read_queues
from microcities.trail.models import Action
from tests import factories
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PAGE = "/en/operations/"


def run_sql(query: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)


def alive() -> None:
    run_sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")


def failed_job(task: str = "notices.deliver_due") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('mail', %s, '{\"timestamp\": 0}') "
            "RETURNING id", [task],
        )
        number = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [number])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [number])
    return int(number)


def healthy() -> None:
    alive()
    for kind in (UpkeepKind.BACKUP, UpkeepKind.TRIAL, UpkeepKind.CHECK_TRAIL, UpkeepKind.CHECK_EVIDENCE,
                 UpkeepKind.CHECK_REPORTS):
        note_upkeep(kind, good=True, bytes=3 * 1024**2, file="2026-11-23.tar")


def said() -> list[str]:
    return [str(each.title) for each in findings(read_installation())]


def test_only_the_operator_sees_the_page(world: World, client: Client) -> None:
    for name, account in world.everybody().items():
        client.force_login(account)
        assert client.get(PAGE).status_code == (200 if name == "otto" else 403), name
        if name != "otto":
            assert client.post(f"{PAGE}jobs/1/again/").status_code == 403, name
            assert client.post(f"{PAGE}restore-trial/").status_code == 403, name
    assert Client().get(PAGE).status_code == 302


def test_page_shows_every_part_and_no_person(world: World, client: Client) -> None:
    healthy()
    client.force_login(world.otto)
    page = client.get(PAGE).content.decode()
    for words in ("Background work", "Mail", "Backup", "Checks", "Software and machine", "Settings and certificates",
                  "3.1\N{NO-BREAK SPACE}MB", "2026-11-23.tar", "PostgreSQL"):
        assert words in page, words
    content = page.partition("<main")[2].partition("</main>")[0]
    for account in world.everybody().values():
        assert account.email not in content
    for person in (world.peteris, world.zane):
        assert person.family_name not in content


def test_healthy_installation_has_no_finding_and_puts_nothing_on_my_work(world: World, client: Client) -> None:
    healthy()
    assert said() == []
    client.force_login(world.otto)
    assert "The installation is well." in client.get(PAGE).content.decode()
    assert [task for task in tasks_for(world.otto) if "operations" in task.url] == []


def test_stopped_worker_failed_job_and_old_backup_stand_on_the_operators_work_alone(world: World) -> None:
    healthy()
    Upkeep.objects.filter(kind=UpkeepKind.BACKUP).update(at=timezone.now() - timedelta(hours=31))
    run_sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '3 minutes'")
    failed_job()
    assert [(str(task.title), task.url) for task in tasks_for(world.otto) if "operations" in task.url] == [
        ("1 job has failed", "/en/operations/#failed"),
        ("The last good backup is too old", "/en/operations/#backup"),
        ("The worker is not running", "/en/operations/#worker"),
    ]
    assert [task for task in tasks_for(world.marta) if "operations" in task.url] == []


@pytest.mark.parametrize(
    ("spoil", "title"),
    [
        ("DELETE FROM procrastinate_workers", "The worker is not running"),
        ("DELETE FROM upkeep WHERE kind = 'backup'", "There is no backup yet"),
        ("UPDATE upkeep SET good = false WHERE kind = 'backup'", "There is no backup yet"),
        ("DELETE FROM upkeep WHERE kind = 'trial'", "Nobody has tried a restore within a year"),
        ("UPDATE upkeep SET at = now() - interval '36 days' WHERE kind = 'check_trail'",
         "The trail has not been checked for a month"),
        ("UPDATE upkeep SET good = false WHERE kind = 'check_trail'", "The trail does not hold"),
        ("UPDATE upkeep SET good = false WHERE kind = 'check_evidence'", "Figures differ from their records"),
        ("INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) VALUES ('mail', 'x', now() - interval '1 hour')",
         "Background work has waited for more than half an hour"),
        ("DELETE FROM django_migrations WHERE app = 'database' AND name = '0003_key_and_reports'",
         "The database is older than the software"),
    ],
)
def test_each_fault_is_found_and_said_once(db: None, spoil: str, title: str) -> None:
    healthy()
    run_sql(spoil)
    assert said() == [title]


def test_letters_given_up_and_a_full_disk_are_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    healthy()
    run_sql(
        "INSERT INTO notices_notice (public_id, account_id, email, kind, language, subject, text, url, dedupe_key, state, "
        "attempts, next_try_at, last_error, created_at) VALUES (gen_random_uuid(), %s, '', 'x', 'lv', 's', 't', '', 'k', "
        "'failed', 8, now(), 'SMTPException', now())", world.valda.pk,
    )
    monkeypatch.setattr(
        readings, "read_disk", lambda: readings.Disk(free=10**9, total=10**11)
    )
    assert said() == ["The disk is nearly full", "Letters could not be sent"]


def test_failed_job_is_done_again_by_the_worker_and_its_reason_is_shown(world: World, client: Client) -> None:
    number = failed_job()
    note_upkeep(UpkeepKind.JOB, good=False, job=number, task="notices.deliver_due", error="OSError", at="microcities.x:3")
    client.force_login(world.otto)
    page = client.get(PAGE).content.decode()
    assert "<code>OSError</code>" in page
    assert "microcities.x:3" in page
    assert client.post(f"{PAGE}jobs/{number}/again/").status_code == 302
    assert read_failed_jobs() == []
    assert [(queue.name, queue.waiting) for queue in read_queues()] == [("mail", 1)]
    assert Action.objects.get(verb="operations.retry_job").actor_id == world.otto.pk
    with pytest.raises(RefusedError, match="no longer among the failed"):
        retry_job(actor=world.otto, number=number)
    assert client.get(f"{PAGE}jobs/{number}/again/").status_code == 405
    assert client.post(f"{PAGE}jobs/{number}/burn/").status_code == 404


def test_failed_job_is_set_aside(world: World) -> None:
    kept, gone = failed_job(), failed_job()
    set_job_aside(actor=world.otto, number=gone)
    assert [each.number for each in read_failed_jobs()] == [kept]
    with pytest.raises(RefusedError):
        set_job_aside(actor=world.otto, number=gone)


@pytest.mark.django_db(transaction=True)
def test_worker_notes_why_a_job_failed_without_the_errors_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from microcities.notices import jobs

    def broken(*, notice_id: int) -> bool:
        raise ValueError("liga@example.org")

    def noting(*asked: Any) -> Any:
        try:
            return noting_failures(*asked)
        finally:
            connection.close()  # this thread's own, which the test database could not be dropped under

    monkeypatch.setattr(jobs, "deliver_notice", broken)
    jobs.deliver.defer(notice_id=7)
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        working.run_worker(
            wait=False, listen_notify=False, install_signal_handlers=False, queues=["mail"], task_middleware=[noting]
        )
    found = read_failed_jobs()[0]
    assert (found.task, found.error) == ("notices.deliver_notice", "ValueError")
    assert found.place.startswith("microcities.notices.jobs:")
    note = last_upkeep(UpkeepKind.JOB)
    assert note is not None
    assert "liga" not in str(note.facts)


def test_trial_of_a_restore_is_noted(world: World, client: Client) -> None:
    client.force_login(world.otto)
    tomorrow = timezone.localdate() + timedelta(days=1)
    asked = {"outcome": "good", "words": "backup of the night, on the spare machine"}
    wrong = {f"on_{name}": str(getattr(tomorrow, name)) for name in ("day", "month", "year")}
    refused = client.post(f"{PAGE}restore-trial/", asked | wrong)
    assert refused.status_code == 422
    assert "This day lies in the future" in refused.content.decode()
    right = {"on_day": "1", "on_month": "2", "on_year": "2026"}
    assert client.post(f"{PAGE}restore-trial/", asked | right).status_code == 302
    note = last_upkeep(UpkeepKind.TRIAL)
    assert note is not None
    assert (note.good, note.facts) == (True, {"on": "2026-02-01"})
    assert Action.objects.get(verb="operations.note_trial").reason == "backup of the night, on the spare machine"


@pytest.mark.django_db(transaction=True)
def test_commands_note_what_they_did(tmp_path: Path) -> None:
    call_command("check_evidence", verbosity=0)
    call_command("check_trail")
    call_command("backup", str(tmp_path / "b.tar"))
    with pytest.raises(CommandError):
        call_command("backup", str(tmp_path / "b.tar"))
    notes = Upkeep.objects.order_by("pk").values_list("kind", "good")
    assert list(notes) == [("check_evidence", True), ("check_trail", True), ("backup", True), ("backup", False)]
    good = last_upkeep(UpkeepKind.BACKUP, good=True)
    assert good is not None
    assert (good.facts["file"], good.facts["bytes"]) == ("b.tar", (tmp_path / "b.tar").stat().st_size)
    assert str(tmp_path) not in str(good.facts)


def certificate(days: int) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "academy")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=400)).not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


@pytest.mark.parametrize(("days", "expected"), [(29, 1), (31, 0), (-1, 1)])
def test_certificate_of_a_provider_that_ends_is_found(settings: Any, days: int, expected: int) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "saml": {"APPS": [{"name": "Academic network", "settings": {"certificate": certificate(days)}}]}
    }
    found = [each for each in setting_findings() if "Academic network" in str(each.title)]
    assert len(found) == expected


def test_settings_that_leave_something_open_are_named(settings: Any) -> None:
    settings.CLAMD, settings.DEMO, settings.EMAIL_HOST = "/nowhere/clamd.ctl", True, ""
    assert [str(each.title) for each in setting_findings()] == [
        "This is a demo", "The site's address does not begin with https", "There is no mail server",
        "The virus scanner does not answer",
    ]
    settings.CLAMD, settings.DEMO, settings.EMAIL_HOST, settings.SECURE = "", False, "mail.example.org", True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT, settings.CSRF_COOKIE_SECURE = 63072000, True, True
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    assert [str(each.title) for each in setting_findings()] == ["security.W011"]


def test_old_notes_of_upkeep_go_and_the_last_stays(db: None) -> None:
    note_upkeep(UpkeepKind.BACKUP, good=True, bytes=1)
    Upkeep.objects.update(at=timezone.now() - timedelta(days=401))
    note_upkeep(UpkeepKind.RETENTION, good=True, due=0)
    assert Upkeep.objects.count() == 2
    note_upkeep(UpkeepKind.BACKUP, good=True, bytes=2)
    assert list(Upkeep.objects.filter(kind=UpkeepKind.BACKUP).values_list("facts", flat=True)) == [{"bytes": 2}]


def test_two_operators_of_different_organisations_see_the_same_installation(world: World, client: Client) -> None:
    other = factories.make_account("olga@example.org")
    factories.give_role(other, world.valmiera_partner, "operator")
    client.force_login(other)
    assert client.get(PAGE).status_code == 200
    assert client.get("/en/persons/").status_code == 403
