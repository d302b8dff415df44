"""The load: a process of its own that asks for pages over loopback and tells how long each answer took.

`python -m bench.load HOST PORT CLIENTS REQUESTS PAUSE COOKIE PATH [PATH ...]` prints JSON: seconds of each answer in all and
by page, total seconds, failures. PAUSE is how long a client reads before it asks again, in seconds, half as long to
half as long again; 0 asks at once, as only machines do.
"""

import http.client
import json
import random
import sys
import threading
import time
from collections import defaultdict

Times = list[tuple[str, float]]


def ask(host: str, port: int, paths: list[str], count: int, cookie: str, pause: float, number: int) -> tuple[Times, int]:
    """Ask for `count` pages in turn over one kept connection, beginning at the client's own; returns times and failures."""
    draw = random.Random(number)
    connection = http.client.HTTPConnection(host, port, timeout=60)
    taken, failures = [], 0
    headers = {"Cookie": cookie} if cookie else {}
    for place in range(number, number + count):
        if pause:
            time.sleep(draw.uniform(pause / 2, pause * 1.5))
        path = paths[place % len(paths)]
        begun = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        taken.append((path, time.perf_counter() - begun))
        failures += answer.status != 200
    connection.close()
    return taken, failures


def main(
    host: str, port: int, clients: int, requests: int, pause: float, cookie: str, paths: list[str]
) -> dict[str, object]:
    """Share the requests among clients that ask at the same time."""
    results: list[tuple[Times, int]] = []

    def client(number: int) -> None:
        results.append(ask(host, port, paths, requests // clients, cookie, pause, number))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = time.perf_counter() - begun
    by_path = defaultdict(list)
    for path, second in (each for taken, _ in results for each in taken):
        by_path[path].append(second)
    return {
        "seconds": [second for seconds in by_path.values() for second in seconds],
        "by_path": by_path,
        "total": total,
        "failures": sum(failures for _, failures in results),
    }


if __name__ == "__main__":
    host, port, clients, requests, pause, cookie, *paths = sys.argv[1:]
    print(json.dumps(main(host, int(port), int(clients), int(requests), float(pause), cookie, paths)))
