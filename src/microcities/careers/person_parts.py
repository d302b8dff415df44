"""Adds classes, encounters and guidance talks to a person's page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.careers.models import CareerPlan, InterestSheet, Question
from microcities.careers.own_record import encounters_of, enrolments_of, talks_of
from microcities.careers.rules import STATE_WORDS, may_give_guidance
from microcities.people.models import Account, Person
from microcities.people.person_parts import Line, PersonPart, adds_part
from microcities.ui.numbers import format_day

MOST_SHOWN = 50


@adds_part("careers.classes", order=30)
def classes(account: Account, person: Person) -> PersonPart | None:
    """Classes, as far as the account may see them."""
    rows = enrolments_of(account, person)[:MOST_SHOWN]
    lines = [
        Line(f"{each.school_class}, {each.school_class.school}",
             detail=f"{format_day(each.joined_on)} – {format_day(each.left_on)}")
        for each in rows
    ]
    return PersonPart(_("Classes"), lines) if lines else None


@adds_part("careers.encounters", order=31)
def encounters(account: Account, person: Person) -> PersonPart | None:
    """Encounters, as far as the account may see them."""
    rows = encounters_of(account, person)[:MOST_SHOWN]
    lines = [
        Line(row.encounter.name, detail=f"{format_day(row.encounter.held_on)}, {row.get_presence_display()}") for row in rows
    ]
    return PersonPart(_("Encounters"), lines) if lines else None


@adds_part("careers.talks", order=32)
def talks(account: Account, person: Person) -> PersonPart | None:
    """Guidance talks, for counsellors."""
    if not may_give_guidance(account):
        return None
    lines = [
        Line(
            f"{format_day(line.day)}, {STATE_WORDS[line.talk.state]}", reverse("careers:talk", args=[line.talk.pk]),
            line.counsellor,
        )
        for line in talks_of(account, person)[:MOST_SHOWN]
    ]
    shown = InterestSheet.objects.visible_to(account).filter(person=person, shared_on__isnull=False).finished()
    lines += [
        Line(_("Interests"), reverse("careers:interests-result", args=[sheet.pk]), format_day(sheet.finished_at))
        for sheet in shown[:MOST_SHOWN]
    ]
    lines += [
        Line(_("Career plan"), reverse("careers:shown-plan", args=[plan.pk]), plan.goal)
        for plan in CareerPlan.objects.shown_to(account).filter(person=person)
    ]
    asked = Question.objects.to_counsellor(account).filter(person=person).in_order()
    lines += [
        Line(_("Question"), reverse("careers:question", args=[each.pk]), format_day(each.asked_at))
        for each in asked[:MOST_SHOWN]
    ]
    deeds = (
        (_("Offer a talk"), reverse("careers:offer", args=[person.public_id])),
        (_("Record a talk"), reverse("careers:record-talk", args=[person.public_id])),
    )
    return PersonPart(_("Guidance talks"), lines, _("No talk yet."), deeds)
