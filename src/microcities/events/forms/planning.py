"""Planning an event: what it is, when and where, for whom, how often; why it changes or is cancelled."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.bookings.models import Resource, ResourceKind
from microcities.events.forms.registering import moment_field
from microcities.events.models import Event, EventLanguage, Question
from microcities.people.models import Account, Organisation
from microcities.people.roles import Permission
from microcities.programme.models import City

MOST_TIMES = 200
MOMENTS = ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at")
RULES = {
    "": _("once"), "FREQ=DAILY": _("every day"), "FREQ=WEEKLY": _("every week"),
    "FREQ=WEEKLY;INTERVAL=2": _("every two weeks"), "FREQ=MONTHLY": _("every month"),
}
SCOPES = (("this", _("this event only")), ("following", _("this one and those after it")), ("all", _("all that are to come")))


class PlanForm(forms.ModelForm):
    """Everything an event says."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=EventLanguage.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    online_url = forms.URLField(label=_("Link to take part online"), required=False, assume_scheme="https")
    starts_at = moment_field(_("Start"))
    ends_at = moment_field(_("End"))
    registration_opens_at = moment_field(_("Registration opens"), required=False)
    registration_closes_at = moment_field(_("Registration closes"), required=False)

    class Meta:
        model = Event
        fields = (
            "organisation", "programme", "city", "kind", "name", "name_en", "about", "about_en", "starts_at", "ends_at",
            "place", "room", "online_url", "capacity", "is_drop_in", "audience", "youngest", "oldest", "is_public", "languages",
            "access_note", "access_note_en", "price", "funding_source", "registration_opens_at", "registration_closes_at",
            "offer_hours",
        )
        widgets = {name: forms.Textarea({"rows": 4}) for name in ("about", "about_en", "access_note", "access_note_en")}

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        own = Organisation.objects.of_account(account, Permission.MANAGE_EVENTS)
        fields["organisation"].queryset = own.in_latvian_order()
        if own.count() == 1:
            fields["organisation"].initial = own.get().pk
        fields["city"].queryset = City.objects.in_latvian_order()
        rooms = Resource.objects.in_use().of_kind(ResourceKind.ROOM).filter(organisation__in=own)
        fields["room"].queryset = rooms.in_latvian_order()
        fields["room"].help_text = _now("The room is booked with the event.")
        fields["capacity"].min_value = 1
        for name, field in fields.items():
            field.label = str(field.label)[:1].upper() + str(field.label)[1:]
            if name in {"price", "offer_hours"}:
                field.required = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for first, last, problem in (
            ("starts_at", "ends_at", _("The end must be later than the start.")),
            ("registration_opens_at", "registration_closes_at", _("Registration must close later than it opens.")),
        ):
            if data.get(first) and data.get(last) and data[last] <= data[first]:
                self.add_error(last, str(problem))
        if data.get("youngest") is not None and data.get("oldest") is not None and data["oldest"] < data["youngest"]:
            self.add_error("oldest", _now("The highest age must not be below the lowest."))
        return data

    @property
    def changed_values(self) -> dict[str, Any]:
        """What is different from before; a time that differs by seconds, which the field does not show, is not."""
        found = {}
        for name in self.changed_data:
            if name not in self._meta.fields:  # type: ignore[operator]
                continue
            value, before = self.cleaned_data[name], self.initial.get(name)
            if name in MOMENTS and _minute(value) == _minute(before):
                continue
            found[name] = value
        return found


class NewEventForm(PlanForm):
    """A new event, perhaps one that repeats."""

    rule = forms.ChoiceField(label=_("How often?"), choices=list(RULES.items()), required=False)
    times = forms.IntegerField(
        label=_("How many times?"), required=False, min_value=2, max_value=MOST_TIMES,
        help_text=_("For an event that repeats."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("rule") and not data.get("times") and "times" not in self.errors:
            self.add_error("times", _now("Say how many times, from 2 to %(most)s.") % {"most": MOST_TIMES})
        if data.get("starts_at") and data["starts_at"] <= timezone.now():
            self.add_error("starts_at", _now("Plan the event for a time that is still to come."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """The event's own values."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"rule", "times"}}

    @property
    def series_values(self) -> dict[str, Any]:
        """What `draft_series` is told: the rule with its count, local start and length besides the event's values."""
        values = self.values
        start, end = values.pop("starts_at"), values.pop("ends_at")
        return {
            **values, "rule": f"{self.cleaned_data['rule']};COUNT={self.cleaned_data['times']}",
            "starts_local": timezone.localtime(start).strftime("%Y-%m-%dT%H:%M"),
            "minutes": int((end - start).total_seconds() // 60),
        }


class ChangeForm(PlanForm):
    """A change of an event, of it and those after it, or of all of its series that are to come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["organisation"]
        if self.instance.series_id:
            self.fields["scope"] = _scope()
        self.fields["reason"] = forms.CharField(
            label=_now("Reason"), required=False, max_length=300, help_text=_now("Stands in the event's history.")
        )


class CancelForm(forms.Form):
    """Why an event is called off, and whether those after it too."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text=_("Everybody registered reads it."),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event.series_id:
            self.fields["scope"] = _scope()
            self.fields["scope"].label = _now("What is cancelled?")


class QuestionForm(forms.ModelForm):
    """One question; an empty text takes it away."""

    class Meta:
        model = Question
        fields = ("text", "text_en", "kind", "choices", "choices_en", "is_required")
        widgets = {name: forms.Textarea({"rows": 3}) for name in ("choices", "choices_en")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False
        for field in self.fields.values():
            field.label = str(field.label)[:1].upper() + str(field.label)[1:]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        choices, english = (data.get(name, "").splitlines() for name in ("choices", "choices_en"))
        if data.get("kind") == "choice" and len(choices) < 2:
            self.add_error("choices", _now("Give at least two choices, one a line."))
        if data.get("kind") != "choice":
            data["choices"] = data["choices_en"] = ""
        elif english and len(english) != len(choices):
            self.add_error("choices_en", _now("The two languages must have as many lines."))
        return data

    def _get_validation_exclusions(self) -> set[str]:
        # The constraint on choices is judged above, in words people understand.
        return {*super()._get_validation_exclusions(), "choices", "kind"}  # type: ignore[misc]

    @property
    def question(self) -> Question | None:
        """The question as typed, unsaved; None when it is taken away."""
        data = self.cleaned_data
        names = ("kind", "text", "text_en", "choices", "choices_en", "is_required")
        return Question(**{name: data[name] for name in names}) if data.get("text") else None


class HostForm(forms.Form):
    """An organisation that people meet at the event."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.exclude(hosted_events__event=event).in_latvian_order()


def _scope(scopes: Any = SCOPES) -> forms.ChoiceField:
    return forms.ChoiceField(label=_now("What is changed?"), choices=scopes, initial="this", widget=forms.RadioSelect)


def _minute(moment: datetime | None) -> datetime | None:
    return moment.replace(second=0, microsecond=0) if moment else None
