"""The pages of the trail: what was done, and the history of one row.

They stand here because the trail itself lies below the access rules that every page needs.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow, signed_in
from microcities.privacy.rules import may_see_trail
from microcities.trail.install import traced_models
from microcities.trail.looks import note_look
from microcities.trail.models import Action, Operation
from microcities.trail.reading import Presentation, Step, history_of, key_column, presentation_of, verb_words
from microcities.trail.sentences import WhoActed, actor_words, change_words, is_technical, who_acted
from microcities.ui.filters import DateFilter, TextFilter
from microcities.ui.pages import page
from microcities.ui.tables import Column, Table


@allow(may_see_trail)
def action_list(request: HttpRequest) -> HttpResponse:
    """Every action, the latest first: who, what, why."""
    who = WhoActed()
    table = Table(
        rows=Action.objects.order_by("-id"),
        columns=[
            Column("at", _("When"), order_by="id", filter=DateFilter("at__date")),
            Column("verb", _("Action"), value=lambda line: verb_words(line.verb), filter=TextFilter("verb__icontains")),
            Column("who", _("Who"), value=lambda line: _who(line, who)),
            Column("reason", _("Reason"), filter=TextFilter("reason__icontains")),
        ],
        params=request.GET,
        caption=_("Actions"),
        default_sort="-at",
        counted=False,
        empty=_("Nobody has done anything yet"),
    )
    if table.export_format:
        return table.export("actions")  # type: ignore[return-value]
    return page(request, "history/actions.html", {"table": table})


def _who(line: Action, who: WhoActed) -> str:
    if line.actor_id:
        return who(line.actor_id, line.at)
    return f"{_('the platform')} ({line.system})" if line.system else _("the platform")


@allow(signed_in)
def row(request: HttpRequest, table: str, row_id: str) -> HttpResponse:
    """The history of one row in sentences, also of one that is gone; who sees it is the rule of the row's app."""
    presentation = _presentation(table)
    found = _row(presentation.model, row_id)
    answer = presentation.rule(request.user, found) if found is not None else may_see_trail(request.user)
    if not answer:
        raise PermissionDenied(answer.reason)
    steps = history_of(table, row_id, key_column(presentation.model))
    if found is None and not steps:
        raise Http404(_("The trail knows nothing of this record."))
    if found is not None and (person := presentation.looked_at(found)) is not None:
        note_look(person, reason="trail.row", what=str(presentation.model._meta.verbose_name))
    name = (
        presentation.name(found)
        if found is not None
        else _("%(what)s %(number)s, deleted")
        % {
            "what": presentation.model._meta.verbose_name,
            "number": row_id,
        }
    )
    return page(request, "history/row.html", {"name": name, "steps": _told(presentation, steps), "row": found})


def _presentation(table: str) -> Presentation:
    if (known := presentation_of(table)) is not None:
        return known
    model = next((model for model in traced_models() if model._meta.db_table == table), None)
    if model is None or model._meta.auto_created:
        raise Http404(_("There is no table of that name with a history."))
    return Presentation(model, lambda account, row: may_see_trail(account), str)


def _row(model: type[models.Model], row_id: str) -> models.Model | None:
    try:
        return model._default_manager.filter(pk=row_id).first()
    except (TypeError, ValueError):
        raise Http404(_("This is not the number of a record.")) from None


def _told(presentation: Presentation, steps: list[Step]) -> list[dict[str, Any]]:
    who = who_acted(((step.action.actor_id, step.at) for step in steps if step.action), names=True)
    words: dict[str, Any] = {each.value: each.label for each in Operation}
    return [
        {
            "at": timezone.localtime(step.at),
            "who": actor_words(step.action, step.at, who),
            "operation": step.operation,
            "what": words.get(step.operation, step.operation),
            "action": verb_words(step.action.verb) if step.action else "",
            "reason": step.action.reason if step.action else "",
            "forgotten": step.forgotten,
            "changes": [
                change_words(presentation.model, value)
                for value in step.values
                if value.column not in presentation.hidden and not is_technical(presentation.model, value.column)
            ],
        }
        for step in steps
    ]
