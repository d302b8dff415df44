"""Many clients at the same moment, each on a connection of its own: how a race is tested."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections

CLIENTS = 8
_OVERLAPS = """
    SELECT count(*) FROM bookings_allocation a JOIN bookings_allocation b
    ON a.resource_id = b.resource_id AND a.id < b.id AND a.blocked && b.blocked
    WHERE a.released_at IS NULL AND b.released_at IS NULL
"""


def at_once(work: Callable[[int], Any], clients: int = CLIENTS) -> list[Any]:
    """What `work(client)` answers to each client, or what it raises, when all start together."""
    gate = threading.Barrier(clients)

    def client(number: int) -> Any:
        try:
            gate.wait(60)
            return work(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(client, range(clients)))


def rush(work: Callable[[int, int], object], rounds: int = 1) -> Counter[str]:
    """`work(client, round)`, all clients starting each round together: how many are done, and what the others meet."""
    outcomes: Counter[str] = Counter()
    for each in range(rounds):
        answers = at_once(lambda client, each=each: work(client, each))  # type: ignore[misc]
        outcomes.update(type(answer).__name__ if isinstance(answer, Exception) else "done" for answer in answers)
    return outcomes


def overlapping_pairs() -> int:
    """Pairs of live allocations that hold one resource at one time: 0 is what bookings owe."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAPS)
        return int(cursor.fetchone()[0])
