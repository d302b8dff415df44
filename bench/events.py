"""Events and benchmarks: a rush for places, twenty thousand pupils in the benchmark engine, an event's page under load."""

import argparse
import statistics
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from bench.clock import Row, repeated, seconds, timed
from bench.pages import CLIENTS, alone, server, together
from microcities.careers.benchmarking import benchmarks_input
from microcities.careers.models import School
from microcities.decisions.engine import run_engine
from microcities.events.actions.planning import draft_event, publish_event
from microcities.events.actions.registrations import register
from microcities.events.models import Attendee, Event
from microcities.people.models import Account, Person

ORGANISER = "koordinatore@demo.example"
TRIES, PLACES, PUPILS = 200, 20, 20_000
SPARE = 15  # connections left for the database's own work and whoever else is there


def events(asked: argparse.Namespace, data: Path) -> Iterator[Row]:
    """The three figures of events and careers that the issue asks for."""
    for clients in (CLIENTS, min(TRIES, _most_connections() - SPARE)):
        yield rush(asked, data, clients)
    yield from benchmarks(asked, data)
    public = Event.objects.public().coming().filter(state="published")[0]
    path = f"/events/{public.uid}/"
    with server(asked.workers, data) as found:
        yield together(found, "an event's page", (path,), "", asked.runs)
        for each in (path, "/events/"):
            yield alone(found, "public", each, "", asked.runs)


def rush(asked: argparse.Namespace, data: Path, clients: int) -> Row:
    """All begin together over connections that are open already; each takes the next person once it has an answer."""
    walls, cpu = [], 0.0
    for _run in range(asked.runs):
        event, people = _announced(), _people()
        outcomes: Counter[str] = Counter()
        gate, threads = _waiting_clients(event, people, outcomes, clients)
        taken = timed(data, lambda g=gate, t=threads: _let_go(g, t))  # type: ignore[misc]
        seats = Attendee.objects.filter(event=event).coming().count()
        if outcomes != {"confirmed": PLACES, "waiting": TRIES - PLACES} or seats != PLACES:
            raise SystemExit(f"{TRIES} tries for {PLACES} places went wrong: {dict(outcomes)}, {seats} seats")
        walls.append(taken.wall)
        cpu += taken.cpu
    return Row(
        f"{TRIES} tries for {PLACES} places over {clients} connections",
        f"{seconds(statistics.median(walls))}, exactly {PLACES} places given",
        f"{seconds(cpu / asked.runs / TRIES)} a try", "under 5 s, exactly 20", "action `register`, threads of one process",
    )


def _announced() -> Event:
    actor = Account.objects.get(email=ORGANISER)
    like = Event.objects.run_by(actor)[0]
    start = timezone.now() + timedelta(days=40)
    event = draft_event(
        actor=actor, organisation=like.organisation, city=like.city, kind="talk", name="Mērījums", starts_at=start,
        ends_at=start + timedelta(hours=1), capacity=PLACES, is_public=False,
    )
    return publish_event(actor=actor, event=event)


def _people() -> list[tuple[Account, Person]]:
    made = uuid.uuid4().hex[:8]
    born = date(1995, 1, 1)
    people = Person.objects.bulk_create(
        Person(given_name="Mērītājs", family_name=f"Numurs {made} {number}", birth_on=born) for number in range(TRIES)
    )
    accounts = Account.objects.bulk_create(
        Account(email=f"bench-{made}-{number}@demo.example", person=person) for number, person in enumerate(people)
    )
    return list(zip(accounts, people, strict=True))


def _most_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        return int(cursor.fetchone()[0])


def _waiting_clients(
    event: Event, people: list[tuple[Account, Person]], outcomes: Counter[str], clients: int
) -> tuple[threading.Barrier, list[threading.Thread]]:
    gate, guard, left = threading.Barrier(clients + 1), threading.Lock(), iter(people)

    def client() -> None:
        connection.ensure_connection()
        gate.wait(60)
        try:
            while True:
                with guard:
                    pair = next(left, None)
                if pair is None:
                    return
                state = register(actor=pair[0], event=event, people=[pair[1]]).state
                with guard:
                    outcomes[state] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=client) for _number in range(clients)]
    for thread in threads:
        thread.start()
    while gate.n_waiting < clients:
        time.sleep(0.01)
    return gate, threads


def _let_go(gate: threading.Barrier, threads: list[threading.Thread]) -> None:
    gate.wait(60)
    for thread in threads:
        thread.join(120)


def benchmarks(asked: argparse.Namespace, data: Path) -> Iterator[Row]:
    """The demo's general schools, and copies of them until there are twenty thousand pupils: all criteria, all names."""
    schools = list(School.objects.filter(setting="school").select_related("organisation"))
    today = timezone.localdate()
    reading = repeated(data, lambda: benchmarks_input(schools, today), 1, 3)
    one = benchmarks_input(schools, today)
    yield Row("records of the demo's schools read for the engine", seconds(reading.wall), seconds(reading.cpu), "",
              f"{len(schools)} schools, {len(one['pupils'])} pupils with leavers")
    copies = -(-PUPILS // len(one["pupils"]))
    whole = _copied(one, copies)
    criteria = len(whole["criteria"])
    for actions, what in ((0, "all criteria"), (5, "all criteria and five next steps for each school")):
        taken = timed(data, lambda a=actions: run_engine("careers.benchmarks", {**whole, "actions": a}))  # type: ignore[misc]
        how = f"{len(whole['pupils'])} pupils, {len(whole['schools'])} schools, {criteria} criteria"
        yield Row(f"engine careers.benchmarks, {what}", seconds(taken.wall), seconds(taken.cpu), "seconds",
                  f"{how}, {len(whole['encounters'])} encounters, in process with the input's checks")


def _copied(one: dict[str, Any], copies: int) -> dict[str, Any]:
    """Each school with its classes, pupils, encounters and records as often as asked, every copy under ids of its own."""
    whole: dict[str, Any] = {**one, "schools": [], "groups": [], "pupils": [], "encounters": [], "records": []}
    for copy in range(copies):
        mark = f"{copy}-"
        whole["schools"] += [mark + each for each in one["schools"]]
        whole["groups"] += [{**each, "id": mark + each["id"], "school": mark + each["school"]} for each in one["groups"]]
        whole["records"] += [{**each, "school": mark + each["school"]} for each in one["records"]]
        whole["encounters"] += [
            {**each, "id": mark + each["id"], "pupils": [mark + number for number in each["pupils"]]}
            for each in one["encounters"]
        ]
        whole["pupils"] += [
            {**each, "id": mark + each["id"],
             "enrolments": [{**stay, "group": mark + stay["group"]} for stay in each["enrolments"]]}
            for each in one["pupils"]
        ]
    return whole
