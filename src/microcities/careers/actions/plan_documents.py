"""Files of a career plan: checked by content, kept where no address leads, and gone for good when removed."""

from collections.abc import Iterable
from functools import partial

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.access.uploads import JPEG, PDF, PNG, UploadRefused, checked_upload, keep_upload
from microcities.careers.models import CareerPlan, CareerPlanDocument
from microcities.careers.models.plans import FOLDER
from microcities.careers.rules import may_keep_plan
from microcities.people.models import Account
from microcities.trail.actions import forget_rows
from microcities.trail.context import change

MOST_DOCUMENTS = 10
MOST_BYTES = 3 * 1024 * 1024
ACCEPTED = (PDF, PNG, JPEG)


def add_document(*, actor: Account, plan: CareerPlan, title: str, file: UploadedFile) -> CareerPlanDocument:
    """Keep a file with the plan. Raises RefusedError: somebody else's plan, one too many, or no file of these kinds."""
    require(may_keep_plan(actor, plan.person_id))
    if not title.strip():
        raise RefusedError(_("Write what the document is."))
    try:
        checked = checked_upload(file, accepts=ACCEPTED, max_bytes=MOST_BYTES)
    except UploadRefused as refusal:
        raise RefusedError(refusal.reason) from refusal
    with change("careers.add_plan_document", actor=actor):
        locked = CareerPlan.objects.select_for_update().get(pk=plan.pk)
        if locked.documents.count() >= MOST_DOCUMENTS:
            words = _("A plan holds %(most)s documents. Remove one that you do not need any more.")
            raise RefusedError(words % {"most": MOST_DOCUMENTS})
        path = keep_upload(checked, folder=FOLDER)
        try:
            return CareerPlanDocument.objects.create(
                plan=locked, title=title.strip(), file=path, name=checked.name, size=checked.size,
                added_on=timezone.localdate(),
            )
        except Exception:
            default_storage.delete(path)  # no row, no file
            raise


def remove_document(*, actor: Account, document: CareerPlanDocument) -> None:
    """The file is gone, from the history too. Raises RefusedError."""
    require(may_keep_plan(actor, document.plan.person_id))
    with change("careers.remove_plan_document", actor=actor):
        CareerPlan.objects.select_for_update().get(pk=document.plan_id)
        forget_documents(CareerPlanDocument.objects.filter(pk=document.pk))


def forget_documents(documents: "Iterable[CareerPlanDocument]") -> None:
    """Delete these rows with their history, and their files once that is certain; inside the caller's transaction."""
    found = list(documents)
    numbers = [each.pk for each in found]
    CareerPlanDocument.objects.filter(pk__in=numbers).delete()
    forget_rows(CareerPlanDocument._meta.db_table, numbers)
    for each in found:
        transaction.on_commit(partial(each.file.storage.delete, each.file.name))
