"""The link to the decisions, the words of their actions, and the history page of a decision file."""

from typing import Any, cast

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import Answer
from microcities.decisions.models import DecisionRun
from microcities.decisions.rules import may_see_decisions, may_see_run
from microcities.trail.reading import name_verb, presented
from microcities.ui.shell import register_nav

VERBS = {
    "decisions.record_run": _("ran an engine and kept the decision file"),
    "decisions.confirm_run": _("confirmed a decision"),
    "decisions.discard_run": _("discarded a decision"),
}


def _may_see(account: Any, row: Model) -> Answer:
    return may_see_run(account, cast(DecisionRun, row))


register_nav("main", _("Decisions"), "decisions:list", 50, rule=may_see_decisions)
for verb, words in VERBS.items():
    name_verb(verb, words)
presented("decisions.DecisionRun", rule=_may_see)
