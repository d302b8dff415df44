"""Choosing a time for a talk: every free time of every counsellor in sight, by day."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.bookings.models import Resource
from microcities.careers.counsellors import free_talks

MINUTES = 45


class TimeForm(forms.Form):
    """One free time, told by the counsellor's number and the start."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    time = forms.ChoiceField(label=_("Time"), help_text=_("A talk lasts 45 minutes."))

    def __init__(
        self, *args: Any, counsellors: Sequence[Resource], first: date, last: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.counsellors = {str(each.pk): each for each in counsellors}
        self.groups = [group for each in counsellors for group in _groups(each, first, last, len(counsellors) > 1)]
        field: Any = self.fields["time"]
        field.choices = [("", _now("Choose a time")), *self.groups]
        field.error_messages["invalid_choice"] = _now("This time has been taken or is too soon. Choose another one.")

    @property
    def counsellor(self) -> Resource:
        """Whose time was chosen."""
        return self.counsellors[self.cleaned_data["time"].split("|")[0]]

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return datetime.fromisoformat(self.cleaned_data["time"].split("|")[1])


class CancelTalkForm(forms.Form):
    """Why the talk is not to be; nobody has to say."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=300, help_text=_("The other side reads it."),
    )


def _groups(counsellor: Resource, first: date, last: date, named: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """(day, [(value, from – to)]) for a select with headings."""
    days: dict[date, list[tuple[str, str]]] = {}
    for span in free_talks(counsellor, first, last, MINUTES):
        start, end = timezone.localtime(span.starts_at), timezone.localtime(span.ends_at)
        words = f"{time_format(start.time(), 'TIME_FORMAT')} – {time_format(end.time(), 'TIME_FORMAT')}"
        days.setdefault(start.date(), []).append((f"{counsellor.pk}|{start.isoformat()}", words))
    who = f", {counsellor}" if named else ""
    return [(f"{date_format(day, 'l')}, {date_format(day, 'DATE_FORMAT')}{who}", times) for day, times in days.items()]
