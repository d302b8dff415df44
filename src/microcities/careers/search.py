"""Lets the search box find schools and classes whose records the account may open."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microcities.careers.models import School, SchoolClass, StudyProgramme
from microcities.careers.rules import may_open_schools
from microcities.careers.school_years import label
from microcities.database.expressions import SearchKey
from microcities.database.finding import find
from microcities.programme.search import Found, searchable


@searchable("careers.schools", _("Schools"), 26)
def schools(account: Any, text: str, limit: int) -> Iterable[Found]:
    """Schools by name."""
    if not may_open_schools(account):
        return
    seen = School.objects.seen_by(account).select_related("organisation", "city")
    for school in find(seen, SearchKey("organisation__name"), text, limit):
        yield Found(str(school), str(school.city), reverse("careers:school", args=[school.pk]))


@searchable("careers.classes", _("Classes"), 27)
def classes(account: Any, text: str, limit: int) -> Iterable[Found]:
    """Classes by name, the latest years first among those of one name."""
    if not may_open_schools(account):
        return
    seen = SchoolClass.objects.filter(pk__in=SchoolClass.objects.visible_to(account).values("pk"))
    for found in find(seen.select_related("school__organisation"), SearchKey("name"), text, limit):
        detail = f"{found.school}, {label(found.school_year)}"
        yield Found(found.name, detail, reverse("careers:class", args=[found.pk]))


@searchable("careers.studies", _("Study programmes"), 28)
def studies(account: Any, text: str, limit: int) -> Iterable[Found]:
    """Programmes by name, for everybody."""
    offered = StudyProgramme.objects.offered().select_related("organisation")
    for found in find(offered, SearchKey("name"), text, limit):
        yield Found(str(found), str(found.organisation), reverse("careers:study", args=[found.pk]))
