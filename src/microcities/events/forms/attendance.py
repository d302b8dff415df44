"""Who came: by the list, by a code, from notes taken without a connection; and what people thought."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.events.models import Attendance, Attendee, Audience
from microcities.ui.forms import AcceptedFileField

MOST_BYTES = 1024 * 1024


class AttendanceForm(forms.Form):
    """Came, did not come or not known, for each person with a place."""

    def __init__(self, *args: Any, attendees: Sequence[Attendee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendees = attendees
        for each in attendees:
            self.fields[f"came-{each.pk}"] = forms.ChoiceField(
                label=each.person.name, choices=Attendance.choices, initial=each.attendance, widget=forms.RadioSelect,
            )

    def keys(self, attendance: str) -> list[int]:
        """Attendees of whom this was said; by the second button it is said of all others too."""
        said = {attendance, Attendance.UNKNOWN} if self.data.get("others") == attendance else {attendance}
        return [each.pk for each in self.attendees if self.cleaned_data[f"came-{each.pk}"] in said]


class CodeForm(forms.Form):
    """A code read aloud or from a ticket."""

    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("Eight letters and digits below the QR code."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class NotedForm(forms.Form):
    """Codes with times, typed or as a file."""

    lines = forms.CharField(
        label=_("Codes with times"), required=False, widget=forms.Textarea({"rows": 8}), max_length=200_000,
        help_text=_("One person a line, for example: K7QM2XAB;10:05. Without a time the start of the event counts."),
    )
    file = AcceptedFileField(accept=(".csv", ".txt"), max_bytes=MOST_BYTES, required=False, label=_("Or a file"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("file"):
            try:
                data["text"] = data["file"].read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _now("The file is not text in UTF-8. Save it again as CSV UTF-8."))
        else:
            data["text"] = data.get("lines", "")
        if not self.errors and not data["text"].strip():
            self.add_error("lines", _now("Type the codes or choose a file."))
        return data


class FeedbackForm(forms.Form):
    """Three questions; the answers name nobody."""

    useful = forms.TypedChoiceField(
        label=_("How useful was it for you?"), coerce=int, widget=forms.RadioSelect,
        choices=[(5, _("5, very useful")), (4, "4"), (3, "3"), (2, "2"), (1, _("1, not useful"))],
    )
    learnt = forms.TypedChoiceField(
        label=_("Did you learn something new about work or study?"), required=False, widget=forms.RadioSelect,
        choices=[("yes", _("yes")), ("no", _("no"))], coerce=lambda value: value == "yes", empty_value=None,
    )
    group = forms.ChoiceField(label=_("Who are you?"), choices=Audience.choices[1:])
    words = forms.CharField(
        label=_("In your own words"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("Please name nobody. The organiser reads it once at least five people have answered."),
    )
