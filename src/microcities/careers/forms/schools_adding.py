"""What staff say of a school: which organisation it is, where, and by which framework it is read."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.careers.frameworks import framework, language
from microcities.careers.models import School, Setting
from microcities.people.models import Account, Organisation, OrganisationKind
from microcities.people.roles import Permission
from microcities.programme.models import City, Programme
from microcities.rulebooks.registry import NoRuleInForceError

TEACHING = (OrganisationKind.SCHOOL, OrganisationKind.TECHNIKUM, OrganisationKind.UNIVERSITY)


def settings_with_framework() -> list[tuple[str, str]]:
    """Each kind of school with the framework by which it is read today."""
    return [(code, f"{label}: {_framework_of(code)}") for code, label in Setting.choices]


def _framework_of(setting: str) -> str:
    try:
        return str(framework(setting, timezone.localdate()).title.in_language(language()))
    except NoRuleInForceError:
        return _now("no framework is in force today")


class _SchoolForm(forms.Form):
    """Where a school is, and what it is."""

    city = forms.ModelChoiceField(City.objects.none(), label=_("City"), empty_label=None)
    setting = forms.ChoiceField(
        label=_("Kind of school, and the framework by which it is read"), widget=forms.RadioSelect, choices=()
    )

    def __init__(self, *args: Any, cities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["city"].queryset = cities
        fields["setting"].choices = settings_with_framework()


class AddSchoolForm(_SchoolForm):
    """A school that is on record as an organisation, or the name of a new one."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("School"), required=False, empty_label=_("not on this list"),
    )
    name = forms.CharField(label=_("Name of a new school"), max_length=200, required=False,
                           help_text=_("Only if it is not on the list above."))
    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Takes part in"), empty_label=None)

    field_order = ("organisation", "name", "programme", "city", "setting")

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        programmes = Programme.objects.filter(cities__isnull=False).distinct().order_by("-starts_on", "pk")
        cities = City.objects.filter(programmes__in=programmes).distinct().in_latvian_order()
        super().__init__(*args, cities=cities, **kwargs)
        fields: Any = self.fields
        fields["organisation"].queryset = _organisations(account)
        fields["programme"].queryset = programmes
        if not account.may(Permission.CONFIRM_RECORDS):
            del fields["name"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(data.get("organisation")) == bool(data.get("name")):
            self.add_error("organisation", _now("Choose a school from the list, or give the name of a new one; not both."))
        return data


class ChangeSchoolForm(_SchoolForm):
    """What is corrected, and why."""

    name = forms.CharField(label=_("Name"), max_length=200)
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("It stands beside the change in the history."))

    field_order = ("name", "city", "setting", "reason")

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        now = {"name": school.organisation.name, "city": school.city_id, "setting": school.setting}
        super().__init__(*args, cities=school.programme.cities.in_latvian_order(), initial=now, **kwargs)


def _organisations(account: Account) -> Any:
    """Those that are no school here yet: all that teach for a coordinator, one's own otherwise."""
    if account.may(Permission.CONFIRM_RECORDS):
        rows = Organisation.objects.filter(kind__in=TEACHING)
    else:
        rows = Organisation.objects.filter(pk__in=account.organisation_ids(Permission.MANAGE_CAREERS))
    return rows.filter(school__isnull=True).in_latvian_order()
