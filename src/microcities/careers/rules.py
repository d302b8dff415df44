"""Who may keep a school's records, give guidance and book it, and which changes of state there are."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.bookings.models import Resource, ResourceKind
from microcities.careers.counsellors import has_counsellor
from microcities.careers.models import (
    CareersProgramme,
    GuidanceTalk,
    InterestSheet,
    School,
    SchoolClass,
    SealedNote,
    present_year,
)
from microcities.careers.queries import own_people, taught_at
from microcities.events.models import Event, EventState
from microcities.people.models import Organisation, Person
from microcities.people.roles import Permission
from microcities.programme.models import City, Programme

if TYPE_CHECKING:
    from microcities.people.models import Account

# By verb: the states of a talk from which it may happen.
TALK_CHANGES: dict[str, frozenset[str]] = {
    "book": frozenset({"offered"}),
    "move": frozenset({"booked"}),
    "cancel": frozenset({"booked"}),
    "decline": frozenset({"offered"}),
    "hold": frozenset({"offered", "booked", "no_show"}),
    "no_show": frozenset({"booked"}),
    "note": frozenset({"held"}),
}
STATE_WORDS = {
    "offered": _("offered"), "booked": _("booked"), "held": _("held"), "no_show": _("missed"),
    "cancelled": _("cancelled"), "declined": _("declined"),
}


def may_keep_schools(account: Any) -> Answer:
    """Whoever keeps the careers records of some school."""
    if account.is_authenticated and account.may(Permission.MANAGE_CAREERS):
        return YES
    return no(_("Career records are kept by the school's counsellors and staff."))


def keeps_a_school(account: Any) -> bool:
    """Whether there is a school whose records the account keeps: a role may be held where there is none."""
    return bool(may_keep_schools(account)) and School.objects.kept_by(account).exists()


def may_open_schools(account: Any) -> Answer:
    """Whoever keeps the records of some school, and whoever sees everybody."""
    if account.is_authenticated and (account.may(Permission.MANAGE_CAREERS) or account.may(Permission.SEE_ALL_PEOPLE)):
        return YES
    return no(_("Career records are read by the school's counsellors and staff."))


def may_see_cities(account: Any) -> Answer:
    """Whoever sees results in detail sees how schools stand; no person is named there."""
    if account.is_authenticated and account.may(Permission.SEE_RESULTS_DETAIL):
        return YES
    return no(_("Results of schools by city are read by the programme's partners."))


def may_compare_schools(account: Any) -> Answer:
    """Whoever sees results in detail, of all cities; whoever keeps a school's records, of that school's city."""
    if may_see_cities(account) or may_keep_schools(account):
        return YES
    return no(_("Results of schools by city are read by the programme's partners and the schools' counsellors."))


def may_add_schools(account: Any) -> Answer:
    """Whoever may add some school; which ones `may_add_school` says."""
    if account.is_authenticated and (account.may(Permission.MANAGE_CAREERS) or account.may(Permission.CONFIRM_RECORDS)):
        return YES
    return no(_("A school is added by its own staff, a city coordinator or the programme manager."))


def may_change_school(account: "Account", school: School) -> Answer:
    """What a school is and by which framework it is read: whoever may add it."""
    return may_add_school(account, school.organisation, school.programme, school.city)


def may_keep(account: "Account", school: School) -> Answer:
    """Whether the account keeps this school's records."""
    if school.organisation_id in account.organisation_ids(Permission.MANAGE_CAREERS):
        return YES
    return no(_("This is another school. Its records are kept by its own staff."))


def may_add_school(account: "Account", organisation: Organisation, programme: Programme, city: City) -> Answer:
    """Staff of the school, or a coordinator of a city; in a city of the programme."""
    if not (organisation.pk in account.organisation_ids(Permission.MANAGE_CAREERS) or account.may(Permission.CONFIRM_RECORDS)):
        return no(_("A school is added by its own staff, a city coordinator or the programme manager."))
    if not programme.cities.filter(pk=city.pk).exists():
        return no(_("This city is none of the programme's. Choose one that is."))
    return YES


def may_enrol(account: "Account", school_class: SchoolClass, person: Person) -> Answer:
    """A person known at the school, into a class of a school whose records the account keeps."""
    if not (answer := may_keep(account, school_class.school)):
        return answer
    if person.erased_at or person.merged_into_id:
        return no(_("This person's record is not in use."))
    if not person.registrations.filter(organisation_id=school_class.school.organisation_id).exists():
        return no(
            _("This person is not known at the school. Bring the class list, or ask the school before to hand the pupil over.")
        )
    return YES


