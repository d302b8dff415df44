"""An encounter by hand or from an event, its pupils, who was there."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.careers.models import (
    Encounter,
    EncounterAttendance,
    EncounterKind,
    Presence,
    School,
    SchoolClass,
)
from microcities.careers.school_years import year_of
from microcities.events.models import Event, EventState
from microcities.people.models import Account, Organisation, Person
from microcities.ui.fields import day_field

TOLD = ("kind", "hours", "mode", "host", "host_size", "sector", "provider_kind", "subject", "is_stem", "through_curriculum",
        "part_time_job", "outcomes")
ANSWERS = ("purpose_shared_with_host", "purpose_shared_with_pupils", "fitted_to_pupils", "two_way", "time_to_reflect",
           "met_range_of_people", "task_with_feedback", "told_of_entry", "told_of_learning", "met_staff_and_learners")


class EncounterForm(forms.ModelForm):
    """What was met, and the answers that say whether it was a meaningful encounter."""

    held_on = day_field(_("Day"))
    hours = forms.DecimalField(
        label=_("Hours for each pupil"), min_value=Decimal("0.25"), max_value=400, max_digits=5, decimal_places=2
    )
    sector = forms.RegexField(
        "^[A-Va-v]?$", label=_("Sector (letter of NACE)"), required=False,
        help_text=_("A to V, for example C for manufacturing, J for information and communication."),
        error_messages={"invalid": _("Write one letter from A to V.")},
    )

    class Meta:
        model = Encounter
        fields = ("kind", "name", "held_on", *TOLD[1:], *ANSWERS)
        widgets = {"outcomes": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["host"].queryset = Organisation.objects.in_latvian_order()
        fields["subject"].help_text = _now("Its code as in the class, for example math. Needed for a subject lesson.")
        fields["provider_kind"].help_text = _now("For a meeting with a place of study.")
        for field in fields.values():
            field.label = str(field.label)[:1].upper() + str(field.label)[1:]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["sector"] = (data.get("sector") or "").upper()
        kind = data.get("kind")
        if kind == EncounterKind.PROVIDER and not data.get("provider_kind"):
            self.add_error("provider_kind", _now("Say what kind of place of study it was."))
        if kind != EncounterKind.PROVIDER:
            data["provider_kind"] = ""
        if kind == EncounterKind.SUBJECT and not data.get("subject"):
            self.add_error("subject", _now("Say in which subject."))
        return data

    def _get_validation_exclusions(self) -> set[str]:
        # The action checks the whole encounter, with its school.
        return {field.name for field in Encounter._meta.fields}

    def validate_constraints(self) -> None:
        """Left to the action."""


class NewEncounterForm(EncounterForm):
    """A new encounter with whole classes; single pupils are added afterwards."""

    classes = forms.ModelMultipleChoiceField(
        SchoolClass.objects.none(), label=_("Classes"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("All pupils who are in these classes on the day are put on the list."),
    )
    attended = forms.BooleanField(label=_("All of them were there"), required=False)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["classes"]
        field.queryset = classes_of(school)
        self.fields["held_on"].initial = timezone.localdate()

    @property
    def pupils(self) -> list[Person]:
        """Everybody in the chosen classes on the day."""
        return pupils_in(self.cleaned_data["classes"], self.cleaned_data["held_on"])

    @property
    def values(self) -> dict[str, Any]:
        """The encounter's own values."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"classes", "attended"}}


def classes_of(school: School) -> Any:
    """Classes of this school year and the one before, the latest first."""
    this_year = year_of(timezone.localdate())
    return school.classes.filter(school_year__in=[this_year - 1, this_year]).order_by("-school_year", "stage", "number", "name")


def pupils_in(classes: Any, day: Any) -> list[Person]:
    """Everybody in these classes on a day."""
    here = Person.objects.filter(
        enrolments__school_class__in=classes, enrolments__joined_on__lte=day, enrolments__left_on__gte=day
    )
    return list(here.distinct().in_latvian_order())


class EventEncounterForm(EncounterForm):
    """An encounter from an event that is over: its name, day and attendance come from there."""

    event = forms.ModelChoiceField(Event.objects.none(), label=_("Event"), help_text=_("Announced events that are over."))
    field_order = ("event",)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["name"], self.fields["held_on"]
        over = Event.objects.visible_to(account).filter(state=EventState.PUBLISHED, ends_at__lte=timezone.now())
        field: Any = self.fields["event"]
        field.queryset = over.order_by("-starts_at")
        field.label_from_instance = lambda event: f"{event}, {timezone.localdate(event.starts_at):%d.%m.%Y}"


class PupilsForm(forms.Form):
    """More pupils for an encounter: whole classes, or one of the school."""

    classes = forms.ModelMultipleChoiceField(
        SchoolClass.objects.none(), label=_("Classes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Or one pupil"), required=False)

    def __init__(self, *args: Any, encounter: Encounter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.encounter, day = encounter, encounter.held_on
        classes, person = self.fields["classes"], self.fields["person"]
        here = encounter.school.classes.of_year(year_of(day)).in_order()
        classes.queryset = here  # type: ignore[attr-defined]
        listed = encounter.attendances.values("person_id")
        pupils = Person.objects.filter(
            enrolments__school_class__in=here.order_by(), enrolments__joined_on__lte=day, enrolments__left_on__gte=day
        )
        person.queryset = pupils.exclude(pk__in=listed).distinct().in_latvian_order()  # type: ignore[attr-defined]
        person.label_from_instance = lambda each: each.name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("classes") and not data.get("person"):
            self.add_error("classes", _now("Choose a class or a pupil."))
        return data

    @property
    def pupils(self) -> list[Person]:
        """Those chosen, each once."""
        found = pupils_in(self.cleaned_data["classes"], self.encounter.held_on)
        one = self.cleaned_data.get("person")
        return found + ([one] if one and one not in found else [])


class PresenceForm(forms.Form):
    """Who was there, and who thought it over afterwards, pupil by pupil."""

    def __init__(self, *args: Any, attendances: Sequence[EncounterAttendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendances = attendances
        for each in attendances:
            name = each.person.name
            self.fields[f"presence-{each.person_id}"] = forms.ChoiceField(
                label=_now("Presence: %(name)s") % {"name": name}, choices=Presence.choices, initial=each.presence,
            )
            self.fields[f"reflected-{each.person_id}"] = forms.BooleanField(
                label=_now("Thought it over: %(name)s") % {"name": name}, required=False, initial=each.reflection_done,
                disabled=each.reflection_done,
            )

    @property
    def rows(self) -> list[tuple[EncounterAttendance, Any, Any]]:
        """Each pupil with the two fields."""
        return [
            (each, self[f"presence-{each.person_id}"], self[f"reflected-{each.person_id}"]) for each in self.attendances
        ]

    def chosen(self, presence: str) -> list[int]:
        """Numbers of persons of whom this was said and was not known yet."""
        return [
            each.person_id for each in self.attendances
            if self.cleaned_data[f"presence-{each.person_id}"] == presence != each.presence
        ]

    @property
    def reflected(self) -> list[int]:
        """Who thought it over and was not known to have; what became of those marked absent stands in their presence."""
        return [
            each.person_id for each in self.attendances
            if self.cleaned_data[f"reflected-{each.person_id}"] and not each.reflection_done
        ]
