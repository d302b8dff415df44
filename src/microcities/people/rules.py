"""Who may invite, consent, and see a ward; each answer is yes or a reason a person can read."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.people.models import (
    Account,
    Guardianship,
    Invitation,
    MatchCandidate,
    MatchState,
    Membership,
    Merge,
    Organisation,
    Person,
)
from microcities.people.roles import ROLES, Permission, Role
from microcities.privacy.rulebook.values import ChildConsent
from microcities.rulebooks.place import here
from microcities.rulebooks.registry import rule

FULL_AGE = 18
# What each role may hand on. An operator is made on the command line only.
MAY_GIVE: dict[str, frozenset[str]] = {
    "programme_manager": frozenset(ROLES) - {"operator"},
    "city_coordinator": frozenset({"city_coordinator", "partner_reporter", "career_counsellor", "participant"}),
    "partner_reporter": frozenset({"partner_reporter", "career_counsellor", "participant"}),
}


def may_invite(account: Any) -> Answer:
    """Rule of the members pages."""
    if account.is_authenticated and account.may(Permission.INVITE):
        return YES
    return no(_("Only a coordinator or a reporting officer of a partner invites people into its roles."))


def roles_to_give(account: Account, organisation: Organisation) -> list[Role]:
    """Roles that this account may give in this organisation; a programme manager may in every one."""
    slugs: set[str] = set()
    for membership in account.memberships_today:
        if membership.role == "programme_manager" or membership.organisation_id == organisation.pk:
            slugs |= MAY_GIVE.get(membership.role, frozenset())
    return [role for slug, role in ROLES.items() if slug in slugs]


def may_manage_members(account: Account, organisation: Organisation) -> Answer:
    """May see the organisation's members, invite into it and end its memberships."""
    if account.may(Permission.INVITE) and roles_to_give(account, organisation):
        return YES
    return no(_("You may invite people into your own organisation only."))


def may_give_role(account: Account, organisation: Organisation, role: str) -> Answer:
    """May invite into this role of this organisation."""
    if not (answer := may_manage_members(account, organisation)):
        return answer
    if role not in {each.slug for each in roles_to_give(account, organisation)}:
        return no(_("Your own role does not allow you to give this role."))
    return YES


def may_end_membership(account: Account, membership: Membership) -> Answer:
    """May end somebody's role: whoever may give it, and everybody their own."""
    if membership.account_id == account.pk:
        return YES
    return may_give_role(account, membership.organisation, membership.role)


def roles_clash(account: Account, role: str) -> Answer:
    """An account that may change nothing holds no role that changes things, and the other way round."""
    for membership in account.memberships_today:
        held = ROLES[membership.role]
        if held.staff and ROLES[role].staff and held.read_only != ROLES[role].read_only:
            return no(_("An auditor's account changes nothing, so it cannot hold another role. Use a second account."))
    return YES


def may_accept(account: Account, addresses: list[str], invitation: Invitation) -> Answer:
    """May take up an invitation; `addresses` are the account's verified e-mail addresses."""
    if not invitation.is_open_at(timezone.now()):
        return no(_("This invitation is used, withdrawn or too old. Ask whoever invited you for a new one."))
    if invitation.email.lower() not in {address.lower() for address in addresses}:
        return no(
            _("This invitation was sent to another e-mail address. Sign out and sign in with the address it came to.")
        )
    if invitation.person_id and account.person_id and invitation.person_id != account.person_id:
        return no(_("Your account belongs to another person than the invitation. Ask whoever invited you to check."))
    return roles_clash(account, invitation.role)


def own_consent_age(on: date) -> int:
    """Age in years from which a child's own consent is enough on a day, by the rulebook privacy.child_consent.

    Another country's age is another version of the rulebook.
    """
    return rule(ChildConsent, on=on, territory=here()).values.own_consent_age


