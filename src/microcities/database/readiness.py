"""Refuses to serve or work on a database that is away, too old, or not of this release, before the first visitor meets it."""

from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from microcities.database.checks import check_server
from microcities.database.person_key import require_same_key

DATABASE = "default"


def require_ready() -> None:
    """Raises CommandError with what is wrong and what to do; no connection stays open, so workers may be forked."""
    connection = connections[DATABASE]
    try:
        wrong = [message for message in check_server([DATABASE]) if message.is_serious()]
        if wrong:
            raise CommandError(" ".join(f"{message.msg} {message.hint}" for message in wrong))
        executor = MigrationExecutor(connection)
        known = executor.loader.graph.nodes
        apps = {app for app, _name in known}
        strange = sorted(
            f"{app}.{name}" for app, name in executor.loader.applied_migrations
            if app in apps and (app, name) not in executor.loader.disk_migrations
        )
        if strange:
            raise CommandError(
                f"The database was brought up to date by a newer release (it has {', '.join(strange[:3])}). "
                "Install that release, or restore a backup made before it."
            )
        if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(
                f"The database is not up to date: {len(waiting)} migrations wait. Make a backup if it holds anything, then "
                "run `microcities migrate`."
            )
        require_same_key()
    finally:
        connection.close()
        if getattr(connection, "pool", None):
            connection.close_pool()  # type: ignore[attr-defined]
