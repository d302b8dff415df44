"""Many who write and seal at once make one chain, and each of its guards is needed for that."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from microcities.people.models import Organisation
from microcities.trail import install
from microcities.trail.checking import Kind, check_trail
from microcities.trail.context import System, change
from microcities.trail.models import Action, Change, Seal
from microcities.trail.sealing import BusyError, seal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
LOCK = "PERFORM pg_advisory_xact_lock_shared(hashtext('microcities.trail'));"


def together(*works: Callable[[], None]) -> list[BaseException]:
    """Run each in a thread with a database connection of its own; what they raised."""
    raised: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


@pytest.fixture
def unguarded() -> Iterator[None]:
    """The triggers without the lock that writers share, as somebody might simplify them."""
    text = Path(install.FUNCTIONS).read_text()
    assert text.count(LOCK) == 3
    with connection.cursor() as cursor:
        cursor.execute(text.replace(LOCK, ""))
    yield
    with connection.cursor() as cursor:
        cursor.execute(text)


def test_writers_and_sealers_at_once_make_one_unforked_chain() -> None:
    def write() -> None:
        for number in range(25):
            with change("people.add", actor=System("race")):
                Organisation.objects.create(name=f"Org {number}", kind="company")

    def seal_often() -> None:
        for _ in range(25):
            try:
                seal()
            except BusyError:
                continue

    assert together(write, seal_often, write, seal_often, write) == []
    seal()
    assert Change.objects.filter(table_name="people_organisation", operation="I").count() == 75
    assert Action.objects.filter(verb="people.add").count() == 75
    for stream, entries in (("change", Change.objects.count()), ("action", Action.objects.count())):
        links = list(Seal.objects.filter(stream=stream).order_by("first_id"))
        assert sum(link.entries for link in links) == entries
        assert [bytes(after.previous_hash) for after in links[1:]] == [bytes(link.hash) for link in links[:-1]]
    assert check_trail() == []


def late_entry() -> list[Kind]:
    """One writer takes a number and is slow to commit, another overtakes it, and the chain is sealed meanwhile."""
    written, overtaken = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Organisation.objects.create(name="slow", kind="company")
            written.set()
            assert overtaken.wait(20)

    def quick() -> None:
        assert written.wait(20)
        try:
            Organisation.objects.create(name="quick", kind="company")
            seal()
        except BusyError:
            pass
        finally:
            overtaken.set()

    assert together(slow, quick) == []
    seal()
    return [found.kind for found in check_trail()]


def test_entry_that_commits_late_is_sealed_in_its_place() -> None:
    assert late_entry() == []


def test_without_the_shared_lock_a_late_entry_falls_behind_its_seal(unguarded: None) -> None:
    assert late_entry() == [Kind.BROKEN_SEAL]
