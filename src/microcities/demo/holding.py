"""Plans the demo's events and has people register, wait, be offered a place and come: all by the services' own actions."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from microcities.demo.foundations import COORDINATOR, PUPIL, Ground
from microcities.events.actions.attendance import check_in
from microcities.events.actions.planning import draft_event, publish_event
from microcities.events.actions.registrations import cancel_registration, register
from microcities.events.actions.series import draft_series, publish_series
from microcities.events.models import Event, Question, Registration
from microcities.people.models import Person

DATA = Path(__file__).parent / "data" / "events.toml"
COUNSELLOR, SCHOOL = "karjera@demo.example", "valmiera-technikum"
CLASS_SIZE = 6
PLANNED = ("key", "partner", "by", "days", "hour", "hours", "hosts", "question", "rule")


def hold_events(ground: Ground, child: str, guardian: str) -> None:
    """Career days, lectures, a full workshop and an open day that is on. `child` and `guardian` are e-mails of accounts."""
    entries = tomllib.loads(DATA.read_text(encoding="utf-8"))["event"]
    events = {entry["key"]: _announce(ground, entry) for entry in entries}
    _register_class(ground, events["career-day-valmiera"], child, guardian)
    lectures = events["lectures"].series
    if lectures is not None:
        _register(ground, PUPIL, lectures.events.order_by("starts_at")[1])
    _fill(ground, events["workshop"], child)
    for email in (PUPIL, guardian):
        _register(ground, email, events["open-day"])
    come = events["open-day"].attendees.get(person=ground.accounts[guardian].person)
    check_in(actor=ground.accounts[COORDINATOR], event=events["open-day"], code=come.code)


def _announce(ground: Ground, entry: dict[str, Any]) -> Event:
    """One event, or the first of a series, announced by whoever plans it."""
    actor, start = ground.accounts[entry["by"]], _start(entry)
    values = {key: value for key, value in entry.items() if key not in PLANNED}
    values |= {
        "programme": ground.programme, "organisation": ground.partners[entry["partner"]],
        "city": ground.cities_of[entry["partner"]], "hosts": [ground.partners[key] for key in entry.get("hosts", ())],
        "questions": [Question(**entry["question"])] if "question" in entry else [],
    }
    if "rule" in entry:
        series = draft_series(
            actor=actor, rule=entry["rule"], starts_local=f"{start:%Y-%m-%dT%H:%M}", minutes=entry["hours"] * 60, **values
        )
        publish_series(actor=actor, series=series)
        return series.events.order_by("starts_at")[0]
    event = draft_event(actor=actor, starts_at=start, ends_at=start + timedelta(hours=entry["hours"]), **values)
    return publish_event(actor=actor, event=event)


def _start(entry: dict[str, Any]) -> datetime:
    """At the hour of that day; without an hour the event began an hour ago."""
    now = timezone.localtime()
    if "hour" not in entry:
        return now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    day = now.date() + timedelta(days=entry["days"])
    return timezone.make_aware(datetime(day.year, day.month, day.day, entry["hour"]))  # noqa: DTZ001 - made aware


def _register(ground: Ground, email: str, event: Event) -> Registration:
    account = ground.accounts[email]
    if account.person is None:
        raise ValueError(f"{email} has no person to register")
    return register(actor=account, event=event, people=[account.person])


def _register_class(ground: Ground, event: Event, child: str, guardian: str) -> None:
    """The counsellor registers a class, and a guardian the own child."""
    school, counsellor = ground.partners[SCHOOL], ground.accounts[COUNSELLOR]
    ward = ground.accounts[child].person
    known = Person.objects.visible_to(counsellor).current().filter(registrations__organisation=school)
    others = known.exclude(pk=ward.pk) if ward is not None else known
    pupils = list(others.order_by("pk")[:CLASS_SIZE])
    question = event.questions.get()
    lunch = {str(question.pk): question.choice_pairs[0][0]}
    register(
        actor=counsellor, event=event, people=pupils, organisation=school, label="9.b",
        answers={pupil.pk: lunch for pupil in pupils},
    )
    if ward is not None:
        register(actor=ground.accounts[guardian], event=event, people=[ward], answers={ward.pk: lunch})


def _fill(ground: Ground, event: Event, child: str) -> None:
    """Two places are taken and two people wait; one place becomes free and is offered to the first in line."""
    first = _register(ground, "valmiera@demo.example", event)
    _register(ground, "vasara@demo.example", event)
    _register(ground, PUPIL, event)
    _register(ground, child, event)
    cancel_registration(actor=ground.accounts["valmiera@demo.example"], registration=first)
