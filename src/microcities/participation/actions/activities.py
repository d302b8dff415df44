"""Activities enter the programme: what is offered, where, by whom, from when to when; and what of it is corrected later."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Min
from django.utils.text import slugify
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.participation.models import Activity, Verification
from microcities.participation.rules import may_add_activity, may_change_activity
from microcities.people.models import Account, Organisation
from microcities.programme.models import City, Programme
from microcities.trail.context import change
from microcities.ui.numbers import format_day

RESERVED = frozenset({"new"})  # the address of the page on which activities are added
LONGEST_MADE = 50


def add_activity(
    *, actor: Account, programme: Programme, organisation: Organisation, city: City, code: str = "", **fields: Any
) -> Activity:
    """Add an activity of a partner in one of the programme's cities; `fields` are those of the model.

    An empty code is made from the name. Raises RefusedError when the actor may not; django's ValidationError for a
    taken code or an end before the start.
    """
    require(may_add_activity(actor, programme, organisation))
    if not programme.cities.filter(pk=city.pk).exists():
        raise RefusedError(_("This city is none of the programme's. Choose one that is."))
    if code in RESERVED:
        raise ValidationError({"code": _("This word stands for a page of its own. Choose another code.")})
    activity = Activity(programme=programme, organisation=organisation, city=city, code=code, **fields)
    with change("participation.add_activity", actor=actor):
        activity.code = code or free_code(activity.name, activity.kind)
        activity.full_clean()
        activity.save()
    return activity


def free_code(name: str, kind: str) -> str:
    """A code that no activity has, from the letters of a name without their marks ("Pļavas" gives plavas)."""
    made = slugify(name)[:LONGEST_MADE].strip("-_") or slugify(kind.replace("_", "-")) or "activity"
    taken = {*RESERVED, *Activity.objects.filter(code__startswith=made).values_list("code", flat=True)}
    number, code = 1, made
    while code in taken:
        number += 1
        code = f"{made}-{number}"
    return code


def change_activity(*, actor: Account, activity: Activity, reason: str, **fields: Any) -> Activity:
    """Change an activity's name, English name, dates or source; `fields` are those of them that change.

    Raises RefusedError when the actor may not; django's ValidationError for dates that leave a recorded start outside.
    """
    require(may_change_activity(actor, activity))
    with change("participation.change_activity", actor=actor, reason=reason):
        locked = Activity.objects.select_for_update().get(pk=activity.pk)
        for field in ("name", "name_en", "starts_on", "ends_on", "source_url"):
            setattr(locked, field, fields.pop(field, getattr(locked, field)))
        if fields:
            raise TypeError(f"not to be changed: {', '.join(fields)}")
        locked.full_clean()
        _require_starts_inside(locked)
        locked.save()
    return locked


def _require_starts_inside(activity: Activity) -> None:
    """A start lies within its activity (see the actions of records), so the dates hold all starts but rejected ones."""
    records = activity.participations.exclude(verification=Verification.REJECTED)
    starts = records.aggregate(first=Min("started_on"), last=Max("started_on"))
    wrong = {}
    if starts["first"] and starts["first"] < activity.starts_on:
        wrong["starts_on"] = _("Somebody started on %(day)s by the records. Choose that day or an earlier one.") % {
            "day": format_day(starts["first"])
        }
    if starts["last"] and starts["last"] > activity.ends_on:
        wrong["ends_on"] = _("Somebody started on %(day)s by the records. Choose that day or a later one.") % {
            "day": format_day(starts["last"])
        }
    if wrong:
        raise ValidationError(wrong)
