"""Data folders of their own for tests that start, kill and restart servers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from microcities.database.embedded import release, stop
from tests.database_server import remove, temporary_data


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
