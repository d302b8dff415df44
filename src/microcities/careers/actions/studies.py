"""A place of study says what it offers, changes it, and stops offering it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.models import StudyProgramme
from microcities.careers.study_paths import study_rule
from microcities.careers.study_rules import may_keep_study
from microcities.people.models import Account, Organisation
from microcities.trail.context import change


def add_study(*, actor: Account, organisation: Organisation, kind: str, **fields: Any) -> StudyProgramme:
    """A programme that the place of study offers from now on. Raises RefusedError, ValidationError."""
    require(may_keep_study(actor, organisation))
    _require_kind(kind)
    found = StudyProgramme(organisation=organisation, kind=kind, **fields)
    with change("careers.add_study", actor=actor):
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        found.full_clean()
        found.save()
    return found


def change_study(*, actor: Account, study: StudyProgramme, **fields: Any) -> StudyProgramme:
    """Change what is said of a programme; its place of study stays. Raises RefusedError, ValidationError."""
    require(may_keep_study(actor, study.organisation))
    if "organisation" in fields and fields.pop("organisation") != study.organisation:
        raise RefusedError(_("A programme stays with its place of study. Enter it anew for the other one."))
    _require_kind(fields.get("kind", study.kind))
    with change("careers.change_study", actor=actor):
        Organisation.objects.select_for_update().get(pk=study.organisation_id)
        locked = StudyProgramme.objects.select_for_update().get(pk=study.pk)
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.full_clean()
        locked.save(update_fields=list(fields))
    return locked


def withdraw_study(*, actor: Account, study: StudyProgramme, offered: bool = False) -> StudyProgramme:
    """It is not offered any more, or is again. Raises RefusedError, also while another of its name is offered."""
    require(may_keep_study(actor, study.organisation))
    with change("careers.withdraw_study", actor=actor):
        Organisation.objects.select_for_update().get(pk=study.organisation_id)
        locked = StudyProgramme.objects.select_for_update().get(pk=study.pk)
        same = StudyProgramme.objects.offered().filter(organisation=locked.organisation_id, kind=locked.kind, name=locked.name)
        if offered and same.exclude(pk=locked.pk).exists():
            raise RefusedError(_("This place of study offers a programme of this kind and name already."))
        locked.withdrawn_on = None if offered else (locked.withdrawn_on or timezone.localdate())
        locked.save(update_fields=["withdrawn_on"])
    return locked


def _require_kind(kind: str) -> None:
    if study_rule().values.kind(kind) is None:
        raise RefusedError(_("There is no such kind of studies."))
