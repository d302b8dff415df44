"""What of lists, participations and double records waits for whom on My work."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microcities.careers.models import School
from microcities.careers.rules import keeps_a_school
from microcities.notices.worklist import Task, waits_for
from microcities.participation.models import Activity, ListImport, ListState, Participation
from microcities.participation.summer_experience import waiting_at
from microcities.people.models import MatchCandidate
from microcities.people.roles import Permission

TITLES = {
    ListState.UPLOADED: _("Match the columns of a list"),
    ListState.CHECKED: _("Look at what a list would change"),
    ListState.FAILED: _("A list could not be read"),
}
MOST_SHOWN = 10
MOST_COUNTED = 1_000  # of one activity; beyond it the list says "1000+"


@waits_for("participation.lists")
def unfinished_lists(account: Any) -> Iterator[Task]:
    """Lists of the own organisations that wait for a person."""
    for the_list in ListImport.objects.brought_for(account).unfinished().order_by("-pk")[:MOST_SHOWN]:
        yield Task(
            TITLES[ListState(the_list.state)], reverse("participation:list", args=[the_list.pk]),
            detail=the_list.file_name,
        )


@waits_for("participation.confirmations")
def records_to_confirm(account: Any) -> Iterator[Task]:
    """Records that somebody else brought and this account may confirm, by activity, what ended first before the rest."""
    if not account.may(Permission.CONFIRM_RECORDS):
        return
    waiting = Participation.objects.confirmable_by(account)
    activities = Activity.objects.with_records_among(waiting, MOST_COUNTED + 1).order_by("ends_on", "code")
    for activity in activities[:MOST_SHOWN]:
        count: int = activity.records  # type: ignore[attr-defined]
        yield Task(
            _("Confirm participants' records"),
            reverse("participation:activity", args=[activity.code]) + "?verification=unverified",
            count=min(count, MOST_COUNTED), more=count > MOST_COUNTED, detail=activity.name,
        )


@waits_for("people.matches")
def pairs_to_decide(account: Any) -> Iterator[Task]:
    """One line for all pairs of records that this account may decide on."""
    count = MatchCandidate.objects.open().decidable_by(account).count()
    if count:
        yield Task(_("Decide on possible double records"), reverse("persons:matches"), count=count)


@waits_for("participation.summer_work", only=keeps_a_school)
def summer_work_to_take_over(account: Any) -> Iterator[Task]:
    """Finished summer work of a school's pupils that its career record does not have yet."""
    for school in School.objects.kept_by(account).select_related("organisation").order_by("pk"):
        if count := waiting_at(school).values("pk").count():
            href = reverse("participation:summer_experience", args=[school.pk])
            yield Task(_("Take summer work into the career record"), href, count=count, detail=str(school))
