"""The load: a process of its own that asks for pages over loopback and tells how long each answer took.

`python -m bench.load HOST PORT CLIENTS REQUESTS PATH [PATH ...]` prints JSON: seconds of each answer, total seconds, failures.
"""

import http.client
import json
import sys
import threading
import time


def ask(host: str, port: int, paths: list[str], count: int, cookie: str) -> tuple[list[float], int]:
    """Ask for `count` pages in turn over one kept connection; returns seconds of each and the number of failures."""
    connection = http.client.HTTPConnection(host, port, timeout=60)
    taken, failures = [], 0
    headers = {"Cookie": cookie} if cookie else {}
    for number in range(count):
        begun = time.perf_counter()
        connection.request("GET", paths[number % len(paths)], headers=headers)
        answer = connection.getresponse()
        answer.read()
        taken.append(time.perf_counter() - begun)
        failures += answer.status != 200
    connection.close()
    return taken, failures


def main(host: str, port: int, clients: int, requests: int, cookie: str, paths: list[str]) -> dict[str, object]:
    """Share the requests among clients that ask at the same time."""
    results: list[tuple[list[float], int]] = []
    threads = [
        threading.Thread(target=lambda: results.append(ask(host, port, paths, requests // clients, cookie)))
        for _ in range(clients)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = time.perf_counter() - begun
    return {
        "seconds": [second for taken, _ in results for second in taken],
        "total": total,
        "failures": sum(failures for _, failures in results),
    }


if __name__ == "__main__":
    host, port, clients, requests, cookie, *paths = sys.argv[1:]
    print(json.dumps(main(host, int(port), int(clients), int(requests), cookie, paths)))
