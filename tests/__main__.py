"""All tests in two halves beside each other: `python -m tests`, with pytest's arguments if any.

One half drives the browser and then tests the services, the other tests the foundation. Each has its own database server, so
nothing is shared; on two cores the whole takes little more than half the time.
"""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import IO

PYTEST = (sys.executable, "-m", "pytest", "-q")
NO_TESTS = 5


# Both halves take about as long.
BESIDE = ("browser", "service and not browser")
HERE = "not browser and not service"


def main(arguments: list[str]) -> int:
    """Run both halves and print one after the other; 0 when both are green."""
    with tempfile.TemporaryFile("w+") as said, ThreadPoolExecutor(1) as beside:
        later = beside.submit(lambda: [run(marks, arguments, said) for marks in BESIDE])
        codes = {run(HERE, arguments)}
        print("\nThe other half, the browser first:", flush=True)
        codes |= set(later.result())
        said.seek(0)
        sys.stdout.write(said.read())
    # Killed by a signal is a negative code, so anything but these two is red.
    return 0 if codes <= {0, NO_TESTS} else 1


def run(marks: str, arguments: list[str], said: IO[str] | None = None) -> int:
    """Run the tests of some marks in a process of their own, which ends with this one when somebody presses Ctrl-C."""
    return subprocess.run([*PYTEST, "-m", marks, *arguments], check=False, stdout=said, stderr=said).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
