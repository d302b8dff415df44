"""One's own details, and the roles one holds."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from microcities.access.guards import allow, signed_in
from microcities.people.actions.accounts import name_person
from microcities.people.forms import ProfileForm
from microcities.people.roles import ROLES
from microcities.people.sign_in import account_of
from microcities.ui.pages import page


@allow(signed_in, methods=("GET", "POST"), own_account=True)
def profile(request: HttpRequest) -> HttpResponse:
    """Enter or correct one's own name, date of birth and language."""
    account = account_of(request)
    person = account.person
    initial = {
        "given_name": person.given_name if person else "",
        "family_name": person.family_name if person else "",
        "birth_on": person.birth_on if person else None,
        "language": account.language,
    }
    form = ProfileForm(request.POST or None, initial=initial)
    if form.is_valid():
        name_person(actor=account, account=account, **form.cleaned_data)
        messages.success(request, _("Your details are saved."))
        return redirect("people:profile")
    roles = [(membership, ROLES[membership.role]) for membership in account.memberships_today]
    return page(request, "people/profile.html", {"form": form, "roles": roles, "person": person})
