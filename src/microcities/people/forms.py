"""What people type about themselves, about members of an organisation and about guardians."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Organisation
from microcities.people.roles import Role
from microcities.ui.forms import DatePartsField

LONGEST_AUDIT = timedelta(days=3 * 366)


class ProfileForm(forms.Form):
    """Who the person of an account is."""

    given_name = forms.CharField(
        label=_("Given name"), max_length=120, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Family name"), max_length=120, widget=forms.TextInput({"autocomplete": "family-name"})
    )
    birth_on = DatePartsField(
        label=_("Date of birth"),
        required=False,
        autocomplete="bday",
        help_text=_("It decides whether you consent alone or your parent or guardian does."),
    )
    language = forms.ChoiceField(label=_("Language of our letters"), choices=settings.LANGUAGES)

    def clean_birth_on(self) -> date | None:
        """A date of birth lies in the past."""
        born: date | None = self.cleaned_data["birth_on"]
        if born is not None and born >= timezone.localdate():
            raise ValidationError(_("A date of birth lies in the past. Check the year."))
        return born


class InvitationForm(forms.Form):
    """Whom to invite into which role of which organisation."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "off"}),
        help_text=_("The invitation can be accepted only with an account of this address."),
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)
    valid_to = DatePartsField(
        label=_("Role ends on"), required=False, help_text=_("An auditor's role must have an end; others may.")
    )

    def __init__(self, *args: Any, organisations: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        chosen.queryset = organisations
        if len(organisations) == 1:
            chosen.initial = organisations[0]
        role = cast(forms.ChoiceField, self.fields["role"])
        role.choices = [(each.slug, f"{each.name}: {each.description}") for each in roles]

    def clean(self) -> dict[str, Any]:
        """An auditor's role ends, no role ends before it begins."""
        data = super().clean() or {}
        today, last = timezone.localdate(), data.get("valid_to")
        if data.get("role") == "auditor" and last is None and "valid_to" not in self.errors:
            self.add_error("valid_to", _("Enter the day on which the auditor's role ends."))
        elif last is not None and last < today:
            self.add_error("valid_to", _("The end lies in the past. Enter a later day."))
        elif data.get("role") == "auditor" and last is not None and last > today + LONGEST_AUDIT:
            self.add_error("valid_to", _("An auditor's role lasts three years at most. Enter an earlier day."))
        return data


class GuardianForm(forms.Form):
    """Who is a child's guardian, and by what staff know it."""

    guardian_email = forms.EmailField(
        label=_("Guardian's e-mail"), help_text=_("The address with which the guardian signs in. The guardian needs an "
                                                  "account with a name first."),
    )
    proof = forms.CharField(
        label=_("Proof seen"), max_length=200,
        help_text=_("For example: birth certificate shown on paper. Do not write its number."),
    )
    seen = forms.BooleanField(label=_("I have seen this proof myself"))


class MatchForm(forms.Form):
    """Whether two records are one person, and why."""

    decision = forms.ChoiceField(
        label=_("Are these one person?"), widget=forms.RadioSelect,
        choices=[("same", _("Yes, the same person")), ("different", _("No, two persons"))],
    )
    reason = forms.CharField(
        label=_("Why?"), max_length=300, help_text=_("For example: the school confirmed it by telephone.")
    )

    @property
    def is_same(self) -> bool:
        """True when the two are one person."""
        return bool(self.cleaned_data["decision"] == "same")


class UndoMergeForm(forms.Form):
    """Why two records are taken apart again."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
