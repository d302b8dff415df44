"""The tables of what a school records besides encounters, and which form and action belong to each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.careers.models import (
    AdviserQualification,
    Destination,
    FeedbackRound,
    Interpretation,
    School,
    SchoolEvidence,
    StaffTraining,
)
from microcities.database.expressions import LatvianKey
from microcities.people.models import Account
from microcities.people.roles import Permission, roles_with
from microcities.privacy.looks import log_download
from microcities.ui.tables import Column, Table

BY_NAME = (LatvianKey("person__family_name"), LatvianKey("person__given_name"))


@dataclass(frozen=True)
class RecordKind:
    """One kind of record: its title, what it is for, its rows, and its columns."""

    title: Any
    lead: Any
    add: Any
    rows: Callable[[Account, School], QuerySet[Any]]
    columns: Callable[[], Sequence[Column]]
    sort: str
    empty: Any
    names_pupils: bool = False

    def table(self, account: Account, school: School, params: QueryDict) -> Table:
        """The records of a school that the account may see."""
        what = str(self.title)
        return Table(
            rows=self.rows(account, school), columns=self.columns(), params=params, caption=self.title, default_sort=self.sort,
            headed=True, empty=self.empty,
            on_export=log_download(what, lambda row: (row.person,)) if self.names_pupils else None,
        )


def _person(label: str) -> Column:
    return Column("person", label, value="person.name", order_by=BY_NAME, heading=True,
                  link=lambda row: reverse("persons:person", args=[row.person.public_id]))


def _training() -> Sequence[Column]:
    return (
        Column("person", _now("Member of staff"), value="person.name", order_by=BY_NAME, heading=True),
        Column("day", _now("Day"), value="held_on", order_by="held_on"),
        Column("hours", _now("Hours"), order_by="hours", numeric=True, unit="h"),
        Column("topic", _now("Topic"), order_by=LatvianKey("topic")),
    )


def _feedback() -> Sequence[Column]:
    return (
        Column("group", _now("Who was asked"), value=lambda row: row.get_group_display(), order_by="group", heading=True),
        Column("day", _now("Day"), value="held_on", order_by="held_on"),
        Column("asked", _now("People asked"), order_by="asked", numeric=True),
        Column("answered", _now("People who answered"), order_by="answered", numeric=True),
        Column("findings", _now("What they said, in short"), value="findings"),
    )


def _evidence() -> Sequence[Column]:
    return (
        Column("kind", _now("What was done"), value=lambda row: row.get_kind_display(), order_by="kind", heading=True),
        Column("audience", _now("For whom"), value=lambda row: row.get_audience_display(), order_by="audience"),
        Column("day", _now("From"), value="from_on", order_by="from_on"),
        Column("to", _now("To"), value="to_on", order_by="to_on"),
        Column("staff", _now("Staff reached"),
               value=lambda row: _now("%(some)s of %(all)s") % {"some": row.reached, "all": row.total} if row.total else "–"),
        Column("proof", _now("What shows it"), value="proof"),
    )


def _destinations() -> Sequence[Column]:
    return (
        _person(_now("Pupil")),
        Column("kind", _now("How sure"), value=lambda row: row.get_kind_display(), order_by="kind"),
        Column("day", _now("As of"), value="said_on", order_by="said_on"),
        Column("way", _now("Went on to"), value=lambda row: row.get_way_display(), order_by="way"),
        Column("field", _now("Field of study (ISCED-F)"), value="field_code", order_by="field_code"),
        Column("level", _now("Level of study (ISCED)"), value="level", order_by="level", numeric=True),
        Column("provider", _now("Place of study or work"), value=lambda row: str(row.provider) if row.provider else ""),
        Column("rests", _now("Rests on"), value=lambda row: row.get_confirmed_by_display(), order_by="confirmed_by"),
    )


def _readings() -> Sequence[Column]:
    return (
        _person(_now("Pupil")),
        Column("criterion", _now("Criterion"), order_by="criterion"),
        Column("reading", _now("How it is read"), value=lambda row: row.get_reading_display(), order_by="reading"),
        Column("reason", _now("Reason"), value="reason"),
        Column("day", _now("From"), value="valid_from", order_by="valid_from"),
        Column("to", _now("To"), value="valid_to", order_by="valid_to"),
        Column("end", _now("End it"), value=lambda row: _now("End it"), in_file=False,
               link=lambda row: reverse("careers:end-reading", args=[row.pk])),
    )


def _qualifications() -> Sequence[Column]:
    return (
        Column("person", _now("Counsellor"), value="person.name", order_by=BY_NAME, heading=True),
        Column("name", _now("Qualification"), order_by=LatvianKey("name")),
        Column("level", _now("Level (European Qualifications Framework)"), order_by="level", numeric=True),
        Column("day", _now("From"), value="valid_from", order_by="valid_from"),
        Column("to", _now("To"), value="valid_to", order_by="valid_to"),
    )


def _of_school(model: Any, *related: str) -> Callable[[Account, School], QuerySet[Any]]:
    def rows(account: Account, school: School) -> QuerySet[Any]:
        found: QuerySet[Any] = model.objects.visible_to(account).filter(school=school)
        return found.select_related(*related) if related else found

    return rows


def _qualified(account: Account, school: School) -> QuerySet[Any]:
    counsellors = {
        "person__account__memberships__organisation_id": school.organisation_id,
        "person__account__memberships__role__in": roles_with(Permission.GIVE_GUIDANCE),
    }
    return AdviserQualification.objects.filter(**counsellors).select_related("person").distinct()


RECORDS: dict[str, RecordKind] = {
    "training": RecordKind(
        _("Staff training"), _("Who of the staff learnt about careers, and when."), _("Record training"),
        _of_school(StaffTraining, "person"), _training, "-day", _("No training is recorded yet"),
    ),
    "feedback": RecordKind(
        _("Feedback"), _("What the six groups think of the careers programme."), _("Record a round"),
        _of_school(FeedbackRound), _feedback, "-day", _("Nobody was asked yet"),
    ),
    "evidence": RecordKind(
        _("Other evidence"), _("What the school did for criteria that no pupil's record answers."), _("Record evidence"),
        _of_school(SchoolEvidence), _evidence, "-day", _("No evidence is recorded yet"),
    ),
    "destinations": RecordKind(
        _("Destinations"), _("Where pupils mean to go, went, and stayed; kept for at least three years after leaving."),
        _("Record a destination"), _of_school(Destination, "person", "provider"), _destinations, "-day",
        _("No destination is recorded yet"), names_pupils=True,
    ),
    "readings": RecordKind(
        _("Special needs"),
        _("How criteria are read for single pupils, with the reason. Only the school and the family see it."),
        _("Say how a criterion is read"), _of_school(Interpretation, "person"), _readings, "-day",
        _("Every criterion is read as written for everybody"), names_pupils=True,
    ),
    "qualifications": RecordKind(
        _("Counsellors' qualifications"),
        _("On the day of a talk the counsellor has to be qualified. Entered by whoever leads the staff and has seen it."),
        _("Enter a qualification"), _qualified, _qualifications, "-day", _("No qualification is entered yet"),
    ),
}
