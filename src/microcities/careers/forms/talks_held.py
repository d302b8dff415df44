"""What counsellors write: hours, offers, what a talk came to, and their own notes."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.bookings.models import OpeningHours, Resource
from microcities.careers.models import GuidanceTalk, Mode
from microcities.people.models import Account, Membership, Organisation, Person
from microcities.people.queries import OrganisationQuerySet
from microcities.people.roles import Permission
from microcities.programme.models import City
from microcities.ui.forms import DatePartsField

DAYS = {
    1: _("Monday"), 2: _("Tuesday"), 3: _("Wednesday"), 4: _("Thursday"), 5: _("Friday"), 6: _("Saturday"), 7: _("Sunday"),
}
SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:.](\d{2}))?")


def counselled(account: Account, person: Person | None = None) -> OrganisationQuerySet:
    """Organisations whose counsellor the account is; with a person, those of them that know the person."""
    rows = Organisation.objects.of_account(account, Permission.GIVE_GUIDANCE)
    if person is not None:
        rows = rows.filter(pk__in=person.registrations.values("organisation_id"))
    return rows.in_latvian_order()


class SharedNotesForm(forms.Form):
    """The part of the notes that the person reads."""

    advice = forms.CharField(label=_("Advice"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4}),
                             help_text=_("The person reads it, and so does a child's guardian."))
    agreed = forms.CharField(label=_("What was agreed"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4}))
    next_on = DatePartsField(label=_("Next talk"), required=False)

    @property
    def values(self) -> dict[str, Any]:
        """What the action is told."""
        return dict(self.cleaned_data)


class HoldForm(SharedNotesForm):
    """A talk that has taken place."""

    minutes = forms.IntegerField(label=_("Minutes"), initial=45, min_value=10, max_value=240)
    mode = forms.ChoiceField(label=_("Where"), choices=Mode.choices, initial=Mode.IN_PERSON, widget=forms.RadioSelect)
    guardian_present = forms.BooleanField(label=_("A parent was there"), required=False)

    field_order = ("minutes", "mode", "guardian_present", "advice", "agreed", "next_on")

    def __init__(self, *args: Any, talk: GuidanceTalk | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if talk is None or talk.booking_id is None:
            today = timezone.localdate()
            self.fields["held_on"] = DatePartsField(label=_now("Day"), initial=today, latest=today)
            self.order_fields(("held_on", *self.field_order))


class RecordTalkForm(HoldForm):
    """A talk that was neither offered nor booked here."""

    def __init__(self, *args: Any, account: Account, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = _organisation_field(account, person)
        self.order_fields(("organisation", "held_on", *self.field_order))


class OfferForm(forms.Form):
    """A talk is offered to somebody."""

    guardian_told = forms.BooleanField(label=_("The parents were told how to book"), required=False)

    def __init__(self, *args: Any, account: Account, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = _organisation_field(account, person)
        self.order_fields(("organisation", "guardian_told"))


class SealedNoteForm(forms.Form):
    """The counsellor's own part."""

    text = forms.CharField(label=_("Your own note"), max_length=8000, widget=forms.Textarea({"rows": 10}))


class DiscloseForm(forms.Form):
    """The note as the person gets it."""

    text = forms.CharField(
        label=_("The note as it is given out"), max_length=8000, widget=forms.Textarea({"rows": 10}),
        help_text=_("Leave out what tells of other people. The person finds the text among the own data."),
    )


class HandOnForm(forms.Form):
    """Who holds the note from now on."""

    successor = forms.ModelChoiceField(Account.objects.none(), label=_("Successor"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, account: Account, talk: GuidanceTalk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = talk.person.enrolments.on(timezone.localdate())
        schools = places.values_list("school_class__school__organisation_id", flat=True)
        staff = Membership.objects.in_force(timezone.localdate()).allowing(Permission.GIVE_GUIDANCE)
        here = staff.filter(organisation_id__in=[talk.organisation_id, *schools]).values("account_id")
        field: Any = self.fields["successor"]
        field.queryset = Account.objects.filter(pk__in=here, is_active=True).exclude(pk=account.pk).order_by("pk")
        field.label_from_instance = lambda each: each.name


class OpenForm(forms.ModelForm):
    """A counsellor who can be booked."""

    minimum_notice = forms.IntegerField(
        label=_("Minimum notice, hours"), min_value=0, max_value=24 * 30, initial=24,
        help_text=_("Nobody books later than this before a talk."),
    )

    class Meta:
        model = Resource
        fields = ("organisation", "city", "name", "name_en", "buffer_after")

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organisation"].queryset = counselled(account)
        fields["city"].queryset = City.objects.in_latvian_order()
        fields["name"].help_text = _now("As pupils and parents see it.")
        for field in fields.values():
            field.label = str(field.label)[:1].upper() + str(field.label)[1:]

    @property
    def values(self) -> dict[str, Any]:
        """What the action is told: minutes throughout."""
        return {**self.cleaned_data, "minimum_notice": self.cleaned_data["minimum_notice"] * 60}


class HoursForm(forms.Form):
    """Hours of a week: for each day one or several times, “9:00–12:00, 13:00–16:00”."""

    from_on = DatePartsField(label=_("These hours hold from"))

    def __init__(self, *args: Any, counsellor: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now: dict[int, list[str]] = {}
        for each in OpeningHours.objects.of(counsellor).filter(valid__contains=timezone.localdate()):
            now.setdefault(each.weekday, []).append(f"{_clock(each.opens)}–{_clock(each.closes)}")
        self.fields["from_on"].initial = timezone.localdate()
        for number, name in DAYS.items():
            self.fields[f"day{number}"] = forms.CharField(
                label=name, required=False, max_length=80, initial=", ".join(now.get(number, [])),
                help_text=_now("For example 9:00–12:00, 13:00–16:00") if number == 1 else "",
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.hours: list[tuple[int, int, int]] = []
        for number in DAYS:
            for part in filter(None, (each.strip() for each in data.get(f"day{number}", "").split(","))):
                if (found := _span(part)) is None:
                    problem = _now("“%(text)s” is no time from one hour to a later one. Write 9:00–12:00.") % {"text": part}
                    self.add_error(f"day{number}", problem)
                    break
                self.hours.append((number, *found))
        return data


def _span(text: str) -> tuple[int, int] | None:
    found = SPAN.fullmatch(text)
    if found is None:
        return None
    opens, closes = (int(found[first]) * 60 + int(found[first + 1] or 0) for first in (1, 3))
    minutes_fit = all(int(found[place] or 0) < 60 for place in (2, 4))
    return (opens, closes) if minutes_fit and opens < closes <= 24 * 60 else None


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


def _organisation_field(account: Account, person: Person) -> forms.ModelChoiceField:
    rows = counselled(account, person)
    initial = rows[0].pk if len(rows) == 1 else None
    return forms.ModelChoiceField(rows, label=_now("School or organisation"), initial=initial)
