"""Consents on one page: what is asked, by whom, what for and how long; one button to give, one to withdraw."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import Answer, RefusedError
from microcities.access.guards import allow
from microcities.access.outcome import try_to
from microcities.people.actions.consents import give_consent, withdraw_consent
from microcities.people.consent_texts import ConsentText, name_of, text_of, texts_on
from microcities.people.models import Account, Consent, Guardianship, Person
from microcities.people.rules import is_tied_to_a_person, may_consent
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look
from microcities.ui.pages import page


@dataclass(frozen=True)
class Asked:
    """One text with what has become of it: the consent in force, and whether its words have changed since."""

    text: ConsentText
    given: Consent | None

    @property
    def is_outdated(self) -> bool:
        """True when the consent was given to other words than those asked now."""
        return self.given is not None and self.given.text_version != self.text.version


def _person(account: Account, reference: UUID | None) -> Any:
    """The visitor, or a ward with this reference; for anybody else the page does not exist."""
    if reference is None:
        return account.person
    links = Guardianship.objects.in_force(timezone.localdate()).select_related("ward")
    return get_object_or_404(links, guardian=account.person, ward__public_id=reference).ward


@allow(is_tied_to_a_person)
def consents(request: HttpRequest, reference: UUID | None = None) -> HttpResponse:
    """What is asked of the visitor or a ward, and every consent given so far."""
    account, today = account_of(request), timezone.localdate()
    person = _person(account, reference)
    if reference is not None:
        log_look(person, reason="people.consents")
    rows = list(Consent.objects.filter(person=person).select_related("given_by").order_by("-given_at", "-pk"))
    running = {each.purpose: each for each in rows if each.runs_on(today)}
    context = {
        "person": person,
        "own": reference is None,
        "asked": [Asked(text, running.get(text.code)) for text in texts_on(today)],
        "answer": _answer(account, person, today),
        "rows": consent_rows(rows, today),
    }
    return page(request, "people/consent_page.html", context)


def _answer(account: Account, person: Person, today: date) -> Answer:
    return may_consent(account.person, person, today)  # type: ignore[arg-type]  # the guard has asked for it


def consent_rows(rows: list[Consent], today: date) -> list[tuple[Consent, str, str]]:
    """(consent, its name, its state: running, over, replaced or withdrawn); `rows` are one person's, newest first."""
    begun = {(each.purpose, each.given_at) for each in rows}
    found = []
    for each in rows:
        state = "running" if each.runs_on(today) else "over"
        if each.withdrawn_at is not None:
            state = "replaced" if (each.purpose, each.withdrawn_at) in begun else "withdrawn"
        found.append((each, name_of(each.purpose, today), state))
    return found


@allow(is_tied_to_a_person, methods=("POST",), own_account=True)
def give(request: HttpRequest, code: str, reference: UUID | None = None) -> HttpResponse:
    """Consent to the words that stood on the page, for oneself or a ward."""
    account = account_of(request)
    person, text = _person(account, reference), text_of(code, timezone.localdate())
    if text is None:
        raise Http404(_("This consent is not asked for."))

    def act() -> None:
        if request.POST.get("version") != text.version:
            raise RefusedError(_("The text has changed since you opened the page. Read it again, then decide."))
        give_consent(actor=account, person=person, text=text)

    try_to(act, request, _("The consent is given. You can withdraw it here at any time."))
    return _back(person, account)


@allow(is_tied_to_a_person, methods=("POST",), own_account=True)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw a consent of one's own or of a child."""
    account = account_of(request)
    wards = Guardianship.objects.in_force(timezone.localdate()).filter(guardian=account.person).values("ward")
    known = Consent.objects.filter(person=account.person) | Consent.objects.filter(person__in=wards)
    consent = get_object_or_404(known.select_related("person"), pk=number)
    try_to(
        withdraw_consent, request, _("The consent is withdrawn. Nothing more is done on its ground."),
        actor=account, consent=consent,
    )  # fmt: skip
    return _back(consent.person, account)


def _back(person: Person, account: Account) -> HttpResponse:
    if person.pk == account.person_id:
        return redirect("people:consents")
    return redirect("people:ward_consents", person.public_id)