def may_consent(giver: Person, person: Person, on: date) -> Answer:
    """Who consents for whom: from the rulebook's age the person alone, before it a guardian alone.

    A person without a date of birth is taken for an adult only when nobody is named a guardian.
    """
    age = person.age_on(on)
    enough = own_consent_age(on)
    guardian = Guardianship.objects.in_force(on).filter(guardian=giver, ward=person).exists()
    if giver.pk == person.pk:
        if age is None and Guardianship.objects.in_force(on).filter(ward=person).exists():
            return no(_("Your date of birth is not known. Ask your school or city to enter it first."))
        if age is not None and age < enough:
            return no(_("You are younger than the age for consenting alone. Your parent or guardian consents for you."))
        return YES
    if not guardian:
        return no(_("Only the person or a confirmed guardian may consent."))
    if age is not None and age >= enough:
        return no(_("This person is old enough to consent alone."))
    return YES


def may_withdraw(account_person: Person, person: Person, on: date) -> Answer:
    """Who withdraws a consent: the person at any age, and the guardian of a minor."""
    if account_person.pk == person.pk:
        return YES
    if Guardianship.objects.in_force(on).filter(guardian=account_person, ward=person).exists():
        return YES
    return no(_("Only the person or a confirmed guardian may withdraw a consent."))


def keeps_record_of(account: Account, person: Person) -> bool:
    """Whether an organisation whose people's records the account keeps knows the person."""
    return person.registrations.filter(organisation_id__in=account.organisation_ids(Permission.CHANGE_OWN_PEOPLE)).exists()


def may_confirm_guardian(account: Account, guardian: Person, ward: Person, on: date) -> Answer:
    """May confirm that somebody is a minor's guardian: staff who know the ward, never the two themselves."""
    if account.person_id in {guardian.pk, ward.pk}:
        return no(_("Somebody else has to confirm a guardianship of your own."))
    if not keeps_record_of(account, ward):
        return no(_("Only staff of an organisation that knows the child may confirm its guardian."))
    return _fit_for_guardianship(guardian, ward, on)


def _fit_for_guardianship(guardian: Person, ward: Person, on: date) -> Answer:
    reason: str | Promise = ""
    ward_age, guardian_age = ward.age_on(on), guardian.age_on(on)
    if guardian.pk == ward.pk:
        reason = _("A person cannot be their own guardian.")
    elif ward_age is None:
        reason = _("Enter the child's date of birth first: a guardianship ends on the eighteenth birthday.")
    elif ward_age >= FULL_AGE:
        reason = _("This person is of full age and needs no guardian.")
    elif guardian_age is not None and guardian_age < FULL_AGE:
        reason = _("A guardian must be of full age.")
    return no(reason) if reason else YES


def last_day_as_minor(birth_on: date) -> date:
    """The day before the eighteenth birthday; whoever was born on 29 February is of age on 1 March."""
    try:
        birthday = birth_on.replace(year=birth_on.year + FULL_AGE)
    except ValueError:
        birthday = date(birth_on.year + FULL_AGE, 3, 1)
    return date.fromordinal(birthday.toordinal() - 1)


def is_tied_to_a_person(account: Any) -> Answer:
    """Rule of pages about one's own record and one's wards."""
    if account.is_authenticated and account.person_id:
        return YES
    return no(_("Enter your name in your details first."))


def may_change_people(account: Any) -> Answer:
    """Rule of the pages on which staff keep people's records."""
    if account.is_authenticated and account.may(Permission.CHANGE_OWN_PEOPLE):
        return YES
    return no(_("Only staff who keep people's records may do this."))


def may_add_organisation(actor: Any) -> Answer:
    """Staff who keep people's records add the organisations that stand in them; so does the platform's own set-up."""
    if actor.pk is None or actor.may(Permission.CHANGE_OWN_PEOPLE):
        return YES
    return no(_("Organisations are added by the partners' staff and the programme manager."))


