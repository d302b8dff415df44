"""Persons: the list that an account may see, and one person's page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.database.expressions import LatvianKey
from microcities.database.finding import begun_by, slipped, with_search_keys, words_of
from microcities.people.actions.persons import correct_person
from microcities.people.consent_texts import name_of
from microcities.people.forms import CorrectPersonForm
from microcities.people.models import Account, Guardianship, Merge, Person, Registration, Sex
from microcities.people.person_parts import parts_of
from microcities.people.places import place_names
from microcities.people.queries import NAME_KEY
from microcities.people.roles import Permission
from microcities.people.rules import (
    FULL_AGE,
    keeps_record_of,
    may_change_people,
    may_correct_person,
    may_decide_matches,
    may_see_people,
)
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_download, log_look, log_shown
from microcities.ui.filters import ChoiceFilter, TextFilter
from microcities.ui.pages import form_page, page
from microcities.ui.tables import Column, Table, worded


def _named(rows: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Persons in whose name every word begins so, without diacritics; if there are none, with one slip in a word."""
    words, rows = words_of(text), with_search_keys(rows, NAME_KEY)
    if not words:
        return rows.none()
    begun = rows.filter(*(begun_by(NAME_KEY, word) for word in words))
    return begun if begun.exists() else rows.filter(*(slipped(NAME_KEY, word, indexed=True) for word in words))


def _registrations(account: Account) -> QuerySet[Registration]:
    """Registrations that the account may know of: of its own organisations, or all."""
    rows = Registration.objects.select_related("organisation").order_by("organisation_id")
    if account.may(Permission.SEE_ALL_PEOPLE):
        return rows
    return rows.filter(organisation_id__in=account.organisation_ids(Permission.SEE_OWN_PEOPLE))


@allow(may_see_people)
def persons(request: HttpRequest) -> HttpResponse | FileResponse:
    """The persons whom the account may see."""
    account = account_of(request)
    known_by = Prefetch("registrations", _registrations(account), to_attr="known_by")
    table = Table(
        rows=Person.objects.visible_to(account).current().prefetch_related(known_by),
        columns=[
            Column("name", _("Name"), order_by=(LatvianKey("family_name"), LatvianKey("given_name")), heading=True,
                   filter=TextFilter(_named), link=lambda person: reverse("persons:person", args=[person.public_id])),
            Column("birth_on", _("Date of birth"), order_by="birth_on"),
            Column("sex", _("Sex"), value=worded(Sex, "sex"), order_by="sex",
                   filter=ChoiceFilter("sex", choices=Sex.choices)),
            Column("known_by", _("Known by"), value=_known_by),
            Column("reference", _("Own reference"), value=_references),
        ],
        params=request.GET, caption=_("People"), default_sort="name", per_page=50,
        empty=_("Nobody is registered with you yet"),
        empty_hint=_("Bring a list of participants, and its people appear here."),
        on_export=log_download(_("People"), lambda person: (person,)),
    )
    if table.export_format:
        return table.export("people")
    log_shown(table.page.rows, _("People"), lambda person: (person,))
    return page(request, "people/persons.html", {"table": table}, part="table")


def _known_by(person: Any) -> str:
    return ", ".join(each.organisation.name for each in person.known_by)


def _references(person: Any) -> str:
    return ", ".join(each.local_reference for each in person.known_by if each.local_reference)


@allow(may_see_people)
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person with registrations, guardians and what other apps add. A look at a minor is logged."""
    account, today = account_of(request), timezone.localdate()
    found = get_object_or_404(Person.objects.visible_to(account), public_id=public_id)
    if found.pk != account.person_id:
        log_look(found, reason="people.person", what=_("the person's page"), on=today)
    age = found.age_on(today)
    guardians = Guardianship.objects.in_force(today).filter(ward=found).select_related("guardian").order_by("pk")
    merges = Merge.objects.filter(kept=found, undone_at__isnull=True).order_by("pk")
    context: dict[str, Any] = {
        "person": found,
        "age": age,
        "place": place_names().get(found.place, found.place),
        "registrations": _registrations(account).filter(person=found),
        "guardians": guardians,
        "may_correct": may_correct_person(account, found),
        "may_name_guardian": age is not None and age < FULL_AGE and keeps_record_of(account, found),
        "consents": [(name_of(each.purpose, today), each) for each in found.consents.in_force(today).order_by("pk")],
        "merges": merges if may_decide_matches(account) else (),
        "parts": parts_of(account, found),
        "history": reverse("trail:row", args=["people_person", found.pk]) if account.may(Permission.SEE_TRAIL) else "",
        "crumbs": [(_("Home"), "/"), (_("People"), reverse("persons:persons")), (found.name, "")],
    }
    return page(request, "people/person.html", context)


@allow(may_change_people, methods=("GET", "POST"))
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put right what is said of a person, with the reason. A look at a minor is logged."""
    account = account_of(request)
    found = get_object_or_404(Person.objects.visible_to(account), public_id=public_id)
    if not (answer := may_correct_person(account, found)):
        raise PermissionDenied(answer.reason)
    log_look(found, reason="people.person", what=_("the person's details"))
    form, back = CorrectPersonForm(request.POST or None, person=found), reverse("persons:person", args=[public_id])
    if form.is_valid():
        with refusals_on(form):
            correct_person(actor=account, person=found, **form.cleaned_data)
            messages.success(request, _("The details are corrected."))
            return redirect(back)
    title, people = _("Correct the details"), reverse("persons:persons")
    way = [(_("Home"), "/"), (_("People"), people), (found.name, back), (title, "")]
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=way, lead=found.name)
