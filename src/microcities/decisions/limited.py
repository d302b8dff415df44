"""Runs engines for web pages in processes of their own, so that no input can hold up or fill the server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from microcities.decisions.engine import InputProblem
from microcities.decisions.engine_cli import Attempt
from microcities.decisions.engine_process import OUT_OF_MEMORY

MEGABYTES = 2048
# The signals by which the kernel ends what has used up its seconds.
ENDED_BY_TIME = (-signal.SIGXCPU, -signal.SIGKILL)
# At the same time in each process of the server; whoever comes then waits a little, then is asked to come again.
AT_ONCE = 2
WAIT_SECONDS = 5.0
# What a started Python needs before the engine itself begins.
START_SECONDS = 5.0
PACKAGES = str(Path(__file__).resolve().parents[2])

_places = threading.BoundedSemaphore(AT_ONCE)


class EngineStoppedError(Exception):
    """The engine did not come to an end: `busy`, `time` (after `seconds`) or `memory` says why."""

    def __init__(self, why: str, seconds: int) -> None:
        self.why, self.seconds = why, seconds
        super().__init__(f"the engine was stopped ({why}) after at most {seconds} s")


def attempt_within(seconds: int, name: str, text: str, seed: int | None = None) -> Attempt:
    """Run the engine `name` on JSON text as the command line does, for at most `seconds`.

    Raises EngineStoppedError when time (of the clock or of the processor) or memory runs out, or no place is free.
    """
    asked = json.dumps({"name": name, "text": text, "seed": seed, "seconds": seconds, "megabytes": MEGABYTES})
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise EngineStoppedError("busy", seconds)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "microcities.decisions.engine_process"],
            input=asked.encode(),
            capture_output=True,
            timeout=seconds + START_SECONDS,
            env=_surroundings(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise EngineStoppedError("time", seconds) from None
    finally:
        _places.release()
    if done.returncode in ENDED_BY_TIME:
        raise EngineStoppedError("time", seconds)
    if done.returncode == OUT_OF_MEMORY or done.returncode < 0:
        raise EngineStoppedError("memory", seconds)
    if done.returncode:
        raise RuntimeError(f"the process of {name} ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    answer = json.loads(done.stdout)
    problems = tuple(InputProblem(*problem) for problem in answer["problems"])
    return Attempt(answer["code"], answer["document"], problems)


def _surroundings() -> dict[str, str]:
    """No secret of the server reaches the process, and each numerical library keeps to one processor."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "HOME") if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **threads, "PYTHONPATH": PACKAGES, "PYTHONIOENCODING": "utf-8"}
