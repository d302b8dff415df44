"""The one way to read a counsellor's own note: for who holds it, and never without a line in the log of looks."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from microcities.access.answers import require
from microcities.careers.models import GuidanceTalk, SealedNote
from microcities.careers.rules import led_organisations, may_read_sealed
from microcities.people.models import Account, Membership
from microcities.people.roles import Permission
from microcities.privacy.looks import log_look


def read_sealed(*, actor: Account, talk: GuidanceTalk) -> str:
    """The text of the sealed note for who holds it, "" when there is none; each look is logged. Raises RefusedError."""
    note = SealedNote.objects.select_related("talk__person").filter(talk=talk).first()
    if note is None:
        return ""
    require(may_read_sealed(actor, note))
    log_look(note.talk.person, reason="careers.sealed_note", what="careers.sealed_note")
    return note.text


def left_behind(account: Account) -> "QuerySet[SealedNote]":
    """Notes at organisations that the account leads, whose holder is no counsellor there any more; to hand on, not to read."""
    members = Membership.objects.in_force(timezone.localdate()).allowing(Permission.GIVE_GUIDANCE)
    holder = members.filter(
        account_id=OuterRef("holder_id"), organisation_id=OuterRef("talk__organisation_id"), account__is_active=True
    )
    rows = SealedNote.objects.exclude(text="").filter(
        ~Exists(holder), talk__organisation_id__in=led_organisations(account)
    )  # an erased one is empty
    return rows.select_related("talk__person", "talk__organisation").defer("text", "disclosed").order_by("pk")
