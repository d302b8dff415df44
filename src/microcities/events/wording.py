"""When and where an event is, in words."""

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from microcities.events.calendar import place_of
from microcities.events.models import Event
from microcities.ui.numbers import format_moment


def when_words(event: Event) -> str:
    """The day and hours, or both ends when it lasts longer than a day."""
    start, end = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    last = time_format(end.time(), "TIME_FORMAT") if start.date() == end.date() else format_moment(end)
    return f"{format_moment(start)} – {last}"


def where_words(event: Event) -> str:
    """The place, or that it is online."""
    if event.online_url and not (event.room_id or event.place):
        return _("online")
    return place_of(event)
