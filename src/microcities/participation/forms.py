"""What people type in to keep activities, bring a list, match its columns, enter a person, and say how far somebody came."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.participation.lists.columns import FIELDS, missing
from microcities.participation.models import Activity, ActivityKind, ListImport
from microcities.people.models import Account, Organisation
from microcities.people.roles import Permission
from microcities.programme.models import City, FundingSource, Programme
from microcities.summerjobs.models import SummerScheme
from microcities.ui.forms import AcceptedFileField, DatePartsField

MOST_BYTES = 25 * 1024 * 1024


class BringListForm(forms.Form):
    """The file, the activity it tells of, and who paid where the list does not say."""

    activity = forms.ModelChoiceField(Activity.objects.none(), label=_("Activity"))
    file = AcceptedFileField(
        accept=(".csv", ".xlsx"), max_bytes=MOST_BYTES, label=_("List"),
        help_text=_("CSV or XLSX with one row for each person. The columns may stand in any order."),
    )
    funding_source = forms.ModelChoiceField(
        FundingSource.objects.none(), required=False, label=_("Paid from"),
        help_text=_("Used for rows that do not say it themselves."),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        activities = Activity.objects.run_by(account).exclude(kind=ActivityKind.GRANT_CALL).in_latvian_order()
        self.fields["activity"].queryset = activities  # type: ignore[attr-defined]
        self.fields["funding_source"].queryset = FundingSource.objects.order_by("pk")  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """For each thing a list can say, the column that says it."""

    def __init__(self, *args: Any, the_list: ListImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _now("not in this list"))]
        choices += [(str(place), heading or _now("column %(place)s") % {"place": place + 1})
                    for place, heading in enumerate(the_list.header)]
        for field in FIELDS:
            place = the_list.mapping.get(field.key)
            self.fields[field.key] = forms.ChoiceField(
                label=str(field.label), choices=choices, required=False, help_text=str(field.hint),
                initial="" if place is None else str(place),
            )

    @property
    def mapping(self) -> dict[str, int]:
        """{field: place of its column} as chosen."""
        return {key: int(place) for key, place in self.cleaned_data.items() if place}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        taken: dict[int, str] = {}
        for key, place in self.mapping.items():
            if place in taken:
                self.add_error(key, _("This column is chosen twice. Each column holds one thing."))
            taken[place] = key
        for problem in missing(self.mapping):
            self.add_error(None, str(problem))
        return cleaned


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))


class EvidenceForm(forms.Form):
    """What a second person looked at before confirming a whole list."""

    reason = forms.CharField(
        label=_("What did you look at?"), max_length=500, help_text=_("For example: the signed attendance lists.")
    )


class EnrolForm(forms.Form):
    """A person's part in an activity of the own organisation."""

    activity = forms.ModelChoiceField(Activity.objects.none(), label=_("Activity"))
    applied_on = DatePartsField(label=_("Applied"), required=False)
    started_on = DatePartsField(label=_("Started"), required=False)
    host = forms.ModelChoiceField(Organisation.objects.none(), required=False, label=_("Employer or host"))
    hours = forms.DecimalField(label=_("Hours"), required=False, min_value=0, max_value=8784, decimal_places=2)
    proof_reference = forms.CharField(
        label=_("Proof"), required=False, max_length=200, help_text=_("For example the number of the contract.")
    )
    funding_source = forms.ModelChoiceField(FundingSource.objects.none(), required=False, label=_("Paid from"))

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations = account.organisation_ids(Permission.CHANGE_OWN_PEOPLE)
        activities = Activity.objects.filter(organisation_id__in=organisations).exclude(kind=ActivityKind.GRANT_CALL)
        self.fields["activity"].queryset = activities.in_latvian_order()  # type: ignore[attr-defined]
        self.fields["host"].queryset = Organisation.objects.in_latvian_order()  # type: ignore[attr-defined]
        self.fields["funding_source"].queryset = FundingSource.objects.order_by("pk")  # type: ignore[attr-defined]


