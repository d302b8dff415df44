"""A notice is told once, in the reader's language, in the platform and by e-mail, and can be refused by kind."""

import re
from email import message_from_string
from email.policy import default

import pytest
from django.core import mail
from django.template import engines
from django.test import Client
from django.utils import timezone

from microcities.notices import actions
from microcities.notices.actions import deliver_due_notices, deliver_notice, notify
from microcities.notices.jobs import deliver_due
from microcities.notices.kinds import Kind, all_kinds, kind_of, register_kind
from microcities.notices.models import DeliveryState, Notice, Refusal
from microcities.trail.context import System
from tests.notices.mail_server import MailServer
from tests.world import World

pytestmark = pytest.mark.django_db
SYSTEM = System("tests")


def tell(reader: object, kind: Kind, key: str = "event:1", **fields: object) -> Notice | None:
    return notify(
        actor=SYSTEM,
        reader=reader,
        kind=kind.slug,
        subject="Notices",
        template="people/mail/letter.txt",
        context={"text": "First paragraph.\n\nSecond paragraph.", "site_url": ""},
        dedupe_key=key,
        **fields,
    )


def test_notice_is_told_once_to_each_reader(world: World, service: Kind) -> None:
    assert tell(world.valda, service) is not None
    assert tell(world.valda, service) is None
    assert tell(world.ventis, service) is not None
    assert tell(world.valda, service, key="event:2") is not None
    assert Notice.objects.count() == 3


def test_notice_is_rendered_in_the_readers_language(world: World, service: Kind) -> None:
    world.valda.language = "en"
    notice = tell(world.valda, service)
    assert notice is not None
    assert (notice.language, notice.subject) == ("en", "Notices")
    assert notice.text.startswith("First paragraph.\n\nSecond paragraph.")


def test_mail_has_text_html_emblem_and_a_lasting_message_id(world: World, service: Kind) -> None:
    notice = tell(world.valda, service, url="/people/members/")
    assert deliver_notice(notice_id=notice.pk) is True
    assert deliver_notice(notice_id=notice.pk) is False
    message = message_from_string(mail.outbox[0].message().as_string(), policy=default)
    assert message["Message-ID"] == f"<notice-{notice.public_id}@127.0.0.1>"
    assert message["List-Unsubscribe"] is None
    assert message.get_content_type() == "multipart/related"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert "First paragraph." in text.get_content()
    assert "http://127.0.0.1:8000/people/members/" in text.get_content()
    assert 'src="cid:eu-emblem"' in html.get_content()
    assert [part["Content-ID"] for part in message.walk() if part.get_content_type() == "image/png"] == ["<eu-emblem>"]
    assert len(mail.outbox) == 1


def test_markup_in_a_notice_is_shown_as_text(world: World, service: Kind) -> None:
    notice = tell(world.valda, service)
    Notice.objects.filter(pk=notice.pk).update(text="<script>alert(1)</script>", subject="a\nBcc: b@example.org")
    deliver_notice(notice_id=notice.pk)
    message = mail.outbox[0]
    assert "<script>" not in message.alternatives[0][0]
    assert message.subject == "a Bcc: b@example.org"


def test_refusable_mail_carries_one_click_unsubscription(world: World, news: Kind, client: Client) -> None:
    notice = tell(world.valda, news)
    deliver_notice(notice_id=notice.pk)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.fullmatch(r"<http://127\.0\.0\.1:8000(/\S+)>", headers["List-Unsubscribe"])[1]
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(path).status_code == 200
    assert not Refusal.objects.exists()  # a mail scanner that follows links refuses nothing
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Refusal.objects.get().account == world.valda
    later = tell(world.valda, news, key="event:2")
    assert later.state == DeliveryState.NONE
    assert strict.post(path.replace(path.split("/")[-2], "wrong")).status_code == 404


