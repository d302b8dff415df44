"""What a school records besides encounters: programme, training, feedback, destinations, special needs, qualifications."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.careers.frameworks import framework, language
from microcities.careers.models import (
    Audience,
    CareersProgramme,
    Confirmation,
    DestinationKind,
    DestinationWay,
    EvidenceKind,
    FeedbackGroup,
    Reading,
    School,
)
from microcities.people.models import Organisation, Person
from microcities.people.roles import Permission, roles_with
from microcities.ui.fields import day_field


def _named(field: Any, people: Any) -> None:
    field.queryset = people.distinct().in_latvian_order()
    field.label_from_instance = lambda person: person.name


def staff_of(school: School) -> Any:
    """People known at the school who are no pupils of it."""
    known = Person.objects.current().filter(registrations__organisation_id=school.organisation_id)
    members = Person.objects.current().filter(account__memberships__organisation_id=school.organisation_id)
    staff = Person.objects.filter(pk__in=[*known.values_list("pk", flat=True), *members.values_list("pk", flat=True)])
    return staff.exclude(enrolments__school_class__school=school)


def counsellors_of(school: School) -> Any:
    """People who counsel for the school today."""
    today = timezone.localdate()
    people = Person.objects.filter(
        account__memberships__organisation_id=school.organisation_id,
        account__memberships__role__in=roles_with(Permission.GIVE_GUIDANCE), account__memberships__valid_from__lte=today,
    )
    return people.distinct()


class TrainingForm(forms.Form):
    """A member of staff learnt about careers."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Member of staff"))
    held_on = day_field(_("Day"))
    hours = forms.DecimalField(label=_("Hours"), min_value=0, max_value=400, max_digits=5, decimal_places=2)
    topic = forms.CharField(label=_("Topic"), max_length=200)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self.fields["person"], staff_of(school))


