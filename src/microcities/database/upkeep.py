"""Notes that something of the upkeep was done, and finds the last of it."""

import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import Error, connection, transaction
from django.utils import timezone

from microcities.database.models import Upkeep, UpkeepKind

# What happened longer ago tells an operator nothing; the last of each kind always stays.
KEPT = timedelta(days=400)


def note_upkeep(kind: UpkeepKind, *, good: bool, **facts: Any) -> None:
    """Write down that something was done now; nothing happens in a database that has no such table yet.

    A note that cannot be written never spoils the work itself: a backup is a backup without it.
    """
    try:
        with transaction.atomic():
            if Upkeep._meta.db_table in connection.introspection.table_names():
                Upkeep.objects.filter(kind=kind, at__lt=timezone.now() - KEPT).delete()
                Upkeep.objects.create(kind=kind, good=good, facts=facts)
    except Error:
        connection.close_if_unusable_or_obsolete()


def last_upkeep(kind: UpkeepKind, *, good: bool | None = None) -> Upkeep | None:
    """The latest note of a kind, or the latest that ended well, or badly."""
    notes = Upkeep.objects.filter(kind=kind)
    return (notes if good is None else notes.filter(good=good)).order_by("-at", "-pk").first()


def noting_failures(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Runs a task for procrastinate's worker; when it fails, notes by which error and where. Nothing else is changed.

    The error's own words are left out: they may repeat an address or a name.
    """
    try:
        return call_next()
    except Exception as error:
        job = context.job
        note_upkeep(
            UpkeepKind.JOB, good=False, job=job.id, task=job.task_name, error=type(error).__name__, at=_place(error)
        )
        raise


def _place(error: Exception) -> str:
    """The last of our own lines that the error went through, as `module:line`."""
    ours = [
        f"{frame.f_globals.get('__name__', '')}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__", "").startswith("microcities.") and frame.f_code is not noting_failures.__code__
    ]
    return ours[-1] if ours else ""
