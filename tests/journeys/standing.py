"""Who is who in the demo, and things of the demo whose pages are looked at."""

from collections.abc import Callable

from django.utils import timezone

from microcities.bookings.models import Resource
from microcities.careers.models import (
    CareerPlan,
    Encounter,
    EncounterOffer,
    EncounterRequest,
    Enrolment,
    GuidanceTalk,
    InterestSheet,
    Interpretation,
    Proposal,
    Question,
    School,
    SchoolClass,
    StudyProgramme,
)
from microcities.decisions.models import DecisionRun
from microcities.events.models import Event, Registration
from microcities.notices.delivery import unsubscribe_token
from microcities.notices.kinds import all_kinds
from microcities.participation.models import ListImport, Participation, Verification
from microcities.people.models import Account, Guardianship, MatchCandidate, Merge, Ownership, Person
from microcities.privacy.models import Request
from microcities.results.models import Observation, Report

MANAGER = "vaditaja@demo.example"
PARTNER = "valmiera@demo.example"
AUDITOR = "revidente@demo.example"
PRIVACY_OFFICER = "datu-aizsardziba@demo.example"
OPERATOR = "uzturetajs@demo.example"
COORDINATOR = "koordinatore@demo.example"
COUNSELLOR = "karjera@demo.example"
COURSE_PROVIDER = "ventspils@demo.example"
SCHOOL = "valmieras-tehnikums@demo.example"
SUMMER_OFFICE = "vasara@demo.example"
SCHOOL_COUNSELLOR = "konsultante@demo.example"
EMPLOYER, SECOND_EMPLOYER = "uznemums@demo.example", "merijumi@demo.example"
PUPIL = "skolens@demo.example"
CHILD = "skolniece@demo.example"
GUARDIAN = "vecaks@demo.example"

SUMMER, CAREER_WEEK = "valmiera-summer-2019", "valmiera-career-week"
SAMPLED = "summer-jobs"
CAREER_DAY, LECTURES = "Career day in Valmiera", "Open lecture: what a programmer does"
CV_WORKSHOP, OPEN_DAY = "Workshop: the first curriculum vitae", "Open day at the city's workshop"


def a_pupil() -> str:
    """One of the summer's pupils."""
    found = Person.objects.filter(participations__activity__code=SUMMER).order_by("pk").first()
    assert found is not None
    return str(found.public_id)


def a_child() -> str:
    """The youngest who took part in an activity."""
    found = Person.objects.filter(birth_on__isnull=False, participations__isnull=False).order_by("-birth_on").first()
    assert found is not None
    return str(found.public_id)


def a_ward() -> str:
    """The child who has a guardian."""
    return str(Guardianship.objects.select_related("ward").get().ward.public_id)


def a_pair() -> int:
    """A pair of records that waits for a decision."""
    return MatchCandidate.objects.open().latest("pk").pk


def a_merge() -> int:
    """Two records that were put together."""
    return Merge.objects.filter(undone_at__isnull=True).latest("pk").pk


def an_owned_firm() -> str:
    """An employer with owners and a known size."""
    return str(Ownership.objects.select_related("owned").earliest("pk").owned.public_id)


def an_ownership() -> int:
    """A share that is still held."""
    return Ownership.objects.filter(valid_to__isnull=True).earliest("pk").pk


def a_record() -> int:
    """A participation of the first summer."""
    return Participation.objects.filter(activity__code=SUMMER).earliest("pk").pk


def an_unconfirmed_record() -> int:
    """A participation of the career week, which nobody has confirmed."""
    return Participation.objects.filter(activity__code=CAREER_WEEK, verification=Verification.UNVERIFIED).earliest("pk").pk


def list_named(file_name: str) -> Callable[[], int]:
    """The list of that file."""
    return lambda: ListImport.objects.get(file_name=file_name).pk


def report(state: str) -> Callable[[], int]:
    """A report in that state."""
    return lambda: Report.objects.filter(state=state).earliest("pk").pk


def a_reported_figure() -> tuple[int, str]:
    """The approved figure of which a sample was drawn."""
    return report("approved")(), SAMPLED


def a_traced_report() -> tuple[str, str]:
    """The table and number of the approved report."""
    return "results_report", str(report("approved")())


def an_observation() -> int:
    """An outside figure."""
    return Observation.objects.earliest("pk").pk


def a_decision() -> str:
    """A decision file."""
    return str(DecisionRun.objects.filter(engine="results.forecast").latest("pk").public_id)


def a_proposal() -> str:
    """A decision file that waits for a person."""
    return str(DecisionRun.objects.filter(confirmed_at__isnull=True, discarded_at__isnull=True).latest("pk").public_id)


def a_request() -> int:
    """What a pupil asked about the own data."""
    return Request.objects.earliest("pk").pk


