"""All tests in two halves beside each other: `python -m tests`, with pytest's arguments if any.

One half drives the browser and then tests the services, the other tests the foundation. Each has its own database server, so
nothing is shared; on two cores the whole takes little more than half the time.
"""

import subprocess
import sys
import tempfile

PYTEST = (sys.executable, "-m", "pytest", "-q")
NO_TESTS = 5


# Both halves take about as long.
BESIDE = ("browser", "service and not browser")
HERE = "not browser and not service"


def main(arguments: list[str]) -> int:
    """Run both halves and print one after the other; 0 when both are green."""
    with tempfile.TemporaryFile("w+") as said:
        beside = subprocess.Popen([sys.executable, "-m", "tests", "--beside", *arguments], stdout=said, stderr=subprocess.STDOUT)
        try:
            codes = {run(HERE, arguments)}
            print("\nThe other half, the browser first:", flush=True)
            codes.add(beside.wait())
        finally:
            beside.terminate()
            beside.wait()
        said.seek(0)
        sys.stdout.write(said.read())
    return worst(codes)


def run(marks: str, arguments: list[str]) -> int:
    """Run the tests of some marks in a process of their own."""
    return subprocess.run([*PYTEST, "-m", marks, *arguments], check=False).returncode


def worst(codes: set[int]) -> int:
    """Return 0 when all are green; killed by a signal is a negative code, so anything but these two is red."""
    return 0 if codes <= {0, NO_TESTS} else 1


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["--beside"]:
        sys.exit(worst({run(marks, given[1:]) for marks in BESIDE}))
    sys.exit(main(given))
