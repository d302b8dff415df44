"""What persons and the data protection officer type in."""

from typing import Any

from django import forms
from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.privacy.record import retention_clocks
from microcities.ui.forms import DatePartsField

LONG = forms.Textarea({"rows": 5})


class AskForm(forms.Form):
    """Why the person asks; may stay empty for an erasure, which needs no reason."""

    message = forms.CharField(label=_("Your message"), widget=LONG, max_length=4000, required=False)

    def __init__(self, *args: Any, needs_message: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].required = needs_message
        self.fields["message"].help_text = (
            _("Say what is wrong and what is right.")
            if needs_message
            else _("You need not give a reason. Erasure cannot be undone.")
        )


class AnswerForm(forms.Form):
    """The answer to a request."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Grant it")), ("refuse", _("Refuse it"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Reason"),
        widget=LONG,
        max_length=4000,
        help_text=_("The person reads this. Name the law when you refuse."),
    )


class HoldForm(forms.Form):
    """A legal hold over one person or a whole programme."""

    person = forms.UUIDField(label=_("Reference of the person"), required=False)
    programme: Any = forms.ModelChoiceField(label=_("Or the whole programme"), queryset=None, required=False)
    reason = forms.CharField(label=_("Proceedings"), widget=LONG, max_length=1000)
    from_on = DatePartsField(label=_("From"))
    to_on = DatePartsField(label=_("To, when known"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme: Any = apps.get_model("programme.Programme")
        self.fields["programme"].queryset = programme.objects.order_by("pk")  # type: ignore[attr-defined]

    def clean_person(self) -> Any:
        reference = self.cleaned_data["person"]
        if reference is None:
            return None
        model: Any = apps.get_model("people.Person")
        person = model.objects.filter(public_id=reference).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has this reference. Copy it from the page of the request."))
        return person

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("person")) == bool(data.get("programme")):
            self.add_error("programme", _("Choose a person or a programme, one of the two."))
        from_on, to_on = data.get("from_on"), data.get("to_on")
        if from_on and to_on and to_on < from_on:
            self.add_error("to_on", _("The end lies before the beginning. Correct one of the two."))
        return data


class LiftForm(forms.Form):
    """The day on which proceedings ended."""

    to_on = DatePartsField(label=_("Last day of the proceedings"))


class ClockForm(forms.Form):
    """The event from which a programme's papers are kept."""

    programme: Any = forms.ModelChoiceField(label=_("Programme"), queryset=None)
    clock = forms.ChoiceField(label=_("Rule"))
    event_on = DatePartsField(label=_("Date of the event"))
    source = forms.CharField(label=_("Document that proves the date"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme: Any = apps.get_model("programme.Programme")
        self.fields["programme"].queryset = programme.objects.order_by("pk")  # type: ignore[attr-defined]
        self.fields["clock"].choices = retention_clocks(timezone.localdate())  # type: ignore[attr-defined]


class RunForm(forms.Form):
    """The last question before data goes for good."""

    sure = forms.BooleanField(label=_("I have looked at the list. Erase what it shows."))
