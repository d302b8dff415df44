"""A list's way: brought, columns matched, compared, applied whole or not at all, undone, discarded."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from microcities.access.answers import RefusedError, require
from microcities.access.uploads import CSV, XLSX, CheckedUpload, UploadRefused, checked_upload, keep_upload
from microcities.participation.lists.columns import missing, recognise, signature
from microcities.participation.lists.reading import open_list
from microcities.participation.models import Activity, ColumnMapping, ListImport, ListState
from microcities.participation.rules import ALLOWED_CHANGES, WORKING, may_bring_list_for, may_change_list
from microcities.people.models import Account
from microcities.programme.models import FundingSource
from microcities.spreadsheets.reading import ListUnreadableError
from microcities.trail.context import Actor, change

CHECK = "participation.check_list"
APPLY = "participation.apply_list"
UNDO = "participation.undo_list"
QUEUE = "lists"


def bring_list(
    *, actor: Account, activity: Activity, file: UploadedFile, funding_source: FundingSource | None = None
) -> ListImport:
    """Take a file in; where its headings have been matched before, comparing begins at once.

    Raises ListUnreadableError for a file that is no list, RefusedError when the actor may not bring it.
    """
    require(may_bring_list_for(actor, activity))
    try:
        checked = checked_upload(file, accepts=(CSV, XLSX))
    except UploadRefused as refusal:
        raise ListUnreadableError(refusal.reason) from refusal
    sheet = open_list(checked.content)
    if next(sheet.rows, None) is None:
        raise ListUnreadableError(_("The list has headings and no row below them. Check that you chose the right file."))
    known = ColumnMapping.objects.filter(
        organisation=activity.organisation, signature=signature(sheet.header)
    ).first()
    with change("participation.bring_list", actor=actor):
        the_list = ListImport(
            organisation=activity.organisation, activity=activity, funding_source=funding_source,
            file_name=checked.name, file_sha256=_digest(checked), header=sheet.header,
            signature=signature(sheet.header), mapping=known.mapping if known else recognise(sheet.header),
            uploaded_by_id=actor.pk, file=keep_upload(checked, folder="lists"),
        )
        the_list.save()
        if known is not None:
            _send_to_work(the_list, actor, "check", CHECK)
    return the_list


def _digest(file: CheckedUpload) -> str:
    file.content.seek(0)
    return hashlib.sha256(file.content.read()).hexdigest()


def match_columns(*, actor: Account, the_list: ListImport, mapping: Mapping[str, int]) -> None:
    """Say which column holds what; remembered for the organisation's next list with these headings. Compares."""
    require(may_change_list(actor, the_list, "match"))
    if problems := missing(mapping):
        raise RefusedError(problems[0])
    if len(set(mapping.values())) != len(mapping):
        raise RefusedError(_("One column is chosen twice. Each column holds one thing."))
    with change("participation.match_columns", actor=actor):
        ColumnMapping.objects.update_or_create(
            organisation_id=the_list.organisation_id, signature=the_list.signature,
            defaults={"header": the_list.header, "mapping": dict(mapping)},
        )
        the_list.mapping = dict(mapping)
        the_list.save(update_fields=["mapping"])
        _send_to_work(the_list, actor, "match", CHECK)


def request_application(*, actor: Account, the_list: ListImport) -> None:
    """Have a compared list applied in the background."""
    with change("participation.request_application", actor=actor):
        the_list.is_stale = False
        _send_to_work(the_list, actor, "apply", APPLY)


def request_undo(*, actor: Account, the_list: ListImport, reason: str) -> None:
    """Have an applied list taken back in the background."""
    if not reason.strip():
        raise RefusedError(_("Give the reason for undoing the list."))
    with change("participation.request_undo", actor=actor, reason=reason):
        the_list.undo_reason = reason
        _send_to_work(the_list, actor, "undo", UNDO)


def resume_work(*, actor: Account, the_list: ListImport) -> None:
    """Start the work on a list again whose process has died. Work that is still going on makes this a no-op."""
    job = {ListState.CHECKING: CHECK, ListState.APPLYING: APPLY, ListState.UNDOING: UNDO}.get(ListState(the_list.state))
    if job is None or the_list.state not in WORKING:
        raise RefusedError(_("Nothing is going on with this list."))
    with change("participation.resume_work", actor=actor):
        _defer(job, the_list, actor)


def discard_list(*, actor: Account, the_list: ListImport, forget_columns: bool = False) -> None:
    """Throw a list away before it was applied: its file and its rows go, the line that there was one stays."""
    require(may_change_list(actor, the_list, "discard"))
    with change("participation.discard_list", actor=actor):
        locked = _locked(the_list)
        require(may_change_list(actor, locked, "discard"))
        if forget_columns:
            ColumnMapping.objects.filter(
                organisation_id=locked.organisation_id, signature=locked.signature
            ).delete()
        _throw_away(locked)


def discard_forgotten_lists(*, actor: Actor, before: datetime) -> int:
    """Discard lists that nobody has touched since a moment: their files and rows hold personal data; returns how many."""
    with change("participation.discard_forgotten_lists", actor=actor):
        forgotten = ListImport.objects.unfinished().filter(uploaded_at__lt=before).select_for_update(of=("self",))
        for found in forgotten:
            _throw_away(found)
        return len(forgotten)


def _throw_away(the_list: ListImport) -> None:
    forget_file(the_list)
    the_list.rows.all().delete()
    the_list.state = ListState.DISCARDED
    the_list.save(update_fields=["state", "file"])


def forget_file(the_list: ListImport) -> None:
    """Delete the file; it may hold personal codes, which are never kept. The caller saves the row."""
    if the_list.file:
        the_list.file.delete(save=False)


def _send_to_work(the_list: ListImport, actor: Account, verb: str, job: str) -> None:
    locked = _locked(the_list)
    require(may_change_list(actor, locked, verb))
    the_list.state = ALLOWED_CHANGES[verb][1]
    the_list.save(update_fields=["state", "is_stale", "undo_reason"])
    _defer(job, the_list, actor)


def _defer(job: str, the_list: ListImport, actor: Account) -> None:
    app.configure_task(job, queue=QUEUE, allow_unknown=True).defer(list_id=the_list.pk, account_id=actor.pk)


def _locked(the_list: ListImport) -> ListImport:
    return ListImport.objects.select_for_update(of=("self",)).get(pk=the_list.pk)
