"""Links of this app, the words of its actions, and a history page for every record about a person.

An app with a better name or rule for its rows calls `presented` again in a `presentations.py` of its own.
"""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from microcities.privacy import rules
from microcities.privacy.looks import protected_person
from microcities.privacy.walk import AnyModel, models_about_person, personal_fields
from microcities.trail.reading import name_verb, presented
from microcities.ui.shell import register_nav

VERBS = {
    "privacy.ask_about_data": _("asked about personal data"),
    "privacy.refuse_request": _("refused a request about personal data"),
    "privacy.grant_request": _("granted a request about personal data"),
    "privacy.erase_person": _("erased a person"),
    "privacy.run_retention": _("ran the retention clocks"),
    "privacy.place_hold": _("placed a legal hold"),
    "privacy.lift_hold": _("ended a legal hold"),
    "privacy.start_clock": _("recorded the start of a retention clock"),
    "privacy.own_data": _("own data"),
    "privacy.export": _("download of all data"),
    "privacy.request": _("answer to a request"),
    "privacy.download": _("download of a list"),
    "privacy.list": _("list on the screen"),
    "trail.row": _("history of a record"),
}


def _name(model: AnyModel, row: Any) -> str:
    return str(row) if "__str__" in vars(model) else f"{model._meta.verbose_name} {row.pk}"


def _present(model: AnyModel) -> None:
    presented(
        model._meta.label,
        rule=partial(rules.may_see_history, model),
        name=partial(_name, model),
        hidden=[field.column for field, how in personal_fields(model) if not how.in_export],
        looked_at=partial(protected_person, model),
    )


register_nav("footer", _("Privacy"), "privacy:notice", 50)
register_nav("account", _("My data"), "privacy:mine", 40, rule=rules.has_record)
register_nav("main", _("Privacy requests"), "privacy:requests", 80, rule=rules.handles_privacy)
register_nav("main", _("What was done"), "trail:actions", 85, rule=rules.may_see_trail)
for verb, words in VERBS.items():
    name_verb(verb, words)
for each in models_about_person():
    _present(each)
