"""Writes and reads one .tar file whose last member is a manifest of all others, so that damage is noticed."""

import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Self

from microcities.database.errors import DatabaseProblemError

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20
BLOCK = tarfile.BLOCKSIZE


@dataclass(frozen=True)
class Member:
    """Size in bytes and SHA-256 of one member."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `made_at` is ISO 8601 in UTC, `version` that of microcities."""

    version: str
    made_at: str
    server: str
    members: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> bytes:
        """The manifest as it stands in the archive."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Raises ValueError, KeyError or TypeError when it is not one."""
        read = json.loads(text)
        read["members"] = {name: Member(**member) for name, member in read["members"].items()}
        return cls(**read)


class Writer:
    """Appends members whose size is known only when they are written: the header is filled in afterwards."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.members: dict[str, Member] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Streams one member; nothing is held in memory but one chunk."""
        start, size, digest = self.file.tell(), 0, hashlib.sha256()
        self.file.write(_header(name, 0))
        for chunk in chunks:
            self.file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        self.file.write(bytes(-size % BLOCK))
        end = self.file.tell()
        self.file.seek(start)
        self.file.write(_header(name, size))
        self.file.seek(end)
        self.members[name] = Member(size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Writes the manifest and the end of the archive."""
        self.add(MANIFEST, [manifest.to_json()])
        self.file.write(bytes(2 * BLOCK))


@contextmanager
def new_archive(path: Path) -> Iterator[Writer]:
    """A writer to a file that appears under its name only when all went well, readable by its owner alone."""
    part = path.with_name(path.name + ".part")
    try:
        with open(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "wb") as file:
            yield Writer(file)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """The content of a file, a megabyte at a time."""
    return iter(lambda: file.read(CHUNK), b"")


def verified_manifest(path: Path) -> Manifest:
    """Reads the whole archive and compares every byte with the manifest.

    Raises DatabaseProblemError when anything is missing, added, changed or not a plain file.
    """
    found: dict[str, Member] = {}
    text = b""
    try:
        with tarfile.open(path, "r:") as archive:
            for info in archive:
                _refuse_unsafe(path, info)
                content = archive.extractfile(info) or io.BytesIO()
                if info.name == MANIFEST:
                    text = content.read()
                else:
                    found[info.name] = _member(content)
        manifest = Manifest.from_json(text)
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path, f"It cannot be read as one ({error}).") from None
    wrong = sorted(name for name in found.keys() | manifest.members if found.get(name) != manifest.members.get(name))
    if wrong:
        raise _damaged(path, f"Its manifest does not agree with {', '.join(wrong[:5])}.")
    return manifest


def extract(path: Path, folder: Path) -> None:
    """Unpacks a verified archive into an empty folder; files are readable by their owner alone."""
    with tarfile.open(path, "r:") as archive:
        for info in archive:
            content = archive.extractfile(info)
            target = folder / info.name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                for chunk in chunks_of(content or io.BytesIO()):
                    file.write(chunk)
            os.utime(target, (info.mtime, info.mtime))


def _member(content: IO[bytes]) -> Member:
    size, digest = 0, hashlib.sha256()
    for chunk in chunks_of(content):
        size += len(chunk)
        digest.update(chunk)
    return Member(size, digest.hexdigest())


def _header(name: str, size: int) -> bytes:
    """GNU format: one length whatever the size, and no limit of size or name."""
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(time.time())
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _refuse_unsafe(path: Path, info: tarfile.TarInfo) -> None:
    name = PurePosixPath(info.name)
    if not info.isreg() or name.is_absolute() or ".." in name.parts:
        raise _damaged(path, f"It holds {info.name!r}, which no backup of ours would.")


def _damaged(path: Path, why: str) -> DatabaseProblemError:
    return DatabaseProblemError(f"{path} is not a whole backup.", why, "Use another copy of it.")
