"""The one way to read a counsellor's own note: for who holds it, and never without a line in the log of looks."""

from microcities.access.answers import require
from microcities.careers.models import GuidanceTalk, SealedNote
from microcities.careers.rules import may_read_sealed
from microcities.people.models import Account
from microcities.privacy.looks import log_look


def read_sealed(*, actor: Account, talk: GuidanceTalk) -> str:
    """The text of the sealed note for who holds it, "" when there is none; each look is logged. Raises RefusedError."""
    note = SealedNote.objects.select_related("talk__person").filter(talk=talk).first()
    if note is None:
        return ""
    require(may_read_sealed(actor, note))
    log_look(note.talk.person, reason="careers.sealed_note", what="careers.sealed_note")
    return note.text
