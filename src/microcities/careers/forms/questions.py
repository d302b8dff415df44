"""What people ask their counsellors, and what counsellors answer."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.careers.counsellors import advising
from microcities.people.models import Organisation, Person
from microcities.privacy.rules import is_minor

LONGEST = 4000


def _text(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea({"rows": 5}), **kwargs)


class QuestionForm(forms.Form):
    """A question, and whose counsellors are asked where there is a choice."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Whom do you ask?"), empty_label=None)
    text = _text(_("Your question"))

    def __init__(self, *args: Any, person: Person, for_child: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        found = list(advising(person)[:2])
        self.only = found[0] if len(found) == 1 else None
        fields["organisation"].queryset = advising(person)
        if self.only is not None:
            del fields["organisation"]
        fields["text"].help_text = _who_reads(person, for_child)

    @property
    def values(self) -> dict[str, Any]:
        """What the action is told."""
        return {"organisation": self.only, **self.cleaned_data}


class WriteAgainForm(forms.Form):
    """More of the same question."""

    text = _text(_("Write on"))


class AnswerForm(forms.Form):
    """The counsellor's answer, and whether a talk is offered with it."""

    text = _text(_("Your answer"))
    offer = forms.BooleanField(
        label=_("Offer a talk as well"), required=False,
        help_text=_("Then the person finds a button to book a time below your answer."),
    )


def _who_reads(person: Person, for_child: bool) -> str:
    if for_child:
        return _now("The counsellors read it, and your child may read it too.")
    if is_minor(person, timezone.localdate()):
        return _now("Only the counsellors read it. Your guardian does not see it on this site.")
    return _now("Only the counsellors read it.")
