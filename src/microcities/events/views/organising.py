"""Pages on which an organiser plans, announces, changes and cancels events and series."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.access.guards import allow
from microcities.access.outcome import try_to
from microcities.events.actions.planning import cancel_event, change_event, delete_draft, draft_event, publish_event
from microcities.events.actions.series import (
    cancel_all,
    cancel_following,
    change_all,
    change_following,
    draft_series,
    publish_series,
)
from microcities.events.following import steps_after
from microcities.events.forms.planning import CancelForm, ChangeForm, NewEventForm
from microcities.events.models import Attendee, Event, Series
from microcities.events.rules import may_change_event, may_manage_events
from microcities.events.tables import run_table
from microcities.events.views.public import crumbs
from microcities.events.wording import when_words, where_words
from microcities.events.words import language_words, state_words
from microcities.people.sign_in import account_of
from microcities.ui.pages import form_page, page


def run_event_of(request: HttpRequest, uid: Any) -> Event:
    """The event of one's own organisation; for anybody else there is none."""
    own = Event.objects.run_by(account_of(request))
    return get_object_or_404(own.select_related("organisation", "city", "room", "series").with_places_taken(), uid=uid)


def run_crumbs(event: Event | None = None, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of the organiser."""
    path = [(_("Organise"), reverse("events:run"))]
    if event is not None:
        path.append((str(event), reverse("events:run-event", args=[event.uid]) if steps else ""))
    return crumbs(*path, *steps)


@allow(may_manage_events)
def run(request: HttpRequest) -> HttpResponse | FileResponse:
    """All events of one's organisations."""
    table = run_table(Event.objects.run_by(account_of(request)), request.GET)
    if table.export_format:
        return table.export("own-events")
    return page(request, "events/run.html", {"table": table, "crumbs": run_crumbs()}, part="table")


@allow(may_manage_events, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Plan an event or a series; both begin as drafts."""
    account = account_of(request)
    form = NewEventForm(request.POST or None, account=account)
    if form.is_valid():
        try:
            made = _planned(account, form)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft is kept. Nobody else sees it before you announce it."))
            return redirect("events:run-event", made.uid)
    crumbs_here = [*run_crumbs(), (_("Plan an event"), "")]
    return form_page(
        request, form, title=_("Plan an event"), button=_("Keep as a draft"), back=reverse("events:run"), crumbs=crumbs_here
    )


def _planned(account: Any, form: NewEventForm) -> Event:
    if not form.cleaned_data["rule"]:
        return draft_event(actor=account, **form.values)
    return draft_series(actor=account, **form.series_values).events.order_by("starts_at")[0]


@allow(may_manage_events)
def run_event(request: HttpRequest, uid: str) -> HttpResponse:
    """One event as its organiser sees it, with all that can be done."""
    event, account = run_event_of(request, uid), account_of(request)
    word, kind = state_words(event, timezone.now())
    people = dict(Attendee.objects.filter(event=event).by_state())
    siblings = event.series.events.exclude(pk=event.pk) if event.series is not None else Event.objects.none()
    context: dict[str, Any] = {
        "event": event, "when": when_words(event), "where": where_words(event), "word": word, "kind": kind,
        "languages": language_words(event.languages), "hosts": event.hosts.select_related("organisation").order_by("pk"),
        "questions": list(event.questions.all()), "confirmed": people.get("confirmed", 0),
        "offered": people.get("offered", 0), "waiting": people.get("waiting", 0),
        "may_publish": may_change_event(account, event, "publish"), "may_cancel": may_change_event(account, event, "cancel"),
        "drafts": siblings.filter(state="draft").count(), "is_over": event.ends_at <= timezone.now(),
        "after": steps_after(account, event) if event.ends_at <= timezone.now() else [],
        "dates": [
            {"event": each, "when": when_words(each), "state": each.get_state_display()}
            for each in siblings.order_by("starts_at")[:50]
        ],
        "crumbs": run_crumbs(event),
    }
    return page(request, "events/run_event.html", context)


@allow(may_manage_events, methods=("GET", "POST"))
def change(request: HttpRequest, uid: str) -> HttpResponse:
    """Change one event, it and the following, or all of its series."""
    event, account = run_event_of(request, uid), account_of(request)
    # The form writes into its instance while it checks; the event itself stays as it was read.
    form = ChangeForm(request.POST or None, account=account, instance=run_event_of(request, uid))
    if form.is_valid():
        try:
            _changed(account, event, form)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The change is kept. People are told when time, place or name is another."))
            return redirect("events:run-event", uid)
    back = reverse("events:run-event", args=[uid])
    here = run_crumbs(event, (_("Change"), ""))
    return form_page(request, form, title=f"{_('Change')}: {event}", button=_("Save"), back=back, crumbs=here)


def _changed(account: Any, event: Event, form: ChangeForm) -> None:
    values, reason = form.changed_values, form.cleaned_data["reason"]
    scope = form.cleaned_data.get("scope", "this")
    if {"starts_at", "ends_at"} & values.keys():
        values |= {name: form.cleaned_data[name] for name in ("starts_at", "ends_at")}
    if not values:
        return
    if scope == "following":
        change_following(actor=account, event=event, reason=reason, **values)
    elif scope == "all" and event.series is not None:
        change_all(actor=account, series=event.series, like=event, reason=reason, **values)
    else:
        change_event(actor=account, event=event, reason=reason, **values)


def _called_off(account: Any, event: Event, form: CancelForm) -> None:
    require(may_change_event(account, event, "cancel"))
    reason, scope = form.cleaned_data["reason"], form.cleaned_data.get("scope", "this")
    if scope == "following":
        cancel_following(actor=account, event=event, reason=reason)
    elif scope == "all" and event.series is not None:
        cancel_all(actor=account, series=event.series, reason=reason)
    else:
        cancel_event(actor=account, event=event, reason=reason)


@allow(may_manage_events, methods=("GET", "POST"))
def cancel(request: HttpRequest, uid: str) -> HttpResponse:
    """Call an event off, or it and those after it."""
    event, account = run_event_of(request, uid), account_of(request)
    form = CancelForm(request.POST or None, event=event)
    if form.is_valid():
        try:
            _called_off(account, event, form)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The event is cancelled, and everybody registered is told."))
            return redirect("events:run-event", uid)
    back = reverse("events:run-event", args=[uid])
    here = run_crumbs(event, (_("Cancel the event"), ""))
    title = _("Cancel the event")
    return form_page(request, form, title=f"{title}: {event}", button=title, back=back, crumbs=here)


def _done(request: HttpRequest, uid: str, act: Callable[[], object], said: str) -> HttpResponse:
    try_to(act, request, said)
    return redirect("events:run-event", uid)


@allow(may_manage_events, methods=("POST",))
def publish(request: HttpRequest, uid: str) -> HttpResponse:
    """Announce a draft; with `series` all drafts of its series."""
    event, account = run_event_of(request, uid), account_of(request)
    series: Series | None = event.series if "series" in request.POST else None
    if series is not None:
        whole = series
        return _done(request, uid, lambda: publish_series(actor=account, series=whole), _("The series is announced."))
    return _done(request, uid, lambda: publish_event(actor=account, event=event), _("The event is announced."))


@allow(may_manage_events, methods=("POST",))
def delete(request: HttpRequest, uid: str) -> HttpResponse:
    """Throw a draft away."""
    event, account = run_event_of(request, uid), account_of(request)
    if try_to(delete_draft, request, _("The draft is gone."), actor=account, event=event):
        return redirect("events:run")
    return redirect("events:run-event", uid)