def test_service_mail_cannot_be_refused(world: World, service: Kind, client: Client) -> None:
    client.force_login(world.valda)
    client.post("/notices/e-mail/", {})
    assert not Refusal.objects.filter(kind=service.slug).exists()
    assert tell(world.valda, service).state == DeliveryState.QUEUED


def test_preferences_refuse_and_want_again(world: World, news: Kind, client: Client) -> None:
    client.force_login(world.valda)
    client.post("/notices/e-mail/", {})
    refusable = {kind.slug for kind in all_kinds() if not kind.service}
    assert {refusal.kind for refusal in Refusal.objects.all()} == refusable >= {"tests.news"}
    client.post("/notices/e-mail/", {"kind": sorted(refusable)})
    assert not Refusal.objects.exists()


def test_list_shows_own_notices_and_marks_the_shown(world: World, service: Kind, client: Client) -> None:
    own, other = tell(world.valda, service), tell(world.ventis, service)
    client.force_login(world.valda)
    page = client.get("/en/notices/").content.decode()
    assert str(own.public_id) in page
    assert str(other.public_id) not in page
    client.post("/en/notices/read/", {"notice": [str(own.public_id), str(other.public_id), "rubbish"]})
    own.refresh_from_db()
    other.refresh_from_db()
    assert own.read_at is not None
    assert other.read_at is None


def test_empty_pages_say_what_will_stand_there(world: World, client: Client) -> None:
    client.force_login(world.valda)
    assert "No notices yet" in client.get("/en/notices/").content.decode()
    client.force_login(world.pupil)
    assert "Nothing waits for you" in client.get("/en/work/").content.decode()


def test_reader_without_account_gets_mail_at_the_address(db: None, service: Kind) -> None:
    notice = tell("somebody@example.org", service, language="en")
    deliver_notice(notice_id=notice.pk)
    assert mail.outbox[0].to == ["somebody@example.org"]


def test_refused_recipient_is_given_up_at_once(world: World, service: Kind, mail_server: MailServer) -> None:
    mail_server.refusal = "550 no such mailbox"
    notice = tell(world.valda, service)
    assert deliver_notice(notice_id=notice.pk) is False
    notice.refresh_from_db()
    assert (notice.state, notice.last_error, notice.attempts) == ("failed", "SMTPRecipientsRefused", 1)


def test_mail_server_away_means_later_tries_with_growing_waits(
    world: World, service: Kind, mail_server: MailServer, settings: object
) -> None:
    port, settings.EMAIL_PORT = mail_server.port, 1
    notice = tell(world.valda, service)
    before = timezone.now()
    deliver_notice(notice_id=notice.pk)
    notice.refresh_from_db()
    assert (notice.state, notice.last_error, notice.attempts) == ("queued", "ConnectionRefusedError", 1)
    assert 59 <= (notice.next_try_at - before).total_seconds() <= 65
    assert deliver_due_notices() == 0
    settings.EMAIL_PORT = port
    Notice.objects.update(next_try_at=timezone.now())
    deliver_due(timestamp=0)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, len(mail_server.taken)) == ("sent", 2, 1)


def test_notice_fails_after_the_last_try(
    world: World, service: Kind, mail_server: MailServer, settings: object
) -> None:
    settings.EMAIL_PORT = 1
    notice = tell(world.valda, service)
    for _try in range(len(actions.WAITS) + 1):
        Notice.objects.update(next_try_at=timezone.now())
        deliver_notice(notice_id=notice.pk)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("failed", len(actions.WAITS) + 1)


def test_kind_is_registered_once(service: Kind) -> None:
    register_kind("tests.service", "Answers to you")
    with pytest.raises(ValueError, match="registered twice"):
        register_kind("tests.service", "Something else")
    with pytest.raises(KeyError, match="no kind of notices 'nothing'"):
        kind_of("nothing")


def test_templates_of_notices_load() -> None:
    for name in ("my_work", "list", "preferences", "unsubscribe"):
        assert engines["django"].get_template(f"notices/{name}.html") is not None
