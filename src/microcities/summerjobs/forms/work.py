"""Forms of days of work, incidents and feedback."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from microcities.summerjobs.actions.work import DayNote
from microcities.summerjobs.models import Absence, Feedback, IncidentKind
from microcities.summerjobs.models.posts import DAY_MINUTES
from microcities.ui.fields import ActionForm, day_field, time_field


class DayForm(forms.Form):
    """One day as it was."""

    came_at = time_field(_("Came at"), required=False)
    left_at = time_field(_("Left at"), required=False)
    break_minutes = forms.IntegerField(label=_("Break, minutes"), min_value=0, max_value=DAY_MINUTES, required=False, initial=0)
    absence = forms.ChoiceField(
        label=_("Why absent"), choices=Absence.choices, required=False,
        help_text=_("For a whole day leave the times empty; for some hours enter both."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["break_minutes"] = data.get("break_minutes") or 0
        return data

    def as_note(self, on: Any) -> DayNote:
        """What was entered for the day."""
        return DayNote(on=on, **self.cleaned_data)


class IncidentForm(forms.Form):
    """What happened, and what was done at once."""

    kind = forms.ChoiceField(label=_("What it is"), choices=IncidentKind.choices)
    happened_on = day_field(_("Day"))
    what = forms.CharField(label=_("What happened"), max_length=2000, widget=forms.Textarea({"rows": 4}))
    done = forms.CharField(
        label=_("What was done about it"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )
    inspectorate_told_on = day_field(
        _("Labour inspectorate told on"), required=False, help_text=_("An accident at work is told to it by the employer."),
    )


class AnswerForm(forms.Form):
    """What the city did."""

    answer = forms.CharField(label=_("What the city did"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class FeedbackForm(ActionForm):
    """Scores from 1, bad, to 5, very good; and words."""

    class Meta:
        model = Feedback
        fields = ("work", "guidance", "again", "learnt", "words")
