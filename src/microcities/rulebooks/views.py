"""The public pages of rules: which rule was in force on a day, from which source, and what changed."""

from datetime import date
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import public
from microcities.rulebooks.forms import RulesForm
from microcities.rulebooks.place import here
from microcities.rulebooks.presentation import show, territory_name, timeline
from microcities.rulebooks.reading import AnyRule
from microcities.rulebooks.registry import Topic, UnknownTopicError, registry, rules_in_force
from microcities.rulebooks.tables import rule_table
from microcities.ui.pages import page


def _asked(request: HttpRequest) -> tuple[RulesForm, date, tuple[AnyRule, ...]]:
    """The form, the day, and the rules in force; none while the form has an error."""
    versions = [version for topic in registry().topics.values() for version in topic.versions]
    territories = sorted({here(), *(version.territory for version in versions)})
    today = timezone.localdate()
    data = request.GET if request.GET.keys() & {"on", "territory"} else {"on": today.isoformat()}
    form = RulesForm(data, territories=territories)
    if not form.is_valid():
        return form, today, ()
    on = form.cleaned_data["on"] or today
    return form, on, rules_in_force(on, form.cleaned_data["territory"] or None)


@public
def rule_list(request: HttpRequest) -> HttpResponse | FileResponse:
    """Every rule in force on a day, with its values and its source."""
    form, on, rules = _asked(request)
    shown = [show(rule, on) for rule in rules]
    table = rule_table(shown, on, request.GET)
    if table.export_format and not form.errors:
        return table.export(f"rules-{on.isoformat()}")
    context: dict[str, Any] = {
        "form": form,
        "here": here(),
        "here_name": territory_name(here()),
        "open_questions": sum(not rule.confirmed for rule in rules),
        "rules": shown,
        "table": table,
        "json_address": f"{reverse('rulebooks:list-data')}?{request.GET.urlencode()}".rstrip("?"),
    }
    return page(request, "rulebooks/list.html", context)


@public
def rule_list_data(request: HttpRequest) -> HttpResponse:
    """The same as JSON; a wrong date or territory is answered with problem details (RFC 9457)."""
    form, on, rules = _asked(request)
    if form.errors:
        problem = {
            "type": "about:blank",
            "status": 400,
            "title": _("The question cannot be read"),
            "errors": {field: list(messages) for field, messages in form.errors.items()},
        }
        return JsonResponse(problem, status=400, content_type="application/problem+json")
    return JsonResponse({"on": on.isoformat(), "rules": [rule.as_data() for rule in rules]})


@public
def topic_page(request: HttpRequest, name: str) -> HttpResponse:
    """All versions of one topic, newest first, with what each changed."""
    topic = _topic(name)
    title = topic.title.in_language(request.LANGUAGE_CODE)
    context = {
        "topic": topic,
        "title": title,
        "versions": timeline(topic.versions, timezone.localdate()),
        "json_address": reverse("rulebooks:topic-data", args=[name]),
        "crumbs": [(_("Rules"), reverse("rulebooks:list")), (title, "")],
    }
    return page(request, "rulebooks/topic.html", context)


@public
def topic_data(request: HttpRequest, name: str) -> HttpResponse:
    """All versions of one topic as JSON, oldest first."""
    topic = _topic(name)
    data = {
        "topic": topic.name,
        "title": topic.title.model_dump(),
        "versions": [version.as_data() for version in topic.versions],
    }
    return JsonResponse(data)


def _topic(name: str) -> Topic:
    try:
        return registry().topic(name)
    except UnknownTopicError:
        raise Http404(_("There is no rule of that name.")) from None
