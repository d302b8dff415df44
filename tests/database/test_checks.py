"""The checks let the supported servers pass and name what is wrong with others."""

import pytest
from django.db import connection

from microcities.database import checks


@pytest.mark.django_db
@pytest.mark.sql
def test_this_server_passes() -> None:
    assert checks.check_server(["default"]) == []
    assert 15 <= checks.server_major(connection) <= 18


@pytest.mark.django_db
@pytest.mark.sql
def test_missing_extension_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
    found = checks.check_server(["default"])
    assert [(message.id, message.msg) for message in found] == [
        ("database.E004", "The database server lacks the extensions pg_trgm.")
    ]


@pytest.mark.django_db
def test_before_the_first_migration_available_extensions_suffice() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'database'")
    assert checks.check_server(["default"]) == []


@pytest.mark.parametrize(("major", "ids"), [(14, ["database.E002"]), (15, []), (18, []), (19, ["database.W001"])])
def test_version_outside_15_to_18_is_told(major: int, ids: list[str]) -> None:
    assert [message.id for message in checks.check_version(major)] == ids


@pytest.mark.parametrize(
    ("encoding", "ids"), [("UTF8", []), ("LATIN7", ["database.E003"]), ("SQL_ASCII", ["database.E003"])]
)
def test_encoding_other_than_utf8_is_an_error(encoding: str, ids: list[str]) -> None:
    assert [message.id for message in checks.check_encoding(encoding)] == ids
