"""Employers take part in a scheme, bring their papers, name supervisors; the city checks and decides."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from microcities.access.answers import RefusedError, require
from microcities.access.uploads import JPEG, PDF, PNG
from microcities.people.models import Account, Organisation, OrganisationKind, Person, Registration
from microcities.privacy.kept_files import forget_with_files, judged, keep_with_row
from microcities.summerjobs.letters import people_of, tell
from microcities.summerjobs.models import HostDocument, HostKind, HostState, SummerHost, SummerScheme, Supervisor
from microcities.summerjobs.models.posts import FOLDER
from microcities.summerjobs.rules import answers_for, is_open, may_decide_host, takes_posts
from microcities.trail.context import change

ACCEPTED, MOST_BYTES, MOST_DOCUMENTS = (PDF, PNG, JPEG), 5 * 1024 * 1024, 20
# What an organisation is, as schemes tell employers apart.
KINDS: dict[str, str] = {
    OrganisationKind.COMPANY: HostKind.COMPANY, OrganisationKind.NGO: HostKind.NGO,
    OrganisationKind.MUNICIPALITY: HostKind.MUNICIPAL, OrganisationKind.AGENCY: HostKind.MUNICIPAL,
    OrganisationKind.SCHOOL: HostKind.MUNICIPAL, OrganisationKind.PARK: HostKind.COMPANY,
}


def join_scheme(*, actor: Account, scheme: SummerScheme, organisation: Organisation, **declared: Any) -> SummerHost:
    """An employer takes part; `declared` are the fields of its papers. Raises RefusedError, ValidationError."""
    found = SummerHost(
        scheme=scheme, organisation=organisation, kind=KINDS.get(organisation.kind, HostKind.OTHER), applied_by_id=actor.pk,
        **declared,
    )
    require(answers_for(actor, found))
    require(takes_posts(scheme))
    if not any(found.kind in each.hosts for each in scheme.rules.programmes):
        raise RefusedError(_("The scheme is for other kinds of employers. Its conditions stand on its page."))
    found.full_clean()
    with change("summerjobs.join_scheme", actor=actor):
        found.save()
    return found


def change_host(*, actor: Account, host: SummerHost, **declared: Any) -> SummerHost:
    """Correct what was declared; what was refused may be checked again, what was approved is checked again."""
    with change("summerjobs.change_host", actor=actor):
        locked = _locked(host)
        require(answers_for(actor, locked))
        require(is_open(locked.scheme))
        for name, value in declared.items():
            setattr(locked, name, value)
        locked.state = HostState.APPLIED
        locked.full_clean()
        locked.save()
    return locked


def withdraw_host(*, actor: Account, host: SummerHost) -> SummerHost:
    """The employer takes part no more; only before its posts are given out. Raises RefusedError."""
    with change("summerjobs.withdraw_host", actor=actor):
        locked = _locked(host)
        require(answers_for(actor, locked))
        if locked.posts.exclude(state__in=["draft", "withdrawn"]).exists():
            raise RefusedError(_("Posts are offered. Withdraw them first."))
        locked.state = HostState.WITHDRAWN
        locked.save(update_fields=["state"])
    return locked


def approve_host(*, actor: Account, host: SummerHost, finding: str = "", aid_basis: str = "") -> SummerHost:
    """The city has seen the papers; a company needs the basis on which money to it is lawful. Raises RefusedError."""
    with change("summerjobs.approve_host", actor=actor):
        locked = _locked(host)
        require(may_decide_host(actor, locked))
        if not (locked.insured and locked.no_tax_debt and locked.risks_assessed_on):
            raise RefusedError(_("The employer has not declared all that is needed: risks, insurance, taxes. Ask for it."))
        if locked.kind == HostKind.COMPANY and not aid_basis:
            raise RefusedError(_("Say why money to a company is lawful: general measure or de minimis aid."))
        locked.aid_basis = aid_basis if locked.kind == HostKind.COMPANY else ""
        return _decide(actor, locked, HostState.APPROVED, finding)


def refuse_host(*, actor: Account, host: SummerHost, finding: str) -> SummerHost:
    """The employer may not take part; it reads why. Raises RefusedError."""
    if not finding.strip():
        raise RefusedError(_("Give the reason. The employer reads it."))
    with change("summerjobs.refuse_host", actor=actor, reason=finding.strip()):
        locked = _locked(host)
        require(may_decide_host(actor, locked))
        return _decide(actor, locked, HostState.REFUSED, finding)


def _decide(actor: Account, host: SummerHost, state: HostState, finding: str) -> SummerHost:
    host.state, host.finding, host.checked_at, host.checked_by_id = state, finding.strip(), timezone.now(), actor.pk
    host.save()
    approved = state == HostState.APPROVED
    tell(
        people_of(host.organisation_id), key=f"host.{state}:{host.pk}:{host.checked_at.isoformat()}",
        subject=gettext_noop("You take part in summer employment: %(name)s") if approved
        else gettext_noop("You cannot take part in summer employment: %(name)s"),
        name=str(host.scheme), details=[host.finding], url=("host", host.pk),
        what=gettext_lazy("The city has checked your papers. You can offer posts.") if approved
        else gettext_lazy("The city has checked your papers and refuses for the reason below. Correct it and send it again."),
    )
    return host


def add_host_document(*, actor: Account, host: SummerHost, title: str, file: UploadedFile) -> HostDocument:
    """Keep a paper of the employer. Raises RefusedError."""
    require(answers_for(actor, host))
    checked = judged(file, accepts=ACCEPTED, max_bytes=MOST_BYTES)
    with change("summerjobs.add_host_document", actor=actor):
        locked = _locked(host)
        require(is_open(locked.scheme))
        if locked.documents.count() >= MOST_DOCUMENTS:
            raise RefusedError(_("There are %(most)s documents already. Remove one.") % {"most": MOST_DOCUMENTS})
        made: HostDocument = keep_with_row(HostDocument, checked, folder=FOLDER, host=locked, title=title.strip())
    return made


def remove_host_document(*, actor: Account, document: HostDocument) -> None:
    """Remove a paper that the city has not yet decided on. Raises RefusedError."""
    require(answers_for(actor, document.host))
    if document.host.state == HostState.APPROVED:
        raise RefusedError(_("The city has decided on these papers. They stay."))
    with change("summerjobs.remove_host_document", actor=actor):
        forget_with_files(HostDocument.objects.filter(pk=document.pk))


def name_supervisor(
    *, actor: Account, host: SummerHost, given_name: str, family_name: str, email: str = "", phone: str = ""
) -> Supervisor:
    """Somebody of the employer guides pupils. Who is known there by that name is the same person. Raises RefusedError."""
    require(answers_for(actor, host))
    with change("summerjobs.name_supervisor", actor=actor):
        locked = _locked(host)
        require(is_open(locked.scheme))
        given, family = given_name.strip(), family_name.strip()
        known = Person.objects.current().filter(
            registrations__organisation=locked.organisation, given_name=given, family_name=family
        ).first()
        person = known or Person.objects.create(given_name=given, family_name=family, email=email, phone=phone)
        today = timezone.localdate()
        Registration.objects.get_or_create(person=person, organisation=locked.organisation, defaults={"since": today})
        found = Supervisor(host=locked, person=person, named_on=today)
        found.full_clean()
        found.save()
    return found


def _locked(host: SummerHost) -> SummerHost:
    return SummerHost.objects.select_for_update(of=("self",)).select_related("scheme", "organisation").get(pk=host.pk)
