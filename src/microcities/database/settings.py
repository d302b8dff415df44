"""Builds Django's DATABASES from the environment and starts nothing, so importing settings stays cheap."""

import atexit
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from microcities.database.embedded import ServerInfo, ensure_running, release, socket_port
from microcities.database.errors import DatabaseProblemError
from microcities.database.layout import APPLICATION_ROLE, DATABASE, layout_from

ENGINE = "django.db.backends.postgresql"
SCHEMES = {"postgres", "postgresql"}
# What OPTIONS holds for Django rather than for libpq.
DJANGO_OPTIONS = {"pool", "isolation_level", "server_side_binding", "assume_role"}
# What a process is: serve (web), worker (background jobs) or command (everything else).
PROCESS_KINDS = ("serve", "worker", "command")
# Milliseconds. A page that needs longer is broken; jobs, imports and migrations may take their time.
LIMITS = {
    "serve": {
        "statement_timeout": 15_000,
        "lock_timeout": 5_000,
        "idle_in_transaction_session_timeout": 30_000,
    },
    "worker": {"idle_in_transaction_session_timeout": 600_000},
    "command": {},
}
POOL = {"min_size": 1, "max_size": 8, "timeout": 10, "max_idle": 300}


def database_settings(environ: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: DATABASE_URL, else the embedded server of MICROCITIES_DATA (not started here).

    MICROCITIES_PROCESS says what this process is; `serve` gets a connection pool and short time limits.
    """
    kind = environ.get("MICROCITIES_PROCESS") or "command"
    if kind not in PROCESS_KINDS:
        raise DatabaseProblemError(
            f"MICROCITIES_PROCESS is {kind!r}.",
            f"It may be {', '.join(PROCESS_KINDS)}.",
            "Correct or remove it.",
        )
    url = environ.get("DATABASE_URL")
    settings = settings_from_url(url) if url else _embedded_settings(environ)
    options = settings["OPTIONS"]
    options.setdefault("application_name", f"microcities-{kind}")
    options.setdefault("connect_timeout", 10)
    options["options"] = " ".join([_server_options(kind), options.get("options", "")]).strip()
    settings.update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=False, ATOMIC_REQUESTS=False)
    if kind == "serve":
        options["pool"] = _pool(environ)
        # A pool lives for weeks and servers are restarted: a question before each request keeps dead connections out.
        settings["CONN_HEALTH_CHECKS"] = True
    return {"default": settings}


def settings_from_url(url: str) -> dict[str, Any]:
    """One entry of DATABASES from `postgres://user:password@host:port/name?option=value`, percent-encoded.

    A socket folder is given as `?host=/run/postgresql` or as the encoded host. Other options go to libpq,
    so `sslmode`, `passfile`, `options` and their like work. Raises DatabaseProblemError for anything else.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    name = query.pop("dbname", "") or unquote(parts.path.removeprefix("/"))
    if parts.scheme not in SCHEMES or port == -1 or not name or "/" in name:
        raise DatabaseProblemError(
            "DATABASE_URL cannot be read.",
            "The platform runs on PostgreSQL only and needs the name of a database.",
            "Write it as postgres://user:password@host:5432/name and percent-encode special characters.",
        )
    return {
        "ENGINE": ENGINE,
        "NAME": name,
        "USER": query.pop("user", "") or unquote(parts.username or ""),
        "PASSWORD": query.pop("password", "") or unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": query.pop("port", "") or str(port or ""),
        "OPTIONS": query,
    }


def connection_parameters(database: Mapping[str, Any]) -> dict[str, str]:
    """An entry of DATABASES as libpq knows it, for `psycopg.connect` and PostgreSQL's own programs."""
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    values = {name: database.get(key, "") for name, key in named.items()}
    values |= {name: value for name, value in database.get("OPTIONS", {}).items() if name not in DJANGO_OPTIONS}
    return {name: str(value) for name, value in values.items() if value not in ("", None)}


def tcp_port(environ: Mapping[str, str]) -> int | None:
    """The port MICROCITIES_DB_PORT asks the embedded server to open on 127.0.0.1, if any."""
    text = environ.get("MICROCITIES_DB_PORT")
    if not text:
        return None
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise DatabaseProblemError(
            f"MICROCITIES_DB_PORT is {text!r}.",
            "A port is a number from 1 to 65535.",
            "Correct or remove it.",
        )
    return int(text)


def prepare(environ: Mapping[str, str] | None = None, *, fast: bool = False) -> ServerInfo | None:
    """Starts or joins the embedded server, if it is the one in use; lets go of it when this process ends.

    Every entry point calls this before its first query: command line, manage, tests. None with
    DATABASE_URL.
    """
    environ = os.environ if environ is None else environ
    if environ.get("DATABASE_URL"):
        return None
    server = ensure_running(layout_from(environ).data, port=tcp_port(environ), fast=fast)
    atexit.register(release, server.layout.data)
    return server


def _embedded_settings(environ: Mapping[str, str]) -> dict[str, Any]:
    layout = layout_from(environ)
    return {
        "ENGINE": ENGINE,
        "NAME": DATABASE,
        "USER": APPLICATION_ROLE,
        "PASSWORD": "",  # libpq reads it from the pass file, which exists only after the first start
        "HOST": str(layout.socket_folder),
        "PORT": str(socket_port(tcp_port(environ))),
        "OPTIONS": {"passfile": str(layout.passfile)},
    }


def _server_options(kind: str) -> str:
    # No question here is so large that compiling it first would pay; guessed costs say otherwise.
    values = {"TimeZone": "UTC", "jit": "off", **LIMITS[kind]}
    return " ".join(f"-c {name}={value}" for name, value in values.items())


def _pool(environ: Mapping[str, str]) -> dict[str, int]:
    size = environ.get("MICROCITIES_DB_POOL", str(POOL["max_size"]))
    if not size.isdigit() or int(size) < 1:
        raise DatabaseProblemError(
            f"MICROCITIES_DB_POOL is {size!r}.",
            "It is the most connections one process keeps.",
            "Give a number.",
        )
    return POOL | {"max_size": int(size)}
