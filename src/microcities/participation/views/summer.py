"""Where summer work meets the programme's records and the schools' career records."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.careers.models import School
from microcities.careers.rules import may_keep_schools
from microcities.participation.actions.experience import take_experience
from microcities.participation.actions.summer import tie_to_scheme
from microcities.participation.forms import ExperienceForm, TieSummerForm
from microcities.participation.models import Activity, SummerTie
from microcities.participation.rules import may_add_activities, may_change_activity
from microcities.participation.summer_experience import hours_of, waiting_at
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown
from microcities.ui.numbers import format_day, format_quantity
from microcities.ui.pages import form_page, page


@allow(may_add_activities, methods=("GET", "POST"))
def tie_summer(request: HttpRequest, code: str) -> HttpResponse:
    """Have an activity account for a summer scheme, and take its work over now."""
    found = get_object_or_404(Activity, code=code)
    if not (answer := may_change_activity(request.user, found)):
        raise PermissionDenied(answer.reason)
    back, tie = reverse("participation:activity", args=[code]), SummerTie.objects.filter(activity=found).first()
    form = TieSummerForm(request.POST or None, activity=found, initial={"scheme": tie.scheme_id if tie else None})
    if form.is_valid():
        with refusals_on(form, "scheme"):
            done = tie_to_scheme(actor=account_of(request), activity=found, **form.cleaned_data)
            said = _("Taken over: %(made)s records made, %(tied)s tied to records of lists, %(changed)s brought up to date.")
            messages.success(request, said % {"made": done.made, "tied": done.tied, "changed": done.changed})
            return redirect(back)
    title = _("Take over the work of a summer scheme")
    way = [(_("Home"), "/"), (_("Activities"), reverse("participation:activities")), (str(found), back), (title, "")]
    hint = _("It is brought up to date every night. Confirmed records whose days change wait for confirmation again.")
    return form_page(request, form, title=title, button=_("Take over"), back=back, crumbs=way, lead=str(found), hint=hint)


@allow(may_keep_schools, methods=("GET", "POST"))
def experience(request: HttpRequest, number: int) -> HttpResponse:
    """Finished summer work of a school's pupils, to be taken into the school's career record."""
    account = account_of(request)
    school = get_object_or_404(School.objects.kept_by(account).select_related("organisation"), pk=number)
    rows = list(waiting_at(school))
    log_shown(rows, _("summer work of a school's pupils"), lambda row: (row.person,))
    waiting = [(str(each.pk), work_words(each)) for each in rows]
    form = ExperienceForm(request.POST or None, waiting=waiting, initial={"placements": [value for value, _words in waiting]})
    if form.is_valid():
        with refusals_on(form, "placements"):
            done = len(take_experience(actor=account, school=school, **form.cleaned_data | _numbers(form)))
            said = ngettext("%(count)s piece of work taken over.", "%(count)s pieces of work taken over.", done)
            messages.success(request, said % {"count": done})
            return redirect("careers:encounters", number)
    back = reverse("careers:school", args=[number])
    way = [(_("Home"), "/"), (_("Schools"), reverse("careers:schools")), (str(school), back), (_("Summer work"), "")]
    context = {"form": form, "rows": rows, "school": school, "back": back, "crumbs": way}
    return page(request, "participation/experience.html", context)


def work_words(placement: Any) -> str:
    """Who worked where, from when to when, and for how many hours."""
    days = f"{format_day(placement.began)} – {format_day(placement.ended)}"
    hours = format_quantity(hours_of(placement), "h")
    return f"{placement.person.name}: {placement.post}, {placement.post.host}, {days}, {hours}"


def _numbers(form: ExperienceForm) -> dict[str, list[int]]:
    return {"placements": [int(each) for each in form.cleaned_data["placements"]]}
