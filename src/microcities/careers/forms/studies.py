"""What a place of study says of a programme."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.careers.fields_of_study import FIELDS
from microcities.careers.models import StudyProgramme
from microcities.careers.study_paths import kind_choices
from microcities.careers.study_rules import places_of
from microcities.events.models import EventLanguage
from microcities.people.models import Account
from microcities.programme.models import City
from microcities.ui.fields import day_field


class StudyForm(forms.ModelForm):
    """One programme. Its place of study is asked for once, when it is entered."""

    kind = forms.ChoiceField(label=_("Kind of studies"))
    field_code = forms.CharField(
        label=_("Field (ISCED-F)"), min_length=2, max_length=4,
        help_text=_("Two to four digits: 06 is information and communication technologies, 0613 software."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of study"), choices=EventLanguage.choices, widget=forms.CheckboxSelectMultiple
    )
    opens_on = day_field(_("Applications from"), required=False)
    closes_on = day_field(_("Applications until"), required=False)
    url = forms.URLField(label=_("Web page"), required=False, assume_scheme="https")

    class Meta:
        model = StudyProgramme
        fields = (
            "organisation", "kind", "name", "name_en", "field_code", "city", "languages", "months", "places", "opens_on",
            "closes_on", "url",
        )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        places = places_of(account)
        fields["organisation"].queryset = places.in_latvian_order()
        if places.count() == 1:
            fields["organisation"].initial = places.get().pk
        fields["kind"].choices = kind_choices()
        fields["city"].queryset = City.objects.in_latvian_order()
        for field in fields.values():
            field.label = str(field.label)[:1].upper() + str(field.label)[1:]
        if self.instance.pk:
            del fields["organisation"]

    def clean_field_code(self) -> str:
        """A code whose broad field ISCED-F knows."""
        code = str(self.cleaned_data["field_code"])
        if not code.isascii() or not code.isdigit() or code[:2] not in FIELDS:
            raise forms.ValidationError(_now("There is no such field of study."))
        return code
