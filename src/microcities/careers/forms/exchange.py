"""An offer, a request, answers to both, a reason, and how an employer wants to be asked."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from microcities.careers.employers import asked_in_month, employers
from microcities.careers.models import (
    ASKED_KINDS,
    OFFERED_KINDS,
    EncounterKind,
    EncounterOffer,
    EncounterRequest,
    ExchangeTerms,
    Proposal,
    School,
    SchoolClass,
)
from microcities.careers.school_years import year_of
from microcities.events.models import EventLanguage
from microcities.people.models import Account, Organisation
from microcities.people.roles import Permission
from microcities.programme.models import City
from microcities.ui.fields import ActionForm, day_field

NO_NAMES = _("Name no pupil here: the other side reads it.")
CLASS_HINT = _("Its pupils are put on the list when it is agreed. The employer sees the grade only.")


def hours_field() -> forms.DecimalField:
    """Hours for each pupil."""
    return forms.DecimalField(
        label=_("Hours for each pupil"), min_value=Decimal("0.25"), max_value=400, max_digits=5, decimal_places=2
    )


def sector_field() -> forms.RegexField:
    """A letter of NACE, small or capital."""
    return forms.RegexField(
        "^[A-Va-v]?$", label=_("Sector (letter of NACE)"), required=False,
        help_text=_("A to V, for example C for manufacturing, J for information and communication."),
        error_messages={"invalid": _("Write one letter from A to V.")},
    )


def kind_choices(kinds: tuple[str, ...]) -> list[tuple[str, Any]]:
    """The kinds of encounters that may be offered or asked for."""
    return [pair for pair in EncounterKind.choices if pair[0] in kinds]


class OfferForm(ActionForm):
    """All that an offer says."""

    kind = forms.ChoiceField(label=_("Kind"), choices=kind_choices(OFFERED_KINDS))
    sector = sector_field()
    hours = hours_field()
    places = forms.IntegerField(label=_("Places for pupils"), min_value=1, max_value=500)
    youngest = forms.IntegerField(label=_("Age from"), min_value=6, max_value=99, required=False)
    oldest = forms.IntegerField(label=_("Age to"), min_value=6, max_value=99, required=False)
    from_on = day_field(_("Possible from"))
    until_on = day_field(_("Possible until"), help_text=_("A school takes places on a day between these two."))
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=EventLanguage.choices, widget=forms.CheckboxSelectMultiple, initial=["lv"]
    )

    class Meta:
        model = EncounterOffer
        fields = (
            "host", "kind", "way", "name", "about", "outcomes", "sector", "is_stem", "youngest", "oldest", "places", "hours",
            "from_on", "until_on", "mode", "city", "place", "languages", "access_note", "safety_note",
        )
        widgets = {name: forms.Textarea({"rows": 3}) for name in ("about", "outcomes", "access_note", "safety_note")}

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if self.instance.pk:
            del fields["host"]
        else:
            fields["host"].queryset = own_firms(account)
            fields["host"].initial = own_firms(account).first()
        fields["city"].queryset = City.objects.in_latvian_order()
        fields["access_note"].help_text = _now("For example whether there are stairs, and who helps.")
        fields["safety_note"].help_text = _now("For example clothes to wear, and what pupils do not touch.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["sector"] = (data.get("sector") or "").upper()
        self.check_days(data)
        if data.get("youngest") and data.get("oldest") and data["oldest"] < data["youngest"]:
            self.add_error("oldest", _now("The oldest cannot be younger than the youngest."))
        return data


class RequestForm(ActionForm):
    """All that a school asks for."""

    kind = forms.ChoiceField(label=_("Kind"), choices=kind_choices(ASKED_KINDS))
    hours = hours_field()
    pupils = forms.IntegerField(label=_("Number of pupils"), min_value=1, max_value=500)
    from_on = day_field(_("Wished from"))
    until_on = day_field(_("Wished until"))
    answer_by = day_field(_("Answers wanted by"), help_text=_("After this day the request closes by itself."))

    class Meta:
        model = EncounterRequest
        fields = (
            "host", "kind", "way", "name", "outcomes", "school_class", "grades", "pupils", "subject", "is_stem", "hours",
            "from_on", "until_on", "answer_by", "mode",
        )
        widgets = {"outcomes": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        asked = asked_in_month(timezone.localdate())
        fields["host"].queryset = employers()
        fields["host"].empty_label = _now("All employers in the city")
        fields["host"].label_from_instance = lambda each: asked_label(each, asked.get(each.pk, 0))
        fields["host"].help_text = _now(
            "One employer is written to; a request to all stands in their list, and nobody is written to."
        )
        fields["school_class"].queryset = classes_now([school.pk])
        fields["school_class"].help_text = CLASS_HINT
        fields["outcomes"].help_text = NO_NAMES
        fields["subject"].label = _now("Subject")
        fields["subject"].help_text = _now("Its code as in the class, for example math. Needed for a subject lesson.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.check_days(data)
        if data.get("kind") == EncounterKind.SUBJECT and not data.get("subject"):
            self.add_error("subject", _now("Say in which subject."))
        answer_by, until_on = data.get("answer_by"), data.get("until_on")
        if answer_by and until_on and answer_by > until_on:
            self.add_error("answer_by", _now("Choose a day before the last of the wished days."))
        return data


def asked_label(host: Organisation, schools: int) -> str:
    """The employer's name, and how many schools have asked it this month."""
    if not schools:
        return str(host)
    words = ngettext("asked by %(count)s school this month", "asked by %(count)s schools this month", schools)
    return f"{host} ({words % {'count': schools}})"


