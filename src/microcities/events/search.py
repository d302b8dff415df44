"""Lets the search box find events that the account may see."""

from collections.abc import Iterable
from typing import Any

from django.db.models import TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microcities.database.expressions import SearchKey
from microcities.database.finding import find
from microcities.events.models import Event
from microcities.events.wording import when_words
from microcities.programme.search import Found, searchable

EVENT_KEY = SearchKey(Concat("name", Value(" "), "name_en", output_field=TextField()))


@searchable("events.events", _("Events"), 25)
def events(account: Any, text: str, limit: int) -> Iterable[Found]:
    """Events by name in either language."""
    visible = Event.objects.filter(pk__in=Event.objects.visible_to(account).values("pk"))
    for event in find(visible.select_related("city"), EVENT_KEY, text, limit):
        yield Found(str(event), f"{when_words(event)}, {event.city}", reverse("events:event", args=[event.uid]))
