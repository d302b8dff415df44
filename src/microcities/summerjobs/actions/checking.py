"""A guardian's word on an application, and the city's check of its facts."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from microcities.access.answers import RefusedError, require
from microcities.people.models import Account
from microcities.summerjobs.application_rules import may_check, may_speak
from microcities.summerjobs.guardian_texts import text_for
from microcities.summerjobs.letters import guardians_of, pupil_of, tell
from microcities.summerjobs.models import Application, GroupClaim, GuardianWord
from microcities.trail.context import change


def say_word(*, actor: Account, application: Application, kind: str) -> GuardianWord:
    """A guardian consents, confirms to have read, or refuses; the words shown are kept. An earlier word is taken back."""
    with change("summerjobs.say_word", actor=actor):
        locked = _locked(application)
        require(may_speak(actor, locked))
        now, guardian = timezone.now(), actor.person
        if guardian is None:
            raise RefusedError(_("Only a guardian says this."))
        own = GuardianWord.objects.filter(application=locked, guardian=guardian)
        own.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
        return GuardianWord.objects.create(
            application=locked, guardian=guardian, kind=kind, text=text_for(kind, actor.language), language=actor.language,
            said_at=now,
        )


def take_word_back(*, actor: Account, application: Application) -> None:
    """A guardian takes back what was said; an application of a child then goes into no draw. Raises RefusedError."""
    with change("summerjobs.take_word_back", actor=actor):
        locked = _locked(application)
        require(may_speak(actor, locked))
        rows = GuardianWord.objects.filter(application=locked, guardian=actor.person, withdrawn_at__isnull=True)
        if not rows.update(withdrawn_at=timezone.now()):
            raise RefusedError(_("There is nothing that you could take back."))


def confirm_facts(*, actor: Account, application: Application) -> Application:
    """Staff have seen school and residence proved. Raises RefusedError."""
    with change("summerjobs.confirm_facts", actor=actor):
        locked = _locked(application)
        require(may_check(actor, locked))
        locked.checked_at, locked.checked_by_id, locked.missing, locked.refused_reason = timezone.now(), actor.pk, "", ""
        locked.save(update_fields=["checked_at", "checked_by_id", "missing", "refused_reason"])
    return locked


def see_group(*, actor: Account, claim: GroupClaim) -> GroupClaim:
    """Staff have seen the proof of a group: only then the draw keeps a place for it. Raises RefusedError."""
    with change("summerjobs.see_group", actor=actor):
        locked = GroupClaim.objects.select_for_update(of=("self",)).select_related("application__scheme").get(pk=claim.pk)
        require(may_check(actor, locked.application))
        locked.seen_on, locked.seen_by_id = timezone.localdate(), actor.pk
        locked.save(update_fields=["seen_on", "seen_by_id"])
    return locked


def ask_for_missing(*, actor: Account, application: Application, missing: str) -> Application:
    """Ask the pupil for what is missing; the pupil and the guardians are written to. Raises RefusedError."""
    if not missing.strip():
        raise RefusedError(_("Write what is missing. The pupil reads it."))
    with change("summerjobs.ask_for_missing", actor=actor):
        locked = _locked(application)
        require(may_check(actor, locked))
        locked.missing = missing.strip()
        locked.save(update_fields=["missing"])
        _tell(locked, "missing", gettext_noop("Something is missing in the application: %(name)s"),
              gettext_lazy("Add it and send the application again."), locked.missing)
    return locked


def refuse_application(*, actor: Account, application: Application, reason: str) -> Application:
    """The application goes into no draw; the pupil reads why. Raises RefusedError."""
    if not reason.strip():
        raise RefusedError(_("Give the reason. The pupil reads it."))
    with change("summerjobs.refuse_application", actor=actor, reason=reason.strip()):
        locked = _locked(application)
        require(may_check(actor, locked))
        locked.checked_at, locked.checked_by_id, locked.refused_reason = timezone.now(), actor.pk, reason.strip()
        locked.save(update_fields=["checked_at", "checked_by_id", "refused_reason"])
        _tell(locked, "refused", gettext_noop("Your application cannot be accepted: %(name)s"),
              gettext_lazy("Ask the city if you think that this is wrong."), locked.refused_reason)
    return locked


def _tell(application: Application, event: str, subject: str, what: object, words: str) -> None:
    for readers in (pupil_of(application.person), guardians_of(application.person)):
        tell(
            readers, key=f"application.{event}:{application.pk}:{timezone.now().isoformat()}", subject=subject,
            name=str(application.scheme), what=what, details=[words], url=("application", application.pk),  # type: ignore[arg-type]
        )


def _locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("scheme__city", "person")
    return rows.get(pk=application.pk)
