"""What the operator does on the page: a failed job again or set aside, and the note of a tried restore."""

from datetime import date

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from microcities.access.answers import RefusedError
from microcities.database.models import UpkeepKind
from microcities.database.upkeep import note_upkeep
from microcities.trail.context import Actor, change


def retry_job(*, actor: Actor, number: int) -> None:
    """Put a failed job back into its queue; RefusedError when it is not there as a failed one."""
    with change("operations.retry_job", actor=actor, reason=str(number)):
        _lock_failed(number)
        app.job_manager.retry_job_by_id(number, retry_at=timezone.now())


def set_job_aside(*, actor: Actor, number: int) -> None:
    """Give a failed job up: it leaves the list, the action says who decided so."""
    with change("operations.set_job_aside", actor=actor, reason=str(number)):
        _lock_failed(number)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])


def note_trial(*, actor: Actor, on: date, good: bool, words: str) -> None:
    """Note that a backup was restored elsewhere on a day, and whether both checks held there."""
    with change("operations.note_trial", actor=actor, reason=words):
        note_upkeep(UpkeepKind.TRIAL, good=good, on=on.isoformat())


def _lock_failed(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'failed' FOR UPDATE", [number])
        if cursor.fetchone() is None:
            raise RefusedError(_("This job is no longer among the failed ones."))
