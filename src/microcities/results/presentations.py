"""How the history of results is shown: the words of its actions, and who may see the history of its rows."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from microcities.access.answers import Answer
from microcities.results import kept_records  # noqa: F401 - registers what approved reports keep
from microcities.results.exports import licence  # noqa: F401 - registers the check of its setting
from microcities.results.rules import may_see_frozen_history, may_see_history, may_see_report_history
from microcities.trail.reading import name_verb, presented

VERBS = {
    "results.load_definition": _("loaded the definition of results"),
    "results.revise_target": _("revised a target"),
    "results.record_observation": _("recorded an outside figure"),
    "results.confirm_observation": _("confirmed an outside figure"),
    "results.reject_observation": _("refused an outside figure"),
    "results.open_period": _("opened a reporting period"),
    "results.lock_period": _("locked a reporting period"),
    "results.draft_report": _("began a report"),
    "results.submit_report": _("submitted a report"),
    "results.return_report": _("returned a report"),
    "results.approve_report": _("approved a report"),
    "results.restate_report": _("restated a report"),
    "results.draw_sample": _("drew a verification sample"),
    "results.check_sampled_record": _("checked a drawn record"),
    "results.publish_figures": _("published figures"),
    "results.evidence": _("records behind a figure"),
    "results.export": _("took records along as a file or by a program"),
    "results.create_token": _("made an access token"),
    "results.revoke_token": _("withdrew an access token"),
}
HISTORIES: dict[str, Callable[[Any, Any], Answer]] = {
    **dict.fromkeys(("Indicator", "Target", "Observation", "Period", "Publication"), may_see_history),
    "Report": may_see_report_history,
    **dict.fromkeys(("FrozenFigure", "VerificationSample", "SampleCheck"), may_see_frozen_history),
}

for verb, words in VERBS.items():
    name_verb(verb, words)
for model, seen_by in HISTORIES.items():
    presented(f"results.{model}", rule=seen_by)
