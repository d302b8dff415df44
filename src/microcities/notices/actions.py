"""Telling people: a notice is made once per event and reader, sent by e-mail once, read, or refused by kind."""

from collections.abc import Mapping
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from microcities.notices.delivery import compose
from microcities.notices.kinds import kind_of
from microcities.notices.models import DeliveryState, Notice, Refusal
from microcities.people.models import Account
from microcities.trail.actions import forget_rows
from microcities.trail.context import Actor, System, change

DELIVER = "notices.deliver_notice"
# Minutes to wait after the first, second, ... failed try; after the last one the notice has failed.
WAITS = (1, 5, 15, 60, 240, 720, 1440)
MAIL = System("notices")


def notify(
    *,
    actor: Actor,
    reader: "Account | str",
    kind: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    dedupe_key: str,
    url: str = "",
    language: str = "",
    by_email: bool = True,
) -> Notice | None:
    """Make one notice; returns None when the same event has been told to this reader already.

    reader: an account, or an e-mail address of somebody without one (then `language` says theirs).
    subject: a marked sentence (gettext_noop) with %(name)s places filled from `context`, in the reader's language.
    template: a plain text template whose paragraphs are divided by empty lines. url: path of the page to act on.
    dedupe_key: names the event, for instance "reports.returned:17:2021-03"; the reader is added to it.
    """
    account = reader if isinstance(reader, Account) else None
    language = account.language if account is not None else language
    with translation.override(language):
        words = translation.gettext(subject) % dict(context)
        text = render_to_string(template, dict(context)).strip()
    wanted = by_email and not _refused(account, kind)
    notice = Notice(
        account=account,
        email="" if account is not None else str(reader),
        kind=kind_of(kind).slug,
        language=language,
        subject=" ".join(words.split())[:200],
        text=text,
        url=url,
        dedupe_key=f"{dedupe_key}:{account.pk if account is not None else reader}",
        state=DeliveryState.QUEUED if wanted else DeliveryState.NONE,
    )
    return _keep(actor, notice)


def _keep(actor: Actor, notice: Notice) -> Notice | None:
    """Store a notice and its job in one transaction; None when its event has been told already."""
    try:
        with change("notices.notify", actor=actor), transaction.atomic():
            notice.save(force_insert=True)
            if notice.state == DeliveryState.QUEUED:
                app.configure_task(DELIVER).defer(notice_id=notice.pk)
    except IntegrityError:
        if not Notice.objects.filter(dedupe_key=notice.dedupe_key).exists():
            raise
        return None
    return notice


def deliver_notice(*, notice_id: int) -> bool:
    """Send a due notice by e-mail; True when this call sent it.

    The row stays locked while the mail server takes the message, and its state changes with the same transaction. What
    remains: if the server took the mail and this process dies before its commit, the mail is sent once more, with the
    same Message-ID, by which mail programs recognise it.
    """
    with transaction.atomic():
        notice = Notice.objects.claim(notice_id, timezone.now())
        if notice is None:
            return False
        with change(DELIVER, actor=MAIL):
            try:
                compose(notice).send()
            except (SMTPException, OSError) as error:
                _postpone(notice, error)
                _forget_if_fleeting(notice)
                return False
            notice.state, notice.sent_at, notice.last_error = DeliveryState.SENT, timezone.now(), ""
            notice.attempts += 1
            notice.save(update_fields=["state", "sent_at", "last_error", "attempts"])
            _forget_if_fleeting(notice)
    return True


def deliver_due_notices() -> int:
    """Send whatever is due, for instance after the mail server was away; returns how many were sent."""
    due = list(Notice.objects.due(timezone.now()).values_list("pk", flat=True)[:500])
    return sum(deliver_notice(notice_id=pk) for pk in due)


def mark_read(*, actor: Account, notices: "list[Notice]") -> int:
    """Mark the actor's own notices as read; returns how many were unread."""
    with change("notices.mark_read", actor=actor):
        return (
            Notice.objects.for_account(actor)
            .unread()
            .filter(pk__in=[notice.pk for notice in notices])
            .order_by()
            .update(read_at=timezone.now())
        )


def refuse_kind(*, actor: Actor, account: Account, kind: str) -> None:
    """No more e-mails of a kind to an account; service mail cannot be refused and is left as it is."""
    if kind_of(kind).service:
        return
    with change("notices.refuse_kind", actor=actor):
        Refusal.objects.get_or_create(account=account, kind=kind)


def want_kind(*, actor: Account, kind: str) -> None:
    """E-mails of a kind again."""
    with change("notices.want_kind", actor=actor):
        Refusal.objects.filter(account=actor, kind=kind).delete()


def _refused(account: Account | None, kind: str) -> bool:
    if account is None or kind_of(kind).service:
        return False
    return Refusal.objects.filter(account=account, kind=kind).exists()


def _forget_if_fleeting(notice: Notice) -> None:
    """Delete a letter to somebody erased, in the history too, once nothing is left to try."""
    if kind_of(notice.kind).fleeting and notice.state != DeliveryState.QUEUED:
        number = notice.pk
        notice.delete()
        forget_rows(Notice._meta.db_table, [number])


def _postpone(notice: Notice, error: Exception) -> None:
    """Try later, or give up when the address does not exist or the patience is over."""
    notice.attempts += 1
    if isinstance(error, SMTPRecipientsRefused) or notice.attempts > len(WAITS):
        notice.state = DeliveryState.FAILED
    else:
        notice.next_try_at = timezone.now() + timedelta(minutes=WAITS[notice.attempts - 1])
    # The class alone: a server's answer repeats the address.
    notice.last_error = type(error).__name__
    notice.save(update_fields=["state", "attempts", "next_try_at", "last_error"])