def may_record_event(account: "Account", school: School, event: Event) -> Answer:
    """An encounter comes from an announced event that has taken place and that the account may see."""
    if not (answer := may_keep(account, school)):
        return answer
    if not Event.objects.visible_to(account).filter(pk=event.pk).exists():
        return no(_("This event is planned by another organisation and for invited people only."))
    if event.state != EventState.PUBLISHED:
        return no(_("Only an announced event that was not cancelled is recorded."))
    if event.ends_at > timezone.now():
        return no(_("The event is not over yet. Record it when attendance has been taken."))
    return YES


# --- guidance ---


def may_give_guidance(account: Any) -> Answer:
    """Counsellors, and nobody else."""
    if account.is_authenticated and account.may(Permission.GIVE_GUIDANCE):
        return YES
    return no(_("Guidance is given by counsellors."))


def may_counsel(account: "Account", organisation_id: int) -> Answer:
    """A counsellor of this organisation."""
    if organisation_id in account.organisation_ids(Permission.GIVE_GUIDANCE):
        return YES
    return no(_("Guidance there is given by that organisation's counsellors."))


def may_keep_hours(account: "Account", counsellor: Resource) -> Answer:
    """The counsellor's own hours; those of a team that is nobody's own by each counsellor of the organisation."""
    if counsellor.kind != ResourceKind.COUNSELLOR:
        return no(_("Choose a counsellor."))
    if counsellor.person_id and counsellor.person_id != account.person_id:
        return no(_("Hours are set by the counsellor whose they are."))
    return may_counsel(account, counsellor.organisation_id)


def may_offer(account: "Account", organisation: Organisation, person: Person) -> Answer:
    """Counsellors offer talks to people whom their organisation knows."""
    if not (answer := may_counsel(account, organisation.pk)):
        return answer
    if person.erased_at or person.merged_into_id:
        return no(_("This person's record is not in use."))
    if not person.registrations.filter(organisation_id=organisation.pk).exists():
        return no(_("This person is not known to your organisation."))
    return YES


def may_speak_for(account: "Account", person: Person) -> Answer:
    """The person, or whoever is guardian today."""
    if person.pk in own_people(account):
        return YES
    return no(_("You may do this for yourself and for children whose guardian you are."))


def may_book(account: "Account", counsellor: Resource, person: Person) -> Answer:
    """The person, the guardian, or a counsellor of the organisation; of people whom the organisation knows."""
    if counsellor.kind != ResourceKind.COUNSELLOR:
        return no(_("Choose a counsellor."))
    if person.erased_at or person.merged_into_id:
        return no(_("This person's record is not in use."))
    if not (may_speak_for(account, person) or may_counsel(account, counsellor.organisation_id)):
        return no(_("A talk is booked by the person, a guardian or the counsellor."))
    if not person.registrations.filter(organisation_id=counsellor.organisation_id).exists():
        return no(_("This counsellor advises people of another school. Choose a counsellor of yours."))
    return YES


