"""Series: occurrences made from a rule, and changes to this one, to this and the following, or to all that are to come."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.bookings.engines.local_time import instant
from microcities.bookings.engines.recurrence import Occurrence, RecurrenceInput, recurrence
from microcities.decisions.engine import EngineInputError
from microcities.events.actions.planning import call_off, delete_draft, publish_event, rewrite_event, store_event
from microcities.events.letters import tell_cancelled, tell_changed
from microcities.events.models import Event, EventState, Question, Series
from microcities.events.rules import may_manage
from microcities.people.models import Account, Organisation
from microcities.trail.context import change

MOST_OCCURRENCES = 200


class RuleUnreadableError(RefusedError):
    """The rule of a series cannot be read; the reason says what is wrong with it."""


def draft_series(
    *,
    actor: Account,
    rule: str,
    starts_local: str,
    minutes: int,
    hosts: Sequence[Organisation] = (),
    questions: Sequence[Question] = (),
    zone: str = "Europe/Riga",
    **values: Any,
) -> Series:
    """Make a series and all its occurrences as drafts, in local time. One room that is taken once refuses the whole."""
    organisation = values["organisation"]
    require(may_manage(actor, Event(**values)))
    found = occurrences(rule, starts_local, minutes, zone)
    with change("events.draft_series", actor=actor):
        series = Series.objects.create(
            organisation=organisation, rule=rule, starts_local=starts_local, minutes=minutes, zone=zone
        )
        for occurrence in found:
            event = Event(
                **values, series=series, original_local=occurrence.local, state=EventState.DRAFT,
                starts_at=datetime.fromisoformat(occurrence.starts_at), ends_at=datetime.fromisoformat(occurrence.ends_at),
            )
            copies = [_unsaved(question) for question in questions]
            store_event(actor, event, hosts, copies)
        return series


def occurrences(rule: str, starts_local: str, minutes: int, zone: str) -> tuple[Occurrence, ...]:
    """What the rule gives; RuleUnreadableError when it cannot be read, never ends or gives more than there may be."""
    try:
        found = recurrence(
            RecurrenceInput(rule=rule, starts_at=starts_local, minutes=minutes, zone=zone, at_most=MOST_OCCURRENCES), seed=0
        )
    except EngineInputError as error:
        raise RuleUnreadableError("; ".join(problem.message for problem in error.problems)) from error
    if found.truncated:
        raise RuleUnreadableError(
            _("This rule gives more than %(most)s events. Say how many, or until when.") % {"most": MOST_OCCURRENCES}
        )
    return found.occurrences


def publish_series(*, actor: Account, series: Series) -> int:
    """Announce all drafts of a series; returns how many."""
    with change("events.publish_series", actor=actor):
        drafts = list(series.events.filter(state=EventState.DRAFT, ends_at__gt=timezone.now()).order_by("starts_at"))
        for event in drafts:
            publish_event(actor=actor, event=event)
        return len(drafts)


def change_following(*, actor: Account, event: Event, reason: str = "", **values: Any) -> Series:
    """Change this occurrence and all after it: they become a series of their own, which knows the one it continues.

    A new start moves every one of them by as much local time. Occurrences that were moved or cancelled singly stay as they are.
    """
    if event.series is None:
        raise RefusedError(_("This event does not repeat."))
    require(may_manage(actor, event))
    with change("events.change_following", actor=actor, reason=reason):
        following = list(
            event.series.events.filter(original_local__gte=event.original_local).exclude(state=EventState.CANCELLED)
            .order_by("original_local")
        )
        if following and event.series.events.filter(original_local__lt=event.original_local).exists():
            later = Series.objects.create(
                organisation=event.series.organisation, rule=event.series.rule, starts_local=event.original_local,
                minutes=event.series.minutes, zone=event.series.zone, continues=event.series,
            )
            Event.objects.filter(pk__in=[each.pk for each in following]).update(series=later)
        else:
            later = event.series
        _change_each(actor, later, event, following, values)
        return later


def change_all(*, actor: Account, series: Series, like: Event, reason: str = "", **values: Any) -> int:
    """Change all occurrences that are still to come; returns how many. `like` is the one whose new values these are."""
    with change("events.change_all", actor=actor, reason=reason):
        coming = list(
            series.events.filter(starts_at__gt=timezone.now()).exclude(state=EventState.CANCELLED).order_by("starts_at")
        )
        _change_each(actor, series, like, coming, values)
        return len(coming)


def cancel_following(*, actor: Account, event: Event, reason: str) -> int:
    """Cancel this occurrence and all after it that were announced; returns how many.

    Drafts among them, which nobody has seen, are thrown away. Whoever is registered for some of them is told once.
    """
    if event.series is None:
        raise RefusedError(_("This event does not repeat."))
    following = event.series.events.filter(original_local__gte=event.original_local)
    return _cancel_each(actor, "events.cancel_following", event.series, following, reason)


def cancel_all(*, actor: Account, series: Series, reason: str) -> int:
    """Cancel all occurrences that are still to come, as `cancel_following` does; returns how many. Those that were stay."""
    return _cancel_each(actor, "events.cancel_all", series, series.events.all(), reason)


def _cancel_each(actor: Account, verb: str, series: Series, events: "QuerySet[Event]", reason: str) -> int:
    if not reason.strip():
        raise RefusedError(_("Say why: everybody registered reads it."))
    require(may_manage(actor, Event(organisation=series.organisation)))
    with change(verb, actor=actor, reason=reason):
        # In one order, so that two who cancel at once do not wait for each other for ever.
        coming = list(events.filter(ends_at__gt=timezone.now()).order_by("pk"))
        for draft in (each for each in coming if each.state == EventState.DRAFT):
            delete_draft(actor=actor, event=draft)
        ended = [call_off(actor, each, reason) for each in coming if each.state == EventState.PUBLISHED]
        tell_cancelled(ended)
        return len(ended)


def _change_each(
    actor: Account, series: Series, like: Event, events: list[Event], values: dict[str, Any]
) -> None:
    """Apply values to each; a new time of `like` shifts the others by the same local time, so the hour stays over a change.

    Whoever is registered for several of them is told of all in one letter.
    """
    zone = ZoneInfo(series.zone)
    start, end = values.pop("starts_at", None), values.pop("ends_at", None)
    shift, length = timedelta(0), None
    if start is not None and end is not None:
        shift = start.astimezone(zone).replace(tzinfo=None) - like.starts_at.astimezone(zone).replace(tzinfo=None)
        length = end.astimezone(UTC) - start.astimezone(UTC)  # two times of one zone would give what the clock shows
    told: list[Event] = []
    # Whoever moves later goes first, or two rooms of one series would stand in each other's way.
    for event in sorted(events, key=lambda each: each.starts_at, reverse=shift > timedelta(0)):
        times = {}
        was_moved = event.starts_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") != event.original_local[:16]
        if length is not None and (event.pk == like.pk or not was_moved):
            local = event.starts_at.astimezone(zone).replace(tzinfo=None) + shift
            begins = instant(local, zone)
            times = {"starts_at": begins, "ends_at": begins + length}
        fresh, is_news = rewrite_event(actor, event, **values, **times)
        told += [fresh] if is_news else []
    tell_changed(told)


def _unsaved(question: Question) -> Question:
    return Question(
        kind=question.kind, text=question.text, text_en=question.text_en, choices=question.choices,
        choices_en=question.choices_en, is_required=question.is_required,
    )
