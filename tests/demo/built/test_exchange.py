"""What employers offer and schools ask in the demo: all states are there, and something waits on both sides."""

from django.utils import timezone, translation

from microcities.careers.exchange_tables import offer_word, request_word
from microcities.careers.models import Encounter, EncounterOffer, EncounterRequest, Enrolment, Proposal
from microcities.notices.models import Notice
from microcities.notices.worklist import tasks_for
from microcities.people.models import Account
from microcities.programme.models import Programme


def titles(email: str) -> set[str]:
    with translation.override("en"):
        return {str(task.title) for task in tasks_for(Account.objects.get(email=email))}


def test_offers_requests_and_answers_stand_in_every_state(demo: Programme) -> None:
    with translation.override("en"):
        offers = {offer_word(each)[0] for each in EncounterOffer.objects.with_taken()}
        requests = {request_word(each)[0] for each in EncounterRequest.objects.with_taken()}
    assert offers == {"open", "full", "days are past", "withdrawn"}
    assert requests == {"open", "closed", "withdrawn"}
    assert set(Proposal.objects.values_list("state", flat=True)) == {
        "with_host", "with_school", "agreed", "declined", "called_off"
    }


def test_agreements_are_planned_encounters_with_the_pupils_of_the_class(demo: Programme) -> None:
    planned = Encounter.objects.filter(proposal__isnull=False)
    assert planned.count() == Proposal.objects.agreed().count() == 2
    assert all(each.held_on > timezone.localdate() for each in planned)
    with_class = planned.get(proposal__school_class__isnull=False)
    there = Enrolment.objects.on(with_class.held_on).filter(school_class=with_class.proposal.school_class)
    assert (with_class.purpose_shared_with_host, with_class.attendances.count()) == (True, there.count())
    assert not with_class.attendances.exclude(presence="expected").exists()


def test_something_waits_on_both_sides(demo: Programme) -> None:
    asked = {"Answer a school's request", "Look at what schools ask for"}
    summer = {"Answer the city about a post", "Offer the post that you wrote", "Say whom you would choose"}
    summer.add("Sign an agreement on summer work")
    assert asked | summer >= titles("uznemums@demo.example") > summer
    assert "Answer a school's proposal" in titles("merijumi@demo.example")
    assert "Answer an employer's proposal" in titles("konsultante@demo.example")
    assert Notice.objects.filter(kind="careers.exchange", account__email="uznemums@demo.example").exists()
