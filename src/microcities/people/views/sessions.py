"""Where one is signed in, and the way to end it from afar."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import ngettext

from microcities.access.guards import allow, signed_in
from microcities.people.actions.sessions import end_sessions
from microcities.people.models import Session
from microcities.people.sign_in import account_of
from microcities.ui.pages import page


@allow(signed_in)
def sessions(request: HttpRequest) -> HttpResponse:
    """The open sessions of whoever is signed in, the one in use first."""
    rows = Session.objects.of(account_of(request), timezone.now())
    found = sorted(rows, key=lambda each: each.session_key != request.session.session_key)
    context = {"sessions": found, "current": request.session.session_key, "others": len(found) > 1}
    return page(request, "people/sessions.html", context)


@allow(signed_in, methods=("POST",), own_account=True)
@reauthentication_required
def end(request: HttpRequest) -> HttpResponse:
    """End one other session, or all others; the present one ends by signing out. Asks for the password again."""
    rows = Session.objects.of(account_of(request), timezone.now()).exclude(session_key=request.session.session_key)
    wanted = request.POST.get("session", "")
    chosen = [each for each in rows if wanted in ("others", each.reference)]
    count = end_sessions(actor=account_of(request), sessions=chosen)
    said = ngettext("%(count)s sign-in has ended.", "%(count)s sign-ins have ended.", count)
    messages.success(request, said % {"count": count})
    return redirect("people:sessions")
