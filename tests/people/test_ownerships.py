"""What is said of organisations and who owns them is changed by those who may, and never comes to more than a whole."""

import threading
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.people.actions.organisations import (
    add_organisation,
    change_organisation,
    end_ownership,
    record_ownership,
)
from microcities.people.models import Organisation, Ownership
from microcities.trail.context import System
from microcities.trail.models import Action
from tests import factories
from tests.world import World, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SETUP = System("test")
START = date(2019, 1, 1)


def firm(name: str = "SIA „Trīs vadi”", **fields: Any) -> Organisation:
    return factories.make_organisation(name, kind="company", **fields)


def owns(world: World, owner: Organisation, owned: Organisation, share: str, **dates: date) -> Ownership:
    return record_ownership(
        actor=world.valda, owner=owner, owned=owned, share_percent=Decimal(share), **{"valid_from": START, **dates}
    )


@pytest.mark.parametrize(
    ("account", "shared", "partner"),
    [("marta", True, True), ("valda", True, True), ("ventis", True, False), ("aija", False, False), ("dace", False, False),
     ("otto", False, False), ("svens", False, False), ("pupil", False, False)],
)
def test_organisation_is_changed_by_its_staff_and_one_without_staff_by_any_partner(
    world: World, account: str, shared: bool, partner: bool
) -> None:
    for organisation, may in ((firm(), shared), (world.valmiera_partner, partner)):
        actor = world.everybody()[account]
        change = {"actor": actor, "organisation": organisation, "reason": "Reģistrā ir cits nosaukums", "place": "cesis"}
        if may:
            assert change_organisation(**change).place == "cesis"
            line = Action.objects.filter(verb="people.change_organisation").latest("pk")
            assert (line.actor_id, line.reason) == (actor.pk, "Reģistrā ir cits nosaukums")
        else:
            with pytest.raises(RefusedError):
                change_organisation(**change)
        organisation.refresh_from_db()
        assert organisation.place == ("cesis" if may else "")


def test_other_partners_staff_may_change_once_the_last_of_the_own_has_gone(world: World) -> None:
    with pytest.raises(RefusedError, match="staff of its own"):
        change_organisation(actor=world.ventis, organisation=world.valmiera_partner, reason="x", name_en="VAA")
    world.valda.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert change_organisation(
        actor=world.ventis, organisation=world.valmiera_partner, reason="x", name_en="VAA"
    ).name_en == "VAA"


