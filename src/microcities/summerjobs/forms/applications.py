"""The parts of a pupil's application, one question's worth each, and what staff say about it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Organisation, OrganisationKind, Person
from microcities.people.places import place_names
from microcities.summerjobs.actions.applications import MOST_BYTES
from microcities.summerjobs.forms.posts import group_names
from microcities.summerjobs.models import Application, Level
from microcities.ui.fields import ActionForm, day_field
from microcities.ui.forms import AcceptedFileField

ELSEWHERE = "elsewhere"


def residence_words(key: str) -> str:
    """The municipality in the reader's language."""
    return _now("another municipality") if key == ELSEWHERE else place_names().get(key, key)


SCHOOLS = (OrganisationKind.SCHOOL, OrganisationKind.TECHNIKUM)


class SchoolForm(ActionForm):
    """What the pupil attends; whether basic education is finished decides what the law allows."""

    level = forms.ChoiceField(label=_("Education"), choices=Level.choices, widget=forms.RadioSelect)
    basic_finished_on = day_field(
        _("Basic education finished on"), required=False,
        help_text=_("The day of the certificate after class 9. Leave it empty while you are still in basic education."),
    )

    class Meta:
        model = Application
        fields = ("level", "school", "class_name", "basic_finished_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["school"]
        field.queryset = Organisation.objects.filter(kind__in=SCHOOLS).in_latvian_order()
        field.help_text = _now("If your school is not on the list, leave it empty and tell the city.")

    def clean_basic_finished_on(self) -> Any:
        """A certificate of a later day is not there yet."""
        day = self.cleaned_data["basic_finished_on"]
        if day and day > timezone.localdate().replace(month=12, day=31):
            raise forms.ValidationError(_now("This day is too far ahead. Leave it empty until you have the certificate."))
        return day


class ResidenceForm(ActionForm):
    """Where the residence is declared."""

    residence = forms.ChoiceField(label=_("Municipality of the declared residence"))
    declared_on = day_field(_("Declared there since"), required=False, help_text=_("If you do not know it, ask at home."))

    class Meta:
        model = Application
        fields = ("residence", "declared_on", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["residence"]
        field.choices = [("", _now("Not chosen")), *sorted(place_names().items(), key=lambda each: each[1]),
                         (ELSEWHERE, _now("another municipality"))]


class GroupsForm(forms.Form):
    """Groups for which places are kept; nobody has to tell."""

    groups = forms.MultipleChoiceField(
        label=_("I belong to"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tell it only if you want such a place. The city asks for a proof; employers never see it."),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["groups"]
        field.choices = list(group_names(application.scheme))
        field.initial = [each.group for each in application.groups.all()]


class PaperForm(forms.Form):
    """A paper of the pupil."""

    title = forms.CharField(label=_("What it is"), max_length=120, help_text=_("For example: doctor's note."))
    file = AcceptedFileField(
        accept=(".pdf", ".png", ".jpg", ".jpeg"), max_bytes=MOST_BYTES, label=_("Document"),
        help_text=_("A photo will do. Only you, your guardian and the city open it."),
    )


class AboutForm(ActionForm):
    """What employers who choose may read."""

    about = forms.CharField(
        label=_("About you"), max_length=1000, required=False, widget=forms.Textarea({"rows": 5}),
        help_text=_("What can you do, and why this work? Leave out your name: employers see your code and age only."),
    )

    class Meta:
        model = Application
        fields = ("about", "shown_to_employers")


class FriendForm(ActionForm):
    """The code of a friend or sibling."""

    together_with = forms.CharField(
        label=_("Code of your friend, brother or sister"), max_length=12, required=False,
        help_text=_("If each of you enters the other's code you draw one number together. That is a wish, not a promise."),
    )

    class Meta:
        model = Application
        fields = ("together_with",)

    def clean_together_with(self) -> str:
        """Codes are written in capital letters."""
        code = str(self.cleaned_data["together_with"]).strip().upper()
        if code and not Application.objects.filter(code=code, scheme=self.instance.scheme_id).exists():
            raise forms.ValidationError(_now("Nobody in this scheme has this code. Ask for it again."))
        return code


FORMS: dict[str, type[ActionForm]] = {
    "school": SchoolForm, "residence": ResidenceForm, "about": AboutForm, "friend": FriendForm,
}


class PersonForm(forms.Form):
    """For whom a guardian applies."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Who applies"), empty_label=None)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = people
        field.label_from_instance = lambda each: each.name


class WordsForm(forms.Form):
    """What is missing, or why an application is refused."""

    words = forms.CharField(label=_("To the pupil"), max_length=500, widget=forms.Textarea({"rows": 3}))
