"""Agreements: made from the place and its days, signed by each party, and made anew when the terms change."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from microcities.access.answers import RefusedError, require
from microcities.access.uploads import PDF
from microcities.decisions.canonical import sha256_of
from microcities.people.models import Account
from microcities.privacy.kept_files import forget_with_files, judged, keep_with_row
from microcities.summerjobs.agreement_rules import is_signed, may_bring, may_make, may_note_medical, may_sign, may_take_back
from microcities.summerjobs.agreement_terms import objections, terms_of
from microcities.summerjobs.letters import Text, city_of, guardians_of, people_of, pupil_of, tell
from microcities.summerjobs.models import Agreement, Placement, Signature, SignedBy
from microcities.summerjobs.models.work import FOLDER
from microcities.summerjobs.working_days import Law
from microcities.trail.context import change

ACCEPTED, MOST_BYTES = (PDF,), 10 * 1024 * 1024


def make_agreement(*, actor: Account, placement: Placement) -> Agreement:
    """The next version for a place, if the law allows its days; every party is asked to sign. Raises RefusedError."""
    with change("summerjobs.make_agreement", actor=actor):
        locked = _locked(placement)
        require(may_make(actor, locked))
        law = Law(locked.post.host.scheme)
        if against := objections(locked, law):
            raise RefusedError(_("The law does not allow these days of work: %(why)s") % {"why": " ".join(against)})
        terms = terms_of(locked, law)
        if not terms["days"]:
            raise RefusedError(_("No day of work is left. End the placement, or ask the city."))
        made = Agreement.objects.create(
            placement=locked, version=locked.agreements.count() + 1, terms=terms, terms_sha256=sha256_of(terms),
            made_at=timezone.now(), made_by_id=actor.pk,
        )
    what = gettext_lazy("An agreement waits for your signature.")
    _tell_all(made, "asked", gettext_noop("Sign the agreement: %(name)s"), what)
    return made


def sign_agreement(*, actor: Account, agreement: Agreement, party: str) -> Signature:
    """Sign in the own account. Raises RefusedError."""
    with change("summerjobs.sign_agreement", actor=actor):
        locked = _locked_agreement(agreement)
        require(may_sign(actor, locked, party))
        made = Signature.objects.create(
            agreement=locked, party=party, how=SignedBy.ACCOUNT, account_id=actor.pk, signed_at=timezone.now(),
            terms_sha256=agreement.terms_sha256,
        )
    _tell_if_signed(locked)
    return made


def bring_signed_file(*, actor: Account, agreement: Agreement, party: str, file: UploadedFile) -> Signature:
    """A file that this party has signed, on paper or electronically; the file itself says who signed. Raises RefusedError."""
    checked = judged(file, accepts=ACCEPTED, max_bytes=MOST_BYTES)
    with change("summerjobs.bring_signed_file", actor=actor):
        locked = _locked_agreement(agreement)
        require(may_bring(actor, locked, party))
        made: Signature = keep_with_row(
            Signature, checked, folder=FOLDER, agreement=locked, party=party, how=SignedBy.FILE, account_id=actor.pk,
            signed_at=timezone.now(), terms_sha256=agreement.terms_sha256,
        )
    _tell_if_signed(locked)
    return made


def take_signature_back(*, actor: Account, agreement: Agreement, party: str) -> None:
    """The party has changed its mind before everybody has signed. Raises RefusedError."""
    with change("summerjobs.take_signature_back", actor=actor):
        locked = _locked_agreement(agreement)
        require(may_take_back(actor, locked, party))
        rows = locked.signatures.filter(party=party)
        if rows.filter(how=SignedBy.FILE).exists():
            forget_with_files(rows)
        else:
            rows.delete()


def note_medical(*, actor: Account, placement: Placement, medical_on: date) -> Placement:
    """Note the day of the medical check or the doctor's note, never what it says. Raises RefusedError."""
    with change("summerjobs.note_medical", actor=actor):
        locked = _locked(placement)
        require(may_note_medical(actor, locked))
        if medical_on > timezone.localdate():
            raise RefusedError(_("The day lies in the future. Enter the day on the paper."))
        locked.medical_on = medical_on
        locked.save(update_fields=["medical_on"])
    return locked


def _tell_if_signed(agreement: Agreement) -> None:
    if is_signed(agreement):
        _tell_all(agreement, "signed", gettext_noop("Everybody has signed: %(name)s"),
                  gettext_lazy("The agreement is signed by all. The work can begin on its first day."))


def _tell_all(agreement: Agreement, key: str, subject: str, what: Text) -> None:
    placement, host = agreement.placement, agreement.placement.post.host
    everybody = {
        each.pk: each
        for side in (people_of(host.organisation_id), city_of(host.scheme.organisation_id), pupil_of(placement.person),
                     guardians_of(placement.person))
        for each in side
    }
    tell(
        everybody.values(), key=f"agreement.{key}:{agreement.pk}", subject=subject, name=str(placement.post), what=what,
        url=("agreement", placement.public_id),
    )


RELATED = (
    "post__host__scheme__organisation", "post__host__scheme__city", "post__host__organisation", "post__period__scheme",
    "post__supervisor__person", "person", "application__person", "draw__run",
)


def _locked(placement: Placement) -> Placement:
    return Placement.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=placement.pk)


def _locked_agreement(agreement: Agreement) -> Agreement:
    """The place first, then its agreement: signatures of one agreement follow one another."""
    placement = _locked(agreement.placement)
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    locked.placement = placement
    return locked
