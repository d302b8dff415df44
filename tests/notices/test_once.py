"""Two workers at the same notice send it once, and the same test catches a claim without its lock."""

from datetime import datetime

import pytest
from procrastinate.contrib.django import app

from microcities.notices.actions import deliver_notice
from microcities.notices.kinds import Kind
from microcities.notices.models import Notice
from microcities.notices.queries import NoticeQuerySet
from tests import factories
from tests.notices.mail_server import MailServer
from tests.notices.test_notices import tell
from tests.rushing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def deliver_at_once(notice: Notice, workers: int = 4) -> list[bool]:
    """Let several connections try to send the same notice at the same moment."""
    return sorted(at_once(lambda _number: deliver_notice(notice_id=notice.pk), workers))


def test_four_workers_send_one_mail(service: Kind, mail_server: MailServer) -> None:
    mail_server.delay = 0.3
    notice = tell(factories.make_account("a@example.org"), service)
    assert deliver_at_once(notice) == [False, False, False, True]
    assert len(mail_server.taken) == 1


def test_without_the_lock_the_same_mail_leaves_several_times(
    service: Kind, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def claim_without_lock(rows: NoticeQuerySet, pk: int, moment: datetime) -> Notice | None:
        return rows.due(moment).filter(pk=pk).first()

    monkeypatch.setattr(NoticeQuerySet, "claim", claim_without_lock)
    mail_server.delay = 0.3
    deliver_at_once(tell(factories.make_account("a@example.org"), service))
    assert len(mail_server.taken) > 1


def test_two_events_at_once_make_one_notice(service: Kind) -> None:
    account = factories.make_account("a@example.org")
    made = at_once(lambda _number: tell(account, service) is not None, 4)
    assert sorted(made) == [False, False, False, True]
    assert Notice.objects.count() == 1


def test_worker_sends_what_was_committed_and_nothing_that_was_not(service: Kind, mail_server: MailServer) -> None:
    from django.db import transaction

    account = factories.make_account("a@example.org")
    tell(account, service, key="kept")

    class UndoneError(Exception):
        pass

    def tell_and_fail() -> None:
        with transaction.atomic():
            tell(account, service, key="undone")
            raise UndoneError

    with pytest.raises(UndoneError):
        tell_and_fail()
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(queues=["mail"], wait=False, install_signal_handlers=False, listen_notify=False)
    assert [notice.state for notice in Notice.objects.all()] == ["sent"]
    assert len(mail_server.taken) == 1
