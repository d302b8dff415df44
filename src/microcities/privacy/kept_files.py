"""Private files that belong to a row: judged by content, kept where no address leads, and gone for good with their row."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction

from microcities.access.answers import RefusedError
from microcities.access.uploads import CheckedUpload, UploadRefused, checked_upload, keep_upload
from microcities.trail.actions import forget_rows


def judged(file: UploadedFile, *, accepts: Sequence[str], max_bytes: int) -> CheckedUpload:
    """The file if it is what it claims to be; RefusedError says why not and what to do."""
    try:
        return checked_upload(file, accepts=accepts, max_bytes=max_bytes)
    except UploadRefused as refusal:
        raise RefusedError(refusal.reason) from refusal


def keep_with_row(model: Any, checked: CheckedUpload, *, folder: str, **fields: Any) -> Any:
    """A new row of `model` with the file, its name and size where the model keeps them; without a row there is no file."""
    path = keep_upload(checked, folder=folder)
    known = {"name": checked.name, "size": checked.size}
    names = {each.name for each in model._meta.concrete_fields}
    try:
        with transaction.atomic():
            return model._default_manager.create(
                file=path, **{name: value for name, value in known.items() if name in names}, **fields
            )
    except Exception:
        default_storage.delete(path)
        raise


def forget_with_files(rows: Iterable[models.Model]) -> None:
    """Delete these rows of one table with their history, and their files once that is certain; in the caller's transaction."""
    found: list[Any] = list(rows)
    if not found:
        return
    model, numbers = type(found[0]), [each.pk for each in found]
    model._default_manager.filter(pk__in=numbers).delete()
    forget_rows(model._meta.db_table, numbers)
    for each in found:
        transaction.on_commit(partial(each.file.storage.delete, each.file.name))