class FeedbackForm(forms.Form):
    """One of the six groups was asked."""

    group = forms.ChoiceField(label=_("Who was asked"), choices=FeedbackGroup.choices)
    held_on = day_field(_("Day"))
    asked = forms.IntegerField(label=_("People asked"), min_value=0, max_value=100_000)
    answered = forms.IntegerField(label=_("People who answered"), min_value=0, max_value=100_000)
    findings = forms.CharField(
        label=_("What they said, in short"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text=_("Name nobody."),
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class EvidenceForm(forms.Form):
    """What a school did for a criterion that no pupil's record answers."""

    kind = forms.ChoiceField(label=_("What was done"), choices=EvidenceKind.choices)
    audience = forms.ChoiceField(
        label=_("For whom"), choices=[("", _("not chosen")), *Audience.choices], required=False,
        help_text=_("Only where the careers programme was told."),
    )
    from_on = day_field(_("From"))
    to_on = day_field(_("To"), required=False)
    reached = forms.IntegerField(label=_("Staff reached"), required=False, min_value=0, help_text=_("Only for staff."))
    total = forms.IntegerField(label=_("Staff in all"), required=False, min_value=1, help_text=_("Only for staff."))
    proof = forms.CharField(label=_("What shows it"), max_length=200)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind = data.get("kind")
        if kind == EvidenceKind.PROGRAMME_TOLD and not data.get("audience"):
            self.add_error("audience", _now("Say to whom it was told."))
        if kind != EvidenceKind.PROGRAMME_TOLD:
            data["audience"] = ""
        if kind in {EvidenceKind.STAFF_LMI, EvidenceKind.STAFF_DEVELOPMENT}:
            if data.get("reached") is None or data.get("total") is None:
                self.add_error("reached", _now("Say how many of the staff were reached, and of how many."))
            elif data["reached"] > data["total"]:
                self.add_error("reached", _now("More staff were reached than there are. Check the two numbers."))
        else:
            data["reached"] = data["total"] = None
        return data


class DestinationForm(forms.Form):
    """Where a pupil means to go, went, or stayed."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Pupil"))
    kind = forms.ChoiceField(label=_("How sure"), choices=DestinationKind.choices)
    said_on = day_field(_("As of"))
    way = forms.ChoiceField(label=_("Went on to"), choices=DestinationWay.choices)
    field_code = forms.RegexField(
        r"^(\d{2,4})?$", label=_("Field of study (ISCED-F)"), required=False,
        help_text=_("Two to four figures, for example 06."),
        error_messages={"invalid": _("Write two to four figures of ISCED-F, for example 06.")},
    )
    level = forms.IntegerField(label=_("Level of study (ISCED)"), required=False, min_value=2, max_value=8)
    provider = forms.ModelChoiceField(Organisation.objects.none(), label=_("Place of study or work"), required=False)
    confirmed_by = forms.ChoiceField(label=_("Rests on"), choices=Confirmation.choices)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        _named(fields["person"], Person.objects.filter(enrolments__school_class__school=school))
        fields["provider"].queryset = Organisation.objects.in_latvian_order()


class ReadingForm(forms.Form):
    """How a criterion is read for a pupil with special needs, and why."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Pupil"))
    criterion = forms.ChoiceField(label=_("Criterion"))
    reading = forms.ChoiceField(label=_("How it is read"), choices=Reading.choices)
    count = forms.IntegerField(
        label=_("How many are asked"), min_value=1, max_value=100, initial=1, help_text=_("Only where fewer are asked.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    valid_from = day_field(_("From"), required=False, help_text=_("Empty: today."))
    valid_to = day_field(_("To"), required=False, help_text=_("Empty: the end of the school year."))

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today, fields = timezone.localdate(), self.fields
        _named(fields["person"], Person.objects.filter(
            enrolments__school_class__school=school, enrolments__joined_on__lte=today, enrolments__left_on__gte=today
        ))
        criteria = framework(school.setting, today).values.criteria
        fields["criterion"].choices = [  # type: ignore[attr-defined]
            (each.code, f"{each.code} {each.name.in_language(language())}") for each in criteria if each.basis == "pupils"
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first = data.get("valid_from") or timezone.localdate()
        if data.get("valid_to") and data["valid_to"] < first:
            self.add_error("valid_to", _now("The last day must not lie before the first."))
        return data


class EndReadingForm(forms.Form):
    """The last day of a reading, and why it ends."""

    last_on = day_field(_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class QualificationForm(forms.Form):
    """A counsellor's qualification, seen by whoever enters it."""

    counsellor = forms.ModelChoiceField(Person.objects.none(), label=_("Counsellor"))
    name = forms.CharField(label=_("Qualification"), max_length=160)
    level = forms.IntegerField(label=_("Level (European Qualifications Framework)"), min_value=1, max_value=8)
    valid_from = day_field(_("From"))
    valid_to = day_field(_("To"), required=False)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self.fields["counsellor"], counsellors_of(school))


class ProgrammeForm(forms.ModelForm):
    """A year's careers programme."""

    leader_trained_on = day_field(_("The leader was trained"), required=False)
    head_agreed_on = day_field(_("The head agreed"), required=False)
    council_agreed_on = day_field(_("The school's council agreed"), required=False)

    class Meta:
        model = CareersProgramme
        fields = ("leader", "leader_trained_on", "head_agreed_on", "council_agreed_on", "outcomes", "parents_part")
        widgets = {"outcomes": forms.Textarea({"rows": 6}), "parents_part": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self.fields["leader"], staff_of(school))
        for field in self.fields.values():
            field.label = str(field.label)[:1].upper() + str(field.label)[1:]

    def _get_validation_exclusions(self) -> set[str]:
        # The action checks the whole programme, with its school and year.
        return {field.name for field in CareersProgramme._meta.fields}

    def validate_constraints(self) -> None:
        """Left to the action."""


class PublishForm(forms.Form):
    """Where the programme can be read, and since when."""

    address = forms.URLField(label=_("Address of the published programme"), assume_scheme="https", max_length=200)
    published_on = day_field(_("Published"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["published_on"].initial = timezone.localdate()
