"""Runs functions in other processes and as other users, as the embedded server meets them."""

import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

NOBODY = 65534
REPOSITORY = Path(__file__).resolve().parents[2]


def as_plain_user(function: Callable[[], object]) -> object:
    """What the function returns (or the exception it raises) in a forked process that is no longer root.

    A fork, not a new interpreter: the interpreter itself may lie where only root can read.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            result: object = function()
        except BaseException as error:
            traceback.print_exc()
            result = error
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(pickle.dumps(result))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(said)


def start_python(code: str, **environ: str) -> subprocess.Popen[str]:
    """A new interpreter with the package on its path; it talks by lines."""
    path = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path, **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