def within_notice(counsellor: Resource, starts_at: datetime, now: datetime) -> Answer:
    """Early enough for the counsellor, and not in the past."""
    if starts_at <= now:
        return no(_("This time has passed. Choose another one."))
    if starts_at < now + timedelta(minutes=counsellor.minimum_notice):
        hours = -(-counsellor.minimum_notice // 60)
        return no(_now("Book at least %(hours)s hours before. Choose a later time.") % {"hours": hours})
    return YES


def may_change_talk(account: "Account", talk: GuidanceTalk, verb: str) -> Answer:
    """Whether this may be done with the talk now; the person and the guardian may move, cancel and decline it."""
    theirs = verb in {"book", "move", "cancel", "decline"} and may_speak_for(account, talk.person)
    if not theirs and not (answer := may_counsel(account, talk.organisation_id)):
        return answer
    if talk.state not in TALK_CHANGES[verb]:
        return no(_now("The talk is “%(state)s”, so this cannot be done now.") % {"state": STATE_WORDS[talk.state]})
    return YES


def may_read_notes(account: "Account", talk: GuidanceTalk) -> Answer:
    """The shared part: the person, the guardian, counsellors of the organisation and of the school of today."""
    if GuidanceTalk.objects.visible_to(account).filter(pk=talk.pk).exists():
        return YES
    return no(_("Notes of a talk are read by the person, the guardian and the counsellors."))


def may_read_sealed(account: "Account", note: SealedNote) -> Answer:
    """The counsellor who holds it, while a counsellor."""
    if note.holder_id == account.pk and account.may(Permission.GIVE_GUIDANCE):
        return YES
    return no(_("This note is sealed. Only the counsellor who holds it reads it."))


def led_organisations(account: "Account") -> list[int]:
    """Organisations whose staff the account leads, and schools whose careers programme of this year it leads."""
    led = set(account.organisation_ids(Permission.INVITE))
    if account.person_id:
        kept = account.organisation_ids(Permission.MANAGE_CAREERS)
        programmes = CareersProgramme.objects.filter(leader_id=account.person_id, school_year=present_year())
        led |= set(programmes.filter(school__organisation_id__in=kept).values_list("school__organisation_id", flat=True))
    return sorted(led)


def may_reach_notes(account: Any) -> Answer:
    """Counsellors, and whoever leads a school's staff or careers programme: the latter hand on what a counsellor left."""
    if may_give_guidance(account) or (account.is_authenticated and led_organisations(account)):
        return YES
    return no(_("Notes are handed on by counsellors and by whoever leads the school's staff or careers programme."))


def may_hand_on(account: "Account", note: SealedNote, successor: "Account") -> Answer:
    """By whoever holds it; or, when that counsellor has gone, by whoever leads the organisation's staff or programme.

    To a counsellor of the same organisation, or of the school where the person is now.
    """
    organisation = note.talk.organisation_id
    if note.holder_id != account.pk:
        if has_counsellor(organisation, note.holder_id, timezone.localdate()):
            return no(_("Only the counsellor who holds the note hands it on."))
        if organisation not in led_organisations(account):
            return no(_("Notes of a counsellor who has gone are handed on by whoever leads the organisation's staff."))
    here = successor.organisation_ids(Permission.GIVE_GUIDANCE)
    pupil = Person.objects.filter(pk=note.talk.person_id)
    if organisation in here or pupil.filter(taught_at(here, "pk")).exists():
        return YES
    return no(_("The successor has to be a counsellor of your organisation or of the pupil's present school."))


def may_record_destination(account: "Account", school: School, person: Person, *, intended: bool) -> Answer:
    """The school that was left; an intention also by the person or the guardian."""
    if not (intended and may_speak_for(account, person)) and not (answer := may_keep(account, school)):
        return answer
    if not person.enrolments.filter(school_class__school=school).exists():
        return no(_("This person was never in a class of the school."))
    return YES


def may_qualify(account: "Account", counsellor: Person) -> Answer:
    """Whoever leads the staff of an organisation enters its counsellors' qualifications."""
    organisations = account.organisation_ids(Permission.INVITE)
    if account.person_id == counsellor.pk:
        return no(_("Somebody else has to see the document and enter your qualification."))
    memberships = getattr(getattr(counsellor, "account", None), "memberships", None)
    if memberships is not None and memberships.in_force(timezone.localdate()).filter(
        organisation_id__in=organisations
    ).allowing(Permission.GIVE_GUIDANCE).exists():
        return YES
    return no(_("Qualifications are entered by whoever leads the counsellor's organisation."))


def may_answer(account: "Account", person: Person, youngest: int) -> Answer:
    """The person alone, from the age for which the questionnaire was made."""
    if account.person_id != person.pk:
        return no(_("Only the person answers for the own interests."))
    age = person.age_on(timezone.localdate())
    if age is not None and age < youngest:
        return no(_now("The questionnaire is for people from the age of %(age)s.") % {"age": youngest})
    return YES


def may_keep_sheet(account: "Account", sheet: InterestSheet, *, open_only: bool = False) -> Answer:
    """The person's own answers; they change until the person has finished."""
    if account.person_id != sheet.person_id:
        return no(_("These answers are somebody else's."))
    if open_only and sheet.finished_at:
        return no(_("You have finished already. Begin anew to answer once more."))
    return YES


def may_keep_plan(account: "Account", person_id: int) -> Answer:
    """The person's own career plan, whatever the age; a guardian or counsellor may talk it over with the person."""
    if account.person_id == person_id:
        return YES
    return no(_("A career plan is written by the person alone."))