def may_see_organisations(account: Any) -> Answer:
    """Rule of the pages of organisations: all staff who may see people; organisations are no secret between partners."""
    if account.is_authenticated and (account.may(Permission.SEE_OWN_PEOPLE) or account.may(Permission.SEE_ALL_PEOPLE)):
        return YES
    return no(_("Only staff of the programme's partners see the pages of organisations."))


def may_change_organisation(account: Any, organisation: Organisation) -> Answer:
    """Its own staff and the programme manager; one that has no staff here, an employer say, the staff of any partner."""
    if not may_change_people(account):
        return no(_("Organisations are changed by the partners' staff and the programme manager."))
    own = organisation.pk in account.organisation_ids(Permission.CHANGE_OWN_PEOPLE)
    if own or any(membership.role == "programme_manager" for membership in account.memberships_today):
        return YES
    staff = Membership.objects.in_force(timezone.localdate()).allowing(Permission.CHANGE_OWN_PEOPLE)
    if staff.filter(organisation=organisation).exists():
        return no(_("This organisation has staff of its own here. They and the programme manager change what is said of it."))
    return YES


def may_correct_person(account: Any, person: Person) -> Answer:
    """Staff of an organisation that knows the person; nobody their own record, which has a page of its own."""
    if not (answer := may_change_people(account)):
        return answer
    if account.person_id == person.pk:
        return no(_("Correct your own details on the page “My details”."))
    if not keeps_record_of(account, person):
        return no(_("Only staff of an organisation that knows the person correct what is said of them."))
    if person.merged_into_id or person.erased_at:
        return no(_("The record has been merged or erased already."))
    return YES


def may_decide_matches(account: Any) -> Answer:
    """Rule of the pages on double records."""
    if account.is_authenticated and account.may(Permission.DECIDE_MATCHES):
        return YES
    return no(_("Double records are decided on by coordinators, reporting officers and the programme manager."))


def may_decide_match(account: Account, candidate: MatchCandidate) -> Answer:
    """Only who sees both persons decides whether they are one."""
    if not MatchCandidate.objects.decidable_by(account).filter(pk=candidate.pk).exists():
        return no(_("Only somebody who may see both persons decides about them."))
    if candidate.state != MatchState.OPEN:
        return no(_("This pair has been decided on already."))
    return YES


def may_merge(account: Account, kept: Person, absorbed: Person) -> Answer:
    """Two current records, both seen by the account, that do not have two different personal codes."""
    if not (answer := may_decide_matches(account)):
        return answer
    if kept.pk == absorbed.pk:
        return no(_("Choose two different records."))
    if Person.objects.visible_to(account).filter(pk__in=[kept.pk, absorbed.pk]).count() < 2:
        return no(_("Only somebody who may see both persons puts their records together."))
    if any(person.merged_into_id or person.erased_at for person in (kept, absorbed)):
        return no(_("One of the records has been merged or erased already."))
    if kept.code_hash and absorbed.code_hash and bytes(kept.code_hash) != bytes(absorbed.code_hash):
        return no(_("The two have different personal codes, so they are two persons."))
    return YES


def may_undo_merge(account: Account, merge: Merge) -> Answer:
    """Whoever may merge the two may take them apart, while both records stand."""
    if not (answer := may_decide_matches(account)):
        return answer
    if merge.undone_at:
        return no(_("The two records have been taken apart already."))
    if merge.kept.merged_into_id:
        return no(_("The kept record has itself been merged since. Undo that first."))
    if merge.kept.erased_at or merge.absorbed.erased_at:
        return no(_("The person has been erased, so the records cannot be told apart any more."))
    if not Person.objects.visible_to(account).filter(pk=merge.kept_id).exists():
        return no(_("Only somebody who may see the person takes the records apart."))
    return YES


def may_see_people(account: Any) -> Answer:
    """Rule of the pages of persons; which persons is decided by PersonQuerySet.visible_to."""
    if account.is_authenticated and (account.may(Permission.SEE_OWN_PEOPLE) or account.may(Permission.SEE_ALL_PEOPLE)):
        return YES
    return no(_("Only staff of the programme's partners see people's records."))