def an_unsubscribe_token() -> str:
    """What the link under an e-mail carries."""
    return unsubscribe_token(Account.objects.get(email=PARTNER), all_kinds()[0].slug)


def own_talk(email: str) -> Callable[[], int]:
    """The talk that the account's person has booked."""
    return lambda: GuidanceTalk.objects.booked().get(person=Account.objects.get(email=email).person).pk


def a_held_talk(email: str) -> Callable[[], int]:
    """The latest talk of the account's person that was held and of which the counsellor keeps a note."""
    held = GuidanceTalk.objects.filter(held_on__isnull=False, sealed_note__isnull=False)
    return lambda: held.filter(person=Account.objects.get(email=email).person).latest("held_on").pk


def person_with(email: str) -> Callable[[], str]:
    """The account's person."""
    return lambda: str(Person.objects.get(account__email=email).public_id)


def person_known_by(email: str) -> Callable[[], str]:
    """Somebody whom the organisation of an account knows."""
    known = Person.objects.filter(registrations__organisation__memberships__account__email=email).current()
    return lambda: str(known.order_by("pk")[0].public_id)


def a_sheet(email: str, *place: int) -> Callable[[], tuple[int, ...]]:
    """The account's answers on interests, and the page of the questionnaire."""
    return lambda: (InterestSheet.objects.get(person__account__email=email).pk, *place)


def a_study() -> int:
    """A programme of the technikum whose account enters programmes."""
    offered = StudyProgramme.objects.offered().filter(organisation__name="Valmieras Tehnikums")
    return offered.earliest("pk").pk


def a_career_plan() -> int:
    """The plan that a pupil shows to the counsellors."""
    return CareerPlan.objects.get(shared_on__isnull=False).pk


def a_question(email: str) -> Callable[[], int]:
    """What the account's person asked the counsellors."""
    return lambda: Question.objects.get(person__account__email=email).pk


def counsellor_of(email: str) -> Callable[[], int]:
    """What is booked when that counsellor is."""
    return lambda: Resource.objects.get(person__account__email=email).pk


def event_named(name: str) -> Callable[[], str]:
    """The first event of that English name."""
    return lambda: str(Event.objects.filter(name_en=name).earliest("starts_at").uid)


def registration_for(name: str, email: str) -> Callable[[], int]:
    """What an account registered for the event of that English name."""
    return lambda: Registration.objects.get(
        event__name_en=name, made_by_id=Account.objects.get(email=email).pk
    ).pk


def a_ticket() -> tuple[str, str]:
    """The open day and the code of somebody who has not come yet."""
    event = Event.objects.get(name_en=OPEN_DAY)
    return str(event.uid), event.attendees.get(person__account__email=PUPIL).code


def the_school() -> School:
    """The school whose counsellor looks at the pages of schools."""
    return School.objects.get(organisation__name="Valmieras Kalnu vidusskola")


def a_school() -> int:
    """Its number."""
    return the_school().pk


def a_school_with(word: str) -> Callable[[], tuple[int, str]]:
    """Its number and one more word of the address: a criterion, a kind of record."""
    return lambda: (a_school(), word)


def a_class() -> int:
    """One of its classes of this year."""
    return SchoolClass.objects.filter(school=the_school()).latest("school_year", "number").pk


def an_enrolment() -> int:
    """A pupil's place in that class."""
    return Enrolment.objects.filter(school_class=a_class()).earliest("pk").pk


def an_encounter() -> int:
    """An encounter that it recorded, with a host."""
    held = Encounter.objects.filter(school=the_school(), host__isnull=False, held_on__lte=timezone.localdate())
    return held.latest("held_on", "pk").pk


def a_host() -> str:
    """Who gave it."""
    return str(Encounter.objects.select_related("host").get(pk=an_encounter()).host.public_id)  # type: ignore[union-attr]


def a_reading() -> int:
    """How a criterion is read for one of its pupils."""
    return Interpretation.objects.filter(school=the_school()).earliest("pk").pk


def an_offer(way: str) -> Callable[[], int]:
    """What employers offer in that way."""
    return lambda: EncounterOffer.objects.get(way=way, host__name="SIA „Gaujas kods”", state="open").pk


def a_put_request() -> int:
    """What the school asks of one employer."""
    return EncounterRequest.objects.get(school=the_school(), host__isnull=False).pk


def a_proposal_that_is(state: str) -> Callable[[], int]:
    """An answer to an offer or a request in that state."""
    return lambda: Proposal.objects.filter(state=state).earliest("pk").pk


def an_employer() -> str:
    """Where the employer's account belongs."""
    return str(Account.objects.get(email=EMPLOYER).memberships.get().organisation.public_id)
