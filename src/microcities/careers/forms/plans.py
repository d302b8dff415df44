"""What people write into their own career plan."""

from django import forms
from django.utils.translation import gettext_lazy as _

from microcities.careers.actions.plan_documents import MOST_BYTES
from microcities.ui.fields import day_field
from microcities.ui.forms import AcceptedFileField


class GoalForm(forms.Form):
    """The goal, and what speaks for it if the person likes to say."""

    goal = forms.CharField(
        label=_("My goal"), max_length=300, help_text=_("One sentence: what do you want to learn, try or become?")
    )
    reason = forms.CharField(
        label=_("Why this goal"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    strengths = forms.CharField(
        label=_("What I am good at"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class StepForm(forms.Form):
    """One step and the day until which it is to be done."""

    what = forms.CharField(
        label=_("What to do"), max_length=200, help_text=_("Small enough to be done in some weeks: visit, ask, read, try.")
    )
    due_on = day_field(_("Until"), required=False, help_text=_("Leave it empty if there is no day."))


class DocumentForm(forms.Form):
    """A file that belongs to the plan, and what it is."""

    title = forms.CharField(label=_("What it is"), max_length=120, help_text=_("For example: curriculum vitae, certificate."))
    file = AcceptedFileField(accept=(".pdf", ".png", ".jpg", ".jpeg"), max_bytes=MOST_BYTES, label=_("Document"))
