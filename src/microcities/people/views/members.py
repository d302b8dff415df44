"""Members of the own organisation: who holds which role, who is invited, and the acceptance of an invitation."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from microcities.access.answers import RefusedError
from microcities.access.guards import allow, public, signed_in
from microcities.access.outcome import refusals_on, try_to
from microcities.people.actions.memberships import (
    accept_invitation,
    end_membership,
    hash_token,
    invite_member,
    revoke_invitation,
)
from microcities.people.actions.sessions import end_sessions_of_member
from microcities.people.forms import InvitationForm
from microcities.people.models import Account, Invitation, Membership, Organisation
from microcities.people.roles import ROLES, Permission
from microcities.people.rules import may_accept, may_invite, roles_to_give
from microcities.people.second_factor import set_pending_step
from microcities.people.sign_in import account_of
from microcities.people.tables import invitation_table, member_table
from microcities.ui.pages import page

TOKEN_IN_SESSION = "invitation_token"  # noqa: S105 - a session key, not a secret


def _organisations(account: Account) -> QuerySet[Organisation]:
    """Where the account may invite: its own organisations, or all for a programme manager."""
    if any(membership.role == "programme_manager" for membership in account.memberships_today):
        return Organisation.objects.in_latvian_order()
    return Organisation.objects.of_account(account, Permission.INVITE).in_latvian_order()


def _membership(request: HttpRequest, number: int) -> Membership:
    """A role in force in an organisation whose members the account manages."""
    held = Membership.objects.in_force(timezone.localdate())
    return get_object_or_404(held.filter(organisation__in=_organisations(account_of(request))), pk=number)


@allow(may_invite)
def member_list(request: HttpRequest) -> HttpResponse | FileResponse:
    """Who holds a role today, and which invitations are open."""
    organisations = _organisations(account_of(request))
    held = (
        Membership.objects.in_force(timezone.localdate())
        .filter(organisation__in=organisations)
        .select_related("account__person", "organisation")
    )
    invited = Invitation.objects.unanswered().filter(organisation__in=organisations).select_related("organisation")
    members, invitations = member_table(request, held), invitation_table(request, invited)
    if members.export_format or invitations.export_format:
        return members.export("members") if members.export_format else invitations.export("invitations")
    return page(request, "people/members.html", {"members": members, "invitations": invitations})


@allow(may_invite, methods=("GET", "POST"))
def invite(request: HttpRequest) -> HttpResponse:
    """Invite an e-mail address to a role."""
    organisations = _organisations(account_of(request))
    slugs = {role.slug for each in organisations[:50] for role in roles_to_give(account_of(request), each)}
    roles = [role for slug, role in ROLES.items() if slug in slugs]
    initial = {"language": account_of(request).language}
    form = InvitationForm(request.POST or None, organisations=organisations, roles=roles, initial=initial)
    if form.is_valid():
        with refusals_on(form, "role"):
            invitation = invite_member(actor=account_of(request), **form.cleaned_data)
            messages.success(request, _("The invitation goes to %(email)s.") % {"email": invitation.email})
            return redirect("people:members")
    return page(request, "people/invite.html", {"form": form})


@allow(may_invite, methods=("POST",))
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw an open invitation."""
    invitation = get_object_or_404(
        Invitation.objects.unanswered().filter(organisation__in=_organisations(account_of(request))), pk=number
    )
    try_to(
        revoke_invitation, request, _("The invitation is withdrawn. Its link no longer works."),
        actor=account_of(request), invitation=invitation,
    )  # fmt: skip
    return redirect("people:members")


@allow(may_invite, methods=("POST",))
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End somebody's role in the own organisation."""
    membership = _membership(request, number)
    reason = request.POST.get("reason", "")
    try_to(
        end_membership, request, _("The role has ended."),
        actor=account_of(request), membership=membership, reason=reason,
    )  # fmt: skip
    return redirect("people:members")


@allow(may_invite, methods=("POST",))
def sign_out(request: HttpRequest, number: int) -> HttpResponse:
    """Sign a member of the own organisation out everywhere."""
    membership = _membership(request, number)
    try_to(
        end_sessions_of_member, request, _("The member is signed out everywhere and has to sign in again."),
        actor=account_of(request), membership=membership,
    )  # fmt: skip
    return redirect("people:members")


@public
@sensitive_variables("token")
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: the secret moves into the session, so that no address on screen or in a log holds it."""
    request.session[TOKEN_IN_SESSION] = token
    return redirect("people:invitation")


@public
def invitation(request: HttpRequest) -> HttpResponse:
    """What the invitation offers, and what to do next: sign in, sign up, or accept."""
    token = request.session.get(TOKEN_IN_SESSION, "")
    found = (
        Invitation.objects.open_at(timezone.now())
        .filter(token_hash=hash_token(token))
        .select_related("organisation")
        .first()
    )
    if found is None:
        return page(request, "people/invitation_over.html", {}, status=404)
    context = {"invitation": found, "role": ROLES[found.role]}
    if request.user.is_authenticated:
        context["answer"] = may_accept(account_of(request), _addresses(account_of(request)), found)
    else:
        # Whoever holds the mailed link reads that mailbox, so a new account of that address is verified.
        get_adapter(request).stash_verified_email(request, found.email)
    return page(request, "people/invitation.html", context)


@allow(signed_in, methods=("POST",), own_account=True)
def accept(request: HttpRequest) -> HttpResponse:
    """Take up the invitation whose link was opened in this session."""
    account = account_of(request)
    token = request.session.get(TOKEN_IN_SESSION, "")
    try:
        membership = accept_invitation(actor=account, addresses=_addresses(account), token=token)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("people:invitation")
    request.session.pop(TOKEN_IN_SESSION, None)
    set_pending_step(request, account)
    role = ROLES[membership.role].name
    messages.success(request, _("You now hold the role “%(role)s”.") % {"role": role})
    return redirect("work:list")


def _addresses(account: Account) -> list[str]:
    """The e-mail addresses that are proven to be this account's."""
    return list(EmailAddress.objects.filter(user=account, verified=True).values_list("email", flat=True))