class StartForm(forms.Form):
    """When somebody who applied has started."""

    started_on = DatePartsField(label=_("Started"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["started_on"].latest = timezone.localdate()  # type: ignore[attr-defined]


class CompletionForm(forms.Form):
    """When somebody completed, and after how many hours."""

    completed_on = DatePartsField(label=_("Completed"))
    hours = forms.DecimalField(
        label=_("Hours"), required=False, min_value=0, max_value=8784, decimal_places=2,
        help_text=_("Empty leaves what is there."),
    )


class DropOutForm(forms.Form):
    """When and why somebody left."""

    dropped_out_on = DatePartsField(label=_("Dropped out"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dropped_out_on"].latest = timezone.localdate()  # type: ignore[attr-defined]


class ActivityNamesForm(forms.Form):
    """What an activity is called, when it is, and where one can read of it."""

    name = forms.CharField(label=_("Name of the activity"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    starts_on = DatePartsField(label=_("First day"))
    ends_on = DatePartsField(label=_("Last day"))
    source_url = forms.URLField(
        label=_("Source"), max_length=200, required=False, assume_scheme="https",
        help_text=_("The address of a page that tells of the activity."),
    )


class ActivityForm(ActivityNamesForm):
    """A new activity of a partner; a partner's own staff choose among their own organisations."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Run by"))
    city = forms.ModelChoiceField(City.objects.none(), label=_("City"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Not chosen")), *ActivityKind.choices])
    code = forms.SlugField(
        label=_("Code"), max_length=60, required=False,
        help_text=_("It stands in addresses and in lists: letters without marks, digits, hyphens. Empty: made from the name."),
    )
    field_order = ("organisation", "city", "kind", "name", "name_en", "starts_on", "ends_on", "source_url", "code")

    def __init__(self, *args: Any, account: Account, programme: Programme, **kwargs: Any) -> None:
        partners = programme.partners.select_related("city")
        if not account.may(Permission.EDIT_INDICATORS):
            partners = partners.filter(organisation_id__in=account.organisation_ids(Permission.IMPORT_LISTS))
        only = partners[:2]
        if len(only) == 1:
            kwargs["initial"] = {"organisation": only[0].organisation_id, "city": only[0].city_id}
        super().__init__(*args, **kwargs)
        organisations = Organisation.objects.filter(partnerships__in=partners).in_latvian_order()
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["city"].queryset = programme.cities.in_latvian_order()  # type: ignore[attr-defined]


class ChangeActivityForm(ActivityNamesForm):
    """What of an activity can be corrected, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("For example: the course ended a week later."))

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(activity, name) for name in ActivityNamesForm.base_fields}
        super().__init__(*args, **kwargs)


class TieSummerForm(forms.Form):
    """The scheme that an activity accounts for."""

    scheme = forms.ModelChoiceField(
        SummerScheme.objects.none(), label=_("Summer scheme"),
        help_text=_("Who worked, how long and paid from where then comes from its days of work. Nobody types it."),
    )

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = SummerScheme.objects.published().filter(programme=activity.programme_id, city=activity.city_id)
        self.fields["scheme"].queryset = fitting.newest_first()  # type: ignore[attr-defined]


class ExperienceForm(forms.Form):
    """Which pieces of summer work a school takes into its career record, and what it says of all of them."""

    placements = forms.MultipleChoiceField(label=_("Pupils"), widget=forms.CheckboxSelectMultiple)
    part_time_job = forms.BooleanField(
        label=_("The pupils found this work themselves"), required=False,
        help_text=_("A job of one's own is kept in the record, but is no experience of a workplace that the school arranged."),
    )
    purpose_shared_with_host = forms.BooleanField(label=_("The employer knew what the pupils should learn"), required=False)
    purpose_shared_with_pupils = forms.BooleanField(label=_("The pupils knew what they should learn"), required=False)
    fitted_to_pupils = forms.BooleanField(label=_("The work was fitted to these pupils"), required=False)
    two_way = forms.BooleanField(label=_("Pupils and employer spoke with each other"), required=False)
    met_range_of_people = forms.BooleanField(label=_("The pupils met several people of the workplace"), required=False)

    def __init__(self, *args: Any, waiting: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["placements"].choices = waiting  # type: ignore[attr-defined]
