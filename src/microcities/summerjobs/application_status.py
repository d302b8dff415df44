"""How an application stands, in a word for lists and in a sentence for the pupil."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from microcities.summerjobs.application_rules import CHILD, TEENAGER, standing_of, words_in_force
from microcities.summerjobs.draw_words import KINDS
from microcities.summerjobs.models import Application, GuardianWord, PlacementState
from microcities.summerjobs.working_days import Law
from microcities.ui.components import StatusKind


@dataclass(frozen=True)
class Status:
    """A word with the kind of its badge, and what it means for the pupil."""

    word: str
    kind: StatusKind
    sentence: str = ""


def status_of(application: Application, law: Law) -> Status:
    """The status, the weightiest first."""
    if application.refused_reason:
        return Status(_("refused"), "warning", application.refused_reason)
    if application.withdrawn_at is not None:
        return Status(_("withdrawn"), "neutral", _("You have withdrawn. Until the last day you can send it again."))
    if application.submitted_at is None:
        return Status(_("draft"), "neutral", _("Only you and your guardian see it. Send it before the last day."))
    if placed := _placed(application):
        return placed
    if application.missing:
        return Status(_("something is missing"), "warning", application.missing)
    if waits := _waits_for_guardian(application, law):
        return waits
    if application.checked_at is None:
        return Status(_("sent"), "info", _("The city checks it. Then it goes into the draw."))
    if application.scheme.draws.published().exists():
        sentence = _("You stand in the waiting list. You are written to when a place is free.")
        return Status(_("no place yet"), "neutral", sentence)
    sentence = _("The city has checked it. Under your code you find your number after the draw.")
    return Status(_("goes into the draw"), "good", sentence)


def _placed(application: Application) -> Status | None:
    """What became of the latest place that was offered; a place that was given up ends the way of the application."""
    latest = application.placements.order_by("-offered_at", "-pk").first()
    if latest is None:
        return None
    sentences = {
        PlacementState.OFFERED: _("A place is offered. Open it below and answer in time."),
        PlacementState.ACCEPTED: _("You have a place. The agreement comes next."),
        PlacementState.DECLINED: _("You have declined the place. No other is offered in this summer."),
        PlacementState.LAPSED: _("The time to answer is over. No other place is offered in this summer."),
    }
    state = PlacementState(latest.state)
    return Status(str(state.label), KINDS[state], sentences.get(state, latest.end_reason))


def _waits_for_guardian(application: Application, law: Law) -> Status | None:
    standing, said = standing_of(application, law), {each.kind for each in words_in_force(application)}
    if standing in {CHILD, TEENAGER} and GuardianWord.Kind.REFUSED in said:
        sentence = _("Talk with your guardian. The application goes into no draw.")
        return Status(_("a guardian does not consent"), "warning", sentence)
    if standing == CHILD and GuardianWord.Kind.CONSENT not in said:
        return Status(
            _("waits for a guardian"), "warning",
            _("The law asks for a guardian's consent before you work. Your guardian gives it in the own account."),
        )
    return None
