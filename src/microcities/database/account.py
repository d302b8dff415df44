"""Decides as which system account the embedded server runs, because PostgreSQL refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from microcities.database.errors import DatabaseProblemError

DEFAULT_ACCOUNT = "nobody"


class SpawnArguments(TypedDict, total=False):
    """The keyword arguments by which `subprocess` changes the account of a child."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """A system account; `switch`: this process is root and must become it to run the server."""

    uid: int
    gid: int
    switch: bool

    def spawn_arguments(self) -> SpawnArguments:
        """What to hand to `subprocess.run` so that the program runs as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def own(self, path: Path) -> None:
        """Makes a file or folder this account's; nothing to do when this process already is the account."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def can_reach(self, path: Path) -> bool:
        """Whether the account may enter every folder above `path`. Root's own folders usually forbid it."""
        return not self.switch or all(self._may_enter(folder.stat()) for folder in path.resolve().parents)

    def _may_enter(self, folder: os.stat_result) -> bool:
        if folder.st_uid == self.uid:
            return bool(folder.st_mode & stat.S_IXUSR)
        if folder.st_gid == self.gid:
            return bool(folder.st_mode & stat.S_IXGRP)
        return bool(folder.st_mode & stat.S_IXOTH)


def server_account(cluster: Path, wanted: str | None = None) -> Account:
    """The account for the server whose files are in `cluster` (which may not exist yet).

    A plain user runs the server itself. Root hands it to the owner of the existing files, else to the
    account named in `wanted` (MICROCITIES_SERVER_USER), else to `nobody`. Raises DatabaseProblemError when
    the files are another user's.
    """
    owner = cluster.stat() if cluster.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise DatabaseProblemError(
                f"The database folder {cluster} belongs to another user ({account_name(owner.st_uid)}).",
                f"PostgreSQL only opens files of the account it runs as, here {account_name(os.geteuid())}.",
                "Run the command as that user, or choose another folder with MICROCITIES_DATA.",
            )
        return Account(os.geteuid(), os.getegid(), switch=False)
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, switch=True)
    name = wanted or DEFAULT_ACCOUNT
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise DatabaseProblemError(
            f"There is no system user {name!r}.",
            "PostgreSQL refuses to run as root, so the embedded server is handed to a user without rights.",
            "Name an existing user in MICROCITIES_SERVER_USER.",
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def account_name(uid: int) -> str:
    """The login name of a uid, or the number when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
