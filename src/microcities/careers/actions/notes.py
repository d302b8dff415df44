"""Notes of talks: the part that the person reads, and the counsellor's own part, sealed for everybody else."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.models import GuidanceTalk, SealedNote
from microcities.careers.rules import may_change_talk, may_hand_on, may_read_sealed
from microcities.people.models import Account
from microcities.trail.context import change


def change_notes(
    *, actor: Account, talk: GuidanceTalk, advice: str, agreed: str, next_on: date | None = None
) -> GuidanceTalk:
    """Correct the part that the person reads; both texts stay in the history. Raises RefusedError."""
    with change("careers.change_notes", actor=actor):
        locked = GuidanceTalk.objects.select_for_update(of=("self",)).get(pk=talk.pk)
        require(may_change_talk(actor, locked, "note"))
        if not advice.strip() and not agreed.strip():
            raise RefusedError(_("Write what you advised or what was agreed: the person reads it."))
        locked.advice, locked.agreed, locked.next_on = advice.strip(), agreed.strip(), next_on
        locked.noted_by_id = actor.pk
        locked.save(update_fields=["advice", "agreed", "next_on", "noted_by_id"])
        return locked


def seal_note(*, actor: Account, talk: GuidanceTalk, text: str) -> SealedNote:
    """Write the counsellor's own part, or write it anew; only who holds it may. Raises RefusedError."""
    if not text.strip():
        raise RefusedError(_("The note is empty."))
    with change("careers.seal_note", actor=actor):
        locked = GuidanceTalk.objects.select_for_update(of=("self",)).get(pk=talk.pk)
        require(may_change_talk(actor, locked, "note"))
        note = SealedNote.objects.filter(talk=locked).first() or SealedNote(talk=locked, holder_id=actor.pk)
        require(may_read_sealed(actor, note))
        note.text, note.written_at = text.strip(), timezone.now()
        note.save()
        return note


def hand_on_note(*, actor: Account, note: SealedNote, successor: Account, reason: str) -> SealedNote:
    """The successor holds the note from now on, and whoever held it does not read it any more. Raises RefusedError."""
    if not reason.strip():
        raise RefusedError(_("Give the reason why the note is handed on."))
    with change("careers.hand_on_note", actor=actor, reason=reason):
        locked = SealedNote.objects.select_for_update(of=("self",)).select_related("talk").get(pk=note.pk)
        require(may_hand_on(actor, locked, successor))
        locked.holder_id = successor.pk
        locked.save(update_fields=["holder_id"])
        return locked


def disclose_note(*, actor: Account, note: SealedNote, text: str) -> SealedNote:
    """Answer a request by Article 15 GDPR: `text` is the note without what tells of others; it enters the own data.

    Raises RefusedError for everybody but the counsellor who holds the note.
    """
    if not text.strip():
        raise RefusedError(_("The note is empty."))
    with change("careers.disclose_note", actor=actor):
        locked = SealedNote.objects.select_for_update().get(pk=note.pk)
        require(may_read_sealed(actor, locked))
        locked.disclosed, locked.disclosed_on = text.strip(), timezone.localdate()
        locked.save(update_fields=["disclosed", "disclosed_on"])
        return locked
