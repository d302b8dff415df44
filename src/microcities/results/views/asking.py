"""Reads from an address which programme, which indicator and which figures are asked for."""

from datetime import date
from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.programme.models import Programme
from microcities.programme.shell import newest_programme
from microcities.results.forms import WHOLE_PROGRAMME, QuestionForm
from microcities.results.models import Indicator, Target
from microcities.results.reading import Level, Question, Reader, reader_of
from microcities.results.remembering import name_of


def the_programme(request: HttpRequest | None = None) -> Programme:
    """The programme this installation shows first, as the head of every page does; a page's request remembers it."""
    programme = newest_programme(request) if request else Programme.objects.order_by("-starts_on").first()
    if programme is None:
        raise Http404(_("There is no programme yet."))
    return programme


def the_indicator(programme: Programme, code: str) -> Indicator:
    """The indicator of that code, or 404."""
    return get_object_or_404(Indicator.objects.select_related("programme"), programme=programme, code=code)


def usual_day(programme: Programme) -> date:
    """Today, or the last day on which a target is due once all are over: a finished programme stands still."""
    last = Target.objects.filter(indicator__programme=programme).aggregate(last=Max("due_on"))["last"]
    return min(timezone.localdate(), max(programme.ends_on, last or programme.ends_on))


def asked(request: HttpRequest, programme: Programme) -> tuple[QuestionForm, Question, Reader]:
    """The form, what it asks, and who asks. A wrong value is shown in the form and counts as not asked."""
    reader = reader_of(request.user)
    day = usual_day(programme)
    data = request.GET.copy()
    if not data.get("as_of"):
        data["as_of"] = day.isoformat()
    is_partner = reader.level == Level.OWN
    form = QuestionForm(data, programme=programme, detailed=reader.sees_detail, may_choose=is_partner)
    form.full_clean()
    values = form.cleaned_data
    question = Question(
        values.get("as_of") or day, values.get("recorded_at"), form.chosen_city,
        form.chosen_funding if reader.sees_detail else None,
        own=is_partner and values.get("records_of") != WHOLE_PROGRAMME,
    )
    return form, question, reader


def kept_as(request: HttpRequest, reader: Reader, question: Question) -> str:
    """What the parts of this page that tell of figures are remembered under, with `{% cache %}` in the template.

    Such a part is made of its address, of who may read what and of the results alone, and holds no form.
    """
    return name_of("page", (request.path, request.GET.urlencode(), reader, question))


def crumbs(*steps: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way from the overview to a page."""
    return [(_("Results"), reverse("results:overview")), *steps]
