"""Recording, confirming and discarding runs, and what the database refuses whoever asks."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.decisions.actions import confirm_run, discard_run, record_run
from microcities.decisions.canonical import sha256_of
from microcities.decisions.engine import EngineInputError, UnknownEngineError
from microcities.decisions.models import DecisionRun, State
from microcities.decisions.pseudonyms import identifying_fields, names_nobody
from microcities.decisions.rules import FOLLOWS
from microcities.rulebooks.reading import RuleUse
from microcities.rulebooks.registry import registry
from microcities.trail.context import System
from microcities.trail.models import Action, Change
from tests.decisions.runs import FORECAST, record_forecast
from tests.factories import give_role, make_account
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sql, pytest.mark.usefixtures("english")]


def a_use() -> RuleUse:
    return registry().topic("privacy.child_consent").versions[0].use()


def test_record_run_keeps_input_output_and_digests(world: World) -> None:
    run = DecisionRun.objects.get(pk=record_forecast(world.marta, uses=[a_use(), a_use()]).pk)
    assert run.output["mean"] == 199.0
    assert run.input["levels"] == [0.8, 0.95]
    assert (run.input_sha256, run.output_sha256) == (sha256_of(run.input), sha256_of(run.output))
    assert (run.engine_version, run.seed, run.state) == ("1.0.0", 7, "proposed")
    assert (run.subject_kind, run.subject_ref) == ("results.indicator", "12")
    assert (run.run_by_id, run.run_by_system) == (world.marta.pk, "")
    assert run.uses == [a_use()]


def test_record_run_by_the_platform_names_the_part(world: World) -> None:
    run = record_forecast(System("results.jobs"))
    assert (run.run_by_id, run.run_by_system) == (None, "results.jobs")


def test_record_run_leaves_one_line_in_the_trail(world: World) -> None:
    run = record_forecast(world.marta)
    action = Action.objects.get(verb="decisions.record_run")
    change = Change.objects.get(table_name="decisions_decisionrun", row_id=str(run.pk))
    assert (action.actor_id, change.action_id, change.operation) == (world.marta.pk, action.pk, "I")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"data": {**FORECAST, "count": -1}}, EngineInputError),
        ({"seed": -1}, EngineInputError),
        ({"seed": 2**63}, EngineInputError),
        ({"name": "results.nothing"}, UnknownEngineError),
        ({"uses": [RuleUse("privacy.child_consent", "none", "0" * 64)]}, ValueError),
        ({"subject_kind": "not a kind"}, IntegrityError),
        ({"subject_ref": ""}, IntegrityError),
    ],
)
def test_record_run_refuses_what_could_not_be_repeated(
    world: World, fields: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error), transaction.atomic():
        record_forecast(world.marta, **fields)
    assert not DecisionRun.objects.exists()


def test_record_run_refuses_an_input_with_names(world: World) -> None:
    data = {"asked": {"given_name": "Zane", "family_name": "Kļaviņa"}, "known": []}
    with pytest.raises(RefusedError, match="birth_on"):
        record_run(actor=world.marta, name="people.person_match", data=data, seed=0, subject_kind="a.b", subject_ref=1)
    assert not DecisionRun.objects.exists()


def test_identifying_fields_come_from_the_declarations() -> None:
    assert identifying_fields() >= {"given_name", "family_name", "birth_on", "email", "phone", "local_reference"}
    assert not identifying_fields() & {"sex", "place", "country", "id"}


@pytest.mark.parametrize(
    ("document", "allowed"),
    [
        ({"units": [{"id": "1804", "weight": 0.5}]}, True),
        ({"units": [{"id": "Ventspils novads"}]}, True),
        ({"units": [{"id": "zane@example.org"}]}, False),
        ({"terms": {"020488-12345": 1}}, False),
        ({"units": [{"id": "ZANE KĻAVIŅA"}]}, False),
        ({"deep": {"er": [["x", {"birth_on": None}]]}}, False),
    ],
)
def test_names_nobody_looks_at_every_text(world: World, document: dict[str, Any], allowed: bool) -> None:
    assert bool(names_nobody(document)) is allowed


def test_label_with_a_persons_name_is_refused(world: World) -> None:
    with pytest.raises(RefusedError, match="names of people"):
        record_forecast(world.marta, subject_label="Zane Kļaviņa")


def test_confirm_run_by_a_person_is_final(world: World) -> None:
    run = confirm_run(actor=world.marta, run=record_forecast(world.marta))
    assert (run.state, run.confirmed_by_id) == (State.CONFIRMED, world.marta.pk)
    assert DecisionRun.objects.get(pk=run.pk).confirmed_at == run.confirmed_at
    for again in (
        lambda: confirm_run(actor=world.marta, run=run),
        lambda: discard_run(actor=world.marta, run=run, reason="too late"),
    ):
        with pytest.raises(RefusedError, match="already confirmed"):
            again()


def test_confirm_run_asks_for_a_second_person(world: World) -> None:
    run = record_forecast(world.marta, needs_second_person=True)
    with pytest.raises(RefusedError, match="Somebody else"):
        confirm_run(actor=world.marta, run=run)
    second = make_account("second@example.org")
    give_role(second, world.valmiera_partner, "programme_manager")
    assert confirm_run(actor=second, run=run).confirmed_by_id == second.pk


@pytest.mark.parametrize("name", ["ventis", "valda", "aija", "dace", "otto", "svens", "pupil"])
def test_confirm_and_discard_are_refused_without_the_role(world: World, name: str) -> None:
    run, account = record_forecast(world.marta), getattr(world, name)
    with pytest.raises(RefusedError):
        confirm_run(actor=account, run=run)
    with pytest.raises(RefusedError):
        discard_run(actor=account, run=run, reason="no")
    run.refresh_from_db()
    assert run.state == State.PROPOSED


def test_the_platform_itself_confirms_nothing(world: World) -> None:
    with pytest.raises(RefusedError, match="Only a person"):
        confirm_run(actor=System("jobs"), run=record_forecast(world.marta))  # type: ignore[arg-type]


def test_discard_run_keeps_the_reason_in_file_and_trail(world: World) -> None:
    run = discard_run(actor=world.marta, run=record_forecast(world.marta), reason="  two seasons were missing ")
    assert (run.state, run.discard_reason, run.confirmed_by_id) == ("discarded", "two seasons were missing", None)
    assert Action.objects.get(verb="decisions.discard_run").reason == "two seasons were missing"
    with pytest.raises(RefusedError, match="discarded"):
        confirm_run(actor=world.marta, run=run)


def test_discard_run_without_a_reason_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="reason"):
        discard_run(actor=world.marta, run=record_forecast(world.marta), reason=" ")


CHANGED = [
    ("public_id", uuid.UUID(int=1)),
    ("engine", "results.other"),
    ("engine_version", "2.0.0"),
    ("seed", 8),
    ("input_json", "{}"),
    ("output_json", "{}"),
    ("output_sha256", "0" * 64),
    ("rulebook_uses", [["a", "b", "c"]]),
    ("subject_ref", "13"),
    ("run_by_id", 0),
    ("run_at", timezone.now() - timedelta(days=1)),
    ("needs_second_person", True),
    ("state", "proposed"),
]


def test_every_other_field_is_tried_for_immutability() -> None:
    settling = {"state", "confirmed_by_id", "confirmed_at", "discarded_by_id", "discarded_at", "discard_reason"}
    constant = {"id", "input_sha256", "subject_kind", "subject_label", "organisation", "run_by_system"}
    names = {field.name for field in DecisionRun._meta.concrete_fields}
    assert {name for name, _value in CHANGED} | settling | constant == names


@pytest.mark.parametrize(("field", "value"), CHANGED)
@pytest.mark.parametrize("also_confirm", [False, True])
def test_trigger_refuses_changed_content(world: World, field: str, value: Any, also_confirm: bool) -> None:
    run = record_forecast(world.marta)
    settled = {"state": "confirmed", "confirmed_by_id": world.marta.pk, "confirmed_at": timezone.now()}
    changes = {**(settled if also_confirm else {}), field: value}
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        DecisionRun.objects.filter(pk=run.pk).update(**changes)


def test_trigger_refuses_changes_of_a_settled_run(world: World) -> None:
    run = confirm_run(actor=world.marta, run=record_forecast(world.marta))
    for changes in ({"confirmed_by_id": world.ventis.pk}, {"state": "proposed"}, {"confirmed_at": timezone.now()}):
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            DecisionRun.objects.filter(pk=run.pk).update(**changes)


def test_trigger_refuses_deletion_and_emptying(world: World) -> None:
    run = record_forecast(world.marta)
    with pytest.raises(IntegrityError, match="DELETE"), transaction.atomic():
        run.delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET microcities.disposable = off")
        try:
            with pytest.raises(IntegrityError, match="TRUNCATE"), transaction.atomic():
                cursor.execute("TRUNCATE decisions_decisionrun CASCADE")
        finally:
            cursor.execute("SET microcities.disposable = on")


def test_constraints_refuse_confirmation_by_nobody_or_by_the_same_person(world: World) -> None:
    run = record_forecast(world.marta, needs_second_person=True)
    now = timezone.now()
    wrong = [
        ("settled_by_a_person", {"state": "confirmed"}),
        ("settled_by_a_person", {"state": "confirmed", "confirmed_at": now}),
        ("settled_by_a_person", {"state": "discarded", "discarded_by_id": 1, "discarded_at": now}),
        ("second_person", {"state": "confirmed", "confirmed_by_id": world.marta.pk, "confirmed_at": now}),
    ]
    for name, changes in wrong:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            DecisionRun.objects.filter(pk=run.pk).update(**changes)


def test_database_holds_the_digests_against_the_content(world: World) -> None:
    run = record_forecast(world.marta)
    fields = {f.name: getattr(run, f.name) for f in DecisionRun._meta.concrete_fields if f.name != "id"}
    for changes in ({"output_json": '{"mean":200.0}'}, {"input_json": "{}"}):
        with pytest.raises(IntegrityError, match="digest"), transaction.atomic():
            DecisionRun.objects.create(**{**fields, "public_id": uuid.uuid4(), **changes})


def test_states_allowed_by_the_rules_are_those_of_the_trigger(world: World) -> None:
    assert {state: len(after) for state, after in FOLLOWS.items()} == {"proposed": 2, "confirmed": 0, "discarded": 0}
    assert FOLLOWS[State.PROPOSED] == {State.CONFIRMED, State.DISCARDED}
