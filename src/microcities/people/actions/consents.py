"""Consents: given on words that are kept, withdrawn as easily."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import RefusedError, require
from microcities.people.consent_texts import ConsentText
from microcities.people.models import Account, Consent, Person
from microcities.people.rules import may_consent, may_withdraw
from microcities.privacy.rulebook.clocks import months_after
from microcities.trail.context import change

NO_PERSON = _("Enter your name in your details first.")


def give_consent(*, actor: Account, person: Person, text: ConsentText) -> Consent:
    """Record the consent of the actor's person, for itself or a ward, to exactly these words.

    A consent to the same words that still runs is returned as it is; one to earlier words, or one that has run out, is
    closed and replaced. Raises RefusedError when the rulebook's age says that somebody else consents.
    """
    now, today = timezone.now(), timezone.localdate()
    giver = actor.person
    if giver is None:
        raise RefusedError(NO_PERSON)
    require(may_consent(giver, person, today))
    with change("people.give_consent", actor=actor):
        Person.objects.select_for_update().get(pk=person.pk)  # two clicks at once make one consent
        earlier = Consent.objects.filter(person=person, purpose=text.code, withdrawn_at__isnull=True).first()
        if earlier is not None and earlier.text_version == text.version and earlier.runs_on(today):
            return earlier
        if earlier is not None:
            _end(earlier, now)
        return Consent.objects.create(
            person=person, given_by=giver, purpose=text.code, text_version=text.version, text=text.words,
            language=text.language, given_at=now, valid_to=months_after(today, text.months),
        )


def withdraw_consent(*, actor: Account, consent: Consent) -> None:
    """Withdraw a consent from now on; what was done under it stays lawful. Raises RefusedError."""
    giver = actor.person
    if giver is None:
        raise RefusedError(NO_PERSON)
    require(may_withdraw(giver, consent.person, timezone.localdate()))
    with change("people.withdraw_consent", actor=actor):
        _end(consent, timezone.now())


def _end(consent: Consent, at: datetime) -> None:
    Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(withdrawn_at=at)
