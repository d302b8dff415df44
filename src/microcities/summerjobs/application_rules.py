"""What an application still needs, whether it goes into a draw, and who may do what with it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.people.models import Person
from microcities.people.roles import Permission
from microcities.summerjobs.eligible import group_of
from microcities.summerjobs.models import Application, GuardianWord, SummerScheme
from microcities.summerjobs.queries import own_and_wards
from microcities.summerjobs.rules import is_open, own_or_wards, runs_scheme, takes_applications
from microcities.summerjobs.working_days import Law

CHILD, TEENAGER = "child", "teenager"


@dataclass(frozen=True)
class Section:
    """One part of the application: its name in the address, what it asks, whether it is done and whether it must be."""

    code: str
    title: "str | Promise"
    done: bool
    needed: bool = True


def sections_of(application: Application) -> list[Section]:
    """The parts of an application in their order."""
    wishes = application.wishes.select_related("post")
    chosen = any(each.post.chosen_places for each in wishes)
    groups = application.scheme.rules.reserves or application.scheme.rules.priority
    found = [
        Section("school", _("School"), bool(application.level)),
        Section("residence", _("Declared residence"), bool(application.residence)),
        Section("wishes", _("Posts that you wish for"), bool(wishes)),
    ]
    if groups:
        found.append(Section("groups", _("Places kept for some pupils"), application.groups.exists(), needed=False))
    found.append(Section("documents", _("Documents"), application.documents.exists(), needed=False))
    if chosen:
        found.append(Section("about", _("About you, for employers"), bool(application.about), needed=False))
    found.append(Section("friend", _("Together with a friend or sibling"), bool(application.together_with), needed=False))
    return found


def first_days(application: Application) -> list[date]:
    """First days of the periods of the posts that are wished for; the scheme's first period where there is no wish yet."""
    days = sorted({each.post.period.first_on for each in application.wishes.select_related("post__period")})
    return days or sorted(each.first_on for each in application.scheme.periods.all())[:1]


def standing_of(application: Application, law: Law) -> str:
    """`child` when the pupil is one before the law on any first day, else `teenager` when on any, else `adult`."""
    groups = {group_of(application, law, day) for day in first_days(application)}
    return CHILD if CHILD in groups else TEENAGER if TEENAGER in groups else "adult"


def words_in_force(application: Application) -> list[GuardianWord]:
    """What guardians have said and not taken back."""
    return list(application.guardian_words.filter(withdrawn_at__isnull=True))


def guardian_agrees(application: Application, law: Law) -> Answer:
    """For a child a consent must stand; a refusal stops any pupil under age."""
    standing = standing_of(application, law)
    if standing == "adult":
        return YES
    said = {each.kind for each in words_in_force(application)}
    if GuardianWord.Kind.REFUSED in said:
        return no(_("A guardian does not consent."))
    if standing == CHILD and GuardianWord.Kind.CONSENT not in said:
        return no(_("A guardian has to consent first: the law asks for it before a child works."))
    return YES


def counts_in_draw(application: Application, law: Law) -> Answer:
    """Whether the application goes into a draw: sent, not withdrawn or refused, with wishes, consent for a child."""
    if application.submitted_at is None:
        return no(_("The application is not sent yet."))
    if application.withdrawn_at is not None:
        return no(_("The application is withdrawn."))
    if application.refused_reason:
        return no(_("The application was refused."))
    if not application.wishes.exists():
        return no(_("The application names no post."))
    return guardian_agrees(application, law)


def may_apply_for(account: Any, scheme: SummerScheme, person: Person) -> Answer:
    """The pupil or the guardian, while pupils apply; staff who run the scheme may enter an application brought on paper."""
    if not (answer := takes_applications(scheme)):
        return answer
    if account.is_authenticated and person.pk in own_and_wards(account):
        return YES
    if (answer := runs_scheme(account, scheme)) and not Person.objects.visible_to(account).filter(pk=person.pk).exists():
        return no(_("Your organisation does not know this person. Enter the person first."))
    return answer


def may_change(account: Any, application: Application) -> Answer:
    """The same, on an application that stands; a withdrawn one may be taken up again within the days."""
    if application.refused_reason:
        return no(_("The application was refused. Ask the city if you think that is wrong."))
    return may_apply_for(account, application.scheme, application.person)


def may_withdraw(account: Any, application: Application) -> Answer:
    """The pupil or the guardian, as long as the scheme is open."""
    if application.withdrawn_at is not None or application.submitted_at is None:
        return no(_("There is nothing to withdraw."))
    if not (answer := is_open(application.scheme)):
        return answer
    return own_or_wards(account, application.person_id)


def may_speak(account: Any, application: Application) -> Answer:
    """Today's guardian of the pupil, never the pupil; as long as the scheme is open and no draw is published."""
    today = timezone.localdate()
    if not account.is_authenticated or not account.person_id:
        return no(_("Only a guardian says this."))
    standing = application.person.guardianships_as_ward.in_force(today).filter(guardian_id=account.person_id)
    if not standing.exists():
        return no(_("Only a guardian says this."))
    if application.scheme.draws.published().exists():
        return no(_("The draw is published. Write to the city if you want to change what you said."))
    return is_open(application.scheme)


def may_check(account: Any, application: Application) -> Answer:
    """Who runs the scheme, about a sent application that is not their own or their child's."""
    if not (answer := runs_scheme(account, application.scheme)):
        return answer
    if application.person_id in own_and_wards(account):
        return no(_("This is your own or your child's application. Somebody else has to check it."))
    return YES if application.submitted_at else no(_("The application is not sent yet."))


def reads_applications(account: Any, scheme: SummerScheme) -> Answer:
    """Who runs the scheme, and who reads everything."""
    if account.is_authenticated and account.may(Permission.SEE_ALL_PEOPLE):
        return YES
    return runs_scheme(account, scheme)


def asks_guardian(account: Any, application: Application) -> bool:
    """Whether this guardian is still asked: nothing said yet, and the pupil is no adult in the scheme."""
    if not may_speak(account, application):
        return False
    said = application.guardian_words.filter(guardian_id=account.person_id, withdrawn_at__isnull=True)
    return not said.exists() and standing_of(application, Law(application.scheme)) != "adult"
