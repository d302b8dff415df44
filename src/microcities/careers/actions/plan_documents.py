"""Files of a career plan: checked by content, kept where no address leads, and gone for good when removed."""

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.access.uploads import JPEG, PDF, PNG
from microcities.careers.models import CareerPlan, CareerPlanDocument
from microcities.careers.models.plans import FOLDER
from microcities.careers.rules import may_keep_plan
from microcities.people.models import Account
from microcities.privacy.kept_files import forget_with_files, judged, keep_with_row
from microcities.trail.context import change

MOST_DOCUMENTS = 10
MOST_BYTES = 3 * 1024 * 1024
ACCEPTED = (PDF, PNG, JPEG)


def add_document(*, actor: Account, plan: CareerPlan, title: str, file: UploadedFile) -> CareerPlanDocument:
    """Keep a file with the plan. Raises RefusedError: somebody else's plan, one too many, or no file of these kinds."""
    require(may_keep_plan(actor, plan.person_id))
    if not title.strip():
        raise RefusedError(_("Write what the document is."))
    checked = judged(file, accepts=ACCEPTED, max_bytes=MOST_BYTES)
    with change("careers.add_plan_document", actor=actor):
        locked = CareerPlan.objects.select_for_update().get(pk=plan.pk)
        if locked.documents.count() >= MOST_DOCUMENTS:
            words = _("A plan holds %(most)s documents. Remove one that you do not need any more.")
            raise RefusedError(words % {"most": MOST_DOCUMENTS})
        made: CareerPlanDocument = keep_with_row(
            CareerPlanDocument, checked, folder=FOLDER, plan=locked, title=title.strip(), added_on=timezone.localdate()
        )
        return made


def remove_document(*, actor: Account, document: CareerPlanDocument) -> None:
    """The file is gone, from the history too. Raises RefusedError."""
    require(may_keep_plan(actor, document.plan.person_id))
    with change("careers.remove_plan_document", actor=actor):
        CareerPlan.objects.select_for_update().get(pk=document.plan_id)
        forget_with_files(CareerPlanDocument.objects.filter(pk=document.pk))
