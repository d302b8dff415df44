"""What people type on the pages of decisions: a reason to discard, and the input of a trial run."""

from django import forms
from django.utils.translation import gettext_lazy as _

# Characters. A larger input is for the command line, where it holds up nobody else.
LARGEST_TRIAL = 200_000


class DiscardForm(forms.Form):
    """Why a proposed decision is set aside."""

    reason = forms.CharField(
        label=_("Reason for discarding"),
        max_length=500,
        help_text=_("Kept with the decision file. Do not name people."),
    )


class TrialForm(forms.Form):
    """The JSON input of an engine, or a whole decision file, and a seed."""

    input = forms.CharField(
        label=_("Input as JSON"),
        max_length=LARGEST_TRIAL,
        widget=forms.Textarea({"spellcheck": "false", "autocomplete": "off", "rows": "12"}),
        help_text=_("An input by the engine's schema, or a whole decision file. Nothing of it is kept."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        required=False,
        min_value=0,
        help_text=_("The same seed gives the same answer. Empty: the seed of the decision file, or 0."),
    )
