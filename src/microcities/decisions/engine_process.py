"""The process in which the server runs an engine: one request on standard input, one answer, limited time and memory.

The limits are set here, in the process itself, so that they hold even when the server that asked is gone.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import Any

from microcities.decisions import engine_cli

OUT_OF_MEMORY = 12  # as the operating system numbers it


def main() -> int:
    """Read {name, text, seed, seconds, megabytes}; write {code, document, problems}. Returns the exit code."""
    asked: dict[str, Any] = json.load(sys.stdin)
    seconds, octets = int(asked["seconds"]), int(asked["megabytes"]) * 2**20
    # The kernel ends the process: after the first number of seconds by a signal, after the second for good.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (octets, octets))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found = engine_cli.attempt(asked["name"], io.StringIO(asked["text"]), asked["seed"])
    except MemoryError:
        return OUT_OF_MEMORY
    answer = {"code": found.code, "document": found.document, "problems": found.problems}
    json.dump(answer, sys.stdout, allow_nan=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
