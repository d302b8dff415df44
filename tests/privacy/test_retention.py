"""Each clock runs out on the day its rule says, not a day before, and a hold stops it."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from microcities.notices.models import Notice
from microcities.people.models import Account, Guardianship, Person, Session
from microcities.privacy import retention
from microcities.privacy.actions import place_hold, start_clock
from microcities.privacy.retention import Clock, due, programme_last_days
from microcities.privacy.rulebook.clocks import months_after
from microcities.trail.checking import check_trail
from microcities.trail.context import System
from microcities.trail.models import Action, Change
from microcities.trail.sealing import seal
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db
ACTOR = System("test")
# Accounts submitted in 2022: the larger operations of 2014-2020 keep their papers for two years from 31 December 2022.
EVENT, LAST_DAY = date(2022, 5, 16), date(2024, 12, 31)


def started(world: World, clock: str = "erdf-2014-large") -> None:
    start_clock(actor=world.marta, programme=world.programme, clock=clock, event_on=EVENT, source="letter 4-1/77")


def participant(world: World, **fields: Any) -> Person:
    person = factories.make_person("Ilze", "Liepa", **fields)
    factories.take_part(world.summer, person)
    return person


def numbers(clock: Clock, on: date) -> list[Any]:
    return [each.number for each in due(on) if each.clock is clock]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 12, 5), 1, date(2025, 1, 5)),
        (date(2024, 1, 5), -1, date(2023, 12, 5)),
        (date(2024, 1, 5), -24, date(2022, 1, 5)),
    ],
)
def test_months_are_counted_as_calendars_do(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_programme_clock_that_has_not_begun_makes_nothing_due(world: World) -> None:
    participant(world)
    assert programme_last_days(date(2060, 1, 1)) == {}
    assert numbers(Clock.PROGRAMME, date(2060, 1, 1)) == []


@pytest.mark.parametrize(
    ("clock", "last_day"),
    [
        ("erdf-2014-large", date(2024, 12, 31)),
        ("erdf-2014-small", date(2025, 12, 31)),
        ("cpr-2021", date(2027, 12, 31)),
    ],
)
def test_programme_clock_runs_out_on_the_day_after_the_last(world: World, clock: str, last_day: date) -> None:
    started(world, clock)
    person = participant(world)
    assert programme_last_days(date(2024, 1, 1)) == {world.programme.pk: last_day}
    assert numbers(Clock.PROGRAMME, last_day) == []
    assert numbers(Clock.PROGRAMME, last_day + timedelta(days=1)) == [person.pk]


def test_person_stays_as_long_as_any_programme_needs_the_record(world: World) -> None:
    started(world)
    person = participant(world)
    later = factories.make_programme()
    factories.take_part(factories.make_activity(later, world.valmiera_partner, world.valmiera), person)
    assert numbers(Clock.PROGRAMME, date(2026, 1, 1)) == []
    start_clock(actor=world.marta, programme=later, clock="erdf-2014-large", event_on=date(2023, 3, 1), source="x")
    assert [(each.number, each.last_day) for each in due(date(2026, 1, 1)) if each.clock is Clock.PROGRAMME] == [
        (person.pk, date(2025, 12, 31))
    ]


def test_person_with_an_account_in_use_stays(world: World) -> None:
    started(world)
    person = participant(world)
    with time_machine.travel(datetime(2026, 6, 1, 12, tzinfo=UTC), tick=False):
        factories.make_account("ilze@example.org", person, last_login=timezone.now())
    assert numbers(Clock.PROGRAMME, date(2026, 6, 2)) == []
    assert numbers(Clock.PROGRAMME, date(2028, 6, 2)) == [person.pk]


def test_days_of_proceedings_are_added_to_the_programme_clock(world: World) -> None:
    started(world)
    person = participant(world)
    place_hold(
        actor=world.dace, reason="court", programme=world.programme, from_on=date(2023, 1, 1), to_on=date(2023, 1, 31)
    )
    later = LAST_DAY + timedelta(days=31)
    assert numbers(Clock.PROGRAMME, later) == []
    assert numbers(Clock.PROGRAMME, later + timedelta(days=1)) == [person.pk]


def test_hold_over_one_person_keeps_that_person_only_and_is_shown(world: World) -> None:
    started(world)
    held, other = participant(world), participant(world)
    hold = place_hold(actor=world.dace, reason="claim", person=held, from_on=date(2025, 1, 1))
    on = date(2025, 2, 1)
    assert [(each.number, each.held) for each in due(on) if each.clock is Clock.PROGRAMME] == [
        (held.pk, hold),
        (other.pk, None),
    ]
    with time_machine.travel(datetime(2025, 2, 1, 12, tzinfo=UTC), tick=False):
        result = retention.run(actor=ACTOR, on=on)
    assert (result.persons, result.refused) == (1, [])
    assert Person.objects.get(pk=held.pk).erased_at is None
    assert Person.objects.get(pk=other.pk).erased_at is not None


def test_contact_clock_takes_whoever_took_part_in_nothing_but_no_guardian(world: World) -> None:
    with time_machine.travel(datetime(2023, 3, 10, 12, tzinfo=UTC), tick=False):
        lead, guardian, ward = (factories.make_person("Anna", name) for name in ("Ozola", "Kalna", "Kalna"))
        Person.objects.update(created_at=timezone.now())
        Guardianship.objects.create(
            guardian=guardian, ward=ward, proof="seen", valid_from=date(2023, 3, 10), confirmed_by_id=1
        )
    factories.take_part(world.summer, ward)
    everybody = {lead.pk, guardian.pk, ward.pk}
    assert set(numbers(Clock.CONTACT, date(2025, 3, 10))) & everybody == set()
    assert set(numbers(Clock.CONTACT, date(2025, 3, 11))) & everybody == {lead.pk}


def test_idle_account_is_closed_and_the_person_stays(world: World) -> None:
    person = participant(world)
    used = datetime(2023, 3, 10, 12, tzinfo=UTC)
    idle = factories.make_account("idle@example.org", person, last_login=used)
    staff = factories.make_account("staff@example.org", last_login=used)
    factories.give_role(staff, world.valmiera_partner, "career_counsellor")
    Account.objects.exclude(pk__in=[idle.pk, staff.pk]).update(last_login=datetime(2025, 1, 1, tzinfo=UTC))
    assert numbers(Clock.ACCOUNT, date(2025, 3, 10)) == []
    assert numbers(Clock.ACCOUNT, date(2025, 3, 11)) == [idle.pk]
    with time_machine.travel(datetime(2025, 3, 11, 12, tzinfo=UTC), tick=False):
        assert retention.run(actor=ACTOR, on=date(2025, 3, 11)).accounts == 1
        assert retention.run(actor=ACTOR, on=date(2025, 3, 11)).accounts == 0
    idle.refresh_from_db()
    assert (idle.is_active, idle.email) == (False, f"erased-{idle.pk}@erased.invalid")
    assert Person.objects.get(pk=person.pk).name == "Ilze Liepa"


def test_security_clock_removes_expired_sessions_and_ended_work(world: World) -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(hours=1))
    with connection.cursor() as cursor:
        for task in ("old", "recent", "waiting"):
            cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', %s)", [task])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name <> 'waiting'")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name <> 'waiting'")
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '13 months' WHERE job_id IN "
            "(SELECT id FROM procrastinate_jobs WHERE task_name <> 'recent')"
        )
        assert retention.run(actor=ACTOR, on=timezone.localdate()).security == 2
        cursor.execute("SELECT task_name FROM procrastinate_jobs ORDER BY id")
        assert cursor.fetchall() == [("recent",), ("waiting",)]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_run_is_traced_with_its_day_and_refuses_the_future(world: World) -> None:
    retention.run(actor=world.dace, on=timezone.localdate())
    line = Action.objects.get(verb="privacy.run_retention")
    assert (line.actor_id, line.reason) == (world.dace.pk, timezone.localdate().isoformat())
    with pytest.raises(ValueError, match="future"):
        retention.run(actor=world.dace, on=timezone.localdate() + timedelta(days=1))


def test_preview_changes_nothing(world: World) -> None:
    started(world)
    person = participant(world)
    due(date(2026, 1, 1))
    assert Person.objects.get(pk=person.pk).erased_at is None


def notice_to(account: Account, made_at: datetime, **fields: Any) -> Notice:
    state = fields.pop("state", "none")
    return Notice.objects.create(
        account=account, kind="tests.old", language="lv", subject="Old words", text="Old words",
        dedupe_key=str(Notice.objects.count()) + made_at.isoformat(), state=state, created_at=made_at, **fields,
    )


def test_notices_are_previewed_and_deleted_with_their_words_in_the_history(world: World) -> None:
    made = datetime(2023, 3, 10, 12, tzinfo=UTC)
    old, waiting = notice_to(world.valda, made), notice_to(world.valda, made, state="queued")
    held, young = notice_to(world.pupil, made), notice_to(world.valda, datetime(2023, 3, 11, 12, tzinfo=UTC))
    place_hold(actor=world.dace, reason="court", person=world.peteris, from_on=date(2025, 1, 1))
    assert numbers(Clock.NOTICE, date(2025, 3, 10)) == []
    assert [(each.number, each.last_day, each.held is not None) for each in due(date(2025, 3, 11))
            if each.clock is Clock.NOTICE] == [(old.pk, date(2025, 3, 10), False), (held.pk, date(2025, 3, 10), True)]
    Account.objects.update(last_login=datetime(2025, 1, 1, tzinfo=UTC))
    with time_machine.travel(datetime(2025, 3, 11, 12, tzinfo=UTC), tick=False):
        assert retention.run(actor=world.dace, on=date(2025, 3, 11)).notices == 1
    assert set(Notice.objects.values_list("pk", flat=True)) == {waiting.pk, held.pk, young.pk}
    assert not Change.objects.filter(table_name="notices_notice", row_id=str(old.pk), old__isnull=False).exists()
    seal()
    assert check_trail() == []


def test_old_letters_in_files_go_with_the_run(world: World, tmp_path: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    old, new = tmp_path / "old.log", tmp_path / "new.log"
    for path in (old, new):
        path.write_text("To: a@example.org")
    os.utime(old, (datetime(2020, 1, 1, tzinfo=UTC).timestamp(),) * 2)
    retention.run(actor=ACTOR, on=timezone.localdate())
    assert [path.name for path in tmp_path.iterdir()] == ["new.log"]
