"""All tests, the browser's beside the others: `python -m tests`, with pytest's arguments if any.

Each half has its own database server, so nothing is shared; on two cores the whole takes little more than half the time.
"""

import subprocess
import sys
import tempfile

PYTEST = (sys.executable, "-m", "pytest", "-q")
NO_TESTS = 5


def main(arguments: list[str]) -> int:
    """Run both halves and print one after the other; 0 when both are green."""
    with tempfile.TemporaryFile("w+") as said:
        browser = subprocess.Popen([*PYTEST, "-m", "browser", *arguments], stdout=said, stderr=subprocess.STDOUT)
        try:
            others = subprocess.run([*PYTEST, "-m", "not browser", *arguments], check=False).returncode
            print("\nThe browser's half:", flush=True)
            codes = {others, browser.wait()}
        finally:
            browser.terminate()
            browser.wait()
        said.seek(0)
        sys.stdout.write(said.read())
    # Killed by a signal is a negative code, so anything but these two is red.
    return 0 if codes <= {0, NO_TESTS} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
