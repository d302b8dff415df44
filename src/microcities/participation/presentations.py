"""Links of this app, the words of its actions, and who sees the history of its records."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer
from microcities.participation.lists.columns import FIELDS
from microcities.participation.models import ListImport, Participation
from microcities.participation.rules import may_see_lists
from microcities.participation.tables import who
from microcities.people.rules import may_decide_matches, may_see_people
from microcities.privacy.looks import protected_person
from microcities.privacy.rules import may_see_trail
from microcities.trail.reading import name_verb, presented
from microcities.trail.sentences import name_keys
from microcities.ui.shell import register_nav

VERBS = {
    "participation.tie_to_scheme": _("tied an activity to a summer scheme"),
    "participation.take_over_work": _("took summer work over into the programme's records"),
    "participation.take_experience": _("took summer work into a school's career record"),
    "participation.summer_experience": _("summer work of a school's pupils"),
    "participation.bring_list": _("brought a list of participants"),
    "participation.match_columns": _("matched the columns of a list"),
    "participation.check_list": _("compared a list"),
    "participation.check_list_again": _("compared a list again, because the data had changed"),
    "participation.fail_list": _("could not read a list"),
    "participation.request_application": _("asked for a list to be applied"),
    "participation.apply_list": _("applied a list"),
    "participation.request_undo": _("asked for a list to be undone"),
    "participation.undo_list": _("undid a list"),
    "participation.resume_work": _("started interrupted work on a list again"),
    "participation.discard_list": _("discarded a list"),
    "participation.discard_forgotten_lists": _("discarded lists that nobody had finished"),
    "participation.add_activity": _("added an activity"),
    "participation.change_activity": _("changed an activity"),
    "participation.enrol_person": _("entered a participation"),
    "participation.enrol_organisation": _("entered an application for a grant"),
    "participation.record_award": _("recorded a grant"),
    "participation.record_start": _("recorded a start"),
    "participation.record_completion": _("recorded a completion"),
    "participation.record_drop_out": _("recorded a drop-out"),
    "participation.confirmed_record": _("confirmed a participation"),
    "participation.rejected_record": _("rejected a participation"),
    "participation.confirm_list_records": _("confirmed the records of a list"),
    "participation.record": _("a participation"),
    "people.decide_match": _("decided whether two records are one person"),
    "people.merge_persons": _("put two records of a person together"),
    "people.undo_merge": _("took two records apart again"),
    "people.person": _("the person's page"),
    "people.match": _("comparison of two records"),
}


def may_see_record_history(account: Any, record: Model) -> Answer:
    """Those who see the trail, and those who may see the record."""
    seen = Participation.objects.visible_to(account).filter(pk=record.pk).exists() if account.is_authenticated else False
    return YES if seen else may_see_trail(account)


def may_see_list_history(account: Any, the_list: Model) -> Answer:
    """Those who see the trail, and those who may see the list."""
    seen = ListImport.objects.visible_to(account).filter(pk=the_list.pk).exists() if account.is_authenticated else False
    return YES if seen else may_see_trail(account)


for verb, words in VERBS.items():
    name_verb(verb, words)
# What a row of a list says is kept by the names of its fields.
name_keys({field.key: field.label for field in FIELDS})
presented(
    "participation.Participation", rule=may_see_record_history, name=lambda row: f"{who(row)}, {row.activity}",
    looked_at=lambda row: protected_person(Participation, row),
)
presented("participation.ListImport", rule=may_see_list_history)
# An activity is public; its history names who changed it.
presented("participation.Activity", rule=lambda account, _row: may_see_trail(account))
register_nav("main", _("Activities"), "participation:activities", 30)
register_nav("main", _("Lists"), "participation:lists", 50, rule=may_see_lists)
register_nav("main", _("People"), "persons:persons", 45, rule=may_see_people)
register_nav("main", _("Double records"), "persons:matches", 60, rule=may_decide_matches)
