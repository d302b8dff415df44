"""Lets the search box find indicators: the public ones for everybody, all of them for whoever may see detail."""

from collections.abc import Iterable
from typing import Any

from django.db.models import TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microcities.database.expressions import SearchKey
from microcities.database.finding import find
from microcities.programme.search import Found, searchable
from microcities.results.models import Indicator
from microcities.results.rules import may_see_detail

INDICATOR_KEY = SearchKey(Concat("name", Value(" "), "name_en", Value(" "), "code", output_field=TextField()))


@searchable("results.indicators", _("Indicators"), 40)
def indicators(account: Any, text: str, limit: int) -> Iterable[Found]:
    """Indicators by name in either language, or by code."""
    visible = Indicator.objects.all() if may_see_detail(account) else Indicator.objects.open_to_the_public()
    for indicator in find(visible, INDICATOR_KEY, text, limit):
        yield Found(str(indicator), "", reverse("results:indicator", args=[indicator.code]))
