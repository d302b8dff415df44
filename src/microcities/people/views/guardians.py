"""Guardians and wards: what a guardian sees, and the confirmation by staff."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.people.actions.guardians import confirm_guardian
from microcities.people.forms import GuardianForm
from microcities.people.models import Guardianship, Person
from microcities.people.rules import is_tied_to_a_person, may_change_people
from microcities.people.sign_in import account_of
from microcities.trail.looks import note_look
from microcities.ui.pages import page


@allow(is_tied_to_a_person)
def family(request: HttpRequest) -> HttpResponse:
    """The children whose guardian one is, one's own guardians, and the way to the consents."""
    person = account_of(request).person
    today = timezone.localdate()
    wards = Person.objects.filter(
        pk__in=Guardianship.objects.in_force(today).filter(guardian=person).values("ward")
    ).in_latvian_order()
    guardians = Guardianship.objects.in_force(today).filter(ward=person).select_related("guardian")
    return page(request, "people/family.html", {"wards": wards, "guardians": guardians})


@allow(is_tied_to_a_person)
def ward(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a guardian may see of a child: the details, who knows the child, the way to the consents. Each look is logged."""
    guardianship = get_object_or_404(
        Guardianship.objects.in_force(timezone.localdate()).select_related("ward", "guardian"),
        guardian=account_of(request).person,
        ward__public_id=public_id,
    )
    child = guardianship.ward
    note_look(child.pk, reason="people.ward", what=_("details and consents"))
    context = {
        "child": child,
        "guardianship": guardianship,
        "registrations": child.registrations.select_related("organisation").order_by("since"),
    }
    return page(request, "people/ward.html", context)


@allow(may_change_people, methods=("GET", "POST"))
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """Staff who saw a proof name a child's guardian."""
    child = get_object_or_404(Person.objects.visible_to(account_of(request)).current(), public_id=public_id)
    form = GuardianForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["guardian_email"]
        guardian = Person.objects.current().filter(account__email__iexact=email).first()
        with refusals_on(form, "guardian_email"):
            if guardian is None:
                raise RefusedError(_("No account with this e-mail has a name yet. Ask the guardian to sign up first."))
            confirm_guardian(actor=account_of(request), guardian=guardian, ward=child, proof=form.cleaned_data["proof"])
            messages.success(request, _("The guardian is confirmed."))
            return redirect("people:confirm_guardian", child.public_id)
    note_look(child.pk, reason="people.confirm_guardian", what=_("name and guardians"))
    guardians = child.guardianships_as_ward.in_force(timezone.localdate()).select_related("guardian")
    return page(request, "people/confirm_guardian.html", {"child": child, "form": form, "guardians": guardians})
