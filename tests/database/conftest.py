"""Data folders of their own for tests that start, kill and restart servers."""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from microcities.database.embedded import ensure_running, release, stop
from microcities.database.installation import installation_at
from tests.database_server import DEBIAN_15, remove, temporary_data


@pytest.fixture
def data() -> Iterator[Path]:
    """A temporary data folder that any user may reach; its server is stopped and all is removed."""
    folder = temporary_data()
    yield folder
    remove(folder)


@pytest.fixture
def private_data(tmp_path: Path) -> Iterator[Path]:
    """A data folder below one that only this user may enter, as root's home is."""
    tmp_path.chmod(0o700)
    folder = tmp_path / "data"
    yield folder
    release(folder)
    stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def encrypted_url(data: Path) -> str:
    """A DATABASE_URL of a Debian PostgreSQL in the folder that takes encrypted connections on 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ensure_running(data, fast=True, installation=installation_at(DEBIAN_15), port=port)
    certificate, key = make_certificate()
    for name, content in (("server.crt", certificate), ("server.key", key)):
        path = server.layout.cluster / name
        path.write_bytes(content)
        path.chmod(0o600)
        owner = server.layout.cluster.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
    with psycopg.connect(server.dsn(superuser=True), autocommit=True) as session:
        session.execute("ALTER SYSTEM SET ssl = on")
        session.execute("SELECT pg_reload_conf()")
    values = server.parameters()
    passfile, url = quote(values["passfile"], safe=""), f"{values['user']}@127.0.0.1:{port}/{values['dbname']}"
    encrypted = f"postgresql://{url}?passfile={passfile}&sslmode=require"
    for _ in range(100):  # the reload takes a moment
        try:
            with psycopg.connect(encrypted) as session:
                session.execute("CREATE TABLE kept AS SELECT 1 AS n")
            return encrypted
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise AssertionError("the server never took an encrypted connection")


def make_certificate() -> tuple[bytes, bytes]:
    """A certificate of localhost by itself, and its key (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=36500)).sign(key, hashes.SHA256())
    )
    return (
        certificate.public_bytes(Encoding.PEM),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
