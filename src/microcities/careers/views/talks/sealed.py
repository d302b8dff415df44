"""The counsellor's own note on a talk: write it, read it with each look logged, hand it on, give it out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.careers.actions.notes import disclose_note, hand_on_note, seal_note
from microcities.careers.forms.talks_held import DiscloseForm, HandOnForm, SealedNoteForm
from microcities.careers.models import GuidanceTalk, SealedNote
from microcities.careers.rules import may_give_guidance, may_reach_notes
from microcities.careers.sealed_notes import left_behind, read_sealed
from microcities.careers.views.talks.lists import guidance_form
from microcities.careers.views.talks.talk import talk_of
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look
from microcities.ui.pages import form_page


def _text_of(request: HttpRequest, talk: GuidanceTalk) -> str:
    """The note for who holds it; for anybody else the page is forbidden, and why is said."""
    try:
        return read_sealed(actor=account_of(request), talk=talk)
    except RefusedError as refusal:
        raise PermissionDenied(refusal.reason) from refusal


@allow(may_give_guidance, methods=("GET", "POST"))
def note(request: HttpRequest, number: int) -> HttpResponse:
    """Read the note and write it anew."""
    talk = talk_of(request, number)
    form = SealedNoteForm(request.POST or None, initial={"text": _text_of(request, talk)})
    if form.is_valid():
        with refusals_on(form):
            seal_note(actor=account_of(request), talk=talk, text=form.cleaned_data["text"])
            messages.success(request, _("The note is kept. Nobody but you reads it."))
            return redirect("careers:talk", number)
    back = reverse("careers:talk", args=[number])
    return guidance_form(request, form, _("Your own note"), _("Save"), back, lead=talk.person.name)


def _note_to_hand_on(request: HttpRequest, number: int) -> tuple[SealedNote, bool]:
    """The note, and whether it was left behind: then whoever leads hands it on without seeing the talk; a look is logged."""
    account = account_of(request)
    if left := left_behind(account).filter(talk_id=number).first():
        log_look(left.talk.person, reason="careers.hand_on", what=_("that there is a counsellor's own note"))
        return left, True
    if not may_give_guidance(account):
        raise Http404
    return get_object_or_404(SealedNote.objects.select_related("talk__person"), talk=talk_of(request, number)), False


@allow(may_reach_notes, methods=("GET", "POST"))
def hand_on(request: HttpRequest, number: int) -> HttpResponse:
    """Let another counsellor hold the note from now on."""
    account, (found, is_left) = account_of(request), _note_to_hand_on(request, number)
    form = HandOnForm(request.POST or None, account=account, talk=found.talk)
    back = reverse("work:list") if is_left else reverse("careers:talk", args=[number])
    if form.is_valid():
        with refusals_on(form):
            hand_on_note(actor=account, note=found, **form.cleaned_data)
            messages.success(request, _("The note is handed on. You do not read it any more."))
            return redirect(back)
    if not is_left:
        return guidance_form(request, form, _("Hand the note on"), _("Hand on"), back, lead=found.talk.person.name)
    lead = _("%(name)s. The counsellor who held the note has gone. You hand it on without reading it.")
    title, words = _("Hand the note on"), lead % {"name": found.talk.person.name}
    way = [(_("Home"), reverse("programme:home")), (_("My work"), back), (title, "")]
    return form_page(request, form, title=title, button=_("Hand on"), back=back, crumbs=way, lead=words)


@allow(may_give_guidance, methods=("GET", "POST"))
def give_out(request: HttpRequest, number: int) -> HttpResponse:
    """Answer the person's request for the note."""
    talk = talk_of(request, number)
    found, text = get_object_or_404(SealedNote, talk=talk), _text_of(request, talk)
    form = DiscloseForm(request.POST or None, initial={"text": found.disclosed or text})
    if form.is_valid():
        with refusals_on(form):
            disclose_note(actor=account_of(request), note=found, text=form.cleaned_data["text"])
            messages.success(request, _("The note is given out. The person finds it among the own data."))
            return redirect("careers:talk", number)
    back = reverse("careers:talk", args=[number])
    return guidance_form(request, form, _("Give the note out"), _("Give out"), back, lead=talk.person.name)
