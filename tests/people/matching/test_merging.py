"""Two records of one person: decided by a person, merged, counted once, and taken apart again."""

from datetime import date

import pytest

from microcities.access.answers import RefusedError
from microcities.evidence.models import Tally
from microcities.participation.models import Participation
from microcities.people.actions.merging import decide_match, merge_persons, undo_merge
from microcities.people.models import MatchCandidate, Person, Registration
from microcities.trail.models import Action
from tests import factories
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
END = date(2021, 10, 31)


def subjects(measure: str) -> int:
    found = list(Tally.objects.counts(as_of=END).filter(measure=measure))
    return int(found[0]["subjects"]) if found else 0


def twins(world: World) -> tuple[Person, Person]:
    """One person under two records, known to a partner each, in one activity each."""
    one, other = factories.make_person(email="liga@example.org"), factories.make_person(code_hash=b"x" * 32)
    factories.register(one, world.valmiera_partner, local_reference="A-7")
    factories.register(other, world.ventspils_partner, local_reference="P-7")
    factories.take_part(world.summer, one)
    factories.take_part(world.course, other)
    return one, other


def candidate(one: Person, other: Person) -> MatchCandidate:
    return MatchCandidate.objects.create(
        first=one, second=other, score="0.997", reasons=[{"field": "birth_on", "verdict": "same"}]
    )


def test_merge_moves_everything_and_undo_moves_it_back(world: World) -> None:
    one, other = twins(world)
    before = [list(model.objects.order_by("pk").values()) for model in (Person, Registration, Participation)]
    merge = merge_persons(actor=world.marta, kept=one, absorbed=other, reason="confirmed by the school")
    other.refresh_from_db()
    one.refresh_from_db()
    assert (other.merged_into, bytes(one.code_hash)) == (one, b"x" * 32)
    assert one.registrations.count() == one.participations.count() == 2
    assert not Person.objects.current().filter(pk=other.pk).exists()
    assert Action.objects.get(verb="people.merge_persons").reason == "confirmed by the school"
    undo_merge(actor=world.marta, merge=merge, reason="two cousins")
    after = [list(model.objects.order_by("pk").values()) for model in (Person, Registration, Participation)]
    assert after == before


def test_merge_leaves_what_would_collide_and_notes_it(world: World) -> None:
    one, other = twins(world)
    same = factories.register(other, world.valmiera_partner)
    again = factories.take_part(world.summer, other)
    merge = merge_persons(actor=world.marta, kept=one, absorbed=other, reason="same")
    assert merge.moved["left"] == {
        "people.Registration.person": [same.pk], "participation.Participation.person": [again.pk]
    }
    assert subjects("summerjobs.pupils") == 1
    undo_merge(actor=world.marta, merge=merge, reason="two cousins")
    assert other.registrations.count() == other.participations.count() == 2
    assert subjects("summerjobs.pupils") == 2


def test_merge_of_three_records_counts_one_person(world: World) -> None:
    one, other = twins(world)
    third = factories.make_person()
    factories.take_part(world.summer, third, started_on=date(2019, 7, 1))
    assert subjects("summerjobs.pupils") == 2
    first = merge_persons(actor=world.marta, kept=third, absorbed=one, reason="same")
    merge_persons(actor=world.marta, kept=other, absorbed=third, reason="same")
    one.refresh_from_db()
    assert one.merged_into == other
    assert subjects("summerjobs.pupils") == 1
    with pytest.raises(RefusedError, match="Undo that first"):
        undo_merge(actor=world.marta, merge=first, reason="wrong")


def test_merge_of_overlapping_lists_counts_distinct_persons(world: World) -> None:
    """Facts 8.1, with every overlap first brought as a second record: 1,250 records are 125 persons, then 105 (a tenth)."""
    people: dict[int, list[Person]] = {}
    for first, last in ((1, 40), (31, 70), (61, 105)):
        activity = factories.make_activity(world.programme, world.valmiera_partner, world.valmiera, kind="career_support")
        for number in range(first, last + 1):
            person = factories.make_person(f"Skolēns {number}")
            factories.take_part(activity, person, started_on=date(2019, 6, 10))
            people.setdefault(number, []).append(person)
    assert subjects("careers.pupils") == 125
    doubles = [records for records in people.values() if len(records) == 2]
    merges = [merge_persons(actor=world.marta, kept=one, absorbed=two, reason="same") for one, two in doubles]
    assert (len(people), subjects("careers.pupils")) == (105, 105)
    for merge in merges:
        undo_merge(actor=world.marta, merge=merge, reason="test")
    assert subjects("careers.pupils") == 125


def test_merge_with_two_personal_codes_is_refused(world: World) -> None:
    one, other = factories.make_person(code_hash=b"x" * 32), factories.make_person(code_hash=b"y" * 32)
    with pytest.raises(RefusedError, match="different personal codes"):
        merge_persons(actor=world.marta, kept=one, absorbed=other, reason="same")


def test_merge_keeps_both_accounts(world: World) -> None:
    one, other = twins(world)
    first, second = factories.make_account("a@example.org", one), factories.make_account("b@example.org", other)
    merge_persons(actor=world.marta, kept=one, absorbed=other, reason="same")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.person, second.person) == (one, other)


def test_decision_same_merges_and_moves_open_pairs_to_the_kept_record(world: World) -> None:
    one, other = twins(world)
    third = factories.make_person("Līga", "Bērziņš")
    factories.register(third, world.ventspils_partner)
    candidate(other, third)
    merge = decide_match(actor=world.marta, candidate=candidate(one, other), same=True, reason="same code seen")
    assert merge is not None
    assert (merge.kept, merge.absorbed) == (one, other)
    open_pairs = list(MatchCandidate.objects.open().values_list("first_id", "second_id"))
    assert open_pairs == [(one.pk, third.pk)]


def test_decision_different_is_kept_and_asked_once(world: World) -> None:
    one, other = twins(world)
    pair = candidate(one, other)
    assert decide_match(actor=world.marta, candidate=pair, same=False, reason="two cousins") is None
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by_id) == ("different", world.marta.pk)
    with pytest.raises(RefusedError, match="decided on already"):
        decide_match(actor=world.marta, candidate=pair, same=True, reason="again")


@pytest.mark.parametrize("account", ["ventis", "valda", "aija", "dace", "otto", "svens"])
def test_decision_across_partners_is_for_those_who_see_both(world: World, account: str) -> None:
    one, other = twins(world)
    pair = candidate(one, other)
    somebody = world.everybody()[account]
    assert not MatchCandidate.objects.decidable_by(somebody).exists()
    with pytest.raises(RefusedError):
        decide_match(actor=somebody, candidate=pair, same=True, reason="same")
    with pytest.raises(RefusedError):
        merge_persons(actor=somebody, kept=one, absorbed=other, reason="same")


def test_decision_within_one_partner_is_for_its_officer(world: World) -> None:
    one, other = twins(world)
    factories.register(other, world.valmiera_partner)
    pair = candidate(one, other)
    assert list(MatchCandidate.objects.decidable_by(world.valda)) == [pair]
    assert decide_match(actor=world.valda, candidate=pair, same=True, reason="same pupil") is not None
