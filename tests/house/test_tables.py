"""Migrations are complete, and every first-party table leaves a trail."""

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from microcities.trail.install import OPERATIONS, is_traced, traced_models

pytestmark = pytest.mark.django_db
PACKAGE = "microcities."


def test_no_model_waits_for_a_migration() -> None:
    said = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, interactive=False, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


@pytest.mark.sql
def test_every_traced_table_has_its_four_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
        )
        standing = set(cursor.fetchall())
    wanted = {
        (model._meta.db_table, f"trail_{operation.lower()}") for model in traced_models() for operation in OPERATIONS
    }
    assert len(wanted) > 4 * 30
    assert wanted - standing == set()


def test_untraced_first_party_tables_say_why() -> None:
    ours = [
        model for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith(PACKAGE) and model._meta.managed and model._meta.app_label != "trail"
    ]
    silent = [model._meta.label for model in ours if not is_traced(model) and not getattr(model, "trail_exempt", "")]
    assert silent == []
    for model in ours:
        if not is_traced(model):
            assert len(model.trail_exempt.split()) >= 3, model._meta.label  # type: ignore[attr-defined]


@pytest.mark.sql
def test_a_bulk_write_leaves_one_change_for_each_row() -> None:
    """Signals miss bulk writes; triggers do not."""
    organisation = apps.get_model("people.Organisation")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trail_change")
        before = cursor.fetchone()[0]
    organisation.objects.bulk_create(organisation(name=f"Org {number}", kind="other") for number in range(7))
    organisation.objects.update(name="Renamed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trail_change")
        assert cursor.fetchone()[0] - before == 14
