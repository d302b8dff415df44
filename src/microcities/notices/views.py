"""My work, the list of notices, and the refusal of a kind of e-mail."""

from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.csrf import csrf_exempt

from microcities.access.guards import allow, public, signed_in
from microcities.notices.actions import mark_read, refuse_kind, want_kind
from microcities.notices.delivery import read_unsubscribe_token
from microcities.notices.kinds import all_kinds, kind_of
from microcities.notices.models import Notice, Refusal
from microcities.notices.worklist import tasks_for
from microcities.people.models import Account
from microcities.people.sign_in import account_of
from microcities.trail.context import System
from microcities.ui.pages import page

NOTICES_PER_PAGE = 25


@allow(signed_in)
def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for whoever is signed in."""
    unread = Notice.objects.for_account(account_of(request)).unread()
    context = {"tasks": tasks_for(account_of(request)), "notices": unread[:5], "unread": unread.count()}
    return page(request, "notices/my_work.html", context)


@allow(signed_in)
def notice_list(request: HttpRequest) -> HttpResponse:
    """All notices of an account, the newest first, a page at a time."""
    notices = Notice.objects.for_account(account_of(request))
    found = Paginator(notices, NOTICES_PER_PAGE).get_page(request.GET.get("page"))
    unread = any(notice.read_at is None for notice in found)
    return page(request, "notices/list.html", {"found": found, "unread": unread})


@allow(signed_in, methods=("POST",), own_account=True)
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark the notices that were shown as read."""
    numbers = request.POST.getlist("notice")
    own = Notice.objects.for_account(account_of(request)).filter(public_id__in=[n for n in numbers if len(n) == 36])
    mark_read(actor=account_of(request), notices=list(own))
    return redirect("notices:list")


@allow(signed_in, methods=("GET", "POST"), own_account=True)
def preferences(request: HttpRequest) -> HttpResponse:
    """Which kinds of notices also come by e-mail; service mail always does."""
    kinds = all_kinds()
    if request.method == "POST":
        wanted = set(request.POST.getlist("kind"))
        for kind in kinds:
            if kind.slug in wanted:
                want_kind(actor=account_of(request), kind=kind.slug)
            else:
                refuse_kind(actor=account_of(request), account=account_of(request), kind=kind.slug)
        return redirect("notices:preferences")
    refused = set(Refusal.objects.filter(account=account_of(request)).values_list("kind", flat=True))
    rows = [(kind, kind.service or kind.slug not in refused) for kind in kinds]
    return page(request, "notices/preferences.html", {"rows": rows})


@csrf_exempt  # RFC 8058: the mail program of the reader sends this form; the signed token in the address is the proof
@public(methods=("GET", "POST"))
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Refuse a kind of e-mail by one click in the mail program (POST) or after a question (GET)."""
    try:
        account_id, slug = read_unsubscribe_token(token)
        kind = kind_of(slug)
    except (BadSignature, KeyError, ValueError):
        raise Http404 from None
    account = get_object_or_404(Account, pk=account_id)
    if request.method == "POST":
        refuse_kind(actor=System("notices.unsubscribe"), account=account, kind=kind.slug)
    return page(request, "notices/unsubscribe.html", {"kind": kind, "done": request.method == "POST"})