def test_change_to_the_name_of_another_is_refused_and_leaves_nothing(world: World) -> None:
    changed, other = firm("SIA „Viens”"), firm("SIA „Divi”")
    with pytest.raises(RefusedError, match="known already"):
        change_organisation(actor=world.valda, organisation=changed, reason="x", name=other.name.upper())
    changed.refresh_from_db()
    assert changed.name == "SIA „Viens”"
    assert not Action.objects.filter(verb="people.change_organisation").exists()
    assert change_organisation(actor=world.valda, organisation=changed, reason="x", name="SIA „VIENS”").name == "SIA „VIENS”"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"registration_number": "90000051971"}, "registration_number"),
        ({"registration_number": "161175-19997"}, "registration_number"),  # a person's code
        ({"economic_code": "6201"}, "economic_code"),
        ({"economic_code": "J62"}, "economic_code"),
        ({"country": "lv"}, "country"),
        ({"employees": 5}, "employees_on"),
        ({"employees_on": START}, "employees"),
        ({"kind": "party"}, "kind"),
        ({"website": "javascript:alert(1)"}, "website"),
    ],
)
def test_wrong_values_are_refused_at_their_field(world: World, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        add_organisation(actor=world.valda, **{"name": "SIA „Jauna”", "kind": "company", **fields})
    assert set(refused.value.error_dict) == {field}


@pytest.mark.sql
@pytest.mark.parametrize(
    "wrong", [{"registration_number": "16117519997"}, {"economic_code": "6201"}, {"country": "Lv"}]
)
def test_database_refuses_wrong_codes_by_itself(wrong: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        firm(**wrong)


def test_ownership_is_recorded_and_ended(world: World) -> None:
    owner, owned = firm("SIA „Īpašnieks”"), firm()
    ownership = owns(world, owner, owned, "66.67")
    assert (ownership.owner, ownership.owned, ownership.valid_to) == (owner, owned, None)
    end_ownership(actor=world.marta, ownership=ownership, valid_to=date(2020, 6, 30), reason="Pārdots")
    ownership.refresh_from_db()
    assert ownership.valid_to == date(2020, 6, 30)
    lines = Action.objects.filter(verb__endswith="_ownership").order_by("pk").values_list("verb", "actor_id", "reason")
    assert list(lines) == [
        ("people.record_ownership", world.valda.pk, ""), ("people.end_ownership", world.marta.pk, "Pārdots")
    ]
    with pytest.raises(RefusedError, match="known already"):
        end_ownership(actor=world.marta, ownership=ownership, valid_to=date(2020, 7, 1), reason="x")


@pytest.mark.parametrize("account", ["aija", "dace", "otto", "svens", "pupil"])
def test_ownership_is_refused_to_others(world: World, account: str) -> None:
    owner, owned = firm("SIA „Īpašnieks”"), firm()
    ownership = owns(world, owner, owned, "10")
    actor = world.everybody()[account]
    with pytest.raises(RefusedError):
        record_ownership(actor=actor, owner=owned, owned=owner, share_percent=Decimal(10), valid_from=START)
    with pytest.raises(RefusedError):
        end_ownership(actor=actor, ownership=ownership, valid_to=START, reason="x")
    assert Ownership.objects.get().valid_to is None


def test_ownership_of_another_partner_is_its_own_matter(world: World) -> None:
    with pytest.raises(RefusedError, match="staff of its own"):
        record_ownership(
            actor=world.ventis, owner=firm(), owned=world.valmiera_partner, share_percent=Decimal(10), valid_from=START
        )


@pytest.mark.parametrize("share", ["0", "-5", "100.01", "33.333"])
def test_share_that_cannot_be_is_refused(world: World, share: str) -> None:
    with pytest.raises(ValidationError, match="share_percent"):
        owns(world, firm("SIA „Īpašnieks”"), firm(), share)


def test_nobody_owns_itself_or_ends_before_it_began(world: World) -> None:
    owner, owned = firm("SIA „Īpašnieks”"), firm()
    with pytest.raises(ValidationError, match="does not own itself"):
        owns(world, owned, owned, "10")
    with pytest.raises(ValidationError, match="before the first"):
        owns(world, owner, owned, "10", valid_to=date(2018, 12, 31))
    ownership = owns(world, owner, owned, "10")
    with pytest.raises(RefusedError, match="began later"):
        end_ownership(actor=world.valda, ownership=ownership, valid_to=date(2018, 12, 31), reason="x")
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(RefusedError, match="has not come"):
        end_ownership(actor=world.valda, ownership=ownership, valid_to=tomorrow, reason="x")
    with pytest.raises(RefusedError, match="has not come"):
        owns(world, owned, owner, "10", valid_from=tomorrow)


def test_share_of_one_owner_is_told_once_for_a_day(world: World) -> None:
    owner, owned = firm("SIA „Īpašnieks”"), firm()
    owns(world, owner, owned, "10", valid_to=date(2019, 12, 31))
    with pytest.raises(ValidationError, match="on record for some"):
        owns(world, owner, owned, "20", valid_from=date(2019, 12, 31))
    assert owns(world, owner, owned, "20", valid_from=date(2020, 1, 1)).share_percent == 20


@pytest.fixture
def halves(world: World) -> tuple[World, Organisation, Organisation]:
    """A firm that is owned whole in 2019, to 40 % in 2020 and afterwards; and an owner to come."""
    owned = firm()
    owns(world, firm("SIA „Viens”"), owned, "60", valid_to=date(2019, 12, 31))
    owns(world, firm("SIA „Divi”"), owned, "40")
    return world, owned, firm("SIA „Trīs”")


@pytest.mark.parametrize(
    ("share", "first", "last", "fits"),
    [
        ("0.01", date(2019, 12, 31), None, False),  # one day is enough
        ("0.01", date(2018, 1, 1), date(2019, 1, 1), False),
        ("0.01", date(2018, 1, 1), None, False),  # both ends lie outside
        ("60", date(2020, 1, 1), None, True),
        ("60.01", date(2020, 1, 1), None, False),
        ("100", date(2018, 1, 1), date(2018, 12, 31), True),
    ],
)
def test_shares_are_whole_on_every_day(
    halves: tuple[World, Organisation, Organisation], share: str, first: date, last: date | None, fits: bool
) -> None:
    world, owned, owner = halves
    dates = {"valid_from": first, **({"valid_to": last} if last else {})}
    if fits:
        assert owns(world, owner, owned, share, **dates).pk
        return
    with pytest.raises(RefusedError, match="more than 100 % on some day"):
        owns(world, owner, owned, share, **dates)
    assert owned.owned_by.count() == 2


@pytest.mark.sql
def test_database_adds_up_whatever_writes(halves: tuple[World, Organisation, Organisation]) -> None:
    _world, owned, owner = halves
    wrong = [
        lambda: Ownership.objects.bulk_create(
            Ownership(owner=each, owned=owner, share_percent=60, valid_from=START) for each in (owned, firm("SIA „Pieci”"))
        ),
        lambda: owned.owned_by.filter(share_percent=40).update(share_percent=41),
        lambda: owned.owned_by.filter(share_percent=60).update(share_percent=61),
    ]
    for write in wrong:
        with pytest.raises(IntegrityError, match="more than 100 per cent"), transaction.atomic():
            write()


@pytest.fixture
def committed(transactional_db: None) -> World:
    """The small world where two connections see it."""
    return build_world()


@pytest.mark.sql
@pytest.mark.django_db(transaction=True)
def test_race_of_two_owners_leaves_one(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked and found room for 60 %; the database lets the second wait for the first, and adds up."""
    owned, owners = firm(), [firm("SIA „Viens”"), firm("SIA „Divi”")]
    barrier, outcomes = threading.Barrier(2, timeout=5), []
    save = Ownership.save

    def held(self: Ownership, *args: Any, **kwargs: Any) -> None:
        with suppress(threading.BrokenBarrierError):
            barrier.wait()
        save(self, *args, **kwargs)

    def run(owner: Organisation) -> None:
        try:
            owns(committed, owner, owned, "60")
            outcomes.append("recorded")
        except RefusedError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    monkeypatch.setattr(Ownership, "save", held)
    threads = [threading.Thread(target=run, args=(owner,)) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["recorded", "refused"]
    assert owned.owned_by.count() == 1
