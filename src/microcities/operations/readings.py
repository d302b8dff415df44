"""Reads how the installation is, part by part or all of it, and judges nothing."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from microcities.database.models import Upkeep, UpkeepKind


@dataclass(frozen=True)
class Database:
    """The server's version, the size of the database in bytes, and the migrations that wait, as `app.name`."""

    version: str
    size: int
    pending: tuple[str, ...]


@dataclass(frozen=True)
class Queue:
    """One queue: jobs that wait, that are being done, and since when the oldest one that may begin has waited."""

    name: str
    waiting: int
    doing: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class FailedJob:
    """A job that has failed for good; `error` and `place` say by what and where, when the worker could note it."""

    number: int
    task: str
    attempts: int
    failed_at: datetime | None
    error: str
    place: str


@dataclass(frozen=True)
class Mail:
    """Letters: those that wait, those sent in the last seven days, those given up in the last thirty."""

    waiting: int
    sent: int
    failed: int


@dataclass(frozen=True)
class Disk:
    """Bytes of the disk that holds the data folder."""

    free: int
    total: int


@dataclass(frozen=True)
class Installation:
    """All of it, read once for everything that is said of it."""

    worker_seen_at: datetime | None
    queues: list[Queue]
    failed_jobs: int
    mail: Mail
    upkeep: dict[str, Upkeep]
    sealed_at: datetime | None
    unsealed_since: datetime | None
    database: Database
    disk: Disk


def read_installation() -> Installation:
    """How everything is at this moment."""
    return Installation(
        worker_seen_at(), read_queues(), count_failed_jobs(), read_mail(), read_upkeep(), sealed_at(), unsealed_since(),
        read_database(), read_disk(),
    )


def read_database() -> Database:
    """What server answers, how large the database is, and whether it is up to date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Database(version, size, tuple(f"{each.app_label}.{each.name}" for each, _backwards in plan))


def worker_seen_at() -> datetime | None:
    """The last sign of life of any worker, or None when none has registered."""
    return _one("SELECT max(last_heartbeat) FROM procrastinate_workers")


def read_queues() -> list[Queue]:
    """All queues in which something waits or is being done."""
    rows = _rows(
        "SELECT queue_name, count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'), "
        "min(coalesce(j.scheduled_at, e.at)) FILTER (WHERE status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()) "
        "FROM procrastinate_jobs AS j LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events "
        "WHERE job_id = j.id AND type IN ('deferred', 'scheduled')) AS e ON true "
        "WHERE status IN ('todo', 'doing') GROUP BY queue_name ORDER BY queue_name"
    )
    return [Queue(*row) for row in rows]


def count_failed_jobs() -> int:
    """How many jobs have failed for good."""
    return int(_one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"))


def read_failed_jobs(limit: int = 50) -> list[FailedJob]:
    """Failed jobs, the latest first, each with the last error that the worker noted."""
    rows = _rows(
        "SELECT j.id, j.task_name, j.attempts, (SELECT max(at) FROM procrastinate_events WHERE job_id = j.id), "
        "coalesce(u.facts ->> 'error', ''), coalesce(u.facts ->> 'at', '') FROM procrastinate_jobs AS j "
        "LEFT JOIN LATERAL (SELECT facts FROM upkeep WHERE kind = 'job' AND (facts ->> 'job')::bigint = j.id "
        "ORDER BY at DESC, id DESC LIMIT 1) AS u ON true WHERE j.status = 'failed' ORDER BY j.id DESC LIMIT %s",
        [limit],
    )
    return [FailedJob(*row) for row in rows]


def read_mail() -> Mail:
    """Counts of letters; none is opened."""
    waiting, sent, failed = _rows(
        "SELECT count(*) FILTER (WHERE state = 'queued'), "
        "count(*) FILTER (WHERE state = 'sent' AND sent_at > now() - interval '7 days'), "
        "count(*) FILTER (WHERE state = 'failed' AND created_at > now() - interval '30 days') FROM notices_notice"
    )[0]
    return Mail(waiting, sent, failed)


def read_upkeep() -> dict[str, Upkeep]:
    """The latest note of each kind, and under `good backup` the latest backup that ended well."""
    notes = Upkeep.objects.order_by("kind", "-at", "-pk").distinct("kind")
    found = {each.kind: each for each in notes}
    good = Upkeep.objects.filter(kind=UpkeepKind.BACKUP, good=True).order_by("-at", "-pk").first()
    return {**found, "good backup": good} if good is not None else found


def sealed_at() -> datetime | None:
    """When the trail was last sealed."""
    return _one("SELECT max(at) FROM trail_seal")


def unsealed_since() -> datetime | None:
    """The oldest change that no seal covers yet."""
    return _one(
        "SELECT min(at) FROM trail_change WHERE id > (SELECT coalesce(max(last_id), 0) FROM trail_seal "
        "WHERE stream = 'change')"
    )


def read_disk() -> Disk:
    """The disk below the data folder, or below the nearest folder above it that exists."""
    folder = Path(settings.DATA)
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return Disk(usage.free, usage.total)


def _rows(query: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _one(query: str) -> Any:
    return _rows(query)[0][0]
