"""What waits for whom when somebody first signs in: lists half-way, children, their guardians, events, a request, looks."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.demo.bringing import CITY_BUDGET, SEED, Bringer, People
from microcities.demo.files import list_file
from microcities.demo.foundations import COORDINATOR, PUPIL, Ground
from microcities.demo.holding import hold_events
from microcities.demo.holiday_work import hold_holiday_work
from microcities.demo.names import SyntheticPerson, email_of, years_before
from microcities.demo.schooling import keep_schools
from microcities.demo.summers import hold_summers
from microcities.participation.actions.lists import bring_list
from microcities.participation.models import Activity
from microcities.people.actions.guardians import confirm_guardian
from microcities.people.actions.memberships import accept_invitation, invite_member, make_token
from microcities.people.models import Account, Organisation, Person
from microcities.privacy.actions import ask_about_data
from microcities.privacy.looks import log_look
from microcities.privacy.models import RequestKind
from microcities.trail.context import request_origin
from microcities.trail.looks import write_looks

SUMMER, LATER_SUMMER, COURSE = "valmiera-summer-2019", "valmiera-summer-2021", "ventspils-retraining-1"
SCHOOL_YEAR = "valmiera-careers-2020"
CAREER_WEEK_SEED = SEED + 100
# A birthday lies this far back, so that an age is the same on the activity's days and today.
SINCE_BIRTHDAY = timedelta(days=120)


def let_it_wait(bringer: Bringer) -> None:
    """Everything that is under way, each part begun by whoever would begin it."""
    _hold_career_week(bringer)
    _invite_pupil(bringer)
    _bring_corrections(bringer)
    _bring_faulty_list(bringer)
    child = bringer.story.present["child"][0]
    hold_events(bringer.ground, child["email"], child["guardian_email"])
    keep_schools(bringer, child["email"], child["guardian_email"])
    hold_summers(bringer)
    hold_holiday_work(bringer)
    _bring_unclear_list(bringer)


# --- Children ---


def _hold_career_week(bringer: Bringer) -> None:
    """A city-paid week some weeks ago: pupils who are under age today, two of them named by the story."""
    ground, present = bringer.ground, bringer.story.present
    today = timezone.localdate()
    monday = today - timedelta(weeks=present["weeks_ago"], days=today.weekday())
    activity = ground.add_activity(
        present["partner"], present["reporter"], code=present["code"], kind=present["kind"],
        name=f"{present['name']} {monday.year}", name_en=f"{present['name_en']} {monday.year}",
        starts_on=monday, ends_on=monday + timedelta(days=4),
    )
    named = [_child(entry, today) for entry in present["child"]]
    youngest, oldest = present["ages"]
    others = bringer.crowd.draw(
        CAREER_WEEK_SEED, present["people"] - len(named),
        youngest_on=years_before(today, youngest) - SINCE_BIRTHDAY, oldest_on=years_before(today, oldest) - SINCE_BIRTHDAY,
    )
    the_list = bringer.bring(
        activity, present["reporter"], present["file"], "camp", list(_week_rows([*named, *others], activity)),
        ground.fundings[CITY_BUDGET],
    )
    bringer.apply(present["reporter"], the_list)
    _give_guardian(ground, present, named[0])


def _child(entry: dict[str, Any], today: date) -> SyntheticPerson:
    given, family = entry["name"]
    birth_on = years_before(today, entry["age"]) - SINCE_BIRTHDAY
    return SyntheticPerson(given, family, entry["sex"], birth_on, email_of(given, family, birth_on))


def _week_rows(people: People, activity: Activity) -> Iterator[dict[str, Any]]:
    for person in people:
        yield {
            **vars(person), "applied_on": activity.starts_on - timedelta(days=10), "started_on": activity.starts_on,
            "completed_on": activity.ends_on,
        }


def _give_guardian(ground: Ground, present: dict[str, Any], child: SyntheticPerson) -> None:
    """The first child has an account, a guardian whose proof the counsellor has seen, and a log of looks."""
    entry, school = present["child"][0], ground.partners[present["partner"]]
    given, family = entry["guardian"]
    guardian = ground.open_account(entry["guardian_email"], (given, family), years_before(child.birth_on, 31))
    counsellor, reporter = ground.accounts[present["counsellor"]], ground.accounts[present["reporter"]]
    ward = _known(child)
    _join(ground, reporter, school, entry["email"], ward)
    parent = Person.objects.get(account=guardian)
    confirm_guardian(actor=counsellor, guardian=parent, ward=ward, proof=entry["proof"])
    page = reverse("persons:person", args=[ward.public_id])
    for viewer in (reporter, counsellor):
        _look(viewer, ward, page, "people.person", _("the person's page"))
    _look(guardian, ward, reverse("people:ward", args=[ward.public_id]), "people.ward", _("details and consents"))


def _look(viewer: Account, person: Person, path: str, reason: str, what: str) -> None:
    """Log a look as the page at that address does, for whoever opens it."""
    request = HttpRequest()
    request.user, request.path = viewer, path
    with request_origin(request):
        log_look(person, reason=reason, what=what)
        write_looks()


# --- Participants' own accounts ---


def _invite_pupil(bringer: Bringer) -> None:
    """A pupil of the first summer joins and asks for a correction."""
    ground = bringer.ground
    coordinator, pupil = ground.accounts[COORDINATOR], _known(bringer.people_of[SUMMER][0])
    account = _join(ground, coordinator, ground.partners["valmiera-city"], PUPIL, pupil)
    ask_about_data(
        actor=account, person=pupil, kind=RequestKind.RECTIFICATION,
        message="Mana e-pasta adrese ir mainījusies. Lūdzu, ierakstiet to, ar kuru es pieslēdzos.",
    )


def _join(ground: Ground, host: Account, organisation: Organisation, email: str, person: Person) -> Account:
    """Invite an address as this person, and take the invitation up with a new account."""
    invitation = invite_member(
        actor=host, organisation=organisation, email=email, role="participant", language="lv", person=person
    )
    account = ground.open_account(email)
    accept_invitation(actor=account, addresses=[email], token=make_token(invitation=invitation))
    ground.accounts[email] = Account.objects.select_related("person").get(pk=account.pk)
    return ground.accounts[email]


def _known(person: SyntheticPerson) -> Person:
    """The record that the lists made of a synthetic person."""
    return Person.objects.current().get(
        given_name=person.given_name, family_name=person.family_name, birth_on=person.birth_on
    )


# --- Lists half-way ---


def _bring_corrections(bringer: Bringer) -> None:
    """A second list of the later summer, compared and not applied: changes, people known already, somebody new."""
    people, earlier = bringer.people_of[LATER_SUMMER], bringer.people_of[SUMMER]
    activity = Activity.objects.get(code=LATER_SUMMER)
    fresh = bringer.crowd.draw(
        SEED + 101, 2, youngest_on=years_before(activity.starts_on, 14), oldest_on=years_before(activity.starts_on, 18)
    )
    known = next(each for each in reversed(earlier) if each not in people)
    rows: list[dict[str, Any]] = [
        *({**vars(people[place]), "started_on": _summer_start(activity, place), "hours": hours}
          for place, hours in ((50, 52), (51, 56), (52, 60), (53, 48))),
        *({**vars(person), "started_on": activity.starts_on + timedelta(days=42), "hours": 60,
           "applied_on": activity.starts_on - timedelta(days=5)} for person in (known, *fresh)),
    ]
    bringer.bring(
        activity, "vasara@demo.example", "vasara-2021-precizējumi.csv", "city", rows, bringer.ground.fundings[CITY_BUDGET]
    )


def _summer_start(activity: Activity, place: int) -> date:
    return activity.starts_on + timedelta(days=21 * (place % 4))


def _bring_faulty_list(bringer: Bringer) -> None:
    """Who found work after the course; two rows cannot be used as they stand, so nothing can be applied."""
    people, activity = bringer.people_of[COURSE], Activity.objects.get(code=COURSE)
    works = activity.ends_on + timedelta(days=45)
    days = [(works, "SIA Azeron"), (works, None), ("31.09.2019.", None), (works, "SIA „Jaunā darbavieta”")]
    rows = [
        {**vars(person), "started_on": activity.starts_on, "in_work_on": day, "host": host}
        for person, (day, host) in zip(people, days, strict=False)
    ]
    bringer.bring(activity, "ventspils@demo.example", "darbs-pēc-kursa.csv", "work", rows)


def _bring_unclear_list(bringer: Bringer) -> None:
    """A list whose headings somebody has to match. Its file is kept until then, so it is the last thing that is made."""
    activity = Activity.objects.get(code=SCHOOL_YEAR)
    fresh = bringer.crowd.draw(
        SEED + 102, 5, youngest_on=years_before(activity.starts_on, 14), oldest_on=years_before(activity.starts_on, 17)
    )
    rows = [{**vars(person), "class": f"{8 + place}.", "started_on": activity.ends_on - timedelta(days=30)}
            for place, person in enumerate(fresh)]
    bring_list(
        actor=bringer.ground.accounts["valmieras-tehnikums@demo.example"], activity=activity,
        file=list_file("karjera-papildinājums.csv", "unclear", rows),
    )
