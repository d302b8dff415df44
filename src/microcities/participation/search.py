"""Lets the search box find activities, which are public."""

from collections.abc import Iterable
from typing import Any

from django.db.models import TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microcities.database.expressions import SearchKey
from microcities.database.finding import find
from microcities.participation.models import Activity
from microcities.programme.search import Found, searchable

ACTIVITY_KEY = SearchKey(Concat("name", Value(" "), "name_en", Value(" "), "code", output_field=TextField()))


@searchable("participation.activities", _("Activities"), 30)
def activities(account: Any, text: str, limit: int) -> Iterable[Found]:
    """Activities by name in either language, or by code."""
    for activity in find(Activity.objects.select_related("city"), ACTIVITY_KEY, text, limit):
        yield Found(
            str(activity), f"{activity.get_kind_display().capitalize()}, {activity.city}, {activity.starts_on.year}",
            reverse("participation:activity", args=[activity.code]),
        )
