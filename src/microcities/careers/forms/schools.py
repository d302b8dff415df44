"""Which day and rules a dashboard shows; classes, and pupils who come, move and leave."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.careers.dashboards import READINGS, Asked
from microcities.careers.frameworks import profiles, versions_of
from microcities.careers.models import Enrolment, LeavingReason, School, SchoolClass
from microcities.careers.school_years import label
from microcities.people.models import Person
from microcities.ui.fields import day_field
from microcities.ui.forms import AcceptedFileField, FilterForm

EARLIEST = date(2014, 9, 1)
MOST_BYTES = 1024 * 1024


class AskForm(FilterForm):
    """The day, an earlier one to compare with, and by which rules; what is left empty is today and the rules in force."""

    day = day_field(_("On the day"))
    earlier = day_field(_("Compare with"))
    version = forms.ChoiceField(label=_("Framework"))
    profile = forms.ChoiceField(label=_("Bands"))
    reading = forms.ChoiceField(label=_("“By 16” means"), choices=list(READINGS.items()))

    def __init__(self, params: Mapping[str, Any], *, setting: str) -> None:
        super().__init__(params if any(name in params for name in self.base_fields) else None)
        fields: Any = self.fields
        fields["version"].choices = [("", _now("in force on the day")), *versions_of(setting)]
        fields["profile"].choices = [("", _now("in force on the day")), *profiles()]
        fields["day"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        day = data.get("day") or timezone.localdate()
        if data.get("day") and not EARLIEST <= day <= timezone.localdate():
            self.add_error("day", _now("Choose a day from 1 September 2014 to today."))
        if data.get("earlier") and not EARLIEST <= data["earlier"] < day:
            self.add_error("earlier", _now("Choose a day before the one that is shown, and not before 1 September 2014."))
        return data

    @property
    def asked(self) -> Asked:
        """What was asked; wrong answers count as not given, and the form says what is wrong with them."""
        data = self.cleaned_data if self.is_valid() or self.is_bound else {}
        return Asked(
            data.get("day") or timezone.localdate(), data.get("earlier"), data.get("version") or None,
            data.get("profile") or None, data.get("reading") or "stage",
        )


class ClassForm(forms.ModelForm):
    """A class of a school year."""

    subjects = forms.CharField(
        label=_("Subjects"), required=False, help_text=_("Codes with commas between them, for example math, phys, lv."),
    )

    class Meta:
        model = SchoolClass
        fields = ("stage", "number", "name", "field_code", "subjects", "is_final")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = str(field.label)[:1].upper() + str(field.label)[1:]
        if self.instance.pk:
            self.initial["subjects"] = ", ".join(self.instance.subjects)

    def clean_subjects(self) -> list[str]:
        """The codes, each once."""
        found = [each.strip() for each in self.cleaned_data["subjects"].split(",")]
        return list(dict.fromkeys(each for each in found if each))

    def _get_validation_exclusions(self) -> set[str]:
        # The action checks the whole class, with its school and year.
        return {field.name for field in SchoolClass._meta.fields}

    def validate_constraints(self) -> None:
        """Left to the action."""


class EnrolForm(forms.Form):
    """A person known at the school, into a class."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Pupil"))
    joined_on = day_field(_("First day in the class"), required=False, help_text=_("Empty: 1 September."))

    def __init__(self, *args: Any, school_class: SchoolClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = Enrolment.objects.of_year(school_class.school_year).meeting(
            max(timezone.localdate(), school_class.first_day), school_class.last_day
        )
        known = Person.objects.current().filter(registrations__organisation_id=school_class.school.organisation_id)
        field: Any = self.fields["person"]
        field.queryset = known.exclude(pk__in=taken.values("person_id")).distinct().in_latvian_order()
        field.label_from_instance = lambda person: person.name


class MoveForm(forms.Form):
    """To another class of the school from a day on."""

    school_class = forms.ModelChoiceField(SchoolClass.objects.none(), label=_("To the class"))
    on = day_field(_("First day there"))

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = enrolment.school_class
        others = here.school.classes.of_year(here.school_year).exclude(pk=here.pk)
        field: Any = self.fields["school_class"]
        field.queryset = others.in_order()
        self.fields["on"].initial = timezone.localdate()


class HandOverForm(forms.Form):
    """To another school here, which then knows the pupil."""

    to_school = forms.ModelChoiceField(School.objects.none(), label=_("To the school"))
    last_on = day_field(_("Last day here"))

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to_school"]
        field.queryset = School.objects.exclude(pk=enrolment.school_class.school_id).select_related("organisation")
        self.fields["last_on"].initial = timezone.localdate()


class LeaveForm(forms.Form):
    """Leaves school, or has finished it."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=[(each.value, each.label) for each in (LeavingReason.LEFT, LeavingReason.GRADUATED)]
    )
    last_on = day_field(_("Last day here"))

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_on"].initial = timezone.localdate()


class RollOverForm(forms.Form):
    """Names of next year's classes; empty lets the number in the name move up."""

    def __init__(self, *args: Any, school: School, from_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.classes = list(school.classes.of_year(from_year).filter(is_final=False).in_order())
        for each in self.classes:
            self.fields[f"name-{each.pk}"] = forms.CharField(
                label=_now("%(class)s is called in %(year)s") % {"class": each.name, "year": label(from_year + 1)},
                required=False, max_length=30, help_text=_now("Empty: the number in the name moves up."),
            )

    @property
    def names(self) -> dict[int, str]:
        """Names given, by class of this year."""
        given = {each.pk: self.cleaned_data[f"name-{each.pk}"].strip() for each in self.classes}
        return {number: name for number, name in given.items() if name}


class BringForm(forms.Form):
    """A class list as a file, the day it tells of, and whether it names the whole school."""

    file = AcceptedFileField(accept=(".csv", ".xlsx"), max_bytes=MOST_BYTES, label=_("Class list"))
    taken_on = day_field(_("As of"), help_text=_("The day the list tells of."))
    is_whole_school = forms.BooleanField(
        label=_("The list names the whole school"), required=False, initial=True,
        help_text=_("Then pupils who are not in it have left. Otherwise only those of the classes that it names."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taken_on"].initial = timezone.localdate()


class ApplyForm(forms.Form):
    """A compared list, carried from the comparison to the button, so that nothing of it is kept in between."""

    content = forms.CharField(widget=forms.HiddenInput, max_length=MOST_BYTES * 2)
    file_name = forms.CharField(widget=forms.HiddenInput, max_length=200)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    taken_on = forms.DateField(widget=forms.HiddenInput)
    is_whole_school = forms.BooleanField(widget=forms.HiddenInput, required=False)
