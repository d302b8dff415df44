"""What waits for whom when a demo account first signs in, and that all of it looks like a Latvian city's records."""

import re

import pytest
from django.utils import timezone, translation

from microcities.demo.building import build_demo, demo_accounts
from microcities.notices.worklist import tasks_for
from microcities.participation.models import ListImport
from microcities.people.models import Account, Guardianship, MatchCandidate, Merge, Person
from microcities.people.roles import ROLES
from microcities.privacy.models import Request
from microcities.programme.models import Programme
from microcities.results.models import Report
from microcities.trail.models import Action, Look

LATVIAN = re.compile(r"[A-ZĀČĒĢĪĶĻŅŠŪŽ][a-zāčēģīķļņšūž]+")


def titles(email: str) -> set[str]:
    """What waits for an account, in the source language."""
    with translation.override("en"):
        return {str(task.title) for task in tasks_for(Account.objects.get(email=email))}


def test_demo_is_built_once(demo: Programme) -> None:
    assert build_demo() is None


def test_every_demo_account_is_there_with_its_role(demo: Programme) -> None:
    for entry in demo_accounts():
        account = Account.objects.get(email=entry["email"])
        assert account.person is not None
        assert account.check_password("Mazas-pilsetas-2018")
        if ROLES[entry["role"]].staff:
            assert [each.role for each in account.memberships_today] == [entry["role"]]


@pytest.mark.parametrize(
    ("email", "title"),
    [
        ("vaditaja@demo.example", "Approve or return a report"),
        ("vaditaja@demo.example", "Check the records drawn from a report"),
        ("vaditaja@demo.example", "Decide on possible double records"),
        ("parskati@demo.example", "Finish and submit a report"),
        ("koordinatore@demo.example", "Confirm participants' records"),
        ("koordinatore@demo.example", "Look at what a list would change"),
        ("vasara@demo.example", "Look at what a list would change"),
        ("ventspils@demo.example", "Look at what a list would change"),
        ("valmiera@demo.example", "Finish and submit a report"),
        ("valmieras-tehnikums@demo.example", "Match the columns of a list"),
        ("karjera@demo.example", "Check the proof and confirm a child's guardian"),
        ("datu-aizsardziba@demo.example", "Answer requests about personal data"),
    ],
)
def test_something_real_waits(demo: Programme, email: str, title: str) -> None:
    assert title in titles(email)


def test_coordinator_is_not_asked_about_the_whole_programmes_sample(demo: Programme) -> None:
    assert "Check the records drawn from a report" not in titles("koordinatore@demo.example")


def test_lists_stand_in_every_state_that_waits(demo: Programme) -> None:
    waiting = {each.file_name: (each.state, each.outcomes) for each in ListImport.objects.unfinished()}
    assert waiting == {
        "vasara-2021-precizējumi.csv": ("checked", {"changed": 3, "unchanged": 1, "known": 1, "new": 2}),
        "darbs-pēc-kursa.csv": ("checked", {"changed": 2, "refused": 2}),
        "karjera-papildinājums.csv": ("uploaded", {}),
    }
    assert [bool(each.file) for each in ListImport.objects.order_by("pk")][-1:] == [True]
    assert sum(bool(each.file) for each in ListImport.objects.all()) == 1


def test_pairs_were_decided_by_people_and_one_waits(demo: Programme) -> None:
    assert sorted(MatchCandidate.objects.values_list("state", flat=True)) == ["different", "open", "same"]
    merge = Merge.objects.get()
    assert merge.merged_by_id == Account.objects.get(email="koordinatore@demo.example").pk
    assert merge.kept.birth_on == merge.absorbed.birth_on
    pair = MatchCandidate.objects.open().get()
    assert (pair.first.birth_on.month, pair.first.birth_on.day) == (pair.second.birth_on.day, pair.second.birth_on.month)


def test_a_partners_report_came_back_with_its_reason(demo: Programme) -> None:
    states = {str(report): report.state for report in Report.objects.select_related("period", "partner__organisation")}
    assert sorted(states.values()) == ["approved", "draft", "returned", "submitted"]
    returned = Report.objects.get(state="returned")
    assert "24" in returned.returned_because
    assert returned.partner is not None


def test_a_child_has_a_guardian_and_a_log_of_looks(demo: Programme) -> None:
    child = Account.objects.get(email="skolniece@demo.example").person
    parent = Account.objects.get(email="vecaks@demo.example").person
    assert child is not None
    assert child.age_on(timezone.localdate()) == 14
    link = Guardianship.objects.in_force(timezone.localdate()).get()
    assert (link.ward, link.guardian) == (child, parent)
    assert link.confirmed_by_id == Account.objects.get(email="karjera@demo.example").pk
    looks = Look.objects.filter(person_id=child.pk).order_by("pk")
    assert [look.reason for look in looks] == ["people.person", "people.person", "people.ward"]
    assert len({look.actor_id for look in looks}) == 3
    children = Person.objects.current().under_age(18, timezone.localdate()).exclude(birth_on=None)
    assert children.filter(participations__activity__code="valmiera-career-week").count() == 14


def test_a_pupil_asked_for_a_correction(demo: Programme) -> None:
    request = Request.objects.open().get()
    assert request.person == Account.objects.get(email="skolens@demo.example").person
    assert request.asked_by_id == request.person.account.pk


def test_the_same_people_are_drawn_everywhere(demo: Programme) -> None:
    """A demo repeats: these names depend on nothing but the seed."""
    pupil = Account.objects.select_related("person").get(email="skolens@demo.example").person
    merge = Merge.objects.select_related("kept", "absorbed").get()
    assert pupil is not None
    assert (pupil.name, merge.kept.name, merge.absorbed.name) == ("Andris Lācis", "Daiga Mūrniece", "Daiga Mūrinece")


def test_names_are_latvian_and_addresses_nobodys(demo: Programme) -> None:
    for given, family, email in Person.objects.values_list("given_name", "family_name", "email"):
        assert LATVIAN.fullmatch(given)
        assert LATVIAN.fullmatch(family)
        assert not email or email.endswith(("@example.org", "@demo.example"))
    assert Person.objects.filter(family_name__regex="[ģķļņ]").count() > 100


def test_people_act_for_themselves(demo: Programme) -> None:
    """Only the set-up is the demo's own: lists, decisions, reports and confirmations are somebody's."""
    by_system = set(Action.objects.filter(actor_id__isnull=True, system="demo").values_list("verb", flat=True))
    assert by_system == {
        "demo.build", "programme.add_city", "programme.create_programme", "programme.add_funding_source",
        "programme.add_partner", "people.add_organisation", "people.open_account", "people.give_first_role",
        "results.load_definition",
        "demo.past_summer",  # the actions work on days to come; these summers are written as they were
    }
    applied = Action.objects.filter(verb="participation.apply_list")
    assert applied.count() == 9
    assert applied.values("actor_id").distinct().count() == 5
