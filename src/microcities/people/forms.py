"""What people type about themselves, about members of an organisation, about guardians, and about organisations."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Organisation, OrganisationKind, Person, Sex
from microcities.people.places import place_key, place_names
from microcities.people.roles import Role
from microcities.rulebooks.schema import COUNTRIES
from microcities.ui.forms import DatePartsField

LONGEST_AUDIT = timedelta(days=3 * 366)
MOST_EMPLOYEES = 10_000_000
LEAST_SHARE = Decimal("0.01")


def known_country(typed: str) -> str:
    """The letters of a country in capitals; nothing where nothing is typed."""
    country = typed.upper()
    if country and country not in COUNTRIES:
        raise ValidationError(_("There is no country of these letters. Latvia is LV, Estonia EE, Lithuania LT."))
    return country


class SignInForm(LoginForm):
    """E-mail and password with nothing between them to step over; the way to a new password is below the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        self.fields["password"].help_text = ""


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


class CorrectPersonForm(ProfileForm):
    """What is said of a person, and why it is put right."""

    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(
        label=_("Telephone"), max_length=32, required=False, widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"})
    )
    country = forms.CharField(
        label=_("Country of citizenship"), max_length=2, required=False, help_text=_("Two letters, for example LV.")
    )
    place = forms.CharField(
        label=_("Place of residence"), max_length=40, required=False, help_text=_("City or municipality.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For example: new telephone number, told by the person.")
    )

    field_order = (
        "given_name", "family_name", "birth_on", "sex", "email", "phone", "language", "country", "place", "reason",
    )

    def __init__(self, data: Any = None, *, person: Person) -> None:
        there = {name: getattr(person, name) for name in self.base_fields if name != "reason"}
        there["place"] = place_names().get(person.place, person.place)
        super().__init__(data, initial=there)
        # What a browser knows is about whoever types, not about this person.
        for name in ("given_name", "family_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["birth_on"].help_text = ""

    def clean_country(self) -> str:
        """One of the countries there are, or none."""
        return known_country(self.cleaned_data["country"])

    def clean_place(self) -> str:
        """A known place is kept by its key."""
        return place_key(self.cleaned_data["place"])


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


class OrganisationForm(forms.Form):
    """What is said of an organisation; its numbers and codes are judged by the model."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Not chosen")), *OrganisationKind.choices])
    registration_number = forms.CharField(
        label=_("Registration number"), max_length=20, required=False,
        help_text=_("In Latvia 11 digits. Leave it empty for somebody who works on their own account."),
    )
    country = forms.CharField(label=_("Country"), max_length=2, initial="LV", help_text=_("Two letters, for example LV."))
    economic_code = forms.CharField(
        label=_("Economic activity (NACE)"), max_length=8, required=False, help_text=_("For example 62.01.")
    )
    place = forms.CharField(label=_("Place"), max_length=40, required=False, help_text=_("City or municipality."))
    employees = forms.IntegerField(label=_("Employees"), min_value=0, max_value=MOST_EMPLOYEES, required=False)
    employees_on = DatePartsField(label=_("Employees counted on"), required=False)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False,
        help_text=_("The organisation's own address, not that of a person."),
    )
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employees_on"].latest = timezone.localdate()  # type: ignore[attr-defined]

    def clean_country(self) -> str:
        """One of the countries there are."""
        return known_country(self.cleaned_data["country"])

    def clean_place(self) -> str:
        """A known place is kept by its key."""
        return place_key(self.cleaned_data["place"])


class ChangeOrganisationForm(OrganisationForm):
    """What is said of an organisation that is there, and why it is changed."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For example: new count of employees in the register.")
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        there = {name: getattr(organisation, name) for name in OrganisationForm.base_fields}
        there["place"] = place_names().get(organisation.place, organisation.place)
        super().__init__(*args, initial=there, **kwargs)


class OwnershipForm(forms.Form):
    """Who owns how much of an organisation, from when, and until when where it is over."""

    owner = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Owner"), help_text=_("Add the owner first if it is not among the organisations.")
    )
    share_percent = forms.DecimalField(
        label=_("Share, %"), min_value=LEAST_SHARE, max_value=100, max_digits=5, decimal_places=2
    )
    valid_from = DatePartsField(label=_("First day"))
    valid_to = DatePartsField(label=_("Last day"), required=False, help_text=_("Empty while the share is held."))

    def __init__(self, *args: Any, owned: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.exclude(pk=owned.pk).in_latvian_order()
        cast("forms.ModelChoiceField[Organisation]", self.fields["owner"]).queryset = others
        for name in ("valid_from", "valid_to"):
            self.fields[name].latest = timezone.localdate()  # type: ignore[attr-defined]


class EndOwnershipForm(forms.Form):
    """The last day of a share, and how it is known."""

    valid_to = DatePartsField(label=_("Last day"))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For example: sold, by the register of enterprises.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_to"].latest = timezone.localdate()  # type: ignore[attr-defined]
