"""Whom somebody registers, when they come, and what they answer."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.events.choosing import candidates, groups_of, organisations_of
from microcities.events.models import Event, Question, QuestionKind
from microcities.people.models import Account, Organisation, Person
from microcities.people.queries import OrganisationQuerySet

LOCAL = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A time of the local clock. The hour that spring leaves out and the one that autumn has twice are told apart."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
        clock = datetime.strptime(str(value).strip()[:16], LOCAL).replace(tzinfo=timezone.get_current_timezone())
        summer, winter = clock.utcoffset(), clock.replace(fold=1).utcoffset()
        if summer is not None and winter is not None and summer < winter:
            raise ValidationError(_now("There is no such time: clocks go forward in it. Choose an earlier or later one."))
        raise ValidationError(_now("This hour comes twice: clocks go back in it. Choose an earlier or later one."))


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    """A day with hours and minutes, in the browser's own field."""
    widget = forms.DateTimeInput(format=LOCAL, attrs={"type": "datetime-local"})
    return MomentField(label=label, widget=widget, input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S"], **kwargs)


class ChooseForm(forms.Form):
    """Who comes; for staff also for which organisation and class; at a drop-in event also when."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    people = forms.MultipleChoiceField(label=_("Who comes?"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, account: Account, event: Event, text: str, chosen: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {str(person.public_id): person for person in candidates(account, text, _readable(chosen))}
        self.fields["people"].choices = [(key, person.name) for key, person in self.candidates.items()]  # type: ignore[attr-defined]
        organisations = organisations_of(account)
        self.searches, self.groups = bool(organisations), groups_of(account, event) if organisations else []
        if organisations:
            self.fields["organisation"] = forms.ModelChoiceField(
                _among(organisations), label=_now("Registered by"), required=False,
                help_text=_now("When you register people of your organisation."),
            )
            self.fields["label"] = forms.CharField(label=_now("Class or group"), required=False, max_length=60)
        if event.is_drop_in:
            self.fields["comes_at"] = moment_field(_now("Comes at"), initial=event.starts_at)
            self.fields["leaves_at"] = moment_field(_now("Leaves at"), initial=event.ends_at)

    @property
    def chosen_people(self) -> list[Person]:
        """Those ticked."""
        return [self.candidates[key] for key in self.cleaned_data["people"]]

    @property
    def values(self) -> dict[str, Any]:
        """What the action `register` is told besides the people's answers."""
        data = self.cleaned_data
        found = {key: data[key] for key in ("key", "organisation", "label") if data.get(key)}
        during: tuple[datetime, datetime] | None = None
        if data.get("comes_at") and data.get("leaves_at"):
            during = (data["comes_at"], data["leaves_at"])
        return {**found, "people": self.chosen_people, "during": during}


class AnswersForm(forms.Form):
    """The event's questions, once for each person."""

    def __init__(self, *args: Any, questions: Sequence[Question], people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [(person, question, f"a-{person.pk}-{question.pk}") for person in people for question in questions]
        for person, question, name in self.asked:
            label = f"{person.name}: {question}" if len(people) > 1 else str(question)
            self.fields[name] = _field(question, label)

    @property
    def answers(self) -> dict[int, dict[str, Any]]:
        """{person: {question: answer}} as the action keeps it."""
        found: dict[int, dict[str, Any]] = {}
        for person, question, name in self.asked:
            found.setdefault(person.pk, {})[str(question.pk)] = self.cleaned_data[name]
        return found

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(whose answer to what, answer) for the page that asks to check them."""
        return [(str(self.fields[name].label), answer_words(self.cleaned_data[name])) for _p, _q, name in self.asked]


class MoveForm(forms.Form):
    """To which other date of the series."""

    to = forms.ModelChoiceField(Event.objects.none(), label=_("New date"), widget=forms.RadioSelect, empty_label=None)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = Event.objects.other_dates(event)
        field.label_from_instance = lambda each: timezone.localtime(each.starts_at).strftime("%d.%m.%Y %H:%M")


def answer_words(answer: Any) -> str:
    """An answer as people read it."""
    if isinstance(answer, bool):
        return _now("yes") if answer else _now("no")
    return str(answer or "")


def _field(question: Question, label: str) -> forms.Field:
    if question.kind == QuestionKind.YES_NO:
        choices = [("", _now("Not chosen")), ("yes", _now("yes")), ("no", _now("no"))]
        return forms.TypedChoiceField(
            label=label, choices=choices, coerce=lambda value: value == "yes", empty_value=None, required=question.is_required
        )
    if question.kind == QuestionKind.CHOICE:
        pairs = question.choice_pairs
        return forms.ChoiceField(label=label, choices=[("", _now("Not chosen")), *pairs], required=question.is_required)
    return forms.CharField(label=label, required=question.is_required, max_length=500)


def _readable(chosen: Sequence[str]) -> list[str]:
    found = []
    for text in chosen:
        try:
            found.append(str(uuid.UUID(text)))
        except ValueError:
            continue
    return found


def _among(organisations: Sequence[Organisation]) -> OrganisationQuerySet:
    return Organisation.objects.filter(pk__in=[each.pk for each in organisations]).in_latvian_order()