def own_firms(account: Account) -> Any:
    """Employers for which the account answers."""
    return Organisation.objects.of_account(account, Permission.GIVE_ENCOUNTERS).in_latvian_order()


def classes_now(schools: list[int]) -> Any:
    """Classes of this school year."""
    year = year_of(timezone.localdate())
    return SchoolClass.objects.filter(school__in=schools).of_year(year).select_related("school__organisation").in_order()


class TakeForm(forms.Form):
    """A school takes places of an offer."""

    school = forms.ModelChoiceField(School.objects.none(), label=_("School"))
    held_on = day_field(_("Day"))
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=500)
    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(), label=_("Class"), required=False,
        help_text=CLASS_HINT,
    )
    purpose = forms.CharField(
        label=_("What pupils are to learn"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("The employer reads it and then knows the purpose. Name no pupil here."),
    )
    note = forms.CharField(
        label=_("Message"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3}), help_text=NO_NAMES
    )

    def __init__(self, *args: Any, account: Account, offer: EncounterOffer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept, fields = School.objects.kept_by(account).select_related("organisation").in_latvian_order(), self.fields
        fields["school"].queryset = kept  # type: ignore[attr-defined]
        fields["school"].initial = kept.first()
        fields["school_class"].queryset = classes_now([each.pk for each in kept])  # type: ignore[attr-defined]
        if len(kept) > 1:
            fields["school_class"].label_from_instance = lambda each: f"{each}, {each.school}"  # type: ignore[attr-defined]
        fields["held_on"].initial = max(offer.from_on, timezone.localdate())
        fields["held_on"].help_text = _now("On another day than those offered it is a proposal, which the employer answers.")


class ReplyForm(forms.Form):
    """A day and a number of places, from the employer."""

    held_on = day_field(_("Day"))
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=500)
    note = forms.CharField(label=_("Message"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, proposal: Proposal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if proposal is not None:
            self.fields["held_on"].initial, self.fields["places"].initial = proposal.held_on, proposal.places


class AnswerForm(ReplyForm):
    """An employer's answer to a request: a day and places, or no with a reason."""

    host = forms.ModelChoiceField(Organisation.objects.none(), label=_("Employer"))
    answer = forms.ChoiceField(
        label=_("Answer"), choices=[("yes", _("yes, on this day")), ("no", _("no"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Reason, when the answer is no"), max_length=300, required=False)
    field_order = ("host", "answer", "held_on", "places", "note", "reason")

    def __init__(self, *args: Any, account: Account, request: EncounterRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firms, fields = own_firms(account), self.fields
        if request.host_id is not None:
            firms = firms.filter(pk=request.host_id)
        fields["host"].queryset, fields["host"].initial = firms, firms.first()  # type: ignore[attr-defined]
        fields["held_on"].required = fields["places"].required = False
        fields["held_on"].initial, fields["places"].initial = max(request.from_on, timezone.localdate()), request.pupils
        fields["held_on"].help_text = _now("Another day than those wished is a counter-proposal.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        wanted = {"yes": ("held_on", "places"), "no": ("reason",)}.get(data.get("answer", ""), ())
        for name in wanted:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _now("“%(label)s” is empty. Fill it in.") % {"label": self.fields[name].label})
        return data


class ReasonForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=NO_NAMES)


class TermsForm(ActionForm):
    """How an employer wants to be asked."""

    paused_until = day_field(_("Ask us nothing until"), required=False)
    sector = sector_field()

    class Meta:
        model = ExchangeTerms
        fields = ("cities", "paused_until", "sector", "size")
        widgets = {"cities": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["cities"].queryset = City.objects.in_latvian_order()
        fields["cities"].help_text = _now("Choose none to see requests of all cities.")
        fields["paused_until"].help_text = _now("Until that day schools cannot ask you; what you offer stays open.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["sector"] = (data.get("sector") or "").upper()
        return data
