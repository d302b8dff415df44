"""A list from the file to the records and back: compared, applied whole, undone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from microcities.access.answers import RefusedError
from microcities.evidence.models import EvidenceRow, Tally
from microcities.participation.actions.lists import (
    discard_forgotten_lists,
    discard_list,
    request_application,
    request_undo,
)
from microcities.participation.actions.records import confirm_record
from microcities.participation.actions.work import apply_list, undo_list
from microcities.participation.models import ColumnMapping, ListImport, ListRow, ListState, Participation
from microcities.participation.rules import _keepers, keeps_records
from microcities.people.codes import code_hash
from microcities.people.models import MatchCandidate, Person, Registration
from microcities.trail.context import System
from microcities.trail.models import Change
from tests import factories
from tests.participation.lists import HEADER, applied, compared, csv_file, outcomes
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
CODE = "161175-19997"  # python-stdnum's own example of a Latvian code
LIGA = ("Līga", "Bērziņa", "12.03.2004.", "liga@example.org", "03.06.2019.")
JANIS = ("Jānis", "Kalniņš", "2003-11-05", "", "2019-06-03")


def subjects(measure: str = "summerjobs.pupils") -> int:
    counts = Tally.objects.counts(as_of=date(2021, 10, 31)).filter(measure=measure)
    return int(counts[0]["subjects"]) if counts else 0


def test_list_of_new_people_makes_persons_records_and_counts(world: World) -> None:
    the_list = applied(world.valda, world.summer, csv_file([LIGA, JANIS]), funding_source=world.erdf)
    assert the_list.state == ListState.APPLIED
    assert the_list.outcomes == {"new": 2}
    liga = Person.objects.get(given_name="Līga")
    assert (liga.family_name, liga.birth_on, liga.email, liga.sex) == (
        "Bērziņa", date(2004, 3, 12), "liga@example.org", "unknown"
    )
    registration = Registration.objects.get(person=liga)
    assert (registration.organisation, registration.since) == (world.valmiera_partner, date(2019, 6, 3))
    record = Participation.objects.get(person=liga)
    assert (record.activity, record.started_on, record.proof, record.verification) == (
        world.summer, date(2019, 6, 3), "list", "unverified"
    )
    assert (record.batch_id, record.brought_by_id) == (the_list.pk, world.valda.pk)
    assert [funding.funding_source for funding in record.fundings.all()] == [world.erdf]
    assert subjects() == 2
    assert EvidenceRow.objects.filter(funding_ids=[world.erdf.pk], known_to=None).count() == 2
    # Each record was counted once, with its money: no row was opened without it and closed again.
    assert EvidenceRow.objects.count() == 2


def test_list_every_row_written_points_to_the_one_line_of_the_trail(world: World) -> None:
    the_list = applied(world.valda, world.summer, csv_file([LIGA, JANIS]), funding_source=world.erdf)
    changes = Change.objects.filter(action_id=the_list.action_id)
    tables = sorted(changes.values_list("table_name", flat=True))
    assert tables == sorted(
        ["participation_listimport"]
        + 2 * ["people_person", "people_registration", "participation_participation",
               "participation_participationfunding"]
    )


def test_list_brought_twice_changes_nothing(world: World) -> None:
    applied(world.valda, world.summer, csv_file([LIGA, JANIS]), funding_source=world.erdf)
    again = compared(world.valda, world.summer, csv_file([JANIS, LIGA]), funding_source=world.erdf)
    assert outcomes(again) == [(2, "unchanged"), (3, "unchanged")]
    with pytest.raises(RefusedError, match="there already"):
        request_application(actor=world.valda, the_list=again)
    assert Person.objects.filter(given_name="Līga").count() == 1


def test_list_changes_are_shown_and_applied(world: World) -> None:
    applied(world.valda, world.summer, csv_file([LIGA]))
    header = (*HEADER, "Beidzis", "Stundas", "Finansējums")
    row = ("Liga", "Berzina", "12.03.2004", "liga.berzina@example.org", "2019-06-03", "21.06.2019", "60,5", "ERAF")
    second = compared(world.valda, world.summer, csv_file([row], header))
    assert outcomes(second) == [(2, "changed")]
    assert second.rows.get().changes == {
        "person": {"email": ["liga@example.org", "liga.berzina@example.org"]},
        "participation": {
            "completed_on": ["", "2019-06-21"], "hours": ["", "60.50"],
            "funding": [[], [world.erdf.pk]],
        },
    }
    request_application(actor=world.valda, the_list=second)
    apply_list(actor=world.valda, list_id=second.pk)
    record = Participation.objects.get(activity=world.summer)
    assert (record.completed_on, str(record.hours)) == (date(2019, 6, 21), "60.50")
    assert record.person is not None
    assert (record.person.name, record.person.email) == ("Līga Bērziņa", "liga.berzina@example.org")
    assert [funding.funding_source for funding in record.fundings.all()] == [world.erdf]


def test_list_change_of_a_confirmed_record_has_to_be_confirmed_again(world: World) -> None:
    applied(world.valda, world.summer, csv_file([LIGA]))
    confirm_record(actor=world.marta, record=Participation.objects.get(activity=world.summer))
    header = (*HEADER, "Beidzis")
    changed = applied(world.valda, world.summer, csv_file([(*LIGA, "2019-06-21")], header))
    assert changed.rows.get().changes["participation"]["verification"] == ["confirmed", "unverified"]
    record = Participation.objects.get(activity=world.summer)
    assert (record.verification, record.verified_by_id) == ("unverified", None)


def test_list_refused_row_stops_the_whole_list(world: World) -> None:
    bad = ("Anna", "Ozola", "31.02.2004", "anna@example.org", "2019-06-03")
    the_list = compared(world.valda, world.summer, csv_file([LIGA, bad]))
    assert outcomes(the_list) == [(2, "new"), (3, "refused")]
    assert the_list.rows.get(number=3).problems == [
        {"field": "birth_on", "column": "Dzimšanas datums", "letter": "C", "value": "31.02.2004", "code": "no_such_day"}
    ]
    with pytest.raises(RefusedError, match="applied whole"):
        request_application(actor=world.valda, the_list=the_list)
    assert not Person.objects.filter(family_name="Bērziņa").exists()


def test_list_personal_code_is_kept_as_a_hash_and_nowhere_else(world: World) -> None:
    header = ("Personas kods", *HEADER)
    the_list = applied(world.valda, world.summer, csv_file([(CODE, *LIGA)], header))
    person = Person.objects.get(given_name="Līga")
    assert bytes(person.code_hash) == code_hash(CODE)
    assert CODE not in str(list(ListRow.objects.values()))
    assert the_list.file.name == ""
    wrong = compared(world.valda, world.summer, csv_file([("161175-19998", *JANIS)], header))
    assert wrong.rows.get().problems[0]["code"] == "not_a_code"
    assert wrong.rows.get().problems[0]["value"] == ""


def test_list_same_code_is_the_same_person_of_another_partner(world: World) -> None:
    known = factories.make_person("Līga", "Liepiņa", code_hash=code_hash(CODE), email="other@example.org")
    factories.register(known, world.ventspils_partner)
    header = ("Personas kods", *HEADER)
    the_list = applied(world.valda, world.summer, csv_file([(CODE, *LIGA)], header))
    assert the_list.outcomes == {"known": 1}
    # Another partner's values are neither shown nor changed.
    assert the_list.rows.get().changes == {}
    known.refresh_from_db()
    assert (known.family_name, known.email, known.birth_on) == ("Liepiņa", "other@example.org", None)
    assert Registration.objects.filter(person=known).count() == 2
    assert Person.objects.filter(given_name="Līga").count() == 1


def test_list_person_perhaps_known_becomes_a_pair_to_decide(world: World) -> None:
    known = factories.make_person("Līga", "Bērziņa", birth_on=date(2004, 3, 12))
    factories.register(known, world.ventspils_partner)
    the_list = applied(world.valda, world.summer, csv_file([LIGA]))
    assert the_list.outcomes == {"candidate": 1}
    pair = MatchCandidate.objects.get()
    made = Person.objects.exclude(pk=known.pk).get(given_name="Līga")
    assert (pair.first, pair.second, pair.state) == (known, made, "open")
    assert 0.99 < pair.score < 1
    assert {"field": "birth_on", "verdict": "same"} in pair.reasons


def test_list_same_person_twice_is_one_person(world: World) -> None:
    later = (*LIGA[:4], "2019-08-01")
    the_list = applied(world.valda, world.summer, csv_file([LIGA, later]))
    assert the_list.outcomes == {"new": 2}
    person = Person.objects.get(given_name="Līga")
    assert sorted(person.participations.values_list("started_on", flat=True)) == [date(2019, 6, 3), date(2019, 8, 1)]
    assert subjects() == 1


@pytest.mark.parametrize(
    ("second", "code"),
    [(LIGA, "twice_in_list"), ((*LIGA[:3], "another@example.org", "2019-08-01"), "differs_in_list")],
)
def test_list_contradicting_rows_are_refused_with_the_other_row(
    world: World, second: tuple[str, ...], code: str
) -> None:
    the_list = compared(world.valda, world.summer, csv_file([LIGA, second]))
    assert outcomes(the_list) == [(2, "new"), (3, "refused")]
    problem = the_list.rows.get(number=3).problems[0]
    assert (problem["code"], problem["row"]) == (code, "2")


def test_list_is_compared_again_when_the_data_changed_meanwhile(world: World) -> None:
    first = compared(world.valda, world.summer, csv_file([LIGA]))
    applied(world.valda, world.summer, csv_file([LIGA, JANIS]))
    request_application(actor=world.valda, the_list=first)
    again = apply_list(actor=world.valda, list_id=first.pk)
    assert (again.state, again.is_stale, again.outcomes) == (ListState.CHECKED, True, {"unchanged": 1})
    assert Person.objects.filter(given_name="Līga").count() == 1


def test_list_is_applied_when_other_data_changed_meanwhile(world: World) -> None:
    the_list = compared(world.valda, world.summer, csv_file([LIGA]))
    factories.make_person("Zigmunds", "Zariņš", birth_on=date(1950, 1, 1))
    request_application(actor=world.valda, the_list=the_list)
    assert apply_list(actor=world.valda, list_id=the_list.pk).state == ListState.APPLIED


def test_list_undone_leaves_everything_as_it_was(world: World) -> None:
    applied(world.valda, world.summer, csv_file([LIGA]), funding_source=world.erdf)
    persons = list(Person.objects.order_by("id").values())
    records = list(Participation.objects.order_by("id").values())
    changed = (*LIGA[:3], "new@example.org", LIGA[4], "2019-06-21", "NVA")
    factories.make_funding("nva", name="NVA")
    header = (*HEADER, "Beidzis", "Finansējums")
    second = applied(world.valda, world.summer, csv_file([changed, (*JANIS, "", "")], header))
    assert second.outcomes == {"changed": 1, "new": 1}
    assert subjects() == 2
    request_undo(actor=world.valda, the_list=second, reason="wrong list")
    undone = undo_list(actor=world.valda, list_id=second.pk)
    assert (undone.state, undone.failure) == (ListState.UNDONE, "")
    assert list(Person.objects.order_by("id").values()) == persons
    assert list(Participation.objects.order_by("id").values()) == records
    assert Registration.objects.count() == 3
    assert not undone.rows.exists()
    assert subjects() == 1


def test_list_cannot_be_undone_after_a_confirmation(world: World) -> None:
    the_list = applied(world.valda, world.summer, csv_file([LIGA, JANIS]))
    confirm_record(actor=world.marta, record=Participation.objects.get(person__given_name="Jānis"))
    request_undo(actor=world.valda, the_list=the_list, reason="wrong list")
    kept = undo_list(actor=world.valda, list_id=the_list.pk)
    assert kept.state == ListState.APPLIED
    assert "changed, confirmed or merged since" in kept.failure
    assert Participation.objects.filter(batch_id=the_list.pk).count() == 2


def test_list_cannot_be_undone_when_another_partner_knows_the_person(world: World) -> None:
    the_list = applied(world.valda, world.summer, csv_file([LIGA]))
    factories.register(Person.objects.get(given_name="Līga"), world.ventspils_partner)
    request_undo(actor=world.valda, the_list=the_list, reason="wrong list")
    kept = undo_list(actor=world.valda, list_id=the_list.pk)
    assert kept.state == ListState.APPLIED
    assert "registrations at organisations" in kept.failure


def test_list_cannot_be_undone_while_somebody_keeps_what_it_made_or_changed(world: World) -> None:
    applied(world.valda, world.summer, csv_file([LIGA]))
    changed = applied(world.valda, world.summer, csv_file([(*LIGA, "2019-06-21"), (*JANIS, "")], (*HEADER, "Beidzis")))
    numbers = sorted(Participation.objects.values_list("pk", flat=True))
    keeps_records("test")(lambda asked: f"Kept: {sorted(asked) == numbers}.")
    try:
        request_undo(actor=world.valda, the_list=changed, reason="wrong list")
        kept = undo_list(actor=world.valda, list_id=changed.pk)
    finally:
        del _keepers["test"]
    assert (kept.state, kept.failure_here) == (ListState.APPLIED, "Kept: True.")


def test_list_refusal_to_undo_is_told_in_each_readers_language(world: World) -> None:
    the_list = applied(world.valda, world.summer, csv_file([LIGA]))
    factories.register(Person.objects.get(given_name="Līga"), world.ventspils_partner)
    request_undo(actor=world.valda, the_list=the_list, reason="wrong list")
    with translation.override("lv"):
        kept = undo_list(actor=world.valda, list_id=the_list.pk)
        latvian = kept.failure_here
    assert "registrations at organisations" in kept.failure_here
    assert latvian != kept.failure_here


def test_list_columns_matched_once_are_remembered(world: World) -> None:
    first = compared(world.valda, world.summer, csv_file([LIGA]))
    assert first.mapping == {"given_name": 0, "family_name": 1, "birth_on": 2, "email": 3, "started_on": 4}
    assert ColumnMapping.objects.get().mapping == first.mapping
    ColumnMapping.objects.update(mapping={**first.mapping, "given_name": 1, "family_name": 0})
    second = compared(world.valda, world.summer, csv_file([LIGA]))
    assert second.rows.get().values["given_name"] == "Bērziņa"
    discard_list(actor=world.valda, the_list=second, forget_columns=True)
    assert (ColumnMapping.objects.count(), second.rows.count()) == (0, 0)


def test_list_that_nobody_finishes_is_thrown_away(world: World) -> None:
    the_list = compared(world.valda, world.summer, csv_file([LIGA]))
    kept = applied(world.valda, world.summer, csv_file([JANIS]))
    assert discard_forgotten_lists(actor=System("lists"), before=the_list.uploaded_at) == 0
    assert discard_forgotten_lists(actor=System("lists"), before=timezone.now() + timedelta(days=1)) == 1
    the_list.refresh_from_db()
    kept.refresh_from_db()
    assert (the_list.state, the_list.rows.count()) == (ListState.DISCARDED, 0)
    assert (kept.state, kept.rows.count()) == (ListState.APPLIED, 1)


def test_list_for_another_partners_activity_is_refused(world: World) -> None:
    with pytest.raises(RefusedError, match="another organisation"):
        compared(world.ventis, world.summer, csv_file([LIGA]))
    assert not ListImport.objects.exists()


def test_list_overlapping_lists_of_three_partners_count_distinct_people(world: World) -> None:
    """Facts 8.1: ids 1-400, 301-700 and 601-1050 in three activities are 1,250 rows and 1,050 persons."""
    third = factories.make_organisation("Valmieras tehnikums", kind="technikum")
    brought = {world.valmiera_partner: world.valda, world.ventspils_partner: world.ventis}
    brought[third] = factories.make_account("third@example.org")
    factories.give_role(brought[third], third, "partner_reporter")
    for organisation, (first, last) in zip(brought, ((1, 400), (301, 700), (601, 1050)), strict=True):
        activity = factories.make_activity(
            world.programme, organisation, world.valmiera, kind="career_support"
        )
        rows = [
            (f"Vārds{chr(97 + n % 26)}", f"Uzvārds{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}",
             date(2003, 1, 1).replace(month=n % 12 + 1), f"s{n}@example.org", "2019-06-10")
            for n in range(first, last + 1)
        ]
        the_list = applied(brought[organisation], activity, csv_file(rows))
        assert the_list.state == ListState.APPLIED, the_list.outcomes
    assert Participation.objects.count() == 1250
    assert Person.objects.filter(email__endswith="@example.org", given_name__startswith="Vārds").count() == 1050
    assert subjects("careers.pupils") == 1050
    assert timezone.now() > the_list.applied_at
